/** bash(1): the command line. */
import type { Program, Syscalls } from '../uapi/syscalls.ts';
import { startShell } from './main.ts';
import type { ShellSession } from './session.ts';

export type { ShellPrompt, ShellSession } from './session.ts';
export type { ShellState } from './state.ts';

export const bashMain: Program = bash(() => undefined);

/** A bash that asks, when it starts, for the session that it reports to. */
export function bash(sessionOf: (sys: Syscalls) => ShellSession | undefined): Program {
  return (sys, argv, envp) => startShell(sys, argv, envp, 'bash', sessionOf(sys));
}
