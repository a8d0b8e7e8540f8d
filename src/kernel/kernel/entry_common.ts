/**
 * The way into the kernel and out of it, the same for every call. Follows kernel/entry/common.c.
 * In: code that may no longer run is taken down; the slice is watched. Out: the trace, signals, restarts.
 */
import { EINTR, ERESTARTSYS, type Errno, IS_ERR } from '../../uapi/errno.ts';
import type { MaybeAsync } from '../../uapi/types.ts';
import type { Task } from '../include/sched.ts';
import { check_process_timers } from './posix_cpu_timers.ts';
import { accountEntry, accountWakeup, cond_resched } from './sched/core.ts';
import { type Delivery, deliver_signals, signal_pending, waitContinued } from './signal.ts';
import { isCurrent, never, unwindUnlessCurrent } from './unwind.ts';

/** One call under way: what is the same from entry to exit. */
interface Call<R> {
  readonly task: Task;
  readonly exec_id: number;
  readonly name: string;
  readonly args: readonly unknown[];
  /** May be made again after a signal. */
  readonly body: () => MaybeAsync<R>;
  /** EINTR after any handler, whatever SA_RESTART says (signal(7)). */
  readonly never_restarts: boolean;
}

/**
 * The entry of calls that never sleep: one that would have to be made again says EINTR.
 * @linux kernel/entry/common.c syscall_enter_from_user_mode #P[for calls that do not sleep]
 */
export function call<R>(task: Task, exec_id: number, name: string, args: readonly unknown[], body: () => R): R {
  unwindUnlessCurrent(task, exec_id);
  task.syscall = name;
  traceEnter(task, name, args);
  const ret = body();
  traceExit(task, name, args, ret);
  task.syscall = null;
  if (signal_pending(task)) deliver_signals(task);
  unwindUnlessCurrent(task, exec_id);
  return ret === ERESTARTSYS ? (EINTR as R) : ret;
}

/**
 * The entry of calls that may sleep: an answer at once if there is one and the slice is not over.
 * @linux kernel/entry/common.c syscall_enter_from_user_mode #P[a slice for all tasks]
 */
export function sleepingCall<R>(
  task: Task,
  exec_id: number,
  name: string,
  args: readonly unknown[],
  body: () => MaybeAsync<R>,
  never_restarts = false,
): MaybeAsync<R> {
  unwindUnlessCurrent(task, exec_id);
  accountEntry(task);
  check_process_timers(task);
  const c: Call<R> = { task, exec_id, name, args, body, never_restarts };
  const turn = task.state === 'stopped' ? waitContinued(task) : task.preempt_disabled ? undefined : cond_resched(task.kernel);
  return turn === undefined ? begin(c) : turn.then(() => later(c, () => begin(c)));
}

/** Goes on after a pause, unless the task died or stopped meanwhile. */
function later<R, T>(c: Call<R>, go_on: () => MaybeAsync<T>): MaybeAsync<T> {
  if (!isCurrent(c.task, c.exec_id)) return never();
  if (c.task.state === 'stopped') return waitContinued(c.task).then(() => later(c, go_on));
  accountWakeup(c.task);
  return go_on();
}

function begin<R>(c: Call<R>): MaybeAsync<R> {
  c.task.syscall = c.name;
  traceEnter(c.task, c.name, c.args);
  const ret = c.body();
  return ret instanceof Promise ? ret.then((r) => later(c, () => finish(c, r))) : finish(c, ret);
}

/** @linux kernel/entry/common.c exit_to_user_mode_loop #P[EINTR and restarts are decided here, not per architecture] */
function finish<R>(c: Call<R>, ret: R): MaybeAsync<R> {
  const { task } = c;
  task.syscall = null;
  if (!isCurrent(task, c.exec_id)) return never();
  traceExit(task, c.name, c.args, ret);
  if (ret !== ERESTARTSYS && !signal_pending(task) && task.state !== 'stopped') return ret;
  return leaveBySignal(c, ret, { handled: false, restart: false });
}

/** Handlers run, stops last, until nothing is pending; then the call's answer, EINTR, or the call once more. */
function leaveBySignal<R>(c: Call<R>, ret: R | Errno, before: Delivery): MaybeAsync<R> {
  const { task } = c;
  const now = deliver_signals(task);
  const delivery = before.handled ? before : now;
  if (!isCurrent(task, c.exec_id)) return never();
  if (task.state === 'stopped') return waitContinued(task).then(() => later(c, () => leaveBySignal(c, ret, delivery)));
  if (ret !== ERESTARTSYS) return ret as R;
  return delivery.handled && (c.never_restarts || !delivery.restart) ? (EINTR as R) : begin(c);
}

function traceEnter(task: Task, name: string, args: readonly unknown[]): void {
  if (!task.kernel.tracing_syscalls(task)) return;
  const written = task.kernel.notation?.syscallArgs(name, args) ?? [];
  task.kernel.emit(task, { ev: 'sys_enter', name, args: written });
}

export function traceExit(task: Task, name: string, args: readonly unknown[], ret: unknown): void {
  if (!task.kernel.tracing_syscalls(task)) return;
  const written = task.kernel.notation?.syscallResult(name, args, ret) ?? bareResult(ret);
  task.kernel.emit(task, { ev: 'sys_exit', name, ...written });
}

const bareResult = (ret: unknown): { ret: number | string } => ({ ret: IS_ERR(ret) ? ret.code : Number(ret) });
