/** The execve calls of a machine as the page keeps them: each with its events, in order, the newest at the end. */
import type { BinprmRewrite, ExecBegin, ExecFail, SchedProcessExec, TraceEvent } from '../uapi/trace.ts';

/** One execve from exec_begin to its image or its errno. */
export interface Execution {
  /** Grows by one from execution to execution, over all machines of the page. */
  readonly id: number;
  readonly pid: number;
  readonly path: string;
  readonly argv: readonly string[];
  readonly events: readonly TraceEvent[];
  /** What it came to; null if the events of its end were lost. */
  readonly end: SchedProcessExec | ExecFail | null;
  /** The row of the time line whose command made it; null while that command runs. */
  row: number | null;
}

/** Executions that are kept; older ones are dropped and counted. */
const KEPT = 10_000;

export class Executions {
  private kept: Execution[] = [];
  private readonly open = new Map<number, { begin: ExecBegin; events: TraceEvent[] }>();
  private readonly listeners = new Set<() => void>();
  private readonly rows = new Map<number, Execution[]>();
  private made = 0;
  /** Executions that are no longer kept, and those that came too fast to be told. */
  dropped = 0;
  lost = 0;

  get list(): readonly Execution[] {
    return this.kept;
  }

  get last(): Execution | undefined {
    return this.kept.at(-1);
  }

  byId(id: number): Execution | undefined {
    return this.kept.find((e) => e.id === id);
  }

  add(events: readonly TraceEvent[], lost = 0): void {
    this.lost += lost;
    for (const event of events) this.take(event);
    if (this.kept.length > KEPT) this.drop(this.kept.splice(0, this.kept.length - KEPT));
    for (const listener of this.listeners) listener();
  }

  /** What has been executed since the row before is that row's. */
  assign(row: number): void {
    const first = this.kept.findLastIndex((e) => e.row !== null) + 1;
    const mine = this.kept.slice(first);
    for (const execution of mine) execution.row = row;
    if (mine.length > 0) this.rows.set(row, mine);
  }

  /** Those of one row of the time line that are kept, in order. */
  of(row: number): readonly Execution[] {
    return this.rows.get(row) ?? [];
  }

  /** A new machine begins. */
  clear(): void {
    this.kept = [];
    this.open.clear();
    this.rows.clear();
    this.dropped = this.lost = 0;
    for (const listener of this.listeners) listener();
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private drop(oldest: readonly Execution[]): void {
    this.dropped += oldest.length;
    for (const { row } of oldest) {
      const mine = row === null ? undefined : this.rows.get(row);
      mine?.shift();
      if (row !== null && mine?.length === 0) this.rows.delete(row);
    }
  }

  private take(event: TraceEvent): void {
    if (event.ev === 'exec_begin') this.open.set(event.pid, { begin: event, events: [] });
    const current = this.open.get(event.pid);
    if (current === undefined) return;
    current.events.push(event);
    if (event.ev !== 'exec_fail' && event.ev !== 'sched_process_exec') return;
    this.open.delete(event.pid);
    const { pid, path, argv } = current.begin;
    this.kept.push({ id: ++this.made, pid, path, argv, events: current.events, end: event, row: null });
  }
}

/** What the file was handed to in the end: the last interpreter, or the file itself. */
export function runs(execution: Execution): string {
  const rewrite = execution.events.findLast((e): e is BinprmRewrite => e.ev === 'binprm_rewrite');
  return rewrite?.interpreter ?? execution.path;
}
