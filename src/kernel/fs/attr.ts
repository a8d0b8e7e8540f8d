/** Changing what stat shows: mode, owner, size, times. Follows fs/attr.c and the second half of fs/open.c. */
import { EACCES, EBADF, EINVAL, EISDIR, EPERM, EROFS, type Errno, ETXTBSY, IS_ERR, type Status } from '../../uapi/errno.ts';
import { AT_EMPTY_PATH, AT_SYMLINK_NOFOLLOW, O_ACCMODE, O_PATH, O_RDONLY } from '../../uapi/fcntl.ts';
import { S_IFMT, S_ISDIR, S_ISGID, S_ISREG, S_ISUID } from '../../uapi/stat.ts';
import type { Fd, Mode, PathName } from '../../uapi/types.ts';
import type { Cred, Inode, Path, SetAttr } from '../include/fs.ts';
import type { Task } from '../include/sched.ts';
import { in_group_p } from '../kernel/cred.ts';
import { INVALID_ID, make_kgid, make_kuid } from '../kernel/user_namespace.ts';
import { d_inode } from './dcache.ts';
import { fget } from './file.ts';
import { capable_wrt_inode_uidgid, get_write_access, inode_owner_or_capable, put_write_access } from './inode.ts';
import { inode_permission, MAY_WRITE, mnt_want_write, path_lookupat } from './namei_walk.ts';

/**
 * Takes over mode, owner and times; the size is the file system's to change.
 * @linux fs/attr.c setattr_copy #Y
 */
export function setattr_copy(inode: Inode, attr: SetAttr): void {
  if (attr.uid !== undefined) inode.i_uid = attr.uid;
  if (attr.gid !== undefined) inode.i_gid = attr.gid;
  if (attr.mode !== undefined) inode.i_mode = (inode.i_mode & S_IFMT) | (attr.mode & 0o7777);
  if (attr.atime !== undefined) inode.i_atime = attr.atime;
  if (attr.mtime !== undefined) inode.i_mtime = attr.mtime;
}

/**
 * Changes an inode whose permissions were checked.
 * @linux fs/attr.c notify_change #Y
 */
export function notify_change(task: Task, inode: Inode, attr: SetAttr): Status {
  const { setattr } = inode.i_op;
  const status = setattr ? setattr(inode, attr) : 0;
  if (status !== 0) return status;
  if (!setattr) setattr_copy(inode, attr);
  inode.i_ctime = task.kernel.clock.now();
  return 0;
}

/**
 * The mode after content or owner changed: set-id bits go; set-gid without group x stays, it means something else.
 * @linux fs/attr.c setattr_should_drop_suidgid #Y
 */
function without_set_id(cred: Cred, inode: Inode): Mode {
  let mode = inode.i_mode & ~S_ISUID;
  const group_may_keep = in_group_p(cred, inode.i_gid) || capable_wrt_inode_uidgid(cred, inode);
  if ((mode & 0o010) !== 0 || !group_may_keep) mode &= ~S_ISGID;
  return mode;
}

/**
 * A write by somebody without CAP_FSETID takes the set-id bits away.
 * @linux fs/inode.c file_remove_privs #P[no file capabilities]
 */
export function file_remove_privs(task: Task, inode: Inode): void {
  if ((inode.i_mode & (S_ISUID | S_ISGID)) === 0 || !S_ISREG(inode.i_mode) || task.cred.cap_effective) return;
  notify_change(task, inode, { mode: without_set_id(task.cred, inode) });
}

/** @linux fs/open.c chmod_common #Y */
export function chmod_common(task: Task, path: Path, mode: Mode): Status {
  const inode = d_inode(path.dentry);
  const ro = mnt_want_write(path.mnt);
  if (ro !== 0) return ro;
  if (!inode_owner_or_capable(task.cred, inode)) return EPERM;
  const keeps_gid = in_group_p(task.cred, inode.i_gid) || capable_wrt_inode_uidgid(task.cred, inode);
  return notify_change(task, inode, { mode: keeps_gid ? mode : mode & ~S_ISGID });
}

/**
 * Ids are as the caller's user namespace says them; -1 leaves one as it is.
 * @linux fs/open.c chown_common #Y
 */
export function chown_common(task: Task, path: Path, user: number, group: number): Status {
  const inode = d_inode(path.dentry);
  const { cred } = task;
  const uid = user === -1 ? inode.i_uid : make_kuid(cred.user_ns, user);
  const gid = group === -1 ? inode.i_gid : make_kgid(cred.user_ns, group);
  const ro = mnt_want_write(path.mnt);
  if (ro !== 0) return ro;
  if (uid === INVALID_ID || gid === INVALID_ID) return EINVAL;
  if (!may_chown(cred, inode, user, uid, group, gid)) return EPERM;
  const mode = S_ISDIR(inode.i_mode) ? inode.i_mode : without_set_id(cred, inode);
  if (mode !== inode.i_mode && !inode_owner_or_capable(cred, inode)) return EPERM;
  return notify_change(task, inode, { uid, gid, mode });
}

/** @linux fs/attr.c chown_ok, chgrp_ok #Y */
function may_chown(cred: Cred, inode: Inode, user: number, uid: number, group: number, gid: number): boolean {
  if (capable_wrt_inode_uidgid(cred, inode)) return true;
  const owner = cred.fsuid === inode.i_uid;
  const user_ok = user === -1 || (owner && uid === inode.i_uid);
  const group_ok = group === -1 || (owner && (gid === inode.i_gid || in_group_p(cred, gid)));
  return user_ok && group_ok;
}

/** The object that the *at call names, by path or (with AT_EMPTY_PATH and "") by descriptor. */
function named(task: Task, dfd: Fd, name: PathName, flags: number): Path | Errno {
  return path_lookupat(task, dfd, name, {
    follow: (flags & AT_SYMLINK_NOFOLLOW) === 0,
    empty: (flags & AT_EMPTY_PATH) !== 0,
  });
}

/** @linux fs/open.c do_fchmodat #Y */
export function do_fchmodat(task: Task, dfd: Fd, name: PathName, mode: Mode, flags = 0): Status {
  const path = named(task, dfd, name, flags);
  return IS_ERR(path) ? path : chmod_common(task, path, mode);
}

/** @linux fs/open.c SYSCALL_DEFINE2(fchmod) #Y */
export function do_fchmod(task: Task, fd: Fd, mode: Mode): Status {
  const file = fget(task, fd);
  if (IS_ERR(file)) return file;
  return (file.f_flags & O_PATH) !== 0 ? EBADF : chmod_common(task, file.f_path, mode);
}

/** @linux fs/open.c do_fchownat #Y */
export function do_fchownat(task: Task, dfd: Fd, name: PathName, uid: number, gid: number, flags = 0): Status {
  const path = named(task, dfd, name, flags);
  return IS_ERR(path) ? path : chown_common(task, path, uid, gid);
}

/** @linux fs/open.c ksys_fchown #Y */
export function do_fchown(task: Task, fd: Fd, uid: number, gid: number): Status {
  const file = fget(task, fd);
  if (IS_ERR(file)) return file;
  return (file.f_flags & O_PATH) !== 0 ? EBADF : chown_common(task, file.f_path, uid, gid);
}

/** Times this near to the clock count as "now": callers here have no UTIME_NOW to give. */
const NOW_MS = 1000;

/**
 * Milliseconds; null leaves a time as it is. The present may be set by whoever may write, another time only by the owner.
 * @linux fs/utimes.c do_utimes #P[UTIME_NOW is recognised by its value]
 */
export function do_utimensat(task: Task, dfd: Fd, name: PathName, atime: number | null, mtime: number | null, flags = 0): Status {
  const path = named(task, dfd, name, flags);
  if (IS_ERR(path)) return path;
  if (atime === null && mtime === null) return 0;
  const ro = mnt_want_write(path.mnt);
  if (ro !== 0) return ro;
  const inode = d_inode(path.dentry);
  const denied = may_utime(task, inode, atime, mtime);
  if (denied !== 0) return denied;
  return notify_change(task, inode, { ...(atime === null ? {} : { atime }), ...(mtime === null ? {} : { mtime }) });
}

function may_utime(task: Task, inode: Inode, atime: number | null, mtime: number | null): Status {
  if (inode_owner_or_capable(task.cred, inode)) return 0;
  const is_now = (t: number | null): boolean => t !== null && Math.abs(t - task.kernel.clock.now()) < NOW_MS;
  if (!is_now(atime) || !is_now(mtime)) return EPERM;
  return inode_permission(task, inode, MAY_WRITE) === 0 ? 0 : EACCES;
}

/**
 * @linux fs/open.c vfs_truncate #Y
 */
export function do_truncate(task: Task, dfd: Fd, name: PathName, length: number): Status {
  if (length < 0) return EINVAL;
  const path = path_lookupat(task, dfd, name, { follow: true });
  if (IS_ERR(path)) return path;
  const inode = d_inode(path.dentry);
  if (S_ISDIR(inode.i_mode)) return EISDIR;
  if (!S_ISREG(inode.i_mode)) return EINVAL;
  const ro = mnt_want_write(path.mnt);
  if (ro !== 0) return ro;
  const denied = inode_permission(task, inode, MAY_WRITE);
  if (denied !== 0) return denied;
  return truncate_writable(task, inode, length);
}

/** As one who writes for a moment: ETXTBSY while it is executed. */
function truncate_writable(task: Task, inode: Inode, length: number): Status {
  if (get_write_access(inode) !== 0) return ETXTBSY;
  const status = do_truncate_inode(task, inode, length);
  put_write_access(inode);
  return status;
}

/**
 * Cuts or extends; also what O_TRUNC does.
 * @linux fs/open.c do_truncate #Y
 */
export function do_truncate_inode(task: Task, inode: Inode, size: number): Status {
  const changed = notify_change(task, inode, { size });
  if (changed === 0) file_remove_privs(task, inode);
  return changed;
}

/** @linux fs/open.c do_sys_ftruncate #Y */
export function do_ftruncate(task: Task, fd: Fd, length: number): Status {
  if (length < 0) return EINVAL;
  const file = fget(task, fd);
  if (IS_ERR(file)) return file;
  if ((file.f_flags & O_PATH) !== 0) return EBADF;
  const inode = file.f_inode;
  if (!S_ISREG(inode.i_mode) || (file.f_flags & O_ACCMODE) === O_RDONLY) return EINVAL;
  return mnt_want_write(file.f_path.mnt) === 0 ? do_truncate_inode(task, inode, length) : EROFS;
}
