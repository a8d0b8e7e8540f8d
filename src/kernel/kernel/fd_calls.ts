/** Calls that begin with a descriptor: find the open file, hand it on. Follows the entry points of fs/read_write.c, ioctl.c, sync.c. */
import { EBADF, EINVAL, ENOTTY, type Errno, IS_ERR, type Status } from '../../uapi/errno.ts';
import { O_PATH } from '../../uapi/fcntl.ts';
import { S_ISDIR, S_ISREG } from '../../uapi/stat.ts';
import type { Bytes, Fd, MaybeAsync } from '../../uapi/types.ts';
import { fget } from '../fs/file.ts';
import { vfs_llseek, vfs_read, vfs_write } from '../fs/read_write.ts';
import type { OpenFile } from '../include/fs.ts';
import type { Task } from '../include/sched.ts';

/** @linux fs/file.c fdget #Y */
function fdget(task: Task, fd: Fd): OpenFile | Errno {
  const file = fget(task, fd);
  return IS_ERR(file) || (file.f_flags & O_PATH) === 0 ? file : EBADF;
}

/** @linux fs/read_write.c ksys_read #Y */
export function ksys_read(task: Task, fd: Fd, count: number): MaybeAsync<Bytes | Errno> {
  const file = fdget(task, fd);
  return IS_ERR(file) ? file : vfs_read(task, file, count);
}

/** @linux fs/read_write.c ksys_write #Y */
export function ksys_write(task: Task, fd: Fd, data: Bytes): MaybeAsync<number | Errno> {
  const file = fdget(task, fd);
  return IS_ERR(file) ? file : vfs_write(task, file, data);
}

/** @linux fs/read_write.c ksys_lseek #Y */
export function ksys_lseek(task: Task, fd: Fd, offset: number, whence: number): number | Errno {
  const file = fdget(task, fd);
  return IS_ERR(file) ? file : vfs_llseek(task, file, offset, whence);
}

/** @linux fs/sync.c do_fsync #Y */
export function sys_fsync(task: Task, fd: Fd): Status {
  const file = fdget(task, fd);
  if (IS_ERR(file)) return file;
  return S_ISREG(file.f_inode.i_mode) || S_ISDIR(file.f_inode.i_mode) ? 0 : EINVAL;
}

/**
 * The values that a request gives back are the result here.
 * @linux fs/ioctl.c SYSCALL_DEFINE3(ioctl) #P[requests of terminals, and FIONREAD]
 */
export function ksys_ioctl(task: Task, fd: Fd, request: string, arg: unknown): unknown {
  const file = fdget(task, fd);
  if (IS_ERR(file)) return file;
  if (file.f_op.ioctl) return file.f_op.ioctl(file, request, arg, task);
  const left = file.f_inode.i_size - file.f_pos;
  return request === 'FIONREAD' && S_ISREG(file.f_inode.i_mode) ? left : ENOTTY;
}
