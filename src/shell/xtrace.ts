/** `set -x`: what is about to run, on standard error. */
import type { Assignment } from './ast.ts';
import { traceArgument, traceWord } from './quoting.ts';
import { isUtf8 } from './report.ts';
import type { Shell } from './shell.ts';

/** A line of `set -x`. */
export async function trace(sh: Shell, text: string): Promise<void> {
  const status = sh.lastStatus;
  const ps4 = await sh.expandPrompt(sh.get('PS4') ?? '+ ');
  sh.lastStatus = status;
  const fd = Number(sh.get('BASH_XTRACEFD') ?? 2);
  await sh.write(fd, `${ps4.slice(0, 1).repeat(sh.traceDepth)}${ps4.slice(1)}${text}\n`);
}

export function traceAssignment(sh: Shell, a: Assignment, value: string): Promise<void> {
  const index = a.index === undefined ? '' : `[${a.index}]`;
  return trace(sh, `${a.name}${index}${a.append ? '+' : ''}=${traceWord(value, isUtf8(sh))}`);
}

export function traceCommand(sh: Shell, args: readonly string[]): Promise<void> {
  return trace(sh, args.map((a) => traceArgument(a, isUtf8(sh))).join(' '));
}
