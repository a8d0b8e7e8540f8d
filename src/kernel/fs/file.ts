/** Descriptors: the numbers by which a task names its open files. Follows fs/file.c and fs/fcntl.c. */
import { EBADF, EINVAL, EMFILE, type Errno, IS_ERR, type Status } from '../../uapi/errno.ts';
import {
  F_DUPFD,
  F_DUPFD_CLOEXEC,
  F_GETFD,
  F_GETFL,
  F_SETFD,
  F_SETFL,
  FD_CLOEXEC,
  O_APPEND,
  O_CLOEXEC,
  O_NONBLOCK,
  O_PATH,
} from '../../uapi/fcntl.ts';
import type { Fd } from '../../uapi/types.ts';
import type { OpenFile } from '../include/fs.ts';
import type { FilesStruct, Task } from '../include/sched.ts';
import { fput, get_file } from './file_table.ts';

/**
 * The open file behind a descriptor, O_PATH ones included; no reference is taken.
 * @linux fs/file.c fget_raw #Y
 */
export function fget(task: Task, fd: Fd): OpenFile | Errno {
  return task.files.fd.get(fd)?.file ?? EBADF;
}

/**
 * Puts an open file at the lowest free descriptor from `min` on; takes over the caller's reference, also on failure.
 * @linux fs/file.c get_unused_fd_flags #Y
 */
export function fd_install(task: Task, file: OpenFile, close_on_exec: boolean, min = 0): Fd | Errno {
  const { fd } = task.files;
  let n = min;
  while (fd.has(n)) n++;
  if (n >= task.rlim.RLIMIT_NOFILE.rlim_cur) {
    fput(file);
    return EMFILE;
  }
  fd.set(n, { file, close_on_exec });
  return n;
}

/** @linux fs/open.c SYSCALL_DEFINE1(close) #Y */
export function close_fd(task: Task, fd: Fd): Status {
  const slot = task.files.fd.get(fd);
  if (!slot) return EBADF;
  task.files.fd.delete(fd);
  fput(slot.file);
  return 0;
}

/** @linux fs/file.c SYSCALL_DEFINE1(dup) #Y */
export function do_dup(task: Task, fd: Fd): Fd | Errno {
  const file = fget(task, fd);
  return IS_ERR(file) ? file : fd_install(task, get_file(file), false);
}

/** @linux fs/file.c SYSCALL_DEFINE2(dup2) #Y */
export function do_dup2(task: Task, oldfd: Fd, newfd: Fd): Fd | Errno {
  if (oldfd === newfd) return task.files.fd.has(oldfd) ? newfd : EBADF;
  return do_dup3(task, oldfd, newfd, 0);
}

/**
 * `newfd` becomes the same open file; what it was is closed.
 * @linux fs/file.c ksys_dup3 #Y
 */
export function do_dup3(task: Task, oldfd: Fd, newfd: Fd, flags: number): Fd | Errno {
  if ((flags & ~O_CLOEXEC) !== 0 || oldfd === newfd) return EINVAL;
  if (newfd < 0 || newfd >= task.rlim.RLIMIT_NOFILE.rlim_cur) return EBADF;
  const file = fget(task, oldfd);
  if (IS_ERR(file)) return file;
  const old = task.files.fd.get(newfd);
  task.files.fd.set(newfd, { file: get_file(file), close_on_exec: (flags & O_CLOEXEC) !== 0 });
  if (old) fput(old.file);
  return newfd;
}

const SETFL_MASK = O_APPEND | O_NONBLOCK;

/** @linux fs/fcntl.c do_fcntl #P[no locks, owners, leases or pipe sizes] */
export function do_fcntl(task: Task, fd: Fd, cmd: number, arg = 0): number | Errno {
  const slot = task.files.fd.get(fd);
  if (!slot) return EBADF;
  if ((slot.file.f_flags & O_PATH) !== 0 && cmd === F_SETFL) return EBADF;
  switch (cmd) {
    case F_DUPFD:
    case F_DUPFD_CLOEXEC:
      return dup_from(task, slot.file, arg, cmd === F_DUPFD_CLOEXEC);
    case F_GETFD:
      return slot.close_on_exec ? FD_CLOEXEC : 0;
    case F_SETFD:
      slot.close_on_exec = (arg & FD_CLOEXEC) !== 0;
      return 0;
    case F_GETFL:
      return slot.file.f_flags;
    case F_SETFL:
      slot.file.f_flags = (slot.file.f_flags & ~SETFL_MASK) | (arg & SETFL_MASK);
      return 0;
    default:
      return EINVAL;
  }
}

function dup_from(task: Task, file: OpenFile, min: number, close_on_exec: boolean): Fd | Errno {
  if (min < 0 || min >= task.rlim.RLIMIT_NOFILE.rlim_cur) return EINVAL;
  return fd_install(task, get_file(file), close_on_exec, min);
}

/**
 * A child's descriptors: the same open files.
 * @linux fs/file.c dup_fd #Y
 */
export function dup_fd(files: FilesStruct): FilesStruct {
  const fd: FilesStruct['fd'] = new Map();
  files.fd.forEach(({ file, close_on_exec }, n) => fd.set(n, { file: get_file(file), close_on_exec }));
  return { fd };
}

/** @linux fs/file.c do_close_on_exec #Y */
export function do_close_on_exec(task: Task): void {
  task.files.fd.forEach((slot, n) => {
    if (slot.close_on_exec) close_fd(task, n);
  });
}

/** @linux fs/file.c exit_files #Y */
export function exit_files(task: Task): void {
  for (const n of task.files.fd.keys()) close_fd(task, n);
}
