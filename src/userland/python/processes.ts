/** Processes and signals for `os`, `signal` and `subprocess`: what Linux does, as far as frames on a WebAssembly stack allow. */
import { ENOSYS, type Errno } from '../../uapi/errno.ts';
import { CLOCK_MONOTONIC, type Syscalls } from '../../uapi/syscalls.ts';
import type { MaybeAsync } from '../../uapi/types.ts';
import { type Native, Refusal } from './natives.ts';
import type { Signals } from './signals.ts';

const NO_FORK = new Refusal(ENOSYS.errno, 'Python here cannot fork: a running WebAssembly program cannot be copied');
const NO_WAIT = new Refusal(ENOSYS.errno, 'Python here cannot run another program and wait for it; exec works');

const refused = (why: Refusal): Native => ({ takes: '*', fn: () => why });

export function processNatives(sys: Syscalls, signals: Signals): Readonly<Record<string, Native>> {
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
    ...Object.fromEntries(['fork', 'forkpty'].map((name) => [name, refused(NO_FORK)])),
    ...Object.fromEntries(WAITING.map((name) => [name, refused(NO_WAIT)])),
  };
}

const WAITING = ['system', 'posix_spawn', 'posix_spawnp', 'wait', 'wait3', 'wait4', 'waitid', 'waitpid', 'fork_exec'];

/** A promise is the kernel's word that this image is gone: its next call takes down what stands on the stack. */
function exec(sys: Syscalls, path: string, argv: readonly string[], envp: readonly string[]): MaybeAsync<Errno> {
  const failed = sys.execve(path, argv, envp);
  if (failed instanceof Promise) sys.clock_gettime(CLOCK_MONOTONIC);
  return failed;
}
