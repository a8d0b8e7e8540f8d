/** Error numbers as values with identity. Follows include/uapi/asm-generic/errno-base.h and errno.h. */

declare const brand: unique symbol;

/** One frozen object per code; compare with `===`. A `Status` is `0 | Errno`. */
export class Errno {
  declare private readonly [brand]: true;
  constructor(
    /** Linux's name, "ENOEXEC". */
    readonly code: string,
    /** Linux's number on every architecture we model. */
    readonly errno: number,
    /** What strerror(3) says in the C locale. */
    readonly message: string,
  ) {
    Object.freeze(this);
  }
  toString(): string {
    return this.code;
  }
}

export type Status = 0 | Errno;

/** True when a call answered with an error (the kernel's IS_ERR on an ERR_PTR). */
export function IS_ERR(value: unknown): value is Errno {
  return value instanceof Errno;
}

const all: Errno[] = [];
function define(code: string, errno: number, message: string): Errno {
  const e = new Errno(code, errno, message);
  all.push(e);
  return e;
}

export const EPERM = define('EPERM', 1, 'Operation not permitted');
export const ENOENT = define('ENOENT', 2, 'No such file or directory');
export const ESRCH = define('ESRCH', 3, 'No such process');
export const EINTR = define('EINTR', 4, 'Interrupted system call');
export const EIO = define('EIO', 5, 'Input/output error');
export const ENXIO = define('ENXIO', 6, 'No such device or address');
export const E2BIG = define('E2BIG', 7, 'Argument list too long');
export const ENOEXEC = define('ENOEXEC', 8, 'Exec format error');
export const EBADF = define('EBADF', 9, 'Bad file descriptor');
export const ECHILD = define('ECHILD', 10, 'No child processes');
export const EAGAIN = define('EAGAIN', 11, 'Resource temporarily unavailable');
export const ENOMEM = define('ENOMEM', 12, 'Cannot allocate memory');
export const EACCES = define('EACCES', 13, 'Permission denied');
export const EFAULT = define('EFAULT', 14, 'Bad address');
export const ENOTBLK = define('ENOTBLK', 15, 'Block device required');
export const EBUSY = define('EBUSY', 16, 'Device or resource busy');
export const EEXIST = define('EEXIST', 17, 'File exists');
export const EXDEV = define('EXDEV', 18, 'Invalid cross-device link');
export const ENODEV = define('ENODEV', 19, 'No such device');
export const ENOTDIR = define('ENOTDIR', 20, 'Not a directory');
export const EISDIR = define('EISDIR', 21, 'Is a directory');
export const EINVAL = define('EINVAL', 22, 'Invalid argument');
export const ENFILE = define('ENFILE', 23, 'Too many open files in system');
export const EMFILE = define('EMFILE', 24, 'Too many open files');
export const ENOTTY = define('ENOTTY', 25, 'Inappropriate ioctl for device');
export const ETXTBSY = define('ETXTBSY', 26, 'Text file busy');
export const EFBIG = define('EFBIG', 27, 'File too large');
export const ENOSPC = define('ENOSPC', 28, 'No space left on device');
export const ESPIPE = define('ESPIPE', 29, 'Illegal seek');
export const EROFS = define('EROFS', 30, 'Read-only file system');
export const EMLINK = define('EMLINK', 31, 'Too many links');
export const EPIPE = define('EPIPE', 32, 'Broken pipe');
export const EDOM = define('EDOM', 33, 'Numerical argument out of domain');
export const ERANGE = define('ERANGE', 34, 'Numerical result out of range');
export const EDEADLK = define('EDEADLK', 35, 'Resource deadlock avoided');
export const ENAMETOOLONG = define('ENAMETOOLONG', 36, 'File name too long');
export const ENOSYS = define('ENOSYS', 38, 'Function not implemented');
export const ENOTEMPTY = define('ENOTEMPTY', 39, 'Directory not empty');
export const ELOOP = define('ELOOP', 40, 'Too many levels of symbolic links');
export const ENODATA = define('ENODATA', 61, 'No data available');
export const EOVERFLOW = define('EOVERFLOW', 75, 'Value too large for defined data type');
export const ELIBBAD = define('ELIBBAD', 80, 'Accessing a corrupted shared library');
export const EUSERS = define('EUSERS', 87, 'Too many users');
export const EOPNOTSUPP = define('EOPNOTSUPP', 95, 'Operation not supported');

/** Kernel-internal: the call is to be made again after the handler (include/linux/errno.h). Never seen by a program. */
export const ERESTARTSYS = define('ERESTARTSYS', 512, 'Interrupted system call should be restarted');

const byNumber = new Map(all.map((e) => [e.errno, e]));
const byCode = new Map(all.map((e) => [e.code, e]));

/** strerror(3) for a number; "Unknown error N" like glibc. */
export function strerror(errno: number): string {
  return byNumber.get(errno)?.message ?? `Unknown error ${errno}`;
}
export function errnoByNumber(errno: number): Errno | undefined {
  return byNumber.get(errno);
}
export function errnoByCode(code: string): Errno | undefined {
  return byCode.get(code);
}
