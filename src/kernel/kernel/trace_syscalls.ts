/**
 * System calls in strace's notation, as strace 6.1 prints them for x86-64. `args` of sys_enter are what is known on entry;
 * `out` of sys_exit goes on where they end. Addresses, which nothing here has, are made up and always the same.
 */
import { IS_ERR } from '../../uapi/errno.ts';
import { SIGNAL_NAMES, type SigAction, WEXITSTATUS, WIFCONTINUED, WIFEXITED, WIFSTOPPED, WSTOPSIG, WTERMSIG } from '../../uapi/signal.ts';
import type { Dirent, Stat, StatFs } from '../../uapi/stat.ts';
import { type PollFd, RLIM_INFINITY, type RlimitValue, type Utsname, type WaitResult } from '../../uapi/syscalls.ts';
import type { Winsize } from '../../uapi/termios.ts';
import type { Bytes } from '../../uapi/types.ts';
import * as names from './trace_values.ts';
import { accessMode, dev, dirfd, flags, mode, openFlags, quote, quoteBytes, quoteList, statMode } from './trace_values.ts';

type Args = readonly never[];
interface Format {
  readonly enter: (...args: never[]) => string[];
  /** Values that the call gave back through pointers; on failure an address stands there, or nothing. */
  readonly out?: (ret: never, ...args: never[]) => string[];
  readonly failed?: (...args: never[]) => string[];
  /** The number in rax, when it is not the value itself. */
  readonly ret?: (ret: never, ...args: never[]) => number;
}

const ADDRESS = '0x7ffd1a2b3c40';
const num = (n: number): string => String(n);
const zero = (): number => 0;
const path1 = { enter: (path: string) => [quote(path)] };
const path2 = { enter: (a: string, b: string) => [quote(a), quote(b)] };
const number1 = { enter: (n: number) => [num(n)] };
const number2 = { enter: (a: number, b: number) => [num(a), num(b)] };
const number3 = { enter: (a: number, b: number, c: number) => [num(a), num(b), num(c)] };
const nothing = { enter: () => [] };

const vars = (envp: readonly string[]): string => `${ADDRESS} /* ${envp.length} var${envp.length === 1 ? '' : 's'} */`;
const sigset = (mask: number): string => `[${SIGNAL_NAMES.filter((_, sig) => sig > 0 && mask & (1 << (sig - 1))).join(' ')}]`;
const signal = (sig: number): string => (SIGNAL_NAMES[sig] ? `SIG${SIGNAL_NAMES[sig]}` : num(sig));
const stat = (s: Stat): string => {
  const type = s.st_mode & 0o170000;
  const device = type === 0o020000 || type === 0o060000;
  return `{st_mode=${statMode(s.st_mode)}, ${device ? `st_rdev=${dev(s.st_rdev)}` : `st_size=${s.st_size}`}, ...}`;
};
const sigaction = (a: SigAction): string => {
  const handler = typeof a.handler === 'function' ? '0x55d0c0de1000' : a.handler;
  return `{sa_handler=${handler}, sa_mask=[], sa_flags=SA_RESTORER${a.restart ? '|SA_RESTART' : ''}, sa_restorer=0x7f2b3c25a050}`;
};
/** What was set before; nobody may have set anything. */
const old_sigaction = (a: SigAction): string =>
  a.handler === 'SIG_DFL' && !a.restart ? '{sa_handler=SIG_DFL, sa_mask=[], sa_flags=0}' : sigaction(a);
const waitStatus = (s: number): string => {
  if (WIFEXITED(s)) return `[{WIFEXITED(s) && WEXITSTATUS(s) == ${WEXITSTATUS(s)}}]`;
  if (WIFCONTINUED(s)) return '[{WIFCONTINUED(s)}]';
  if (WIFSTOPPED(s)) return `[{WIFSTOPPED(s) && WSTOPSIG(s) == ${signal(WSTOPSIG(s))}}]`;
  return `[{WIFSIGNALED(s) && WTERMSIG(s) == ${signal(WTERMSIG(s))}}]`;
};
const pollfds = (fds: readonly PollFd[]): string => `[${fds.map((p) => `{fd=${p.fd}, events=${flags(p.events, names.POLL)}}`).join(', ')}]`;
const limit = (n: number): string => (n === RLIM_INFINITY ? 'RLIM64_INFINITY' : n % 1024 === 0 && n > 1024 ? `${n / 1024}*1024` : num(n));
const rlimit = (v: RlimitValue): string => `{rlim_cur=${limit(v.rlim_cur)}, rlim_max=${limit(v.rlim_max)}}`;
const statfs = (s: StatFs): string =>
  `{f_type=${names.FS_MAGIC[s.f_type] ?? `0x${s.f_type.toString(16)}`}, f_bsize=${s.f_bsize}, f_blocks=${s.f_blocks}, f_bfree=${s.f_bfree}, ` +
  `f_bavail=${s.f_bavail}, f_files=${s.f_files}, f_ffree=${s.f_ffree}, f_fsid={val=[0, 0]}, f_namelen=${s.f_namelen}, f_frsize=${s.f_bsize}, ` +
  `f_flags=ST_VALID}`;
const ioctlOut = (request: string, ret: unknown): string => {
  if (request === 'TCGETS') return '{B38400 opost isig icanon echo ...}';
  if (request === 'TIOCGWINSZ') return `{ws_row=${(ret as Winsize).ws_row}, ws_col=${(ret as Winsize).ws_col}, ws_xpixel=0, ws_ypixel=0}`;
  return `[${String(ret)}]`;
};
const ioctlIn = (request: string, arg: unknown): string[] => {
  if (request.startsWith('TCSETS')) return ['{B38400 opost isig icanon echo ...}'];
  if (request === 'TIOCSPGRP') return [`[${String(arg)}]`];
  if (request === 'TIOCSWINSZ') return [ioctlOut('TIOCGWINSZ', arg)];
  return request === 'TIOCSCTTY' ? ['0'] : [];
};
const ASKS = ['TCGETS', 'TIOCGWINSZ', 'TIOCGPGRP', 'TIOCGSID', 'FIONREAD'];

const FORMATS: Readonly<Record<string, Format>> = {
  openat: {
    enter: (fd: number, path: string, f: number, m: number) => [dirfd(fd), quote(path), openFlags(f), ...(f & 0o100 ? [mode(m)] : [])],
  },
  close: number1,
  read: {
    enter: (fd: number) => [num(fd)],
    out: (ret: Bytes, _fd: number, count: number) => [quoteBytes(ret), num(count)],
    failed: (_fd: number, count: number) => [ADDRESS, num(count)],
    ret: (ret: Bytes) => ret.length,
  },
  pread64: {
    enter: (fd: number) => [num(fd)],
    out: (ret: Bytes, _fd: number, count: number, pos: number) => [quoteBytes(ret), num(count), num(pos)],
    failed: (_fd: number, count: number, pos: number) => [ADDRESS, num(count), num(pos)],
    ret: (ret: Bytes) => ret.length,
  },
  write: { enter: (fd: number, data: Bytes) => [num(fd), quoteBytes(data), num(data.length)] },
  pwrite64: { enter: (fd: number, data: Bytes, pos: number) => [num(fd), quoteBytes(data), num(data.length), num(pos)] },
  lseek: { enter: (fd: number, off: number, whence: number) => [num(fd), num(off), names.SEEK[whence] ?? num(whence)] },
  dup: number1,
  dup2: number2,
  dup3: { enter: (a: number, b: number, f: number) => [num(a), num(b), openFlags(f, false)] },
  fcntl: {
    enter: (fd: number, cmd: number, arg?: number) => [
      num(fd),
      names.FCNTL[cmd] ?? num(cmd),
      ...(cmd === 1 || cmd === 3 || arg === undefined
        ? []
        : [cmd === 2 ? (arg & 1 ? 'FD_CLOEXEC' : '0') : cmd === 4 ? openFlags(arg) : num(arg)]),
    ],
  },
  pipe2: {
    enter: () => [],
    out: (fds: readonly number[], f: number) => [`[${fds.join(', ')}]`, openFlags(f, false)],
    failed: (f: number) => [ADDRESS, openFlags(f, false)],
    ret: zero,
  },
  poll: { enter: (fds: readonly PollFd[], timeout: number) => [pollfds(fds), num(fds.length), num(timeout)] },
  ftruncate: number2,
  fsync: number1,
  getdents64: {
    enter: (fd: number) => [num(fd)],
    out: (ret: readonly Dirent[]) => [`0x55d0c0de2000 /* ${ret.length} entries */`, '32768'],
    failed: () => ['0x55d0c0de2000', '32768'],
    ret: (ret: readonly Dirent[]) => ret.reduce((n, d) => n + ((19 + d.d_name.length + 1 + 7) & ~7), 0),
  },
  ioctl: {
    enter: (fd: number, request: string, arg: unknown) => [num(fd), request, ...ioctlIn(request, arg)],
    out: (ret: unknown, _fd: number, request: string) => (ASKS.includes(request) ? [ioctlOut(request, ret)] : []),
    failed: (_fd: number, request: string) => (ASKS.includes(request) ? [ADDRESS] : []),
    ret: zero,
  },
  newfstatat: {
    enter: (fd: number, path: string) => [dirfd(fd), quote(path)],
    out: (ret: Stat, _fd: number, _path: string, f: number) => [stat(ret), flags(f, names.AT)],
    failed: (_fd: number, _path: string, f: number) => [ADDRESS, flags(f, names.AT)],
    ret: zero,
  },
  statfs: { enter: (path: string) => [quote(path)], out: (ret: StatFs) => [statfs(ret)], failed: () => [ADDRESS], ret: zero },
  access: { enter: (path: string, m: number) => [quote(path), accessMode(m)] },
  faccessat2: { enter: (path: string, m: number) => ['AT_FDCWD', quote(path), accessMode(m), 'AT_EACCESS'] },
  mkdir: { enter: (path: string, m: number) => [quote(path), mode(m)] },
  rmdir: path1,
  mknod: { enter: (path: string, m: number, d: number) => [quote(path), statMode(m), ...(d ? [dev(d)] : [])] },
  unlink: path1,
  rename: path2,
  link: path2,
  symlink: path2,
  readlink: {
    enter: (path: string) => [quote(path)],
    out: (ret: string) => [quote(ret), '4096'],
    failed: () => [ADDRESS, '4096'],
    ret: (ret: string) => names.byteLength(ret),
  },
  chmod: { enter: (path: string, m: number) => [quote(path), mode(m)] },
  fchmod: { enter: (fd: number, m: number) => [num(fd), mode(m)] },
  chown: { enter: (path: string, u: number, g: number) => [quote(path), num(u), num(g)] },
  lchown: { enter: (path: string, u: number, g: number) => [quote(path), num(u), num(g)] },
  fchown: number3,
  utimensat: {
    enter: (path: string, a: number | null, m: number | null, f: number) => [
      'AT_FDCWD',
      quote(path),
      `[${[a, m].map((t) => (t === null ? 'UTIME_OMIT' : names.timespec(t))).join(', ')}]`,
      flags(f, names.AT),
    ],
  },
  truncate: { enter: (path: string, n: number) => [quote(path), num(n)] },
  umask: { enter: (m: number) => [mode(m)] },
  chdir: path1,
  fchdir: number1,
  getcwd: {
    enter: () => [],
    out: (ret: string) => [quote(ret), '4096'],
    failed: () => [ADDRESS, '4096'],
    ret: (ret: string) => names.byteLength(ret) + 1,
  },
  sync: { ...nothing, ret: zero },
  mount: {
    enter: (source: string, target: string, type: string, f: number, data: string) => [
      quote(source),
      quote(target),
      type ? quote(type) : 'NULL',
      flags(f, names.MS),
      data ? quote(data) : 'NULL',
    ],
  },
  umount2: { enter: (path: string, f: number) => [quote(path), flags(f, names.MNT)] },
  chroot: path1,
  pivot_root: path2,
  unshare: { enter: (f: number) => [flags(f, names.CLONE)] },
  setns: { enter: (fd: number, f: number) => [num(fd), flags(f, names.CLONE)] },
  sethostname: { enter: (name: string) => [quote(name), num(names.byteLength(name))] },
  clone: {
    enter: (f: number) => [
      'child_stack=NULL',
      `flags=${f ? `${flags(f, names.CLONE)}|` : ''}CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD`,
      'child_tidptr=0x7f2b3c4d5a10',
    ],
  },
  execve: { enter: (path: string, argv: readonly string[], envp: readonly string[]) => [quote(path), quoteList(argv), vars(envp)] },
  execveat: {
    enter: (fd: number, path: string, argv: readonly string[], envp: readonly string[], f: number) => [
      dirfd(fd),
      quote(path),
      quoteList(argv),
      vars(envp),
      flags(f, names.AT),
    ],
  },
  exit_group: number1,
  wait4: {
    enter: (pid: number) => [num(pid)],
    out: (ret: WaitResult, _pid: number, options: number) => [
      ret.pid === 0 ? ADDRESS : waitStatus(ret.status),
      flags(options, names.WAIT),
      'NULL',
    ],
    failed: (_pid: number, options: number) => [ADDRESS, flags(options, names.WAIT), 'NULL'],
    ret: (ret: WaitResult) => ret.pid,
  },
  kill: { enter: (pid: number, sig: number) => [num(pid), sig === 0 ? '0' : signal(sig)] },
  getpid: nothing,
  getppid: nothing,
  getpgid: number1,
  setpgid: number2,
  getsid: number1,
  setsid: nothing,
  sched_yield: nothing,
  clock_nanosleep: { enter: (ms: number) => ['CLOCK_REALTIME', '0', names.timespec(ms), ADDRESS] },
  clock_gettime: {
    enter: (clock: number) => [clock === 1 ? 'CLOCK_MONOTONIC' : 'CLOCK_REALTIME'],
    out: (ret: number) => [names.timespec(ret)],
    ret: zero,
  },
  alarm: number1,
  getrusage: { enter: () => ['RUSAGE_SELF'], out: () => [ADDRESS], ret: zero },
  uname: {
    enter: () => [],
    out: (u: Utsname) => [`{sysname=${quote(u.sysname)}, nodename=${quote(u.nodename)}, ...}`],
    ret: zero,
  },
  prlimit64: {
    enter: (which: string, value: RlimitValue | null) => ['0', which, ...(value ? [rlimit(value), 'NULL'] : ['NULL'])],
    out: (ret: RlimitValue, _which: string, value: RlimitValue | null) => (value ? [] : [rlimit(ret)]),
    ret: zero,
  },
  nice: { enter: (n: number) => [num(n)] },
  prctl: { enter: (option: string, name?: string) => [option, ...(option === 'PR_SET_NAME' ? [quote(name ?? '')] : ['1', '0', '0', '0'])] },
  rt_sigaction: {
    enter: (sig: number, a: SigAction) => [signal(sig), sigaction(a)],
    out: (ret: SigAction) => [old_sigaction(ret), '8'],
    failed: () => [ADDRESS, '8'],
    ret: zero,
  },
  rt_sigprocmask: {
    enter: (how: number, set: number) => [['SIG_BLOCK', 'SIG_UNBLOCK', 'SIG_SETMASK'][how] ?? num(how), sigset(set)],
    out: (ret: number) => [sigset(ret), '8'],
    ret: zero,
  },
  rt_sigsuspend: { enter: (set: number) => [sigset(set), '8'] },
  getuid: nothing,
  geteuid: nothing,
  getgid: nothing,
  getegid: nothing,
  getgroups: {
    enter: () => ['65536'],
    out: (ret: readonly number[]) => [`[${ret.join(', ')}]`],
    ret: (ret: readonly number[]) => ret.length,
  },
  setuid: number1,
  setgid: number1,
  setresuid: number3,
  setresgid: number3,
  setgroups: { enter: (groups: readonly number[]) => [num(groups.length), `[${groups.join(', ')}]`] },
  lab_run_applet: { enter: (applet: string, machine: string, argv: readonly string[]) => [quote(applet), machine, quoteList(argv)] },
};

/** What is known when the call begins. */
export function syscallArgs(name: string, args: readonly unknown[]): string[] {
  return FORMATS[name]?.enter(...(args as Args)) ?? args.map(String);
}

/** The result, and what only the exit knows. */
export function syscallResult(name: string, args: readonly unknown[], ret: unknown): { ret: number | string; out?: string[] } {
  const format = FORMATS[name];
  if (IS_ERR(ret)) return with_out(ret.code, format?.failed?.(...(args as Args)));
  const value = format?.ret ? format.ret(ret as never, ...(args as Args)) : Number(ret);
  return with_out(value, format?.out?.(ret as never, ...(args as Args)));
}

function with_out(ret: number | string, out: string[] | undefined): { ret: number | string; out?: string[] } {
  return out === undefined || out.length === 0 ? { ret } : { ret, out };
}
