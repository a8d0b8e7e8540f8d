/** Descriptors and paths of the interpreter: the kernel's, and beside them those of its own library. All of it answers at once. */
import { concat, encode } from '../../uapi/bytes.ts';
import { EAGAIN, EISDIR, ENOTDIR, type Errno, EXDEV, IS_ERR, type Status } from '../../uapi/errno.ts';
import { AT_EMPTY_PATH, AT_FDCWD, AT_SYMLINK_NOFOLLOW, O_APPEND, O_DIRECTORY, SEEK_CUR, SEEK_END } from '../../uapi/fcntl.ts';
import { type Dirent, S_ISCHR, S_ISFIFO, type Stat } from '../../uapi/stat.ts';
import { POLLIN, type PollFd, type Syscalls } from '../../uapi/syscalls.ts';
import type { Bytes, Fd, MaybeAsync } from '../../uapi/types.ts';
import { type Inflate, type LibraryFile, StandardLibrary } from './stdlib.ts';
import type { Suspension } from './suspension.ts';

interface OpenLibraryFile {
  readonly file: LibraryFile;
  readonly path: string;
  readonly append: boolean;
  position: number;
}

/** Descriptors of library files begin here. */
const LIBRARY_FD = 1 << 20;
/** What may wait for slow readers. */
const BACKLOG = 1 << 24;

export class Files {
  private readonly own = new Map<Fd, OpenLibraryFile>();
  private nextFd = LIBRARY_FD;
  /** Standard input that was read before the start, for programs that cannot wait. */
  private ahead: Bytes | null = null;
  private readonly writes = new Map<Fd, Promise<void>>();
  private backlog = 0;
  inflate: Inflate = () => {
    throw new Error('the library is read before the interpreter is there');
  };

  constructor(
    readonly sys: Syscalls,
    private readonly library: StandardLibrary,
    private readonly suspension: Suspension,
  ) {}

  // paths

  /** A path relative to a directory's descriptor. */
  at(dirfd: Fd, path: string): string {
    if (dirfd === AT_FDCWD || path.startsWith('/')) return path;
    const own = this.own.get(dirfd);
    const base = own === undefined ? `/proc/self/fd/${dirfd}` : own.path;
    return path === '' ? base : `${base}/${path}`;
  }

  open(path: string, flags: number, mode: number): Fd | Errno {
    if (!StandardLibrary.owns(path)) return this.now(this.sys.open(path, flags, mode));
    const file = this.library.open(path, flags);
    if (IS_ERR(file)) return file;
    if (flags & O_DIRECTORY && !file.isDirectory) return ENOTDIR;
    this.own.set(this.nextFd, { file, path, append: (flags & O_APPEND) !== 0, position: 0 });
    return this.nextFd++;
  }
  stat(path: string, flags: number): Stat | Errno {
    if (!StandardLibrary.owns(path)) return flags & AT_SYMLINK_NOFOLLOW ? this.sys.lstat(path) : this.sys.stat(path);
    const file = this.library.find(path);
    return IS_ERR(file) ? file : this.library.stat(file);
  }
  statAt(dirfd: Fd, path: string, flags: number): Stat | Errno {
    return path === '' && flags & AT_EMPTY_PATH ? this.fstat(dirfd) : this.stat(this.at(dirfd, path), flags);
  }
  access(path: string, mode: number): Status {
    if (!StandardLibrary.owns(path)) return this.sys.access(path, mode);
    const file = this.library.find(path);
    return IS_ERR(file) ? file : 0;
  }
  mkdir(path: string, mode: number): Status {
    return StandardLibrary.owns(path) ? this.library.mkdir(path) : this.sys.mkdir(path, mode);
  }
  unlink(path: string): Status {
    return StandardLibrary.owns(path) ? this.library.unlink(path) : this.sys.unlink(path);
  }
  rename(from: string, to: string): Status {
    if (StandardLibrary.owns(from) !== StandardLibrary.owns(to)) return EXDEV;
    return StandardLibrary.owns(from) ? this.library.rename(from, to) : this.sys.rename(from, to);
  }

  // descriptors

  isOwn(fd: Fd): boolean {
    return this.own.has(fd);
  }
  fstat(fd: Fd): Stat | Errno {
    const own = this.own.get(fd);
    return own === undefined ? this.sys.fstat(fd) : this.library.stat(own.file);
  }
  close(fd: Fd): Status {
    return this.own.delete(fd) ? 0 : this.sys.close(fd);
  }
  list(fd: Fd): readonly Dirent[] | Errno {
    const own = this.own.get(fd);
    return own === undefined ? this.sys.getdents64(fd) : this.library.list(own.path);
  }

  read(fd: Fd, count: number): MaybeAsync<Bytes | Errno> {
    const own = this.own.get(fd);
    if (own !== undefined) return this.readOwn(own, count);
    if (fd === 0 && this.ahead !== null) return this.takeAhead(count);
    if (this.suspension.now) return this.sys.read(fd, count);
    return this.wouldSleep(fd) ? this.refuseToWait(fd) : this.now(this.sys.read(fd, count));
  }
  private readOwn(own: OpenLibraryFile, count: number): Bytes | Errno {
    if (own.file.isDirectory) return EISDIR;
    const data = this.library.contentOf(own.file, this.inflate).slice(own.position, own.position + count);
    own.position += data.length;
    return data;
  }
  private takeAhead(count: number): Bytes {
    const data = this.ahead ?? new Uint8Array(0);
    this.ahead = data.subarray(count);
    return data.slice(0, count);
  }
  private refuseToWait(fd: Fd): Errno {
    if (fd === 0 && !this.told) void this.sys.write(2, encode('python3: a running program cannot wait for standard input here\n'));
    this.told = true;
    return EAGAIN;
  }
  private told = false;
  private wouldSleep(fd: Fd): boolean {
    const st = this.sys.fstat(fd);
    if (IS_ERR(st) || !(S_ISFIFO(st.st_mode) || S_ISCHR(st.st_mode))) return false;
    const entry: PollFd = { fd, events: POLLIN, revents: 0 };
    return this.now(this.sys.poll([entry], 0)) === 0;
  }

  pread(fd: Fd, count: number, offset: number): Bytes | Errno {
    const own = this.own.get(fd);
    if (own === undefined) return this.sys.pread64(fd, count, offset);
    return this.library.contentOf(own.file, this.inflate).slice(offset, offset + count);
  }

  seek(fd: Fd, offset: number, whence: number): number | Errno {
    const own = this.own.get(fd);
    if (own === undefined) return this.sys.lseek(fd, offset, whence);
    const size = this.library.stat(own.file).st_size;
    own.position = offset + (whence === SEEK_CUR ? own.position : whence === SEEK_END ? size : 0);
    return own.position;
  }

  /** What cannot be written at once is written as soon as the program pauses: nobody can wait here. */
  write(fd: Fd, data: Bytes): MaybeAsync<number | Errno> {
    const own = this.own.get(fd);
    if (own !== undefined) return this.writeOwn(own, data);
    const before = this.writes.get(fd);
    if (this.suspension.now) return before === undefined ? this.sys.write(fd, data) : before.then(() => this.sys.write(fd, data));
    if (before !== undefined) return this.writeLater(fd, before, data);
    const written = this.sys.write(fd, data);
    if (!(written instanceof Promise)) return written;
    const rest = written.then((n) => (IS_ERR(n) ? undefined : this.writeAll(fd, data.subarray(n))));
    this.writes.set(fd, rest);
    return data.length;
  }
  private writeOwn(own: OpenLibraryFile, data: Bytes): number {
    this.library.write(own.file, data, own.position);
    own.position += data.length;
    return data.length;
  }
  private writeLater(fd: Fd, before: Promise<void>, data: Bytes): number | Errno {
    if (this.backlog + data.length > BACKLOG) return EAGAIN;
    this.backlog += data.length;
    const done = before
      .then(() => this.writeAll(fd, data))
      .then(() => {
        this.backlog -= data.length;
      });
    this.writes.set(fd, done);
    return data.length;
  }
  private async writeAll(fd: Fd, data: Uint8Array): Promise<void> {
    for (let rest = data; rest.length > 0; ) {
      const n = await this.sys.write(fd, rest);
      if (IS_ERR(n)) return;
      rest = rest.subarray(n);
    }
  }
  /** Waits until everything is written. */
  async drain(): Promise<void> {
    await Promise.all(this.writes.values());
    this.writes.clear();
  }

  /** Without waiting where the program cannot. */
  poll(fds: PollFd[], timeout: number): MaybeAsync<number | Errno> {
    return this.suspension.now ? this.sys.poll(fds, timeout) : this.now(this.sys.poll(fds, 0));
  }

  /** Reads standard input to its end. */
  async readAhead(): Promise<void> {
    const parts: Bytes[] = [];
    for (;;) {
      const part = await this.sys.read(0, 65536);
      if (IS_ERR(part) || part.length === 0) break;
      parts.push(part);
    }
    this.ahead = concat(parts);
  }

  /** The answer of a call that does not sleep. */
  private now<T>(answer: MaybeAsync<T>): T | Errno {
    return answer instanceof Promise ? EAGAIN : answer;
  }
}
