/** open(2), access(2) and their kin. Follows fs/open.c. */
import { EACCES, EINVAL, EROFS, type Errno, IS_ERR, type Status } from '../../uapi/errno.ts';
import { AT_EMPTY_PATH, AT_SYMLINK_NOFOLLOW, O_CLOEXEC } from '../../uapi/fcntl.ts';
import { MS_NOEXEC } from '../../uapi/mount.ts';
import { S_ISBLK, S_ISCHR, S_ISFIFO, S_ISREG, S_ISSOCK } from '../../uapi/stat.ts';
import type { Fd, MaybeAsync, Mode, PathName } from '../../uapi/types.ts';
import type { Cred, OpenFile, Path } from '../include/fs.ts';
import type { Task } from '../include/sched.ts';
import { make_kuid } from '../kernel/user_namespace.ts';
import { d_inode } from './dcache.ts';
import { fd_install } from './file.ts';
import { do_filp_open, vfs_open } from './namei_open.ts';
import { inode_permission, MAY_EXEC, MAY_WRITE, mnt_want_write, path_lookupat } from './namei_walk.ts';

export { do_fchmodat, do_fchownat, do_truncate, do_utimensat } from './attr.ts';
export { deny_write_access } from './inode.ts';

/** @linux fs/open.c do_sys_openat2 #Y */
export function do_sys_open(task: Task, dfd: Fd, name: PathName, flags: number, mode: Mode): MaybeAsync<Fd | Errno> {
  const file = do_filp_open(task, dfd, name, flags, mode);
  const install = (f: OpenFile | Errno): Fd | Errno => (IS_ERR(f) ? f : fd_install(task, f, (flags & O_CLOEXEC) !== 0));
  return file instanceof Promise ? file.then(install) : install(file);
}

/**
 * Opens a regular file or directory that a walk has found, without asking for permission again.
 * @linux fs/open.c dentry_open #P[EINVAL for what could sleep]
 */
export function dentry_open(task: Task, path: Path, flags: number): OpenFile | Errno {
  const type = d_inode(path.dentry).i_mode;
  if (S_ISFIFO(type)) return EINVAL;
  const file = vfs_open(task, path, flags);
  return file instanceof Promise ? EINVAL : file;
}

/**
 * Execution is forbidden here, by the mount or by the file system.
 * @linux fs/exec.c path_noexec #Y
 */
export function path_noexec(path: Path): boolean {
  return (path.mnt.mnt_flags & MS_NOEXEC) !== 0 || path.mnt.mnt_sb.s_noexec;
}

/**
 * access(2): with the real ids unless `effective`.
 * @linux fs/open.c do_faccessat #Y
 */
export function do_faccessat(task: Task, dfd: Fd, name: PathName, mode: number, effective: boolean, flags = 0): Status {
  if ((mode & ~7) !== 0) return EINVAL;
  const asker = effective ? task : { ...task, cred: access_override_creds(task.cred) };
  const follow = (flags & AT_SYMLINK_NOFOLLOW) === 0;
  const path = path_lookupat(asker, dfd, name, { follow, empty: (flags & AT_EMPTY_PATH) !== 0 });
  if (IS_ERR(path)) return path;
  const inode = d_inode(path.dentry);
  if ((mode & MAY_EXEC) !== 0 && S_ISREG(inode.i_mode) && path_noexec(path)) return EACCES;
  const denied = mode === 0 ? 0 : inode_permission(asker, inode, mode);
  if (denied !== 0 || (mode & MAY_WRITE) === 0 || special_file(inode.i_mode)) return denied;
  return mnt_want_write(path.mnt) === 0 ? 0 : EROFS;
}

/**
 * Credentials of the real ids: root's capabilities come and go with the real uid.
 * @linux fs/open.c access_override_creds #Y
 */
function access_override_creds(cred: Cred): Cred {
  const root = make_kuid(cred.user_ns, 0);
  const cap_effective = cred.uid === root || (cred.cap_effective && cred.uid === cred.euid);
  return { ...cred, fsuid: cred.uid, fsgid: cred.gid, cap_effective };
}

const special_file = (mode: Mode): boolean => S_ISCHR(mode) || S_ISBLK(mode) || S_ISFIFO(mode) || S_ISSOCK(mode);
