/** getdents64(2). Follows fs/readdir.c. */
import { EBADF, ENOENT, ENOTDIR, type Errno, IS_ERR } from '../../uapi/errno.ts';
import { O_PATH } from '../../uapi/fcntl.ts';
import { type Dirent, S_IFDIR } from '../../uapi/stat.ts';
import type { Fd } from '../../uapi/types.ts';
import type { OpenFile } from '../include/fs.ts';
import type { Task } from '../include/sched.ts';
import { d_inode } from './dcache.ts';
import { fget } from './file.ts';
import { touch_atime } from './inode.ts';

/** @linux fs/readdir.c SYSCALL_DEFINE3(getdents64) #P[all names in one call, then none] */
export function sys_getdents64(task: Task, fd: Fd): readonly Dirent[] | Errno {
  const file = fget(task, fd);
  if (IS_ERR(file)) return file;
  return (file.f_flags & O_PATH) !== 0 ? EBADF : iterate_dir(task, file);
}

/**
 * The names of an open directory, "." and ".." first; a second call has none, until lseek rewinds.
 * @linux fs/readdir.c iterate_dir #Y
 */
export function iterate_dir(task: Task, file: OpenFile): readonly Dirent[] | Errno {
  const { iterate } = file.f_op;
  if (!iterate) return ENOTDIR;
  const { dentry } = file.f_path;
  if (dentry.d_deleted) return ENOENT;
  if (file.f_pos > 0) return [];
  touch_atime(task.kernel, file.f_path);
  const dots = [
    { d_name: '.', d_ino: file.f_inode.i_ino, d_type: S_IFDIR },
    { d_name: '..', d_ino: d_inode(dentry.d_parent).i_ino, d_type: S_IFDIR },
  ];
  const names = [...dots, ...iterate(file, task)];
  file.f_pos = names.length;
  return names;
}
