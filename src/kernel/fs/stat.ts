/** stat(2) and statfs(2). Follows fs/stat.c and fs/statfs.c. */
import { type Errno, IS_ERR } from '../../uapi/errno.ts';
import { AT_EMPTY_PATH, AT_FDCWD, AT_SYMLINK_NOFOLLOW } from '../../uapi/fcntl.ts';
import { MS_NOATIME, MS_NODEV, MS_NOEXEC, MS_NOSUID, MS_RDONLY } from '../../uapi/mount.ts';
import type { Stat, StatFs } from '../../uapi/stat.ts';
import type { Fd, PathName } from '../../uapi/types.ts';
import type { Inode, Path } from '../include/fs.ts';
import type { Task } from '../include/sched.ts';
import { from_kgid_munged, from_kuid_munged } from '../kernel/user_namespace.ts';
import { d_inode } from './dcache.ts';
import { fget } from './file.ts';
import { path_lookupat } from './namei_walk.ts';
import { simple_statfs } from './super.ts';

/**
 * What stat shows of an inode; owners as the task's user namespace says them.
 * @linux fs/stat.c generic_fillattr #Y
 */
export function fill_stat(task: Task, inode: Inode): Stat {
  const ns = task.cred.user_ns;
  return {
    st_dev: inode.i_sb.s_dev,
    st_ino: inode.i_ino,
    st_mode: inode.i_mode,
    st_nlink: inode.i_nlink,
    st_uid: from_kuid_munged(ns, inode.i_uid),
    st_gid: from_kgid_munged(ns, inode.i_gid),
    st_rdev: inode.i_rdev,
    st_size: inode.i_size,
    st_blksize: 4096,
    st_blocks: inode.i_blocks ?? 0,
    st_atime: inode.i_atime,
    st_mtime: inode.i_mtime,
    st_ctime: inode.i_ctime,
  };
}

/** @linux fs/stat.c vfs_fstatat #Y */
export function do_fstatat(task: Task, dfd: Fd, name: PathName, flags: number): Stat | Errno {
  const follow = (flags & AT_SYMLINK_NOFOLLOW) === 0;
  const path = path_lookupat(task, dfd, name, { follow, empty: (flags & AT_EMPTY_PATH) !== 0 });
  return IS_ERR(path) ? path : fill_stat(task, d_inode(path.dentry));
}

/** @linux fs/stat.c vfs_fstat #Y */
export function do_fstat(task: Task, fd: Fd): Stat | Errno {
  const file = fget(task, fd);
  return IS_ERR(file) ? file : fill_stat(task, file.f_inode);
}

/** @linux fs/statfs.c user_statfs #Y */
export function do_statfs(task: Task, name: PathName): StatFs | Errno {
  const path = path_lookupat(task, AT_FDCWD, name, { follow: true });
  return IS_ERR(path) ? path : vfs_statfs(path);
}

const ST_VALID = 0x20;
const ST_NOATIME = 0x400;
const ST_RELATIME = 0x1000;

/** @linux fs/statfs.c vfs_statfs, calculate_f_flags #Y */
export function vfs_statfs(path: Path): StatFs {
  const sb = path.mnt.mnt_sb;
  const flags = path.mnt.mnt_flags | (sb.s_flags & MS_RDONLY);
  const same = flags & (MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC); // ST_RDONLY … have the same values
  const times = (flags & MS_NOATIME) !== 0 ? ST_NOATIME : ST_RELATIME;
  return { ...(sb.statfs?.() ?? simple_statfs(sb)), f_flags: same | times | ST_VALID };
}
