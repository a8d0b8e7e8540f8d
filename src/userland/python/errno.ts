/**
 * Error numbers: the interpreter's C code was compiled with WASI's, its programs shall see Linux's.
 * One row: name, WASI's number, Linux's number, glibc's message.
 */
import { errnoByCode } from '../../uapi/errno.ts';

type Row = readonly [name: string, wasi: number, linux: number, message: string];

export const ERRNO_ROWS: readonly Row[] = [
  ['EPERM', 63, 1, 'Operation not permitted'],
  ['ENOENT', 44, 2, 'No such file or directory'],
  ['ESRCH', 71, 3, 'No such process'],
  ['EINTR', 27, 4, 'Interrupted system call'],
  ['EIO', 29, 5, 'Input/output error'],
  ['ENXIO', 60, 6, 'No such device or address'],
  ['E2BIG', 1, 7, 'Argument list too long'],
  ['ENOEXEC', 45, 8, 'Exec format error'],
  ['EBADF', 8, 9, 'Bad file descriptor'],
  ['ECHILD', 12, 10, 'No child processes'],
  ['EAGAIN', 6, 11, 'Resource temporarily unavailable'],
  ['ENOMEM', 48, 12, 'Cannot allocate memory'],
  ['EACCES', 2, 13, 'Permission denied'],
  ['EFAULT', 21, 14, 'Bad address'],
  ['ENOTBLK', 105, 15, 'Block device required'],
  ['EBUSY', 10, 16, 'Device or resource busy'],
  ['EEXIST', 20, 17, 'File exists'],
  ['EXDEV', 75, 18, 'Invalid cross-device link'],
  ['ENODEV', 43, 19, 'No such device'],
  ['ENOTDIR', 54, 20, 'Not a directory'],
  ['EISDIR', 31, 21, 'Is a directory'],
  ['EINVAL', 28, 22, 'Invalid argument'],
  ['ENFILE', 41, 23, 'Too many open files in system'],
  ['EMFILE', 33, 24, 'Too many open files'],
  ['ENOTTY', 59, 25, 'Inappropriate ioctl for device'],
  ['ETXTBSY', 74, 26, 'Text file busy'],
  ['EFBIG', 22, 27, 'File too large'],
  ['ENOSPC', 51, 28, 'No space left on device'],
  ['ESPIPE', 70, 29, 'Illegal seek'],
  ['EROFS', 69, 30, 'Read-only file system'],
  ['EMLINK', 34, 31, 'Too many links'],
  ['EPIPE', 64, 32, 'Broken pipe'],
  ['EDOM', 18, 33, 'Numerical argument out of domain'],
  ['ERANGE', 68, 34, 'Numerical result out of range'],
  ['EDEADLK', 16, 35, 'Resource deadlock avoided'],
  ['ENAMETOOLONG', 37, 36, 'File name too long'],
  ['ENOLCK', 46, 37, 'No locks available'],
  ['ENOSYS', 52, 38, 'Function not implemented'],
  ['ENOTEMPTY', 55, 39, 'Directory not empty'],
  ['ELOOP', 32, 40, 'Too many levels of symbolic links'],
  ['ENOMSG', 49, 42, 'No message of desired type'],
  ['EIDRM', 24, 43, 'Identifier removed'],
  ['ENODATA', 116, 61, 'No data available'],
  ['ENOLINK', 47, 67, 'Link has been severed'],
  ['EPROTO', 65, 71, 'Protocol error'],
  ['EMULTIHOP', 36, 72, 'Multihop attempted'],
  ['EBADMSG', 9, 74, 'Bad message'],
  ['EOVERFLOW', 61, 75, 'Value too large for defined data type'],
  ['ELIBBAD', 130, 80, 'Accessing a corrupted shared library'],
  ['EILSEQ', 25, 84, 'Invalid or incomplete multibyte or wide character'],
  ['EUSERS', 136, 87, 'Too many users'],
  ['ENOTSOCK', 57, 88, 'Socket operation on non-socket'],
  ['EDESTADDRREQ', 17, 89, 'Destination address required'],
  ['EMSGSIZE', 35, 90, 'Message too long'],
  ['EPROTOTYPE', 67, 91, 'Protocol wrong type for socket'],
  ['ENOPROTOOPT', 50, 92, 'Protocol not available'],
  ['EPROTONOSUPPORT', 66, 93, 'Protocol not supported'],
  ['EOPNOTSUPP', 138, 95, 'Operation not supported'],
  ['EAFNOSUPPORT', 5, 97, 'Address family not supported by protocol'],
  ['EADDRINUSE', 3, 98, 'Address already in use'],
  ['EADDRNOTAVAIL', 4, 99, 'Cannot assign requested address'],
  ['ENETDOWN', 38, 100, 'Network is down'],
  ['ENETUNREACH', 40, 101, 'Network is unreachable'],
  ['ENETRESET', 39, 102, 'Network dropped connection on reset'],
  ['ECONNABORTED', 13, 103, 'Software caused connection abort'],
  ['ECONNRESET', 15, 104, 'Connection reset by peer'],
  ['ENOBUFS', 42, 105, 'No buffer space available'],
  ['EISCONN', 30, 106, 'Transport endpoint is already connected'],
  ['ENOTCONN', 53, 107, 'Transport endpoint is not connected'],
  ['ETIMEDOUT', 73, 110, 'Connection timed out'],
  ['ECONNREFUSED', 14, 111, 'Connection refused'],
  ['EHOSTUNREACH', 23, 113, 'No route to host'],
  ['EALREADY', 7, 114, 'Operation already in progress'],
  ['EINPROGRESS', 26, 115, 'Operation now in progress'],
  ['ESTALE', 72, 116, 'Stale file handle'],
  ['EDQUOT', 19, 122, 'Disk quota exceeded'],
  ['ECANCELED', 11, 125, 'Operation canceled'],
  ['EOWNERDEAD', 62, 130, 'Owner died'],
  ['ENOTRECOVERABLE', 56, 131, 'State not recoverable'],
  ['ENOTSUP', 58, 95, 'Operation not supported'],
];

const toLinux = new Map(ERRNO_ROWS.map(([, wasi, linux]) => [wasi, linux]));
const toWasi = new Map(ERRNO_ROWS.toReversed().map(([, wasi, linux]) => [linux, wasi]));
const messages = new Map(ERRNO_ROWS.map(([, , linux, message]) => [linux, message]));

export const linuxErrno = (wasi: number): number => toLinux.get(wasi) ?? wasi;
export const wasiErrno = (linux: number): number => toWasi.get(linux) ?? linux;
export const errnoMessage = (linux: number): string => messages.get(linux) ?? `Unknown error ${linux}`;
/** WASI's number by Linux's name. */
export const wasi = (code: string): number => wasiErrno(errnoByCode(code)?.errno ?? 0);
