/** complete, compgen, compopt, bind: programmable completion's table, which the line editor may ask. */

import { IS_ERR } from '../../uapi/errno.ts';
import { S_ISDIR } from '../../uapi/stat.ts';
import type { ExitCode } from '../../uapi/types.ts';
import { expandString } from '../expand/expand.ts';
import { splitFields } from '../expand/fields.ts';
import { ifsOf } from '../expand/param.ts';
import { glob } from '../glob.ts';
import { SET_OPTIONS, SHOPTS } from '../options.ts';
import { commandsOnPath } from '../path.ts';
import { quotePattern } from '../pattern.ts';
import { singleQuote } from '../quoting.ts';
import { builtinError } from '../report.ts';
import type { Shell } from '../shell.ts';
import { builtinNames, KEYWORDS } from './index.ts';
import { output, parseOptions } from './options.ts';

const SPEC = 'abcdefgjksuvA:C:F:G:o:P:S:W:X:prDEI';
const USAGE =
  'complete [-abcdefgjksuv] [-pr] [-DEI] [-o option] [-A action] [-G globpat] [-W wordlist] [-F function] [-C command] [-X filterpat] [-P prefix] [-S suffix] [name ...]';

const ACTIONS: Readonly<Record<string, string>> = {
  a: 'alias',
  b: 'builtin',
  c: 'command',
  d: 'directory',
  f: 'file',
  k: 'keyword',
  u: 'user',
  v: 'variable',
  e: 'export',
  j: 'job',
};

export async function complete(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  const o = await parseOptions(sh, args, SPEC, USAGE);
  if (!o) return 2;
  const names = args.slice(o.next);
  if (o.letters.includes('r')) {
    if (names.length === 0) sh.completions.clear();
    for (const n of names) sh.completions.delete(n);
    return 0;
  }
  if (o.letters.includes('p') || args.length === 1) {
    const shown = names.length > 0 ? names : [...sh.completions.keys()];
    let status = 0;
    for (const n of shown) {
      const words = sh.completions.get(n);
      if (words) await output(sh, 'complete', `complete ${words.join(' ')} ${n}\n`);
      else {
        await builtinError(sh, 'complete', `${n}: no completion specification`);
        status = 1;
      }
    }
    return status;
  }
  const spec = args.slice(1, o.next).map((a) => (/[\s'"$]/.test(a) ? singleQuote(a) : a));
  for (const n of names) sh.completions.set(n, spec);
  return 0;
}

export async function compgen(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  const o = await parseOptions(sh, args, SPEC, USAGE.replaceAll('complete', 'compgen'));
  if (!o) return 2;
  const word = args[o.next] ?? '';
  const found: string[] = [];
  const list = o.values.get('W');
  if (list !== undefined) found.push(...splitFields(await expandString(sh, list, 'dq', 'none'), ifsOf(sh)));
  for (const l of o.letters) {
    const action = l === 'A' ? o.values.get('A') : ACTIONS[l];
    if (action !== undefined) found.push(...(await candidates(sh, action, word)));
  }
  const matching = found.filter((f) => f.startsWith(word));
  if (matching.length === 0) return 1;
  return output(sh, 'compgen', matching.map((m) => `${o.values.get('P') ?? ''}${m}${o.values.get('S') ?? ''}\n`).join(''));
}

async function candidates(sh: Shell, action: string, word: string): Promise<string[]> {
  switch (action) {
    case 'alias':
      return [...sh.aliases.keys()].sort();
    case 'builtin':
      return builtinNames();
    case 'keyword':
      return [...KEYWORDS];
    case 'function':
      return [...sh.functions.keys()].sort();
    case 'variable':
      return sh.vars.names();
    case 'export':
      return sh.vars.names().filter((n) => sh.vars.find(n)?.exported);
    case 'user':
      return (await sh.passwd()).flatMap((l) => l.split(':')[0] || []);
    case 'setopt':
      return SET_OPTIONS.map(([n]) => n);
    case 'shopt':
      return SHOPTS.map(([n]) => n);
    case 'command':
      return [...sh.aliases.keys(), ...KEYWORDS, ...sh.functions.keys(), ...builtinNames(), ...(await commandsOnPath(sh))];
    case 'file':
      return glob(sh, `${quotePattern(word)}*`);
    case 'directory':
      return (await glob(sh, `${quotePattern(word)}*`)).filter((f) => {
        const st = sh.sys.stat(f);
        return !IS_ERR(st) && S_ISDIR(st.st_mode);
      });
    default:
      return [];
  }
}

export async function compopt(sh: Shell): Promise<ExitCode> {
  await builtinError(sh, 'compopt', 'not currently executing completion function');
  return 1;
}

export async function bind(sh: Shell): Promise<ExitCode> {
  if (sh.interactive) {
    await builtinError(sh, 'bind', 'key bindings cannot be changed here');
    return 1;
  }
  await builtinError(sh, 'bind', 'warning: line editing not enabled');
  return 0;
}
