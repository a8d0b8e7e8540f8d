/**
 * Time slices. Follows kernel/sched/core.c. Tasks take turns by themselves, as promises settle; what must be seen to is that
 * the host's event loop gets its turn too, or no key would ever be heard.
 */
import type { Kernel, Task } from '../../include/sched.ts';

/** Milliseconds that all tasks together may run before the host's event loop gets a turn. */
const SLICE = 10;
/** The same in calls, for hosts whose clock stands still. */
const SLICE_CALLS = 20_000;

export function newRunqueue(now: number): Kernel['rq'] {
  return { slice_start: now, mark: now, calls: 0, turn: null };
}

/**
 * A promise when the slice is over: the caller goes on after the host's turn.
 * @linux kernel/sched/core.c __cond_resched #P[one slice for all tasks]
 */
export function cond_resched(kernel: Kernel): Promise<void> | undefined {
  const { rq } = kernel;
  if (rq.turn !== null) return rq.turn;
  if (rq.mark - rq.slice_start < SLICE && ++rq.calls < SLICE_CALLS) return undefined;
  rq.turn = new Promise((resolve) => kernel.clock.macrotask(() => end_turn(kernel, resolve)));
  return rq.turn;
}

function end_turn(kernel: Kernel, resolve: () => void): void {
  const { rq } = kernel;
  rq.turn = null;
  rq.calls = 0;
  rq.slice_start = rq.mark = kernel.clock.now();
  resolve();
}

/** On entry to a call that may sleep: the time since the mark was `task`'s own. */
export function accountEntry(task: Task): void {
  const { rq, clock } = task.kernel;
  const now = clock.now();
  task.utime += now - rq.mark;
  rq.mark = now;
}

/** When a sleeper resumes: its time begins now, and if everybody slept, so does the slice. */
export function accountWakeup(task: Task): void {
  const { rq, clock } = task.kernel;
  const now = clock.now();
  if (now - rq.mark > SLICE) rq.slice_start = now;
  rq.mark = now;
}
