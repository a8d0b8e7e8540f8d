/** Sleeping for a time, alarms, clocks. Follows kernel/time/hrtimer.c, itimer.c and posix-timers.c. */
import { EINVAL, type Status } from '../../uapi/errno.ts';
import { SIGALRM } from '../../uapi/signal.ts';
import { CLOCK_MONOTONIC } from '../../uapi/syscalls.ts';
import type { MaybeAsync } from '../../uapi/types.ts';
import type { Task } from '../include/sched.ts';
import { WaitQueue, wait_event_interruptible } from './sched/wait.ts';
import { send_sig, signal_pending } from './signal.ts';

/** setTimeout of hosts counts in 31 bits. */
const LONGEST = 0x7fffffff;

/**
 * Sleeps until the clock says `until`, so that a call that is made again sleeps only for the rest.
 * @linux kernel/time/hrtimer.c do_nanosleep #Y
 */
export function do_nanosleep(task: Task, until: number): MaybeAsync<Status> {
  if (Number.isNaN(until)) return EINVAL;
  const { clock } = task.kernel;
  const due = new WaitQueue();
  let timer: unknown;
  const arm = (): void => {
    timer = clock.setTimeout(() => due.wake_up(), Math.min(until - clock.now(), LONGEST));
  };
  const look = (): 0 | undefined => {
    if (clock.now() >= until) return 0;
    clock.clearTimeout(timer);
    arm();
    return undefined;
  };
  const slept = wait_event_interruptible<0>(task, [due], look, signal_pending, () => clock.clearTimeout(timer));
  if (!(slept instanceof Promise)) clock.clearTimeout(timer);
  return slept;
}

/**
 * @linux kernel/time/itimer.c alarm_setitimer #Y
 */
export function sys_alarm(task: Task, seconds: number): number {
  const { clock } = task.kernel;
  const left = task.alarm_at === null ? 0 : Math.max(1, Math.round((task.alarm_at - clock.now()) / 1000));
  clock.clearTimeout(task.alarm_timer);
  task.alarm_at = seconds > 0 ? clock.now() + seconds * 1000 : null;
  if (task.alarm_at !== null) task.alarm_timer = clock.setTimeout(() => expire(task), Math.min(seconds * 1000, LONGEST));
  return left;
}

function expire(task: Task): void {
  task.alarm_at = null;
  send_sig(task, SIGALRM);
}

/** @linux kernel/time/posix-timers.c SYSCALL_DEFINE2(clock_gettime) #P[realtime and monotonic] */
export function sys_clock_gettime(task: Task, which: number): number {
  const { clock, boot_time } = task.kernel;
  return which === CLOCK_MONOTONIC ? clock.now() - boot_time : clock.now();
}
