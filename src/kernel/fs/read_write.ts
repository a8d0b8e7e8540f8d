/** Reading, writing, seeking. Follows fs/read_write.c. */
import { EBADF, EFBIG, EINVAL, EISDIR, ENXIO, type Errno, ESPIPE, IS_ERR } from '../../uapi/errno.ts';
import { O_APPEND, O_PATH, SEEK_CUR, SEEK_END, SEEK_SET } from '../../uapi/fcntl.ts';
import { SIGXFSZ } from '../../uapi/signal.ts';
import { S_ISDIR, S_ISREG } from '../../uapi/stat.ts';
import type { Bytes, Fd, MaybeAsync } from '../../uapi/types.ts';
import type { OpenFile } from '../include/fs.ts';
import type { Task } from '../include/sched.ts';
import { send_sig } from '../kernel/signal.ts';
import { file_remove_privs } from './attr.ts';
import { fget } from './file.ts';
import { can_read, can_write } from './file_table.ts';
import { touch_atime } from './inode.ts';

const SEEK_DATA = 3;
const SEEK_HOLE = 4;

/**
 * At most `count` bytes from the file's position, which moves.
 * @linux fs/read_write.c vfs_read #Y
 */
export function vfs_read(task: Task, file: OpenFile, count: number): MaybeAsync<Bytes | Errno> {
  const data = read_at(task, file, count, file.f_op.stream ? 0 : file.f_pos);
  return data instanceof Promise ? data.then((d) => advance(file, d)) : advance(file, data);
}

function advance(file: OpenFile, data: Bytes | Errno): Bytes | Errno {
  if (!IS_ERR(data) && !file.f_op.stream) file.f_pos += data.length;
  return data;
}

function read_at(task: Task, file: OpenFile, count: number, pos: number): MaybeAsync<Bytes | Errno> {
  if (!can_read(file)) return EBADF;
  if (!file.f_op.read) return S_ISDIR(file.f_inode.i_mode) ? EISDIR : EINVAL;
  if (count > 0 && !file.f_op.stream) touch_atime(task.kernel, file.f_path);
  return file.f_op.read(file, count, pos, task);
}

/**
 * Writes at the file's position, or at the end under O_APPEND.
 * @linux fs/read_write.c vfs_write #Y
 */
export function vfs_write(task: Task, file: OpenFile, data: Bytes): MaybeAsync<number | Errno> {
  const pos = file.f_op.stream ? 0 : (file.f_flags & O_APPEND) !== 0 && S_ISREG(file.f_inode.i_mode) ? file.f_inode.i_size : file.f_pos;
  const written = write_at(task, file, data, pos);
  const move = (n: number | Errno): number | Errno => {
    if (!IS_ERR(n) && !file.f_op.stream && !file.f_op.keeps_pos) file.f_pos = pos + n;
    return n;
  };
  return written instanceof Promise ? written.then(move) : move(written);
}

function write_at(task: Task, file: OpenFile, data: Bytes, pos: number): MaybeAsync<number | Errno> {
  if (!can_write(file)) return EBADF;
  if (!file.f_op.write) return EINVAL;
  if (!S_ISREG(file.f_inode.i_mode)) return file.f_op.write(file, data, pos, task);
  const limit = generic_write_checks(task, data.length, pos);
  if (IS_ERR(limit)) return limit;
  if (data.length > 0) file_remove_privs(task, file.f_inode);
  return file.f_op.write(file, limit < data.length ? data.subarray(0, limit) : data, pos, task);
}

/**
 * How much of a write RLIMIT_FSIZE lets through; past it SIGXFSZ and EFBIG.
 * @linux mm/filemap.c generic_write_check_limits #Y
 */
function generic_write_checks(task: Task, length: number, pos: number): number | Errno {
  const limit = task.rlim.RLIMIT_FSIZE.rlim_cur;
  if (length === 0 || pos + length <= limit) return length;
  if (pos < limit) return limit - pos;
  send_sig(task, SIGXFSZ);
  return EFBIG;
}

/** @linux fs/read_write.c ksys_pread64 #Y */
export function do_pread64(task: Task, fd: Fd, count: number, pos: number): Bytes | Errno {
  const file = positioned(task, fd, pos);
  if (IS_ERR(file)) return file;
  const data = read_at(task, file, count, pos);
  return data instanceof Promise ? ESPIPE : data;
}

/**
 * Under O_APPEND the data goes to the end whatever `pos` says, as Linux does.
 * @linux fs/read_write.c ksys_pwrite64 #Y
 */
export function do_pwrite64(task: Task, fd: Fd, data: Bytes, pos: number): number | Errno {
  const file = positioned(task, fd, pos);
  if (IS_ERR(file)) return file;
  const at = (file.f_flags & O_APPEND) !== 0 ? file.f_inode.i_size : pos;
  const n = write_at(task, file, data, at);
  return n instanceof Promise ? ESPIPE : n;
}

function positioned(task: Task, fd: Fd, pos: number): OpenFile | Errno {
  if (pos < 0) return EINVAL;
  const file = fget(task, fd);
  if (IS_ERR(file)) return file;
  if ((file.f_flags & O_PATH) !== 0) return EBADF;
  return file.f_op.stream ? ESPIPE : file;
}

/** @linux fs/read_write.c vfs_llseek, generic_file_llseek #P[a file is one piece of data: no holes are reported] */
export function vfs_llseek(_task: Task, file: OpenFile, offset: number, whence: number): number | Errno {
  if ((file.f_flags & O_PATH) !== 0) return EBADF;
  if (file.f_op.stream) return ESPIPE;
  const { llseek } = file.f_op;
  const pos = llseek ? llseek(file, offset, whence) : new_position(file, offset, whence);
  if (!IS_ERR(pos)) file.f_pos = pos;
  return pos;
}

function new_position(file: OpenFile, offset: number, whence: number): number | Errno {
  const size = file.f_inode.i_size;
  if (whence === SEEK_DATA) return offset >= 0 && offset < size ? offset : ENXIO;
  if (whence === SEEK_HOLE) return offset >= 0 && offset < size ? size : ENXIO;
  if (whence !== SEEK_SET && whence !== SEEK_CUR && whence !== SEEK_END) return EINVAL;
  const pos = offset + (whence === SEEK_SET ? 0 : whence === SEEK_CUR ? file.f_pos : size);
  if (pos < 0) return EINVAL;
  return Number.isSafeInteger(pos) ? pos : EINVAL;
}

/**
 * The kernel's own reading of a regular file: no permission, no position; nothing where the file system has no such thing.
 * The bytes may be the file's own: neither to be changed nor kept.
 * @linux fs/read_write.c kernel_read #Y
 */
export function kernel_read(file: OpenFile, pos: number, count: number): Bytes | Errno {
  return file.f_op.kernel_read?.(file, pos, count) ?? EINVAL;
}
