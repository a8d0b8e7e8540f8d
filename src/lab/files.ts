/** A machine's files from outside, through its own kernel, as its root sees them. Calls are synchronous and throw LabError. */
import { do_sys_open, syscalls_of, type Task } from '../kernel/index.ts';
import { concat } from '../uapi/bytes.ts';
import { EEXIST, type Errno, IS_ERR } from '../uapi/errno.ts';
import { AT_FDCWD, AT_SYMLINK_NOFOLLOW, O_CREAT, O_DIRECTORY, O_NONBLOCK, O_RDONLY, O_TRUNC, O_WRONLY } from '../uapi/fcntl.ts';
import { S_ISDIR, S_ISLNK, S_ISREG } from '../uapi/stat.ts';
import type { Syscalls } from '../uapi/syscalls.ts';
import type { Fd } from '../uapi/types.ts';
import { LabError } from './error.ts';

export interface FileInfo {
  readonly kind: 'file' | 'directory' | 'symlink' | 'other';
  /** Permission and set-id bits. */
  readonly mode: number;
  readonly size: number;
  readonly uid: number;
  readonly gid: number;
  /** Milliseconds since the epoch. */
  readonly mtime: number;
}

const CHUNK = 1 << 20;

export class LabFiles {
  private readonly sys: Syscalls;

  /** `task` is whose rights and root count. */
  constructor(private readonly task: Task) {
    this.sys = syscalls_of(task);
  }

  /** The first `limit` bytes, or all. */
  read(path: string, limit = Number.POSITIVE_INFINITY): Uint8Array {
    const fd = this.open(path, O_RDONLY | O_NONBLOCK, 0);
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < limit; ) {
      const part = this.check(path, this.sys.pread64(fd, Math.min(CHUNK, limit - at), at));
      if (part.length === 0) break;
      chunks.push(part);
      at += part.length;
    }
    this.sys.close(fd);
    return concat(chunks);
  }

  /** Missing directories are made, 0755. */
  write(path: string, data: Uint8Array, mode: number): void {
    this.mkdir(path.slice(0, path.lastIndexOf('/')), 0o755);
    const fd = this.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NONBLOCK, mode);
    for (let at = 0; at < data.length; ) at += this.check(path, this.sys.pwrite64(fd, data.subarray(at, at + CHUNK), at));
    this.check(path, this.sys.fchmod(fd, mode));
    this.sys.close(fd);
  }

  /** Into a file that exists: nothing is made, cut off or given other rights. So are the files of /proc/sys written, too. */
  writeAt(path: string, data: Uint8Array, at: number): void {
    const fd = this.open(path, O_WRONLY | O_NONBLOCK, 0);
    const written = this.sys.pwrite64(fd, data, at);
    this.sys.close(fd);
    if (this.check(path, written) < data.length) throw new LabError(`${path}: only ${written} of ${data.length} bytes were written`);
  }

  rename(from: string, to: string): void {
    this.check(to, this.sys.rename(from, to));
  }

  /** A file or a link, no directory. */
  remove(path: string): void {
    this.check(path, this.sys.unlink(path));
  }

  /** With all that lead there; what exists already stays as it is. */
  mkdir(path: string, mode: number): void {
    const parts = path.split('/').filter((p) => p !== '');
    parts.forEach((_, i) => {
      const dir = `/${parts.slice(0, i + 1).join('/')}`;
      const status = this.sys.mkdir(dir, i === parts.length - 1 ? mode : 0o755);
      if (status !== EEXIST) this.check(dir, status);
    });
  }

  list(path: string): readonly string[] {
    const fd = this.open(path, O_RDONLY | O_DIRECTORY, 0);
    const entries = this.check(path, this.sys.getdents64(fd));
    this.sys.close(fd);
    return entries.map((e) => e.d_name).filter((n) => n !== '.' && n !== '..');
  }

  /** Of the link itself, if it is one. */
  stat(path: string): FileInfo {
    const s = this.check(path, this.sys.lstat(path));
    const kind = S_ISDIR(s.st_mode) ? 'directory' : S_ISREG(s.st_mode) ? 'file' : S_ISLNK(s.st_mode) ? 'symlink' : 'other';
    return { kind, mode: s.st_mode & 0o7777, size: s.st_size, uid: s.st_uid, gid: s.st_gid, mtime: s.st_mtime };
  }

  symlink(target: string, path: string): void {
    this.check(path, this.sys.symlink(target, path));
  }

  readlink(path: string): string {
    return this.check(path, this.sys.readlink(path));
  }

  setTimes(path: string, mtime: number): void {
    this.check(path, this.sys.utimensat(path, mtime, mtime, AT_SYMLINK_NOFOLLOW));
  }

  private open(path: string, flags: number, mode: number): Fd {
    const fd = do_sys_open(this.task, AT_FDCWD, path, flags, mode);
    if (fd instanceof Promise) throw new LabError(`${path}: would have to wait`);
    return this.check(path, fd);
  }

  private check<T>(path: string, value: T | Errno): T {
    if (IS_ERR(value)) throw new LabError(`${path}: ${value.message}`);
    return value as T;
  }
}
