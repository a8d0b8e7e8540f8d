/**
 * The interactive mode on a terminal. CPython's own loop would have to wait inside its frames; here the loop stands outside,
 * reads a line while nothing of Python runs, and gives it to the interpreter.
 */
import { decode, encode } from '../../uapi/bytes.ts';
import { IS_ERR } from '../../uapi/errno.ts';
import type { Syscalls } from '../../uapi/syscalls.ts';
import type { ExitCode } from '../../uapi/types.ts';

const LINE_MAX = 4096;

/** What one line came to. */
export type Verdict = { readonly kind: 'complete' | 'more' } | { readonly kind: 'exit'; readonly code: ExitCode };

export interface ReplHost {
  readonly sys: Syscalls;
  /** Compiles and runs what there is so far. */
  push(source: string): Promise<Verdict>;
  /** sys.ps1 or sys.ps2 */
  prompt(more: boolean): Promise<string>;
  /** Whether ^C came since the last question. */
  takeInterrupt(): boolean;
}

/** Answers the exit code; null at the end of the input. */
export async function readEvalPrint(host: ReplHost): Promise<ExitCode | null> {
  let source = '';
  for (;;) {
    await say(host.sys, 1, await host.prompt(source !== ''));
    const line = await readLine(host);
    if (line === null) {
      await say(host.sys, 2, '\n');
      return null;
    }
    if (line === 'interrupted') {
      await say(host.sys, 2, '\nKeyboardInterrupt\n');
      source = '';
      continue;
    }
    source += line.text;
    const verdict = await host.push(source);
    if (verdict.kind === 'exit') return verdict.code;
    source = verdict.kind === 'more' ? `${source}\n` : '';
  }
}

async function readLine(host: ReplHost): Promise<{ readonly text: string } | 'interrupted' | null> {
  let text = '';
  while (!text.endsWith('\n')) {
    const part = await host.sys.read(0, LINE_MAX);
    if (host.takeInterrupt()) return 'interrupted';
    if (IS_ERR(part)) return null;
    if (part.length === 0) return text === '' ? null : { text };
    text += decode(part);
  }
  return { text: text.slice(0, -1) };
}

async function say(sys: Syscalls, fd: number, text: string): Promise<void> {
  await sys.write(fd, encode(text));
}
