/** The file system calls that the interpreter's C library makes: arguments and structures as musl lays them out on wasm32. */
import { concat, decode, encode } from '../../uapi/bytes.ts';
import { EINVAL, type Errno, IS_ERR, type Status } from '../../uapi/errno.ts';
import { AT_REMOVEDIR, AT_SYMLINK_NOFOLLOW, O_CLOEXEC } from '../../uapi/fcntl.ts';
import { type Dirent, S_IFBLK, S_IFCHR, S_IFDIR, S_IFIFO, S_IFLNK, S_IFREG, type Stat, type StatFs } from '../../uapi/stat.ts';
import type { PollFd } from '../../uapi/syscalls.ts';
import { TCGETS, TCSETS, TCSETSF, TCSETSW, TIOCGWINSZ } from '../../uapi/termios.ts';
import type { Bytes, Fd, MaybeAsync } from '../../uapi/types.ts';
import { wasi, wasiErrno } from './errno.ts';
import type { Files } from './files.ts';
import type { Memory, Pointer } from './memory.ts';
import { MARK, translateMarked } from './oserror.ts';
import type { Suspension } from './suspension.ts';

const UTIME_NOW = 0x3fffffff;
const UTIME_OMIT = 0x3ffffffe;
const AT_EMPTY = 0x1000;

export function fileImports(m: Memory, files: Files, suspension: Suspension) {
  const { sys } = files;
  /** A call's answer as the C library takes it: the number, or minus the error. */
  const answer = (result: number | Errno): number => (IS_ERR(result) ? -wasiErrno(result.errno) : result);
  const fill = <T>(result: T | Errno, put: (value: T) => void): number => {
    if (IS_ERR(result)) return -wasiErrno(result.errno);
    put(result);
    return 0;
  };
  const path = (dirfd: Fd, p: Pointer): string => files.at(dirfd, m.cstring(p));
  const putStat = (buf: Pointer) => (st: Stat) => writeStat(m, buf, st);
  const putStatFs = (buf: Pointer) => (st: StatFs) => writeStatFs(m, buf, st);
  const entries = new Map<Fd, Dirent[]>();

  return {
    __syscall_openat: (dirfd: Fd, p: Pointer, flags: number, va: Pointer) =>
      answer(files.open(path(dirfd, p), flags, va === 0 ? 0 : m.i32(va))),
    __syscall_stat64: (p: Pointer, buf: Pointer) => fill(files.stat(m.cstring(p), 0), putStat(buf)),
    __syscall_lstat64: (p: Pointer, buf: Pointer) => fill(files.stat(m.cstring(p), AT_SYMLINK_NOFOLLOW), putStat(buf)),
    __syscall_fstat64: (fd: Fd, buf: Pointer) => fill(files.fstat(fd), putStat(buf)),
    __syscall_newfstatat: (dirfd: Fd, p: Pointer, buf: Pointer, flags: number) =>
      fill(files.statAt(dirfd, m.cstring(p), flags & (AT_SYMLINK_NOFOLLOW | AT_EMPTY)), putStat(buf)),
    __syscall_statfs64: (p: Pointer, _size: number, buf: Pointer) => fill(sys.statfs(m.cstring(p)), putStatFs(buf)),
    __syscall_fstatfs64: (fd: Fd, _size: number, buf: Pointer) => fill(sys.statfs(`/proc/self/fd/${fd}`), putStatFs(buf)),
    __syscall_faccessat: (dirfd: Fd, p: Pointer, mode: number) => answer(files.access(path(dirfd, p), mode)),
    __syscall_mkdirat: (dirfd: Fd, p: Pointer, mode: number) => answer(files.mkdir(path(dirfd, p), mode)),
    __syscall_mknodat: (dirfd: Fd, p: Pointer, mode: number, dev: number) => answer(sys.mknod(path(dirfd, p), mode, dev)),
    __syscall_unlinkat: (dirfd: Fd, p: Pointer, flags: number) =>
      answer(flags & AT_REMOVEDIR ? sys.rmdir(path(dirfd, p)) : files.unlink(path(dirfd, p))),
    __syscall_rmdir: (p: Pointer) => answer(sys.rmdir(m.cstring(p))),
    __syscall_renameat: (olddir: Fd, from: Pointer, newdir: Fd, to: Pointer) => answer(files.rename(path(olddir, from), path(newdir, to))),
    __syscall_symlink: (target: Pointer, p: Pointer) => answer(sys.symlink(m.cstring(target), m.cstring(p))),
    __syscall_symlinkat: (target: Pointer, dirfd: Fd, p: Pointer) => answer(sys.symlink(m.cstring(target), path(dirfd, p))),
    __syscall_readlinkat: (dirfd: Fd, p: Pointer, buf: Pointer, size: number) => {
      const target = sys.readlink(path(dirfd, p));
      if (IS_ERR(target)) return answer(target);
      const data = encode(target).subarray(0, size);
      m.u8.set(data, buf);
      return data.length;
    },
    __syscall_chmod: (p: Pointer, mode: number) => answer(sys.chmod(m.cstring(p), mode)),
    __syscall_fchmod: (fd: Fd, mode: number) => answer(sys.fchmod(fd, mode)),
    __syscall_fchmodat: (dirfd: Fd, p: Pointer, mode: number) => answer(sys.chmod(path(dirfd, p), mode)),
    __syscall_fchown32: (fd: Fd, uid: number, gid: number) => answer(sys.fchown(fd, uid, gid)),
    __syscall_fchownat: (dirfd: Fd, p: Pointer, uid: number, gid: number, flags: number) =>
      answer(flags & AT_SYMLINK_NOFOLLOW ? sys.lchown(path(dirfd, p), uid, gid) : sys.chown(path(dirfd, p), uid, gid)),
    __syscall_utimensat: (dirfd: Fd, p: Pointer, times: Pointer, flags: number) => {
      const target = p === 0 ? `/proc/self/fd/${dirfd}` : path(dirfd, p);
      return answer(sys.utimensat(target, readTime(m, times, 0, now), readTime(m, times, 1, now), flags));
    },
    __syscall_truncate64: (p: Pointer, length: bigint) => answer(sys.truncate(m.cstring(p), Number(length))),
    __syscall_ftruncate64: (fd: Fd, length: bigint) => answer(sys.ftruncate(fd, Number(length))),
    __syscall_fallocate: (fd: Fd, _mode: number, offset: bigint, length: bigint) => {
      const st = sys.fstat(fd);
      if (IS_ERR(st)) return answer(st);
      return answer(sys.ftruncate(fd, Math.max(st.st_size, Number(offset + length))));
    },
    __syscall_fadvise64: () => 0,
    __syscall_fdatasync: (fd: Fd) => answer(sys.fsync(fd)),
    __syscall_chdir: (p: Pointer) => answer(sys.chdir(m.cstring(p))),
    __syscall_fchdir: (fd: Fd) => answer(sys.fchdir(fd)),
    __syscall_getcwd: (buf: Pointer, size: number) => {
      const cwd = sys.getcwd();
      if (IS_ERR(cwd)) return answer(cwd);
      const length = m.putString(buf, cwd, size);
      return length > size ? -wasi('ERANGE') : length;
    },
    __syscall_getdents64: (fd: Fd, buf: Pointer, size: number) => {
      const rest = entries.get(fd) ?? readEntries(files, fd);
      if (IS_ERR(rest)) return answer(rest);
      const used = writeEntries(m, buf, size, rest);
      if (used === 0) entries.delete(fd);
      else entries.set(fd, rest);
      return used;
    },
    __syscall_dup: (fd: Fd) => answer(sys.dup(fd)),
    __syscall_dup3: (oldfd: Fd, newfd: Fd, flags: number) => answer(sys.dup3(oldfd, newfd, flags)),
    __syscall_pipe: (fds: Pointer) =>
      fill(sys.pipe2(O_CLOEXEC), ([read, write]) => {
        m.setU32(fds, read);
        m.setU32(fds + 4, write);
      }),
    __syscall_fcntl64: (fd: Fd, cmd: number, va: Pointer) => (files.isOwn(fd) ? 0 : answer(sys.fcntl(fd, cmd, va === 0 ? 0 : m.i32(va)))),
    __syscall_ioctl: (fd: Fd, request: number, va: Pointer) => answer(ioctl(m, files, fd, request, va === 0 ? 0 : m.u32(va))),
    __syscall_poll: suspension.importing(3, (fds: Pointer, count: number, timeout: number) =>
      after(poll(m, files, fds, count, timeout), answer),
    ),

    fd_close: (fd: Fd) => {
      entries.delete(fd);
      return -answer(files.close(fd));
    },
    fd_sync: (fd: Fd) => -answer(files.isOwn(fd) ? 0 : sys.fsync(fd)),
    fd_seek: (fd: Fd, offset: bigint, whence: number, out: Pointer) => {
      const at = files.seek(fd, Number(offset), whence);
      if (at === 0) entries.delete(fd);
      return -fill(at, (n) => m.setU64(out, n));
    },
    // The C library takes a character device without the right to seek for a terminal: this is its isatty().
    fd_fdstat_get: (fd: Fd, buf: Pointer) =>
      -fill(files.fstat(fd), () => {
        m.u8.fill(0, buf, buf + 24);
        if (!files.isOwn(fd) && !IS_ERR(sys.ioctl(fd, 'TCGETS'))) m.u8[buf] = WASI_CHARACTER_DEVICE;
      }),
    fd_read: suspension.importing(4, (fd: Fd, iov: Pointer, count: number, out: Pointer) =>
      after(files.read(fd, room(m, iov, count)), (data) => -fill(data, (part) => m.setU32(out, scatter(m, iov, count, part)))),
    ),
    fd_pread: (fd: Fd, iov: Pointer, count: number, offset: bigint, out: Pointer) =>
      -fill(files.pread(fd, room(m, iov, count), Number(offset)), (part) => m.setU32(out, scatter(m, iov, count, part))),
    fd_write: suspension.importing(4, (fd: Fd, iov: Pointer, count: number, out: Pointer) => writeOut(fd, gather(m, iov, count), out)),
    fd_pwrite: (fd: Fd, iov: Pointer, count: number, offset: bigint, out: Pointer) =>
      -fill(sys.pwrite64(fd, gather(m, iov, count), Number(offset)), (n) => m.setU32(out, n)),
  };

  /** Error messages that C code prints by itself are translated on the way. */
  function writeOut(fd: Fd, data: Bytes, out: Pointer): MaybeAsync<number> {
    const marked = fd === 2 && data.includes(MARK.charCodeAt(0));
    const written = files.write(fd, marked ? encode(translateMarked(decode(data))) : data);
    return after(written, (result) => -fill(result, (n) => m.setU32(out, marked ? data.length : n)));
  }
  function now(): number {
    return sys.clock_gettime(0);
  }
}

const after = <T, R>(value: MaybeAsync<T>, fn: (value: T) => R): MaybeAsync<R> => (value instanceof Promise ? value.then(fn) : fn(value));

/** What the buffers of an iovec take in all. */
function room(m: Memory, iov: Pointer, count: number): number {
  let total = 0;
  for (let i = 0; i < count; i++) total += m.u32(iov + 8 * i + 4);
  return total;
}

/** Fills the buffers; answers how much that was. */
function scatter(m: Memory, iov: Pointer, count: number, data: Bytes): number {
  let at = 0;
  for (let i = 0; i < count && at < data.length; i++) {
    const part = data.subarray(at, at + m.u32(iov + 8 * i + 4));
    m.u8.set(part, m.u32(iov + 8 * i));
    at += part.length;
  }
  return data.length;
}

function gather(m: Memory, iov: Pointer, count: number): Bytes {
  const parts: Bytes[] = [];
  for (let i = 0; i < count; i++) parts.push(m.slice(m.u32(iov + 8 * i), m.u32(iov + 8 * i + 4)));
  return parts.length === 1 ? (parts[0] as Bytes) : concat(parts);
}

/** struct timespec number `i` in milliseconds; null leaves a time as it is. */
function readTime(m: Memory, times: Pointer, i: number, now: () => number): number | null {
  if (times === 0) return now();
  const nanoseconds = m.i32(times + 16 * i + 8);
  if (nanoseconds === UTIME_NOW) return now();
  if (nanoseconds === UTIME_OMIT) return null;
  return Number(m.view.getBigInt64(times + 16 * i, true)) * 1000 + nanoseconds / 1e6;
}

function writeStat(m: Memory, buf: Pointer, st: Stat): void {
  const words = [st.st_dev, st.st_mode, st.st_nlink, st.st_uid, st.st_gid, st.st_rdev];
  words.forEach((n, i) => m.setU32(buf + 4 * i, n));
  m.setU64(buf + 24, st.st_size);
  m.setU32(buf + 32, st.st_blksize);
  m.setU32(buf + 36, st.st_blocks);
  [st.st_atime, st.st_mtime, st.st_ctime].forEach((ms, i) => {
    const seconds = Math.floor(ms / 1000);
    m.setU64(buf + 40 + 16 * i, seconds);
    m.setU32(buf + 48 + 16 * i, Math.round((ms - seconds * 1000) * 1e6));
  });
  m.setU64(buf + 88, st.st_ino);
}

function writeStatFs(m: Memory, buf: Pointer, st: StatFs): void {
  const words = [st.f_type, st.f_bsize, st.f_blocks, st.f_bfree, st.f_bavail, st.f_files, st.f_ffree, 0, 0, st.f_namelen, st.f_bsize];
  words.forEach((n, i) => m.setU32(buf + 4 * i, Math.min(n, 0xffffffff)));
  m.setU32(buf + 44, st.f_flags);
}

const DT: Readonly<Record<number, number>> = { [S_IFIFO]: 1, [S_IFCHR]: 2, [S_IFDIR]: 4, [S_IFBLK]: 6, [S_IFREG]: 8, [S_IFLNK]: 10 };
const DIRENT_NAME = 19;

function readEntries(files: Files, fd: Fd): Dirent[] | Errno {
  const list: Dirent[] = [];
  for (;;) {
    const part = files.list(fd);
    if (IS_ERR(part)) return part;
    list.push(...part);
    if (part.length === 0 || files.isOwn(fd)) return list;
  }
}

/** Takes as many entries off the list as fit. */
function writeEntries(m: Memory, buf: Pointer, size: number, list: Dirent[]): number {
  let used = 0;
  for (let entry = list[0]; entry !== undefined; entry = list[0]) {
    const name = encode(entry.d_name);
    const length = (DIRENT_NAME + name.length + 1 + 7) & ~7;
    if (used + length > size) break;
    const p = buf + used;
    m.setU64(p, entry.d_ino);
    m.setU64(p + 8, used + length);
    m.view.setUint16(p + 16, length, true);
    m.u8[p + 18] = DT[entry.d_type] ?? 0;
    m.u8.set(name, p + DIRENT_NAME);
    m.u8[p + DIRENT_NAME + name.length] = 0;
    used += length;
    list.shift();
  }
  return used;
}

function poll(m: Memory, files: Files, p: Pointer, count: number, timeout: number): MaybeAsync<number | Errno> {
  const fds: PollFd[] = [];
  for (let i = 0; i < count; i++) fds.push({ fd: m.i32(p + 8 * i), events: m.view.getInt16(p + 8 * i + 4, true), revents: 0 });
  return after(files.poll(fds, timeout), (ready) => {
    fds.forEach((f, i) => m.view.setInt16(p + 8 * i + 6, f.revents, true));
    return ready;
  });
}

const WASI_CHARACTER_DEVICE = 2;
const C_CC = 17;
function ioctl(m: Memory, files: Files, fd: Fd, request: number, arg: Pointer): Status {
  const { sys } = files;
  const termios = sys.ioctl(fd, 'TCGETS');
  if (IS_ERR(termios)) return termios;
  switch (request) {
    case TCGETS: {
      [termios.c_iflag, termios.c_oflag, termios.c_cflag, termios.c_lflag].forEach((flag, i) => m.setU32(arg + 4 * i, flag));
      termios.c_cc.forEach((c, i) => {
        m.u8[arg + C_CC + i] = c;
      });
      return 0;
    }
    case TCSETS:
    case TCSETSW:
    case TCSETSF: {
      const [c_iflag = 0, c_oflag = 0, c_cflag = 0, c_lflag = 0] = [0, 1, 2, 3].map((i) => m.u32(arg + 4 * i));
      const c_cc = [...m.slice(arg + C_CC, termios.c_cc.length)];
      return sys.ioctl(fd, 'TCSETS', { c_iflag, c_oflag, c_cflag, c_lflag, c_cc });
    }
    case TIOCGWINSZ: {
      const size = sys.ioctl(fd, 'TIOCGWINSZ');
      if (IS_ERR(size)) return size;
      m.view.setUint16(arg, size.ws_row, true);
      m.view.setUint16(arg + 2, size.ws_col, true);
      m.setU32(arg + 4, 0);
      return 0;
    }
    default:
      return EINVAL;
  }
}
