/**
 * What a program may ask the kernel: Linux's system calls in TypeScript's types. A program sees this and nothing else.
 *
 * Reading the signatures: a plain result never sleeps; `MaybeAsync` and `Promise` may sleep, as in Linux. An error is an
 * `Errno` value, never an exception. Arguments that Linux takes as a pointer to a buffer are values here.
 */
import type { Auxv } from './auxv.ts';
import type { Errno, Status } from './errno.ts';
import type { Arch } from './host.ts';
import type { SigAction } from './signal.ts';
import type { Dirent, Stat, StatFs } from './stat.ts';
import type { Termios, Winsize } from './termios.ts';
import type { TraceEvent } from './trace.ts';
import type { Bytes, ExitCode, Fd, MaybeAsync, Mode, PathName, Pid } from './types.ts';

export const POLLIN = 1;
export const POLLOUT = 4;
export const POLLERR = 8;
export const POLLHUP = 16;
export const POLLNVAL = 32;
export interface PollFd {
  readonly fd: Fd;
  readonly events: number;
  revents: number;
}

export const CLOCK_REALTIME = 0;
export const CLOCK_MONOTONIC = 1;

export const RLIMITS = ['RLIMIT_CPU', 'RLIMIT_FSIZE', 'RLIMIT_STACK', 'RLIMIT_NPROC', 'RLIMIT_NOFILE', 'RLIMIT_CORE'] as const;
export type Rlimit = (typeof RLIMITS)[number];
export const RLIM_INFINITY = Number.POSITIVE_INFINITY;
export interface RlimitValue {
  readonly rlim_cur: number;
  readonly rlim_max: number;
}

export interface Utsname {
  readonly sysname: string;
  readonly nodename: string;
  readonly release: string;
  readonly version: string;
  readonly machine: string;
}

/** Milliseconds of processor time, as times(2) would report. */
export interface Rusage {
  readonly utime: number;
  readonly stime: number;
  readonly cutime: number;
  readonly cstime: number;
}

export interface WaitResult {
  /** 0 with WNOHANG and nothing to report. */
  readonly pid: Pid;
  /** To be read with WIFEXITED and its kin (signal.ts). */
  readonly status: number;
}

export interface Syscalls {
  // files and descriptors
  /** Sleeps only for a fifo. The umask is applied to `mode`. */
  open(path: PathName, flags: number, mode?: Mode): MaybeAsync<Fd | Errno>;
  openat(dirfd: Fd, path: PathName, flags: number, mode?: Mode): MaybeAsync<Fd | Errno>;
  close(fd: Fd): Status;
  /** At most `count` bytes; an empty array is end of file. The array is the caller's to keep. */
  read(fd: Fd, count: number): MaybeAsync<Bytes | Errno>;
  /** Bytes written; may be fewer (pipes). The kernel copies what it keeps. EPIPE comes with SIGPIPE. */
  write(fd: Fd, data: Bytes): MaybeAsync<number | Errno>;
  pread64(fd: Fd, count: number, offset: number): Bytes | Errno;
  pwrite64(fd: Fd, data: Bytes, offset: number): number | Errno;
  lseek(fd: Fd, offset: number, whence: number): number | Errno;
  dup(fd: Fd): Fd | Errno;
  dup2(oldfd: Fd, newfd: Fd): Fd | Errno;
  dup3(oldfd: Fd, newfd: Fd, flags: number): Fd | Errno;
  fcntl(fd: Fd, cmd: number, arg?: number): number | Errno;
  /** [read end, write end] */
  pipe2(flags?: number): readonly [Fd, Fd] | Errno;
  /** `timeout` in milliseconds; negative waits for ever. Answers how many entries have events. */
  poll(fds: PollFd[], timeout: number): MaybeAsync<number | Errno>;
  ftruncate(fd: Fd, length: number): Status;
  fsync(fd: Fd): Status;
  getdents64(fd: Fd): readonly Dirent[] | Errno;

  // terminals
  ioctl(fd: Fd, request: 'TCGETS'): Termios | Errno;
  ioctl(fd: Fd, request: 'TCSETS' | 'TCSETSW' | 'TCSETSF', arg: Termios): Status;
  ioctl(fd: Fd, request: 'TIOCGWINSZ'): Winsize | Errno;
  ioctl(fd: Fd, request: 'TIOCSWINSZ', arg: Winsize): Status;
  ioctl(fd: Fd, request: 'TIOCGPGRP' | 'TIOCGSID' | 'FIONREAD'): number | Errno;
  ioctl(fd: Fd, request: 'TIOCSPGRP', arg: Pid): Status;
  ioctl(fd: Fd, request: 'TIOCSCTTY' | 'TIOCNOTTY'): Status;

  // names
  stat(path: PathName): Stat | Errno;
  lstat(path: PathName): Stat | Errno;
  fstat(fd: Fd): Stat | Errno;
  /** With AT_SYMLINK_NOFOLLOW, AT_EMPTY_PATH. */
  fstatat(dirfd: Fd, path: PathName, flags: number): Stat | Errno;
  statfs(path: PathName): StatFs | Errno;
  /** With the real uid, as access(2); `mode` of R_OK … */
  access(path: PathName, mode: number): Status;
  /** With the effective uid (faccessat2 AT_EACCESS), as test(1) asks. */
  eaccess(path: PathName, mode: number): Status;
  mkdir(path: PathName, mode: Mode): Status;
  rmdir(path: PathName): Status;
  mknod(path: PathName, mode: Mode, dev: number): Status;
  unlink(path: PathName): Status;
  rename(oldpath: PathName, newpath: PathName): Status;
  link(oldpath: PathName, newpath: PathName): Status;
  symlink(target: PathName, linkpath: PathName): Status;
  readlink(path: PathName): string | Errno;
  chmod(path: PathName, mode: Mode): Status;
  fchmod(fd: Fd, mode: Mode): Status;
  chown(path: PathName, uid: number, gid: number): Status;
  lchown(path: PathName, uid: number, gid: number): Status;
  fchown(fd: Fd, uid: number, gid: number): Status;
  /** Times in milliseconds since the epoch; null leaves one as it is. */
  utimensat(path: PathName, atime: number | null, mtime: number | null, flags?: number): Status;
  truncate(path: PathName, length: number): Status;
  umask(mask: Mode): Mode;
  chdir(path: PathName): Status;
  fchdir(fd: Fd): Status;
  getcwd(): string | Errno;
  sync(): void;

  // mounts and namespaces
  mount(source: string, target: PathName, fstype: string, flags: number, data?: string): Status;
  umount2(target: PathName, flags: number): Status;
  chroot(path: PathName): Status;
  pivot_root(new_root: PathName, put_old: PathName): Status;
  unshare(flags: number): Status;
  setns(fd: Fd, nstype: number): Status;
  sethostname(name: string): Status;

  // tasks
  /**
   * The C library's clone() wrapper: `fn` is what the child does, on a copy of this task, until it execs or returns its
   * exit code. Parent and child each go on with a `Syscalls` of their own. `flags` may hold CLONE_NEW*.
   */
  clone(flags: number, fn: (sys: Syscalls) => Promise<ExitCode>): Pid | Errno;
  /** Answers only on failure, then mostly at once: on success the promise never settles, and the calling code is gone. */
  execve(path: PathName, argv: readonly string[], envp: readonly string[]): MaybeAsync<Errno>;
  /** Settles on failure, and with 0 under AT_EXECVE_CHECK. */
  execveat(dirfd: Fd, path: PathName, argv: readonly string[], envp: readonly string[], flags: number): MaybeAsync<Status>;
  /** Never settles. */
  exit(code: ExitCode): Promise<never>;
  /** `pid` as for waitpid: >0 that child, -1 any, 0 own group, <-1 group -pid. */
  wait4(pid: Pid, options: number): MaybeAsync<WaitResult | Errno>;
  kill(pid: Pid, sig: number): Status;
  getpid(): Pid;
  getppid(): Pid;
  getpgid(pid: Pid): Pid | Errno;
  setpgid(pid: Pid, pgid: Pid): Status;
  getsid(pid: Pid): Pid | Errno;
  setsid(): Pid | Errno;
  /** Lets others run when this task's time slice is over: a loop without other calls must await it each turn. */
  sched_yield(): MaybeAsync<0>;
  nanosleep(ms: number): MaybeAsync<Status>;
  /** Milliseconds, with fractions. */
  clock_gettime(clock: number): number;
  /** SIGALRM after so many seconds, 0 cancels; answers the seconds that were left. */
  alarm(seconds: number): number;
  getrusage(): Rusage;
  uname(): Utsname;
  getrlimit(resource: Rlimit): RlimitValue;
  setrlimit(resource: Rlimit, value: RlimitValue): Status;
  nice(inc: number): number | Errno;
  prctl(option: 'PR_SET_NAME', name: string): Status;
  prctl(option: 'PR_SET_NO_NEW_PRIVS'): Status;

  // signals
  rt_sigaction(sig: number, action: SigAction): SigAction | Errno;
  /** Answers the old mask; bits by `sigmask`. */
  rt_sigprocmask(how: number, set: number): number;
  /** Sleeps with `mask` until a handler ran: EINTR. */
  rt_sigsuspend(mask: number): Promise<Errno>;

  // credentials
  getuid(): number;
  geteuid(): number;
  getgid(): number;
  getegid(): number;
  getgroups(): readonly number[];
  setuid(uid: number): Status;
  setgid(gid: number): Status;
  setresuid(ruid: number, euid: number, suid: number): Status;
  setresgid(rgid: number, egid: number, sgid: number): Status;
  setgroups(groups: readonly number[]): Status;

  // the image
  /** The auxiliary vector of this image. */
  getauxval(): Auxv;

  // The lab's own calls, documented in docs/programs.md; a real program would not find them.
  /**
   * Becomes the applet that an ELF note names, as if the guest CPU `machine` ran it: what qemu-user does here.
   * Settles only on failure: ENOEXEC if there is no such applet.
   */
  lab_run_applet(applet: string, machine: Arch, argv: readonly string[], envp: readonly string[]): MaybeAsync<Errno>;
  /** The file of the program that this process executes: what its loader finds mapped, also where there is no /proc. */
  lab_image(): Bytes | Errno;
  /** Sends the trace events of `pid` (and of what it clones, with `follow`) to `sink`: what ptrace(2) is to strace. EPERM as ptrace. */
  lab_trace(pid: Pid, follow: boolean, sink: (event: TraceEvent) => void): MaybeAsync<Status>;
  /** For a payload that computes without system calls: true when a deadly or caught signal waits. Cheap; may look at the outside world. */
  lab_signal_pending(): boolean;
  /**
   * While `on` is false, calls of this task do not give way merely because its slice is over: a promise then means that the call
   * really sleeps. For a payload whose frames cannot wait, such as a WebAssembly stack.
   */
  lab_preemptible(on: boolean): void;
}

/** A program of ours: what runs when an image starts. Its result is the exit code. */
export type Program = (sys: Syscalls, argv: readonly string[], envp: readonly string[]) => Promise<ExitCode>;

/** An applet may be loaded when first run. */
export type ProgramLoader = () => Program | Promise<Program>;

export interface Applet {
  readonly name: string;
  readonly summary: string;
  readonly main: Program;
}
