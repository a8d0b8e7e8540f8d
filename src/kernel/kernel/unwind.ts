/**
 * How frames that must not go on are taken down: a call made by a dead task, or by code that a successful exec replaced,
 * throws this one object, and only the task runner catches it. Linux just never returns to such code.
 */
import type { Task } from '../include/sched.ts';

const UNWIND: unique symbol = Symbol('this task does not return to this code');

export function isUnwind(thrown: unknown): boolean {
  return thrown === UNWIND;
}

/** True when code that was started as image number `exec_id` of `task` may still run. */
export function isCurrent(task: Task, exec_id: number): boolean {
  return task.exec_id === exec_id && task.state !== 'zombie' && task.state !== 'dead';
}

export function unwindUnlessCurrent(task: Task, exec_id: number): void {
  if (!isCurrent(task, exec_id)) throw UNWIND;
}

/** What a call answers that never returns: a promise that nobody settles, so the caller's frames are collected. */
export function never(): Promise<never> {
  return new Promise(() => undefined);
}
