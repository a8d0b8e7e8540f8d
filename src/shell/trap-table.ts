/** What `trap` has said, and what waits. */
import { SIGNAL_NAMES } from '../uapi/signal.ts';

export interface Traps {
  /** By signal number or pseudo-signal name. '' ignores. */
  readonly actions: Map<TrapName, string>;
  /** Signals that arrived and whose action has not run yet. */
  pending: number[];
  /** Signals ignored when the shell started stay so. */
  readonly ignoredAtStart: Set<number>;
  running: boolean;
  /** What `trap` shows in a subshell: the parent's actions, until one is changed. */
  inherited: boolean;
}

export type TrapName = number | 'EXIT' | 'DEBUG' | 'ERR' | 'RETURN';

export function newTraps(): Traps {
  return { actions: new Map(), pending: [], ignoredAtStart: new Set(), running: false, inherited: false };
}

export function trapLabel(name: TrapName): string {
  return typeof name === 'number' ? `SIG${SIGNAL_NAMES[name] ?? name}` : name;
}
