/** complete, compgen, compopt: programmable completion, which the Tab key obeys. */

import type { ExitCode } from '../../uapi/types.ts';
import {
  COMPLETION_OPTIONS,
  changeOptions,
  describeOptions,
  describeSpec,
  readSpec,
  SPEC_LETTERS,
  SPECIAL_NAMES,
  specProblem,
  specWords,
} from '../completion-spec.ts';
import { generate, NO_CONTEXT } from '../generate.ts';
import { glob } from '../glob.ts';
import { quotePattern } from '../pattern.ts';
import { builtinError } from '../report.ts';
import type { Shell } from '../shell.ts';
import { badOption, output, type ParsedOptions, parseOptions } from './options.ts';

const USAGE =
  'complete [-abcdefgjksuv] [-pr] [-DEI] [-o option] [-A action] [-G globpat] [-W wordlist] [-F function] [-C command] [-X filterpat] [-P prefix] [-S suffix] [name ...]';
const COMPGEN_USAGE =
  'compgen [-abcdefgjksuv] [-o option] [-A action] [-G globpat] [-W wordlist] [-F function] [-C command] [-X filterpat] [-P prefix] [-S suffix] [word]';

async function specOptions(sh: Shell, args: readonly string[], usage: string): Promise<ParsedOptions | undefined> {
  const o = await parseOptions(sh, args, SPEC_LETTERS, usage);
  const problem = o && specProblem(o);
  if (problem === undefined) return o;
  await builtinError(sh, args[0] as string, problem);
  return undefined;
}

export async function complete(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  const o = await specOptions(sh, args, USAGE);
  if (!o) return 2;
  const special = SPECIAL_NAMES.filter((n) => o.letters.includes(n.slice(1))).slice(0, 1);
  const names = special.length > 0 ? special : args.slice(o.next);
  if (o.letters.includes('p') || args.length === 1) return show(sh, names);
  if (o.letters.includes('r')) return remove(sh, names);
  if (names.length === 0) {
    await sh.write(2, `complete: usage: ${USAGE}\n`);
    return 2;
  }
  for (const n of names) sh.completions.set(n, specWords(o));
  return 0;
}

async function show(sh: Shell, names: readonly string[]): Promise<ExitCode> {
  let status = 0;
  for (const n of names.length > 0 ? names : [...sh.completions.keys()]) {
    const words = sh.completions.get(n);
    if (words) await output(sh, 'complete', describeSpec(words, n));
    else status = await noSpec(sh, 'complete', n);
  }
  return status;
}

async function remove(sh: Shell, names: readonly string[]): Promise<ExitCode> {
  if (names.length === 0) sh.completions.clear();
  let status = 0;
  for (const n of names) if (!sh.completions.delete(n)) status = await noSpec(sh, 'complete', n);
  return status;
}

/** What bash calls the special ones to itself, and in this complaint. */
const INNER_NAMES: Readonly<Record<string, string>> = { '-D': '_DefaultCmD_', '-E': '_EmptycmD_', '-I': '_InitialWorD_' };

async function noSpec(sh: Shell, who: string, name: string): Promise<ExitCode> {
  await builtinError(sh, who, `${INNER_NAMES[name] ?? name}: no completion specification`);
  return 1;
}

export async function compgen(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  const o = await specOptions(sh, args, COMPGEN_USAGE);
  if (!o) return 2;
  const refused = ['r', 'p', 'D', 'E', 'I'].find((l) => o.letters.includes(l));
  if (refused) {
    await badOption(sh, 'compgen', `-${refused}`, COMPGEN_USAGE);
    return 2;
  }
  if (o.letters.length === 0) return 0;
  for (const l of ['F', 'C']) {
    if (o.values.has(l)) await builtinError(sh, 'compgen', `warning: -${l} option may not work as you expect`);
  }
  const word = args[o.next] ?? '';
  const spec = readSpec(specWords(o));
  const found = await generate(sh, spec, word, NO_CONTEXT);
  const files = spec.options.has('default') || spec.options.has('bashdefault');
  const shown = (found === 'retry' || found.length === 0) && files ? await glob(sh, `${quotePattern(word)}*`) : found;
  if (shown === 'retry' || shown.length === 0) return 1;
  return output(sh, 'compgen', shown.map((m) => `${m}\n`).join(''));
}

export async function compopt(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  const o = await parseOptions(sh, args, '+o:DEI', 'compopt [-o|+o option] [-DEI] [name ...]');
  if (!o) return 2;
  const chosen = o.pairs.flatMap(([letter, value = '']) => (letter.endsWith('o') ? [{ on: letter === 'o', value }] : []));
  const bad = chosen.find(({ value }) => !COMPLETION_OPTIONS.includes(value));
  if (bad) {
    await builtinError(sh, 'compopt', `${bad.value}: invalid option name`);
    return 2;
  }
  const on = chosen.filter((c) => c.on).map((c) => c.value);
  const off = chosen.filter((c) => !c.on).map((c) => c.value);
  const special = SPECIAL_NAMES.filter((n) => o.letters.includes(n.slice(1))).slice(0, 1);
  const names = special.length > 0 ? special : args.slice(o.next);
  if (names.length === 0) return changeCurrent(sh, on, off);
  let status = 0;
  for (const n of names) {
    const words = sh.completions.get(n);
    if (!words) status = await noSpec(sh, 'compopt', n);
    else if (chosen.length === 0) await output(sh, 'compopt', describeOptions(words, n));
    else sh.completions.set(n, changeOptions(words, on, off));
  }
  return status;
}

/** Of the completion that is being made. */
async function changeCurrent(sh: Shell, on: readonly string[], off: readonly string[]): Promise<ExitCode> {
  const { completing } = sh;
  if (!completing) {
    await builtinError(sh, 'compopt', 'not currently executing completion function');
    return 1;
  }
  if (on.length + off.length === 0) return output(sh, 'compopt', describeOptions(completing.words, completing.command));
  completing.words = changeOptions(completing.words, on, off);
  return 0;
}
