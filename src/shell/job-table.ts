/** What a shell knows of its children. */
import type { Termios } from '../uapi/termios.ts';
import type { ExitCode, Pid } from '../uapi/types.ts';

export interface Process {
  readonly pid: Pid;
  readonly text: string;
  /** wait4's status once it ended or stopped. */
  status: number | undefined;
  state: 'running' | 'stopped' | 'done';
}

export interface Job {
  readonly id: number;
  readonly group: Pid;
  readonly processes: readonly Process[];
  readonly text: string;
  /** `&` was typed, or `bg`. */
  background: boolean;
  /** Its last change was told to the user. */
  notified: boolean;
  /** Its own process group. */
  readonly controlled: boolean;
  /** Directory it started in, told when another. */
  readonly directory: string;
  disownedFromHup: boolean;
  /** A signal was sent to it when it was stopped: the next prompt tells that first, as bash does. */
  signalled?: boolean;
  terminal?: Termios | undefined;
}

export interface JobTable {
  list: Job[];
  /** Oldest first; the last is `%+`. */
  order: Job[];
  /** Statuses of children that were reaped, for a later `wait PID`. */
  readonly finished: Map<Pid, ExitCode>;
  /** Process substitutions, to be reaped quietly. */
  others: Pid[];
  /** What the parent's `jobs` would show, for `$(jobs)`. */
  inherited: readonly Job[];
}

export function newJobTable(): JobTable {
  return { list: [], order: [], finished: new Map(), others: [], inherited: [] };
}
