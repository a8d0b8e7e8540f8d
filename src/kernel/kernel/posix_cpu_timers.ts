/** The limit on processor time. Follows kernel/time/posix-cpu-timers.c. */
import { SIGKILL, SIGXCPU } from '../../uapi/signal.ts';
import { RLIM_INFINITY } from '../../uapi/syscalls.ts';
import type { Task } from '../include/sched.ts';
import { send_sig } from './signal.ts';

/**
 * SIGXCPU at the soft limit and each second after it, SIGKILL at the hard one; no limit is below a second.
 * @linux kernel/time/posix-cpu-timers.c check_process_timers #P[looked at when a call is made]
 */
export function check_process_timers(task: Task): void {
  const { rlim_cur, rlim_max } = task.rlim.RLIMIT_CPU;
  if (rlim_cur === RLIM_INFINITY) return;
  const seconds = task.utime / 1000;
  if (seconds >= Math.max(1, rlim_max)) return send_sig(task, SIGKILL);
  if (seconds < Math.max(1, rlim_cur)) return;
  send_sig(task, SIGXCPU);
  task.rlim.RLIMIT_CPU = { rlim_cur: Math.max(1, rlim_cur) + 1, rlim_max };
}
