/** Sleeping and waking. Follows kernel/sched/wait.c and include/linux/wait.h. */
import { ERESTARTSYS, type Errno } from '../../../uapi/errno.ts';
import type { MaybeAsync } from '../../../uapi/types.ts';
import type { Task } from '../../include/sched.ts';

/** A list of sleepers; whoever changes what they wait for wakes them, and each looks again. */
export class WaitQueue {
  private waiters: (() => void)[] = [];
  add(wake: () => void): void {
    if (!this.waiters.includes(wake)) this.waiters.push(wake);
  }
  remove(wake: () => void): void {
    const at = this.waiters.indexOf(wake);
    if (at >= 0) this.waiters.splice(at, 1);
  }
  /** @linux kernel/sched/wait.c wake_up_all #Y */
  wake_up(): void {
    if (this.waiters.length > 0) for (const wake of [...this.waiters]) wake();
  }
}

/** True when `task` has a signal that is neither blocked nor ignored. Set by kernel/signal.ts. */
type SignalPending = (task: Task) => boolean;

/**
 * Sleeps on `queues` until `condition()` answers something other than undefined, or a signal arrives.
 * A task that is killed never resumes: its signal_wait wakes, and the sleeper is dropped for ever.
 * Answers at once, without a promise, when the condition holds already. `finish` runs once when a sleep ends, however it ends.
 * @linux include/linux/wait.h wait_event_interruptible #Y
 */
export function wait_event_interruptible<T>(
  task: Task,
  queues: readonly WaitQueue[],
  condition: () => T | undefined,
  signal_pending: SignalPending,
  finish?: () => void,
): MaybeAsync<T | Errno> {
  const now = condition();
  if (now !== undefined) return now;
  if (signal_pending(task)) return ERESTARTSYS;
  return new Promise((resolve) => {
    const all = [...queues, task.signal_wait];
    let done = false;
    const stop = (): void => {
      done = true;
      for (const q of all) q.remove(look);
      if (task.state === 'sleeping') task.state = 'running';
      finish?.();
    };
    const look_once = (): void => {
      if (task.state === 'zombie' || task.state === 'dead') {
        stop();
        return;
      }
      if (task.state === 'stopped') return;
      const value = condition();
      if (value !== undefined) {
        stop();
        resolve(value);
      } else if (signal_pending(task)) {
        stop();
        resolve(ERESTARTSYS);
      }
    };
    // A condition may wake others, and they this one again: it looks once more afterwards instead of within itself.
    let looking = false;
    let again = false;
    const look = (): void => {
      again = true;
      if (looking) return;
      looking = true;
      while (again && !done) {
        again = false;
        look_once();
      }
      looking = false;
    };
    task.state = 'sleeping';
    for (const q of all) q.add(look);
  });
}
