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
 * The calls of `task` as the image it runs now may make them.
 * @linux arch/x86/entry/syscall_64.c sys_call_table #P[by name, and those that programs here use]
 */
export function syscalls_of(task: Task): Syscalls {
  const id = task.exec_id;
  const plain = <R>(name: string, args: readonly unknown[], body: () => R): R => call(task, id, name, args, body);
  const sleeps = <R>(name: string, args: readonly unknown[], body: () => MaybeAsync<R>, never_restarts = false): MaybeAsync<R> =>
    sleepingCall(task, id, name, args, body, never_restarts);
  const execs = (name: string, args: readonly unknown[], exec: () => Status): MaybeAsync<Errno> =>
    sleeps(name, args, () => execAndRun(task, name, args, exec()));
  const until = (ms: number): number => task.kernel.clock.now() + ms;

  return {
    // files and descriptors
    open: (path, flags, mode = 0) => sleeps('openat', [AT_FDCWD, path, flags, mode], () => do_sys_open(task, AT_FDCWD, path, flags, mode)),
    openat: (dfd, path, flags, mode = 0) => sleeps('openat', [dfd, path, flags, mode], () => do_sys_open(task, dfd, path, flags, mode)),
    close: (fd) => plain('close', [fd], () => close_fd(task, fd)),
    read: (fd, count) => sleeps('read', [fd, count], () => fd_calls.ksys_read(task, fd, count)),
    write: (fd, data) => sleeps('write', [fd, data], () => fd_calls.ksys_write(task, fd, data)),
    pread64: (fd, count, offset) => plain('pread64', [fd, count, offset], () => do_pread64(task, fd, count, offset)),
    pwrite64: (fd, data, offset) => plain('pwrite64', [fd, data, offset], () => do_pwrite64(task, fd, data, offset)),
    lseek: (fd, offset, whence) => plain('lseek', [fd, offset, whence], () => fd_calls.ksys_lseek(task, fd, offset, whence)),
    dup: (fd) => plain('dup', [fd], () => do_dup(task, fd)),
    dup2: (oldfd, newfd) => plain('dup2', [oldfd, newfd], () => do_dup2(task, oldfd, newfd)),
    dup3: (oldfd, newfd, flags) => plain('dup3', [oldfd, newfd, flags], () => do_dup3(task, oldfd, newfd, flags)),
    fcntl: (fd, cmd, arg) => plain('fcntl', [fd, cmd, arg], () => do_fcntl(task, fd, cmd, arg)),
    pipe2: (flags = 0) => plain('pipe2', [flags], () => do_pipe2(task, flags)),
    poll: (fds, timeout) => {
      const end = until(timeout);
      const rest = (): number => (timeout < 0 ? -1 : Math.max(0, end - task.kernel.clock.now()));
      return sleeps('poll', [fds, timeout], () => do_poll(task, fds, rest()), true);
    },
    ftruncate: (fd, length) => plain('ftruncate', [fd, length], () => do_ftruncate(task, fd, length)),
    fsync: (fd) => plain('fsync', [fd], () => fd_calls.sys_fsync(task, fd)),
    getdents64: (fd) => plain('getdents64', [fd], () => sys_getdents64(task, fd)),
    ioctl: ((fd: Fd, request: string, arg?: unknown) =>
      plain('ioctl', [fd, request, arg], () => fd_calls.ksys_ioctl(task, fd, request, arg))) as Syscalls['ioctl'],

    // names
    stat: (path) => plain('newfstatat', [AT_FDCWD, path, 0], () => do_fstatat(task, AT_FDCWD, path, 0)),
    lstat: (path) =>
      plain('newfstatat', [AT_FDCWD, path, AT_SYMLINK_NOFOLLOW], () => do_fstatat(task, AT_FDCWD, path, AT_SYMLINK_NOFOLLOW)),
    fstat: (fd) => plain('newfstatat', [fd, '', AT_EMPTY_PATH], () => do_fstat(task, fd)),
    fstatat: (dfd, path, flags) => plain('newfstatat', [dfd, path, flags], () => do_fstatat(task, dfd, path, flags)),
    statfs: (path) => plain('statfs', [path], () => do_statfs(task, path)),
    access: (path, mode) => plain('access', [path, mode], () => do_faccessat(task, AT_FDCWD, path, mode, false)),
    eaccess: (path, mode) => plain('faccessat2', [path, mode], () => do_faccessat(task, AT_FDCWD, path, mode, true)),
    mkdir: (path, mode) => plain('mkdir', [path, mode], () => namei.do_mkdirat(task, AT_FDCWD, path, mode)),
    rmdir: (path) => plain('rmdir', [path], () => namei.do_rmdir(task, AT_FDCWD, path)),
    mknod: (path, mode, dev) => plain('mknod', [path, mode, dev], () => namei.do_mknodat(task, AT_FDCWD, path, mode, dev)),
    unlink: (path) => plain('unlink', [path], () => namei.do_unlinkat(task, AT_FDCWD, path)),
    rename: (from, to) => plain('rename', [from, to], () => namei.do_renameat(task, AT_FDCWD, from, AT_FDCWD, to)),
    link: (from, to) => plain('link', [from, to], () => namei.do_linkat(task, AT_FDCWD, from, AT_FDCWD, to)),
    symlink: (target, path) => plain('symlink', [target, path], () => namei.do_symlinkat(task, target, AT_FDCWD, path)),
    readlink: (path) => plain('readlink', [path], () => namei.do_readlinkat(task, AT_FDCWD, path)),
    chmod: (path, mode) => plain('chmod', [path, mode], () => do_fchmodat(task, AT_FDCWD, path, mode)),
    fchmod: (fd, mode) => plain('fchmod', [fd, mode], () => do_fchmod(task, fd, mode)),
    chown: (path, uid, gid) => plain('chown', [path, uid, gid], () => do_fchownat(task, AT_FDCWD, path, uid, gid)),
    lchown: (path, uid, gid) => plain('lchown', [path, uid, gid], () => do_fchownat(task, AT_FDCWD, path, uid, gid, AT_SYMLINK_NOFOLLOW)),
    fchown: (fd, uid, gid) => plain('fchown', [fd, uid, gid], () => do_fchown(task, fd, uid, gid)),
    utimensat: (path, atime, mtime, flags = 0) =>
      plain('utimensat', [path, atime, mtime, flags], () => do_utimensat(task, AT_FDCWD, path, atime, mtime, flags)),
    truncate: (path, length) => plain('truncate', [path, length], () => do_truncate(task, AT_FDCWD, path, length)),
    umask: (mask) => plain('umask', [mask], () => do_umask(task, mask)),
    chdir: (path) => plain('chdir', [path], () => do_chdir(task, path)),
    fchdir: (fd) => plain('fchdir', [fd], () => do_fchdir(task, fd)),
    getcwd: () => plain('getcwd', [], () => do_getcwd(task)),
    sync: () => plain('sync', [], () => undefined),

    // mounts and namespaces
    mount: (source, target, fstype, flags, data = '') =>
      plain('mount', [source, target, fstype, flags, data], () => do_mount(task, source, target, fstype, flags, data)),
    umount2: (target, flags) => plain('umount2', [target, flags], () => do_umount(task, target, flags)),
    chroot: (path) => plain('chroot', [path], () => do_chroot(task, path)),
    pivot_root: (new_root, put_old) => plain('pivot_root', [new_root, put_old], () => do_pivot_root(task, new_root, put_old)),
    unshare: (flags) => plain('unshare', [flags], () => sys_unshare(task, flags)),
    setns: (fd, nstype) => plain('setns', [fd, nstype], () => sys_setns(task, fd, nstype)),
    sethostname: (name) => plain('sethostname', [name], () => sys_sethostname(task, name)),

    // tasks
    clone: (flags, fn) => plain('clone', [flags], () => kernel_clone(task, flags, fn)),
    execve: (path, argv, envp) => execs('execve', [path, argv, envp], () => do_execveat_common(task, AT_FDCWD, path, argv, envp, 0)),
    execveat: (dfd, path, argv, envp, flags) =>
      flags & AT_EXECVE_CHECK
        ? sleeps('execveat', [dfd, path, argv, envp, flags], () => sys_execveat(task, dfd, path, argv, envp, flags))
        : execs('execveat', [dfd, path, argv, envp, flags], () => sys_execveat(task, dfd, path, argv, envp, flags)),
    exit: (code) => asPromise(sleeps('exit_group', [code], () => exits(task, code))),
    wait4: (pid, options) => sleeps('wait4', [pid, options], () => kernel_wait4(task, pid, options)),
    kill: (pid, sig) => plain('kill', [pid, sig], () => sys_kill(task, pid, sig)),
    getpid: () => plain('getpid', [], () => task.pid),
    getppid: () => plain('getppid', [], () => task.parent.pid),
    getpgid: (pid) => plain('getpgid', [pid], () => sys.sys_getpgid(task, pid)),
    setpgid: (pid, pgid) => plain('setpgid', [pid, pgid], () => sys.sys_setpgid(task, pid, pgid)),
    getsid: (pid) => plain('getsid', [pid], () => sys.sys_getsid(task, pid)),
    setsid: () => plain('setsid', [], () => sys.sys_setsid(task)),
    sched_yield: () => sleeps('sched_yield', [], () => 0 as const),
    nanosleep: (ms) => {
      const end = until(ms);
      return sleeps('clock_nanosleep', [ms], () => do_nanosleep(task, end), true);
    },
    clock_gettime: (clock) => plain('clock_gettime', [clock], () => sys_clock_gettime(task, clock)),
    alarm: (seconds) => plain('alarm', [seconds], () => sys_alarm(task, seconds)),
    getrusage: () => plain('getrusage', [], () => sys.sys_getrusage(task)),
    uname: () => plain('uname', [], () => sys_newuname(task)),
    getrlimit: (resource) => plain('prlimit64', [resource, null], () => task.rlim[resource]),
    setrlimit: (resource, value) => plain('prlimit64', [resource, value], () => sys.sys_setrlimit(task, resource, value)),
    nice: (inc) => plain('nice', [inc], () => sys.sys_nice(task, inc)),
    prctl: (option: 'PR_SET_NAME' | 'PR_SET_NO_NEW_PRIVS', name?: string) =>
      plain('prctl', [option, name], () => sys.sys_prctl(task, option, name)),

    // signals
    rt_sigaction: (sig, action) => plain('rt_sigaction', [sig, action], () => do_sigaction(task, sig, action)),
    rt_sigprocmask: (how, set) => plain('rt_sigprocmask', [how, set], () => sys_rt_sigprocmask(task, how, set)),
    rt_sigsuspend: (mask) => asPromise(sleeps('rt_sigsuspend', [mask], () => sys_rt_sigsuspend(task, mask))),

    // credentials
    getuid: () => plain('getuid', [], () => cred.getuid(task)),
    geteuid: () => plain('geteuid', [], () => cred.geteuid(task)),
    getgid: () => plain('getgid', [], () => cred.getgid(task)),
    getegid: () => plain('getegid', [], () => cred.getegid(task)),
    getgroups: () => plain('getgroups', [], () => cred.getgroups(task)),
    setuid: (uid) => plain('setuid', [uid], () => cred.sys_setuid(task, uid)),
    setgid: (gid) => plain('setgid', [gid], () => cred.sys_setgid(task, gid)),
    setresuid: (r, e, s) => plain('setresuid', [r, e, s], () => cred.sys_setresuid(task, r, e, s)),
    setresgid: (r, e, s) => plain('setresgid', [r, e, s], () => cred.sys_setresgid(task, r, e, s)),
    setgroups: (groups) => plain('setgroups', [groups], () => cred.sys_setgroups(task, groups)),

    // the image, and the lab's own
    getauxval: () => sys.getauxval(task),
    lab_run_applet: (applet, machine, argv, envp) =>
      execs('lab_run_applet', [applet, machine, argv, envp], () => lab_run_applet(task, applet, machine, argv, envp)),
    lab_image: () => lab_image(task),
    lab_trace: (pid, follow, sink) => sleeps('lab_trace', [pid], () => lab_trace(task, pid, follow, sink)),
    lab_signal_pending: () => lab_signal_pending(task),
    lab_preemptible: (on) => {
      task.preempt_disabled = !on;
    },
  };
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
