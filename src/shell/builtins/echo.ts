/** echo */
import { encode } from '../../uapi/bytes.ts';
import type { ExitCode } from '../../uapi/types.ts';
import { ansiCBytes, unicodeAsText } from '../quoting.ts';
import { isUtf8 } from '../report.ts';
import type { Shell } from '../shell.ts';
import { output } from './options.ts';

export async function echo(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  let newline = true;
  let escapes = sh.posixSh || sh.options.shopt('xpg_echo');
  let i = 1;
  for (; i < args.length && (sh.posixSh ? /^-n$/ : /^-[neE]+$/).test(args[i] as string); i++) {
    for (const c of (args[i] as string).slice(1)) {
      if (c === 'n') newline = false;
      else escapes = c === 'e';
    }
  }
  const text = args.slice(i).join(' ');
  if (!escapes) return output(sh, 'echo', encode(newline ? `${text}\n` : text));
  const { bytes, stopped } = ansiCBytes(sh.posixSh ? withoutHex(text) : isUtf8(sh) ? text : unicodeAsText(text), 'echo');
  if (newline && !stopped) bytes.push(10);
  return output(sh, 'echo', Uint8Array.from(bytes));
}

/** dash's echo knows no \\x, \\u and \\U: their backslashes stay. */
function withoutHex(text: string): string {
  return text.replace(/\\([\\xuU])/g, (pair, c: string) => (c === '\\' ? pair : `\\\\${c}`));
}
