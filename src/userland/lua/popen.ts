/** Children of a Lua program: what popen(3) and system(3) do. */
import { type Errno, IS_ERR } from '../../uapi/errno.ts';
import { O_CLOEXEC } from '../../uapi/fcntl.ts';
import { SIG_BLOCK, SIG_SETMASK, SIGCHLD, SIGINT, SIGQUIT, type SigHandler, sigmask } from '../../uapi/signal.ts';
import type { Syscalls } from '../../uapi/syscalls.ts';
import type { Fd, MaybeAsync, Pid } from '../../uapi/types.ts';

const SHELL = '/bin/sh';
/** What a shell that cannot be executed would have exited with. */
const NO_SHELL = 127;

export interface Parent {
  readonly sys: Syscalls;
  readonly envp: readonly string[];
}

async function runShell(sys: Syscalls, command: string, envp: readonly string[]): Promise<number> {
  await sys.execve(SHELL, ['sh', '-c', command], envp);
  return NO_SHELL;
}

export function openPipe(parent: Parent, command: string, mode: 'r' | 'w'): { readonly fd: Fd; readonly pid: Pid } | Errno {
  const { sys, envp } = parent;
  const ends = sys.pipe2(O_CLOEXEC);
  if (IS_ERR(ends)) return ends;
  const [ours, theirs] = mode === 'r' ? ends : ([ends[1], ends[0]] as const);
  const pid = sys.clone(0, (child) => {
    const moved = child.dup2(theirs, mode === 'r' ? 1 : 0);
    return IS_ERR(moved) ? Promise.resolve(NO_SHELL) : runShell(child, command, envp);
  });
  sys.close(theirs);
  if (!IS_ERR(pid)) return { fd: ours, pid };
  sys.close(ours);
  return pid;
}

/** Answers a wait status. */
export function closePipe(sys: Syscalls, pid: Pid): MaybeAsync<number | Errno> {
  const result = sys.wait4(pid, 0);
  return result instanceof Promise ? result.then((r) => (IS_ERR(r) ? r : r.status)) : IS_ERR(result) ? result : result.status;
}

/** system(3): the shell's ^C and ^\ are not ours. */
export async function system(parent: Parent, command: string): Promise<number | Errno> {
  const { sys, envp } = parent;
  const saved = [SIGINT, SIGQUIT].map((sig) => [sig, sys.rt_sigaction(sig, { handler: 'SIG_IGN' })] as const);
  const mask = sys.rt_sigprocmask(SIG_BLOCK, sigmask(SIGCHLD));
  const pid = sys.clone(0, (child) => {
    for (const [sig, old] of saved) restore(child, sig, IS_ERR(old) || typeof old.handler === 'function' ? 'SIG_DFL' : old.handler);
    child.rt_sigprocmask(SIG_SETMASK, mask);
    return runShell(child, command, envp);
  });
  const result = IS_ERR(pid) ? pid : await closePipe(sys, pid);
  for (const [sig, old] of saved) if (!IS_ERR(old)) sys.rt_sigaction(sig, old);
  sys.rt_sigprocmask(SIG_SETMASK, mask);
  return result;
}

function restore(sys: Syscalls, sig: number, handler: SigHandler): void {
  sys.rt_sigaction(sig, { handler });
}
