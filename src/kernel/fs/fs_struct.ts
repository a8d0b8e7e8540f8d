/** A task's root, working directory and umask. Follows fs/fs_struct.c and the chdir family of fs/open.c. */
import { EBADF, ENOTDIR, EPERM, IS_ERR, type Status } from '../../uapi/errno.ts';
import { AT_FDCWD } from '../../uapi/fcntl.ts';
import { S_ISDIR } from '../../uapi/stat.ts';
import type { Fd, Mode, PathName } from '../../uapi/types.ts';
import type { Path } from '../include/fs.ts';
import type { Task } from '../include/sched.ts';
import { d_inode } from './dcache.ts';
import { fget } from './file.ts';
import { inode_permission, MAY_EXEC, path_lookupat } from './namei_walk.ts';

export { do_getcwd } from './d_path.ts';

/** @linux fs/fs_struct.c copy_fs_struct #Y */
export function copy_fs_struct(fs: Task['fs']): Task['fs'] {
  return { ...fs };
}

/** @linux fs/fs_struct.c set_fs_pwd #Y */
export function set_fs_pwd(task: Task, pwd: Path): void {
  task.fs = { ...task.fs, pwd };
}
/** @linux fs/fs_struct.c set_fs_root #Y */
export function set_fs_root(task: Task, root: Path): void {
  task.fs = { ...task.fs, root };
}

/** @linux fs/open.c SYSCALL_DEFINE1(chdir) #Y */
export function do_chdir(task: Task, name: PathName): Status {
  const path = path_lookupat(task, AT_FDCWD, name, { follow: true, directory: true });
  if (IS_ERR(path)) return path;
  const denied = inode_permission(task, d_inode(path.dentry), MAY_EXEC);
  if (denied === 0) set_fs_pwd(task, path);
  return denied;
}

/** @linux fs/open.c SYSCALL_DEFINE1(fchdir) #Y */
export function do_fchdir(task: Task, fd: Fd): Status {
  const file = fget(task, fd);
  if (IS_ERR(file)) return EBADF;
  if (!S_ISDIR(file.f_inode.i_mode)) return ENOTDIR;
  const denied = inode_permission(task, file.f_inode, MAY_EXEC);
  if (denied === 0) set_fs_pwd(task, file.f_path);
  return denied;
}

/**
 * The working directory stays where it is.
 * @linux fs/open.c SYSCALL_DEFINE1(chroot) #P[capabilities are held all together or none]
 */
export function do_chroot(task: Task, name: PathName): Status {
  const path = path_lookupat(task, AT_FDCWD, name, { follow: true, directory: true });
  if (IS_ERR(path)) return path;
  const denied = inode_permission(task, d_inode(path.dentry), MAY_EXEC);
  if (denied !== 0) return denied;
  if (!task.cred.cap_effective) return EPERM;
  set_fs_root(task, path);
  return 0;
}

/** @linux kernel/sys.c SYSCALL_DEFINE1(umask) #Y */
export function do_umask(task: Task, mask: Mode): Mode {
  const old = task.fs.umask;
  task.fs = { ...task.fs, umask: mask & 0o777 };
  return old;
}
