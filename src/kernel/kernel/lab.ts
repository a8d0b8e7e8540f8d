/** The calls that no real kernel has: what qemu-user, ptrace and a payload that computes need here. */
import { ENOEXEC, EPERM, type Errno, ESRCH, IS_ERR, type Status } from '../../uapi/errno.ts';
import type { Arch } from '../../uapi/host.ts';
import type { TraceEvent } from '../../uapi/trace.ts';
import type { Bytes, Pid } from '../../uapi/types.ts';
import { kernel_read } from '../fs/read_write.ts';
import type { Task } from '../include/sched.ts';
import { ns_capable } from './cred.ts';
import { load_notation } from './notation.ts';
import { flush_signal_handlers, signal_pending } from './signal.ts';

/**
 * The image becomes another program, as if a guest CPU ran it; file, descriptors and /proc/PID/exe stay. The caller starts it.
 */
export function lab_run_applet(task: Task, applet: string, guest: Arch, argv: readonly string[], envp: readonly string[]): Status {
  const { image } = task;
  if (image === null || !Object.hasOwn(task.kernel.programs, applet)) return ENOEXEC;
  task.image = { ...image, applet, guest, guest_args: { argv, envp }, fatal_signal: 0 };
  task.exec_id++;
  flush_signal_handlers(task);
  return 0;
}

/** The loader's view of the program, which Linux maps for it. */
export function lab_image({ image }: Task): Bytes | Errno {
  const bytes = image === null ? ENOEXEC : kernel_read(image.exe, 0, image.exe.f_inode.i_size);
  return IS_ERR(bytes) ? bytes : bytes.slice();
}

/**
 * Sends the events of a task to `sink`, of the caller's own children and equals only.
 * @linux kernel/ptrace.c ptrace_attach #P[looks on, never stops the task]
 */
export async function lab_trace(task: Task, pid: Pid, follow: boolean, sink: (event: TraceEvent) => void): Promise<Status> {
  const target = task.kernel.tasks.get(pid);
  if (target === undefined || target.state === 'zombie') return ESRCH;
  if (!ptrace_may_access(task, target)) return EPERM;
  await load_notation(task.kernel);
  target.tracers.add({ sink, follow });
  return 0;
}

/** @linux kernel/ptrace.c __ptrace_may_access #P[no dumpable flag] */
export function ptrace_may_access(task: Task, target: Task): boolean {
  if (task === target) return true;
  const { uid, gid } = task.cred;
  const t = target.cred;
  const same = [t.uid, t.euid, t.suid].every((id) => id === uid) && [t.gid, t.egid, t.sgid].every((id) => id === gid);
  return same || ns_capable(task.cred, t.user_ns);
}

/**
 * True also for a task that is dead: its payload should stop and find out.
 * @linux include/linux/sched/signal.h signal_pending #P[also asks the host]
 */
export function lab_signal_pending(task: Task): boolean {
  task.kernel.host_interrupt?.();
  return task.state === 'zombie' || task.state === 'dead' || signal_pending(task);
}
