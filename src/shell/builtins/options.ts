/** Reading a builtin's options, with bash's two ways to complain. */

import { ExitFlow } from '../flow.ts';
import { builtinError } from '../report.ts';
import type { Shell } from '../shell.ts';

export interface ParsedOptions {
  /** Letters given, those after `+` with a `+` before them; arguments of letters in `values`. */
  readonly letters: readonly string[];
  readonly values: ReadonlyMap<string, string>;
  /** Each letter with its argument, as given; those after `+` with a `+` before them. */
  readonly pairs: readonly (readonly [letter: string, value: string | undefined])[];
  /** Index of the first operand. */
  readonly next: number;
}

/**
 * `spec`: letters, a colon after those that take an argument; a leading `+` allows `+x`. undefined: complained, status 2.
 */
export async function parseOptions(sh: Shell, args: readonly string[], spec: string, usage: string): Promise<ParsedOptions | undefined> {
  const plus = spec.startsWith('+');
  const letters: string[] = [];
  const values = new Map<string, string>();
  const pairs: [string, string | undefined][] = [];
  let i = 1;
  for (; i < args.length; i++) {
    const a = args[i] as string;
    if (a === '--') {
      i++;
      break;
    }
    if (a.length < 2 || (a[0] !== '-' && !(plus && a[0] === '+'))) break;
    for (let j = 1; j < a.length; j++) {
      const c = a[j] as string;
      const at = spec.indexOf(c);
      if (at < 0 || c === ':' || c === '+') {
        await badOption(sh, args[0] as string, `${a[0]}${c}`, usage);
        return undefined;
      }
      const letter = a[0] === '+' ? `+${c}` : c;
      letters.push(letter);
      if (spec[at + 1] !== ':') {
        pairs.push([letter, undefined]);
        continue;
      }
      const value = j + 1 < a.length ? a.slice(j + 1) : args[++i];
      if (value === undefined) {
        await builtinError(sh, args[0] as string, `-${c}: option requires an argument`);
        await sh.write(2, `${args[0]}: usage: ${usage}\n`);
        return undefined;
      }
      values.set(c, value);
      pairs.push([letter, value]);
      break;
    }
  }
  return { letters, values, pairs, next: i };
}

export async function badOption(sh: Shell, name: string, option: string, usage: string): Promise<void> {
  if (sh.posixSh) return illegal(sh, name, `Illegal option ${option}`);
  await builtinError(sh, name, `${option}: invalid option`);
  await sh.write(2, `${name}: usage: ${usage}\n`);
}

/** dash's complaint; that of a special builtin ends a script. */
export async function illegal(sh: Shell, name: string, message: string): Promise<void> {
  await builtinError(sh, name, message);
  if (!sh.interactive && SPECIAL.has(name)) throw new ExitFlow(2);
}

const SPECIAL: ReadonlySet<string> = new Set(
  '. : break continue eval exec exit export local readonly return set shift times trap unset'.split(' '),
);

/** Writes a builtin's output; a refusal is told as bash does. */
export async function output(sh: Shell, name: string, text: string | Uint8Array): Promise<number> {
  const ok = typeof text === 'string' ? text === '' || (await sh.write(1, text)) : text.length === 0 || (await sh.writeBytes(1, text));
  if (ok) return 0;
  await builtinError(sh, name, sh.posixSh ? `${name}: I/O error` : `write error: ${sh.writeError}`);
  return 1;
}
