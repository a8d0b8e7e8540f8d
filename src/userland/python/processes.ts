/** Processes, signals and sleep for `os`, `signal`, `subprocess` and `time`: what Linux does, as far as the host can suspend. */
import { EINTR, ENOSYS, type Errno, IS_ERR } from '../../uapi/errno.ts';
import { CLOCK_MONOTONIC, type Syscalls } from '../../uapi/syscalls.ts';
import type { Fd, MaybeAsync } from '../../uapi/types.ts';
import type { Instance } from './instance.ts';
import { type Native, RAISED, Refusal, type Result } from './natives.ts';
import type { Signals } from './signals.ts';
import { spawn } from './spawn.ts';

const NO_FORK = new Refusal(ENOSYS.errno, 'Python here cannot fork: a running WebAssembly program cannot be copied');
const NO_WAIT = new Refusal(
  ENOSYS.errno,
  'Python here cannot run another program and wait for it, since this host cannot suspend WebAssembly (JSPI); exec works',
);
const NOT_MODELLED = new Refusal(ENOSYS.errno, ENOSYS.message);

const refused = (names: readonly string[], why: Refusal): Readonly<Record<string, Native>> =>
  Object.fromEntries(names.map((name) => [name, { takes: '*', fn: () => why }]));

export function processNatives(sys: Syscalls, signals: Signals, instance: Instance): Readonly<Record<string, Native>> {
  return {
    execv: { takes: 'paE', fn: (path: string, argv: readonly string[], envp: readonly string[]) => exec(sys, path, argv, envp) },
    execve: { takes: 'pae', names: 0, fn: (path: string, argv: readonly string[], envp: readonly string[]) => exec(sys, path, argv, envp) },
    kill: { takes: 'ii', fn: (pid: number, sig: number) => sys.kill(pid, sig) },
    killpg: { takes: 'ii', fn: (pgid: number, sig: number) => sys.kill(-pgid, sig) },
    umask: { takes: 'i', fn: (mask: number) => sys.umask(mask) },
    getpgid: { takes: 'i', fn: (pid: number) => sys.getpgid(pid) },
    getpgrp: { takes: '', fn: () => sys.getpgid(0) },
    setpgid: { takes: 'ii', fn: (pid: number, pgid: number) => sys.setpgid(pid, pgid) },
    getsid: { takes: 'i', fn: (pid: number) => sys.getsid(pid) },
    setsid: { takes: '', fn: () => sys.setsid() },
    sigaction: { takes: 'ii', fn: (sig: number, handler: number) => signals.setAction(sig, handler) },
    ...refused(['fork', 'forkpty'], NO_FORK),
    ...refused(['posix_spawn', 'posix_spawnp', 'wait3', 'wait4', 'waitid'], NOT_MODELLED),
    ...(instance.suspension.possible ? waitingNatives(sys, instance) : refused(['system', 'wait', 'waitpid', 'fork_exec'], NO_WAIT)),
  };
}

/** A promise is the kernel's word that this image is gone: its next call takes down what stands on the stack. */
function exec(sys: Syscalls, path: string, argv: readonly string[], envp: readonly string[]): MaybeAsync<Errno> {
  const failed = sys.execve(path, argv, envp);
  if (failed instanceof Promise) sys.clock_gettime(CLOCK_MONOTONIC);
  return failed;
}

function waitingNatives(sys: Syscalls, instance: Instance): Readonly<Record<string, Native>> {
  const wait = (pid: number, options: number): Promise<Result> => untilHandled(instance, () => waitFor(sys, pid, options));
  return {
    waitpid: { takes: 'ii', waits: true, fn: wait },
    wait: { takes: '', waits: true, fn: () => wait(-1, 0) },
    system: { takes: 'pE', waits: true, fn: (command: string, envp: readonly string[]) => system(sys, command, envp, wait) },
    sleep: { takes: 'f', waits: true, fn: (seconds: number) => sleep(sys, instance, seconds) },
    fork_exec: { takes: 'aain?p?aiiiiiiiiiii?i?n?ii?iiE', fn: forkExec(sys) },
  };
}

async function waitFor(sys: Syscalls, pid: number, options: number): Promise<Result> {
  const ended = await sys.wait4(pid, options);
  return IS_ERR(ended) ? ended : [ended.pid, ended.status];
}

/** A call that a signal interrupts is made again once the program's handler has run, if that raised nothing (PEP 475). */
async function untilHandled(instance: Instance, call: () => Promise<Result>): Promise<Result> {
  for (;;) {
    const result = await call();
    if (result !== EINTR) return result;
    if (instance.suspension.during(() => instance.x.PyErr_CheckSignals()) !== 0) return RAISED;
  }
}

function sleep(sys: Syscalls, instance: Instance, seconds: number): Promise<Result> {
  const end = sys.clock_gettime(CLOCK_MONOTONIC) + seconds * 1000;
  return untilHandled(instance, async () => await sys.nanosleep(Math.max(0, end - sys.clock_gettime(CLOCK_MONOTONIC))));
}

async function system(
  sys: Syscalls,
  command: string,
  envp: readonly string[],
  wait: (pid: number, options: number) => Promise<Result>,
): Promise<Result> {
  const pid = sys.clone(0, async (child) => {
    await child.execve('/bin/sh', ['sh', '-c', command], envp);
    return 127;
  });
  const ended = IS_ERR(pid) ? pid : await wait(pid, 0);
  return Array.isArray(ended) ? (ended[1] ?? 0) : ended;
}

/** The parameters of _posixsubprocess.fork_exec, in its order. */
function forkExec(sys: Syscalls): (...args: never[]) => Result {
  return (
    argv: readonly string[],
    executables: readonly string[],
    closeFds: number,
    keep: readonly Fd[],
    cwd: string | undefined,
    envp: readonly string[] | undefined,
    p2cread: Fd,
    _p2cwrite: Fd,
    _c2pread: Fd,
    c2pwrite: Fd,
    _errread: Fd,
    errwrite: Fd,
    _errpipeRead: Fd,
    errpipe: Fd,
    _restoreSignals: number,
    newSession: number,
    processGroup: number,
    _gid: number | undefined,
    _gids: readonly number[] | undefined,
    _uid: number | undefined,
    umask: number,
    _preexec: undefined,
    _allowVfork: number,
    ownEnvironment: readonly string[],
  ) =>
    spawn(sys, {
      argv,
      executables,
      closeFds: closeFds !== 0,
      keep,
      cwd: cwd ?? null,
      envp: envp ?? ownEnvironment,
      stdio: [p2cread, c2pwrite, errwrite],
      errpipe,
      newSession: newSession !== 0,
      processGroup,
      umask,
    });
}
