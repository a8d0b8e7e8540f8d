/** Who a shell at a terminal reports to: whoever keeps states of the machine from prompt to prompt. */
import type { ExitCode } from '../uapi/types.ts';
import type { ShellState } from './state.ts';

/** The shell is about to read a command. */
export interface ShellPrompt {
  /** What was run since the last prompt, as typed and after history expansion; null: nothing was. */
  readonly command: string | null;
  readonly status: ExitCode;
  readonly cwd: string;
  /** Jobs in the background, running or stopped. */
  readonly jobs: number;
  /** The shell's own state, as long as the prompt stands. */
  capture(): ShellState;
}

export interface ShellSession {
  /** Asked once, at the start: the state to begin with in place of the start-up files. */
  start(): ShellState | undefined;
  prompt(prompt: ShellPrompt): void;
  /** The prompt's line has been read, or nothing was (''): what `capture` answers is about to change. */
  left(line: string): void;
}
