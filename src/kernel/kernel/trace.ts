/**
 * The kernel's diary: what happened is told once, where it happens, to whoever listens. Takes the place of kernel/trace.
 * Nobody listening costs one look: callers ask `tracing(task)` before they build an event.
 */
import type { TraceEvent, TraceEventBody } from '../../uapi/trace.ts';
import type { Clock, Kernel, Task } from '../include/sched.ts';

const SYSCALL_EVENTS: ReadonlySet<TraceEvent['ev']> = new Set(['sys_enter', 'sys_exit']);

type Tracer = Pick<Kernel, 'tracing' | 'tracing_syscalls' | 'emit' | 'listeners' | 'exec_listeners'>;

/** The members of `Kernel` that tracing is made of. Sequence numbers are the machine's own. */
export function new_tracer(clock: Clock, boot_time: number): Tracer {
  const listeners: Kernel['listeners'] = new Set();
  const exec_listeners: Kernel['exec_listeners'] = new Set();
  let seq = 0;
  const tracing_syscalls = (task: Task): boolean => listeners.size > 0 || task.tracers.size > 0;
  const tracing = (task: Task): boolean => exec_listeners.size > 0 || tracing_syscalls(task);
  const emit = (task: Task, body: TraceEventBody): void => {
    if (!tracing(task)) return;
    const event = { seq: ++seq, t: clock.now() - boot_time, pid: task.pid, ...body } as TraceEvent;
    if (listeners.size > 0) for (const listener of listeners) listener(event);
    if (exec_listeners.size > 0 && !SYSCALL_EVENTS.has(event.ev)) for (const listener of exec_listeners) listener(event);
    if (task.tracers.size > 0) for (const tracer of task.tracers) tracer.sink(event);
  };
  return { tracing, tracing_syscalls, emit, listeners, exec_listeners };
}

/** True when somebody listens to `task`: ask before building an event. */
export function tracing(task: Task): boolean {
  return task.kernel.tracing(task);
}

/** Tells an event of `task`. */
export function emit(task: Task, event: TraceEventBody): void {
  task.kernel.emit(task, event);
}

/** The last events of a machine, for readers that come later: bounded, and honest about what fell out. */
export class TraceRing {
  private readonly slots: TraceEvent[] = [];
  private next = 0;
  /** Events that were overwritten before anybody read them. */
  lost = 0;

  constructor(readonly capacity: number) {}

  readonly push = (event: TraceEvent): void => {
    if (this.slots.length === this.capacity) this.lost++;
    this.slots[this.next] = event;
    this.next = (this.next + 1) % this.capacity;
  };

  /** What is held, oldest first. */
  events(): TraceEvent[] {
    if (this.slots.length < this.capacity) return [...this.slots];
    return [...this.slots.slice(this.next), ...this.slots.slice(0, this.next)];
  }

  clear(): void {
    this.slots.length = 0;
    this.next = 0;
    this.lost = 0;
  }
}
