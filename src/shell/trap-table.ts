/** What `trap` has said, and what waits. */
import {
  SIGABRT,
  SIGALRM,
  SIGBUS,
  SIGFPE,
  SIGHUP,
  SIGILL,
  SIGINT,
  SIGNAL_NAMES,
  SIGPIPE,
  SIGSEGV,
  SIGSYS,
  SIGTERM,
  SIGTRAP,
  SIGUSR1,
  SIGUSR2,
  SIGXCPU,
  SIGXFSZ,
} from '../uapi/signal.ts';

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

/** Signals that end a shell, which runs its EXIT trap first. Follows terminating_signals in bash's sig.c. */
export const TERMINATING: readonly number[] = [
  ...[SIGHUP, SIGINT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGUSR1, SIGSEGV, SIGUSR2, SIGPIPE, SIGALRM, SIGTERM],
  ...[SIGXCPU, SIGXFSZ, SIGSYS],
];

/** What becomes of the signal is for the EXIT trap to hear first. */
export function endsByTrap({ actions, inherited }: Traps, sig: number): boolean {
  return !inherited && Boolean(actions.get('EXIT')) && TERMINATING.includes(sig);
}

export function trapLabel(name: TrapName): string {
  return typeof name === 'number' ? `SIG${SIGNAL_NAMES[name] ?? name}` : name;
}
