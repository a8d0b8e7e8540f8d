/** The table of system calls: one row a call. Follows arch/x86/entry/syscalls/syscall_64.tbl. */

import type { Errno, Status } from '../../uapi/errno.ts';
import { AT_EMPTY_PATH, AT_EXECVE_CHECK, AT_FDCWD, AT_SYMLINK_NOFOLLOW } from '../../uapi/fcntl.ts';
import type { Syscalls } from '../../uapi/syscalls.ts';
import type { Fd, MaybeAsync } from '../../uapi/types.ts';
import { do_fchmod, do_fchmodat, do_fchown, do_fchownat, do_ftruncate, do_truncate, do_utimensat } from '../fs/attr.ts';
import { do_execveat_common, sys_execveat } from '../fs/exec.ts';
import { close_fd, do_dup, do_dup2, do_dup3, do_fcntl } from '../fs/file.ts';
import { do_chdir, do_chroot, do_fchdir, do_getcwd, do_umask } from '../fs/fs_struct.ts';
import * as namei from '../fs/namei.ts';
import { do_mount, do_pivot_root, do_umount } from '../fs/namespace.ts';
import { do_faccessat, do_sys_open } from '../fs/open.ts';
import { do_pipe2 } from '../fs/pipe.ts';
import { do_pread64, do_pwrite64 } from '../fs/read_write.ts';
import { sys_getdents64 } from '../fs/readdir.ts';
import { do_poll } from '../fs/select.ts';
import { do_fstat, do_fstatat, do_statfs } from '../fs/stat.ts';
import type { Task } from '../include/sched.ts';
import * as cred from './cred.ts';
import { call, sleepingCall, traceExit } from './entry_common.ts';
import { do_exit, kernel_wait4 } from './exit.ts';
import * as fd_calls from './fd_calls.ts';
import { kernel_clone } from './fork.ts';
import { lab_image, lab_run_applet, lab_signal_pending, lab_trace } from './lab.ts';
import { sys_setns, sys_unshare } from './nsproxy.ts';
import { run_image } from './run.ts';
import { do_sigaction, sys_kill, sys_rt_sigprocmask, sys_rt_sigsuspend } from './signal.ts';
import * as sys from './sys.ts';
import { do_nanosleep, sys_alarm, sys_clock_gettime } from './time.ts';
import { never } from './unwind.ts';
import { sys_newuname, sys_sethostname } from './utsname.ts';

/**
 * The calls of `task` as the image it runs now may make them: each made when it is first asked for, since most programs use few.
 */
export function syscalls_of(task: Task): Syscalls {
  return new Calls(new Entry(task)) as Calls & Syscalls;
}

/** Where a task's calls come in, as the image that it runs now. */
class Entry {
  private readonly exec_id: number;
  constructor(readonly task: Task) {
    this.exec_id = task.exec_id;
  }
  plain<R>(name: string, args: readonly unknown[], body: () => R): R {
    return call(this.task, this.exec_id, name, args, body);
  }
  sleeps<R>(name: string, args: readonly unknown[], body: () => MaybeAsync<R>, never_restarts = false): MaybeAsync<R> {
    return sleepingCall(this.task, this.exec_id, name, args, body, never_restarts);
  }
  execs(name: string, args: readonly unknown[], exec: () => Status): MaybeAsync<Errno> {
    return this.sleeps(name, args, () => execAndRun(this.task, name, args, exec()));
  }
  until(ms: number): number {
    return this.task.kernel.clock.now() + ms;
  }
}

/**
 * @linux arch/x86/entry/syscall_64.c sys_call_table #P[by name, and those that programs here use]
 */
const sys_call_table: { readonly [K in keyof Syscalls]: (c: Entry) => Syscalls[K] } = {
  // files and descriptors
  open:
    (c) =>
    (path, flags, mode = 0) =>
      c.sleeps('openat', [AT_FDCWD, path, flags, mode], () => do_sys_open(c.task, AT_FDCWD, path, flags, mode)),
  openat:
    (c) =>
    (dfd, path, flags, mode = 0) =>
      c.sleeps('openat', [dfd, path, flags, mode], () => do_sys_open(c.task, dfd, path, flags, mode)),
  close: (c) => (fd) => c.plain('close', [fd], () => close_fd(c.task, fd)),
  read: (c) => (fd, count) => c.sleeps('read', [fd, count], () => fd_calls.ksys_read(c.task, fd, count)),
  write: (c) => (fd, data) => c.sleeps('write', [fd, data], () => fd_calls.ksys_write(c.task, fd, data)),
  pread64: (c) => (fd, count, offset) => c.plain('pread64', [fd, count, offset], () => do_pread64(c.task, fd, count, offset)),
  pwrite64: (c) => (fd, data, offset) => c.plain('pwrite64', [fd, data, offset], () => do_pwrite64(c.task, fd, data, offset)),
  lseek: (c) => (fd, offset, whence) => c.plain('lseek', [fd, offset, whence], () => fd_calls.ksys_lseek(c.task, fd, offset, whence)),
  dup: (c) => (fd) => c.plain('dup', [fd], () => do_dup(c.task, fd)),
  dup2: (c) => (oldfd, newfd) => c.plain('dup2', [oldfd, newfd], () => do_dup2(c.task, oldfd, newfd)),
  dup3: (c) => (oldfd, newfd, flags) => c.plain('dup3', [oldfd, newfd, flags], () => do_dup3(c.task, oldfd, newfd, flags)),
  fcntl: (c) => (fd, cmd, arg) => c.plain('fcntl', [fd, cmd, arg], () => do_fcntl(c.task, fd, cmd, arg)),
  pipe2:
    (c) =>
    (flags = 0) =>
      c.plain('pipe2', [flags], () => do_pipe2(c.task, flags)),
  poll: (c) => (fds, timeout) => {
    const end = c.until(timeout);
    const rest = (): number => (timeout < 0 ? -1 : Math.max(0, end - c.task.kernel.clock.now()));
    return c.sleeps('poll', [fds, timeout], () => do_poll(c.task, fds, rest()), true);
  },
  ftruncate: (c) => (fd, length) => c.plain('ftruncate', [fd, length], () => do_ftruncate(c.task, fd, length)),
  fsync: (c) => (fd) => c.plain('fsync', [fd], () => fd_calls.sys_fsync(c.task, fd)),
  getdents64: (c) => (fd) => c.plain('getdents64', [fd], () => sys_getdents64(c.task, fd)),
  ioctl: (c) =>
    ((fd: Fd, request: string, arg?: unknown) =>
      c.plain('ioctl', [fd, request, arg], () => fd_calls.ksys_ioctl(c.task, fd, request, arg))) as Syscalls['ioctl'],

  // names
  stat: (c) => (path) => c.plain('newfstatat', [AT_FDCWD, path, 0], () => do_fstatat(c.task, AT_FDCWD, path, 0)),
  lstat: (c) => (path) =>
    c.plain('newfstatat', [AT_FDCWD, path, AT_SYMLINK_NOFOLLOW], () => do_fstatat(c.task, AT_FDCWD, path, AT_SYMLINK_NOFOLLOW)),
  fstat: (c) => (fd) => c.plain('newfstatat', [fd, '', AT_EMPTY_PATH], () => do_fstat(c.task, fd)),
  fstatat: (c) => (dfd, path, flags) => c.plain('newfstatat', [dfd, path, flags], () => do_fstatat(c.task, dfd, path, flags)),
  statfs: (c) => (path) => c.plain('statfs', [path], () => do_statfs(c.task, path)),
  access: (c) => (path, mode) => c.plain('access', [path, mode], () => do_faccessat(c.task, AT_FDCWD, path, mode, false)),
  eaccess: (c) => (path, mode) => c.plain('faccessat2', [path, mode], () => do_faccessat(c.task, AT_FDCWD, path, mode, true)),
  mkdir: (c) => (path, mode) => c.plain('mkdir', [path, mode], () => namei.do_mkdirat(c.task, AT_FDCWD, path, mode)),
  rmdir: (c) => (path) => c.plain('rmdir', [path], () => namei.do_rmdir(c.task, AT_FDCWD, path)),
  mknod: (c) => (path, mode, dev) => c.plain('mknod', [path, mode, dev], () => namei.do_mknodat(c.task, AT_FDCWD, path, mode, dev)),
  unlink: (c) => (path) => c.plain('unlink', [path], () => namei.do_unlinkat(c.task, AT_FDCWD, path)),
  rename: (c) => (from, to) => c.plain('rename', [from, to], () => namei.do_renameat(c.task, AT_FDCWD, from, AT_FDCWD, to)),
  link: (c) => (from, to) => c.plain('link', [from, to], () => namei.do_linkat(c.task, AT_FDCWD, from, AT_FDCWD, to)),
  symlink: (c) => (target, path) => c.plain('symlink', [target, path], () => namei.do_symlinkat(c.task, target, AT_FDCWD, path)),
  readlink: (c) => (path) => c.plain('readlink', [path], () => namei.do_readlinkat(c.task, AT_FDCWD, path)),
  chmod: (c) => (path, mode) => c.plain('chmod', [path, mode], () => do_fchmodat(c.task, AT_FDCWD, path, mode)),
  fchmod: (c) => (fd, mode) => c.plain('fchmod', [fd, mode], () => do_fchmod(c.task, fd, mode)),
  chown: (c) => (path, uid, gid) => c.plain('chown', [path, uid, gid], () => do_fchownat(c.task, AT_FDCWD, path, uid, gid)),
  lchown: (c) => (path, uid, gid) =>
    c.plain('lchown', [path, uid, gid], () => do_fchownat(c.task, AT_FDCWD, path, uid, gid, AT_SYMLINK_NOFOLLOW)),
  fchown: (c) => (fd, uid, gid) => c.plain('fchown', [fd, uid, gid], () => do_fchown(c.task, fd, uid, gid)),
  utimensat:
    (c) =>
    (path, atime, mtime, flags = 0) =>
      c.plain('utimensat', [path, atime, mtime, flags], () => do_utimensat(c.task, AT_FDCWD, path, atime, mtime, flags)),
  truncate: (c) => (path, length) => c.plain('truncate', [path, length], () => do_truncate(c.task, AT_FDCWD, path, length)),
  umask: (c) => (mask) => c.plain('umask', [mask], () => do_umask(c.task, mask)),
  chdir: (c) => (path) => c.plain('chdir', [path], () => do_chdir(c.task, path)),
  fchdir: (c) => (fd) => c.plain('fchdir', [fd], () => do_fchdir(c.task, fd)),
  getcwd: (c) => () => c.plain('getcwd', [], () => do_getcwd(c.task)),
  sync: (c) => () => c.plain('sync', [], () => undefined),

  // mounts and namespaces
  mount:
    (c) =>
    (source, target, fstype, flags, data = '') =>
      c.plain('mount', [source, target, fstype, flags, data], () => do_mount(c.task, source, target, fstype, flags, data)),
  umount2: (c) => (target, flags) => c.plain('umount2', [target, flags], () => do_umount(c.task, target, flags)),
  chroot: (c) => (path) => c.plain('chroot', [path], () => do_chroot(c.task, path)),
  pivot_root: (c) => (new_root, put_old) => c.plain('pivot_root', [new_root, put_old], () => do_pivot_root(c.task, new_root, put_old)),
  unshare: (c) => (flags) => c.plain('unshare', [flags], () => sys_unshare(c.task, flags)),
  setns: (c) => (fd, nstype) => c.plain('setns', [fd, nstype], () => sys_setns(c.task, fd, nstype)),
  sethostname: (c) => (name) => c.plain('sethostname', [name], () => sys_sethostname(c.task, name)),

  // tasks
  clone: (c) => (flags, fn) => c.plain('clone', [flags], () => kernel_clone(c.task, flags, fn)),
  execve: (c) => (path, argv, envp) =>
    c.execs('execve', [path, argv, envp], () => do_execveat_common(c.task, AT_FDCWD, path, argv, envp, 0)),
  execveat: (c) => (dfd, path, argv, envp, flags) =>
    flags & AT_EXECVE_CHECK
      ? c.sleeps('execveat', [dfd, path, argv, envp, flags], () => sys_execveat(c.task, dfd, path, argv, envp, flags))
      : c.execs('execveat', [dfd, path, argv, envp, flags], () => sys_execveat(c.task, dfd, path, argv, envp, flags)),
  exit: (c) => (code) => asPromise(c.sleeps('exit_group', [code], () => exits(c.task, code))),
  wait4: (c) => (pid, options) => c.sleeps('wait4', [pid, options], () => kernel_wait4(c.task, pid, options)),
  kill: (c) => (pid, sig) => c.plain('kill', [pid, sig], () => sys_kill(c.task, pid, sig)),
  getpid: (c) => () => c.plain('getpid', [], () => c.task.pid),
  getppid: (c) => () => c.plain('getppid', [], () => c.task.parent.pid),
  getpgid: (c) => (pid) => c.plain('getpgid', [pid], () => sys.sys_getpgid(c.task, pid)),
  setpgid: (c) => (pid, pgid) => c.plain('setpgid', [pid, pgid], () => sys.sys_setpgid(c.task, pid, pgid)),
  getsid: (c) => (pid) => c.plain('getsid', [pid], () => sys.sys_getsid(c.task, pid)),
  setsid: (c) => () => c.plain('setsid', [], () => sys.sys_setsid(c.task)),
  sched_yield: (c) => () => c.sleeps('sched_yield', [], () => 0 as const),
  nanosleep: (c) => (ms) => {
    const end = c.until(ms);
    return c.sleeps('clock_nanosleep', [ms], () => do_nanosleep(c.task, end), true);
  },
  clock_gettime: (c) => (clock) => c.plain('clock_gettime', [clock], () => sys_clock_gettime(c.task, clock)),
  alarm: (c) => (seconds) => c.plain('alarm', [seconds], () => sys_alarm(c.task, seconds)),
  getrusage: (c) => () => c.plain('getrusage', [], () => sys.sys_getrusage(c.task)),
  uname: (c) => () => c.plain('uname', [], () => sys_newuname(c.task)),
  getrlimit: (c) => (resource) => c.plain('prlimit64', [resource, null], () => c.task.rlim[resource]),
  setrlimit: (c) => (resource, value) => c.plain('prlimit64', [resource, value], () => sys.sys_setrlimit(c.task, resource, value)),
  nice: (c) => (inc) => c.plain('nice', [inc], () => sys.sys_nice(c.task, inc)),
  prctl: (c) => (option: 'PR_SET_NAME' | 'PR_SET_NO_NEW_PRIVS', name?: string) =>
    c.plain('prctl', [option, name], () => sys.sys_prctl(c.task, option, name)),

  // signals
  rt_sigaction: (c) => (sig, action) => c.plain('rt_sigaction', [sig, action], () => do_sigaction(c.task, sig, action)),
  rt_sigprocmask: (c) => (how, set) => c.plain('rt_sigprocmask', [how, set], () => sys_rt_sigprocmask(c.task, how, set)),
  rt_sigsuspend: (c) => (mask) => asPromise(c.sleeps('rt_sigsuspend', [mask], () => sys_rt_sigsuspend(c.task, mask))),

  // credentials
  getuid: (c) => () => c.plain('getuid', [], () => cred.getuid(c.task)),
  geteuid: (c) => () => c.plain('geteuid', [], () => cred.geteuid(c.task)),
  getgid: (c) => () => c.plain('getgid', [], () => cred.getgid(c.task)),
  getegid: (c) => () => c.plain('getegid', [], () => cred.getegid(c.task)),
  getgroups: (c) => () => c.plain('getgroups', [], () => cred.getgroups(c.task)),
  setuid: (c) => (uid) => c.plain('setuid', [uid], () => cred.sys_setuid(c.task, uid)),
  setgid: (c) => (gid) => c.plain('setgid', [gid], () => cred.sys_setgid(c.task, gid)),
  setresuid: (c) => (r, e, s) => c.plain('setresuid', [r, e, s], () => cred.sys_setresuid(c.task, r, e, s)),
  setresgid: (c) => (r, e, s) => c.plain('setresgid', [r, e, s], () => cred.sys_setresgid(c.task, r, e, s)),
  setgroups: (c) => (groups) => c.plain('setgroups', [groups], () => cred.sys_setgroups(c.task, groups)),

  // the image, and the lab's own
  getauxval: (c) => () => sys.getauxval(c.task),
  lab_run_applet: (c) => (applet, machine, argv, envp) =>
    c.execs('lab_run_applet', [applet, machine, argv, envp], () => lab_run_applet(c.task, applet, machine, argv, envp)),
  lab_image: (c) => () => lab_image(c.task),
  lab_trace: (c) => (pid, follow, sink) => c.sleeps('lab_trace', [pid], () => lab_trace(c.task, pid, follow, sink)),
  lab_signal_pending: (c) => () => lab_signal_pending(c.task),
  lab_preemptible: (c) => (on) => {
    c.task.preempt_disabled = !on;
  },
};

/** What a program holds: nothing of its task can be seen through it. */
class Calls {
  readonly #entry: Entry;
  constructor(entry: Entry) {
    this.#entry = entry;
  }
  static {
    for (const [name, make] of Object.entries(sys_call_table)) {
      const get = function (this: Calls): unknown {
        const value = make(this.#entry);
        Object.defineProperty(this, name, { value, enumerable: true });
        return value;
      };
      Object.defineProperty(Calls.prototype, name, { get });
    }
  }
}

const asPromise = async <R>(value: MaybeAsync<R>): Promise<R> => value;

/** After a successful exec the new image starts, and the caller never hears of it. */
function execAndRun(task: Task, name: string, args: readonly unknown[], status: Status): MaybeAsync<Errno> {
  if (status !== 0) return status;
  traceExit(task, name, args, 0);
  task.syscall = null;
  run_image(task);
  return never();
}

function exits(task: Task, code: number): Promise<never> {
  do_exit(task, (code & 0xff) << 8);
  return never();
}
