/**
 * A machine of one process for tests of payloads: files in a map, standard input as bytes, no other tasks.
 * What a test does not need throws, so that nobody takes it for a kernel.
 */
import { concat, decode, encode } from '../../src/uapi/bytes.ts';
import { EBADF, EEXIST, EINVAL, EISDIR, ENOENT, ENOTDIR, ENOTEMPTY, ENOTTY, type Errno, ESPIPE, IS_ERR } from '../../src/uapi/errno.ts';
import { O_APPEND, O_CREAT, O_DIRECTORY, O_EXCL, O_TRUNC, SEEK_CUR, SEEK_END } from '../../src/uapi/fcntl.ts';
import type { SigAction } from '../../src/uapi/signal.ts';
import { type Dirent, S_IFCHR, S_IFDIR, S_IFIFO, S_IFMT, S_IFREG, type Stat } from '../../src/uapi/stat.ts';
import type { Syscalls } from '../../src/uapi/syscalls.ts';
import type { MaybeAsync } from '../../src/uapi/types.ts';

interface Inode {
  mode: number;
  ino: number;
  data: Uint8Array;
  mtime: number;
}
interface OpenFile {
  inode: Inode | null;
  path: string;
  position: number;
  append: boolean;
}

export interface FakeOptions {
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly cwd?: string;
  /** Chunks that arrive one a turn; then end of file. */
  readonly stdin?: readonly string[];
  readonly tty?: boolean;
}

export class Fake {
  readonly inodes = new Map<string, Inode>();
  readonly fds = new Map<number, OpenFile>();
  readonly out: Uint8Array[] = [];
  readonly err: Uint8Array[] = [];
  readonly handlers = new Map<number, SigAction>();
  pending = false;
  yields = 0;
  private cwd: string;
  private readonly stdin: Uint8Array[];
  private nextIno = 1;

  constructor(private readonly options: FakeOptions = {}) {
    this.cwd = options.cwd ?? '/root';
    this.stdin = (options.stdin ?? []).map(encode);
    for (const dir of ['/', '/root', '/tmp', this.cwd]) this.add(dir, S_IFDIR | 0o755, new Uint8Array(0));
    for (const [path, data] of Object.entries(options.files ?? {}))
      this.add(path, S_IFREG | 0o644, typeof data === 'string' ? encode(data) : data);
    for (const fd of [0, 1, 2]) this.fds.set(fd, { inode: null, path: '', position: 0, append: false });
  }

  get stdout(): string {
    return decode(concat(this.out));
  }
  get stderr(): string {
    return decode(concat(this.err));
  }
  text(path: string): string | undefined {
    const inode = this.inodes.get(path);
    return inode && decode(inode.data);
  }

  private add(path: string, mode: number, data: Uint8Array): Inode {
    const inode = { mode, ino: this.nextIno++, data, mtime: 1_704_548_727_000 };
    this.inodes.set(path, inode);
    return inode;
  }

  private full(path: string): string {
    const parts: string[] = [];
    for (const part of (path.startsWith('/') ? path : `${this.cwd}/${path}`).split('/')) {
      if (part === '..') parts.pop();
      else if (part !== '' && part !== '.') parts.push(part);
    }
    return `/${parts.join('/')}`;
  }
  private find(path: string): Inode | Errno {
    const full = this.full(path);
    const parent = this.inodes.get(full.slice(0, full.lastIndexOf('/')) || '/');
    if (parent !== undefined && (parent.mode & S_IFMT) !== S_IFDIR) return ENOTDIR;
    return this.inodes.get(full) ?? ENOENT;
  }

  private open(path: string, flags: number, mode = 0): number | Errno {
    let inode = this.find(path);
    if (!IS_ERR(inode) && flags & O_EXCL) return EEXIST;
    if (IS_ERR(inode)) {
      if (inode !== ENOENT || !(flags & O_CREAT)) return inode;
      if (IS_ERR(this.find(`${this.full(path)}/..`))) return ENOENT;
      inode = this.add(this.full(path), S_IFREG | (mode & ~0o022), new Uint8Array(0));
    }
    const isDir = (inode.mode & S_IFMT) === S_IFDIR;
    if (isDir && flags & 3) return EISDIR;
    if (!isDir && flags & O_DIRECTORY) return ENOTDIR;
    if (flags & O_TRUNC) inode.data = new Uint8Array(0);
    let fd = 3;
    while (this.fds.has(fd)) fd++;
    this.fds.set(fd, { inode, path: this.full(path), position: 0, append: (flags & O_APPEND) !== 0 });
    return fd;
  }

  private read(fd: number, count: number): MaybeAsync<Uint8Array | Errno> {
    const file = this.fds.get(fd);
    if (file === undefined) return EBADF;
    if (file.inode === null) return fd === 0 ? this.readStdin(count) : EBADF;
    if ((file.inode.mode & S_IFMT) === S_IFDIR) return EISDIR;
    const data = file.inode.data.slice(file.position, file.position + count);
    file.position += data.length;
    return data;
  }
  private readStdin(count: number): Promise<Uint8Array> {
    return new Promise((resolve) => setTimeout(() => resolve(this.takeStdin(count)), 1));
  }
  private takeStdin(count: number): Uint8Array {
    const chunk = this.stdin.shift() ?? new Uint8Array(0);
    if (chunk.length > count) this.stdin.unshift(chunk.subarray(count));
    return chunk.slice(0, count);
  }

  private write(fd: number, data: Uint8Array): number | Errno {
    const file = this.fds.get(fd);
    if (file === undefined || fd === 0) return EBADF;
    if (file.inode === null) (fd === 1 ? this.out : this.err).push(data.slice());
    else {
      if (file.append) file.position = file.inode.data.length;
      this.put(file.inode, data, file.position);
      file.position += data.length;
    }
    return data.length;
  }
  private put(inode: Inode, data: Uint8Array, offset: number): void {
    const grown = new Uint8Array(Math.max(inode.data.length, offset + data.length));
    grown.set(inode.data);
    grown.set(data, offset);
    inode.data = grown;
  }

  private statOf(inode: Inode): Stat {
    const { mode, ino, data, mtime } = inode;
    return {
      st_dev: 1,
      st_ino: ino,
      st_mode: mode,
      st_nlink: 1,
      st_uid: 0,
      st_gid: 0,
      st_rdev: 0,
      st_size: data.length,
      st_blksize: 4096,
      st_blocks: Math.ceil(data.length / 512),
      st_atime: mtime,
      st_mtime: mtime,
      st_ctime: mtime,
    };
  }
  private fstat(fd: number): Stat | Errno {
    const file = this.fds.get(fd);
    if (file === undefined) return EBADF;
    if (file.inode !== null) return this.statOf(file.inode);
    return this.statOf({ mode: (this.options.tty ? S_IFCHR : S_IFIFO) | 0o600, ino: 0, data: new Uint8Array(0), mtime: 0 });
  }
  private stat(path: string): Stat | Errno {
    const inode = this.find(path);
    return IS_ERR(inode) ? inode : this.statOf(inode);
  }

  private lseek(fd: number, offset: number, whence: number): number | Errno {
    const file = this.fds.get(fd);
    if (file === undefined) return EBADF;
    if (file.inode === null) return ESPIPE;
    const base = whence === SEEK_CUR ? file.position : whence === SEEK_END ? file.inode.data.length : 0;
    file.position = base + offset;
    return file.position;
  }

  private remove(path: string): 0 | Errno {
    const inode = this.find(path);
    if (IS_ERR(inode)) return inode;
    if ([...this.inodes.keys()].some((p) => p.startsWith(`${this.full(path)}/`))) return ENOTEMPTY;
    this.inodes.delete(this.full(path));
    return 0;
  }
  private rename(from: string, to: string): 0 | Errno {
    const inode = this.find(from);
    if (IS_ERR(inode)) return inode;
    this.inodes.delete(this.full(from));
    this.inodes.set(this.full(to), inode);
    return 0;
  }
  private getdents(fd: number): readonly Dirent[] | Errno {
    const file = this.fds.get(fd);
    if (file === undefined) return EBADF;
    const prefix = file.path === '/' ? '/' : `${file.path}/`;
    const names = [...this.inodes.keys()].filter((p) => p !== '/' && p.startsWith(prefix) && !p.slice(prefix.length).includes('/'));
    return names.map((p) => {
      const inode = this.inodes.get(p);
      return { d_name: p.slice(prefix.length), d_ino: inode?.ino ?? 0, d_type: (inode?.mode ?? 0) & S_IFMT };
    });
  }

  get sys(): Syscalls {
    const known: Partial<Syscalls> = {
      open: (path, flags, mode) => this.open(path, flags, mode),
      close: (fd) => (this.fds.delete(fd) ? 0 : EBADF),
      read: (fd, count) => this.read(fd, count),
      write: (fd, data) => this.write(fd, data),
      pread64: (fd, count, offset) => {
        const inode = this.fds.get(fd)?.inode;
        return inode ? inode.data.slice(offset, offset + count) : ESPIPE;
      },
      pwrite64: (fd, data, offset) => {
        const file = this.fds.get(fd);
        if (!file?.inode) return ESPIPE;
        this.put(file.inode, data, file.append ? file.inode.data.length : offset);
        return data.length;
      },
      lseek: (fd, offset, whence) => this.lseek(fd, offset, whence),
      poll: (fds) => {
        for (const f of fds) f.revents = f.events;
        return fds.length;
      },
      ftruncate: (fd, length) => {
        const inode = this.fds.get(fd)?.inode;
        if (!inode) return EBADF;
        const data = new Uint8Array(length);
        data.set(inode.data.subarray(0, length));
        inode.data = data;
        return 0;
      },
      fsync: () => 0,
      getdents64: (fd) => this.getdents(fd),
      ioctl: ((fd: number) =>
        this.options.tty && fd < 3 ? { c_iflag: 0, c_oflag: 0, c_cflag: 0, c_lflag: 0, c_cc: [] } : ENOTTY) as Syscalls['ioctl'],
      stat: (path) => this.stat(path),
      lstat: (path) => this.stat(path),
      fstat: (fd) => this.fstat(fd),
      access: (path) => {
        const inode = this.find(path);
        return IS_ERR(inode) ? inode : 0;
      },
      mkdir: (path, mode) => {
        if (this.inodes.has(this.full(path))) return EEXIST;
        this.add(this.full(path), S_IFDIR | (mode & ~0o022), new Uint8Array(0));
        return 0;
      },
      rmdir: (path) => this.remove(path),
      unlink: (path) => this.remove(path),
      rename: (from, to) => this.rename(from, to),
      chmod: (path, mode) => {
        const inode = this.find(path);
        if (IS_ERR(inode)) return inode;
        inode.mode = (inode.mode & S_IFMT) | (mode & 0o7777);
        return 0;
      },
      utimensat: (path, _atime, mtime) => {
        const inode = this.find(path);
        if (IS_ERR(inode)) return inode;
        if (mtime !== null) inode.mtime = mtime;
        return 0;
      },
      chdir: (path) => {
        const inode = this.find(path);
        if (IS_ERR(inode)) return inode;
        this.cwd = this.full(path);
        return 0;
      },
      getcwd: () => this.cwd,
      umask: () => 0o022,
      uname: () => ({ sysname: 'Linux', nodename: 'lab', release: '6.18.0', version: '#1', machine: 'x86_64' }),
      readlink: (path) => {
        const inode = this.find(path);
        return IS_ERR(inode) ? inode : EINVAL;
      },
      fcntl: () => 0,
      getppid: () => 1,
      getgroups: () => [0],
      getpid: () => 42,
      getuid: () => 0,
      geteuid: () => 0,
      getgid: () => 0,
      getegid: () => 0,
      getrusage: () => ({ utime: 12.5, stime: 0, cutime: 0, cstime: 0 }),
      clock_gettime: () => Date.now(),
      sched_yield: () => {
        this.yields++;
        return this.yields % 8 === 0 ? new Promise((resolve) => setTimeout(() => resolve(0), 0)) : 0;
      },
      rt_sigaction: (sig, action) => {
        const old = this.handlers.get(sig) ?? { handler: 'SIG_DFL' };
        this.handlers.set(sig, action);
        return old;
      },
      rt_sigprocmask: () => 0,
      lab_signal_pending: () => this.pending,
      lab_preemptible: () => undefined,
    };
    return new Proxy(known, {
      get(target, name) {
        const call = Reflect.get(target, name);
        if (call === undefined) throw new Error(`the fake machine has no ${String(name)}`);
        return call;
      },
    }) as Syscalls;
  }
}
