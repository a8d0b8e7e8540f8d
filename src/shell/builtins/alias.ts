/** alias, unalias */
import type { ExitCode } from '../../uapi/types.ts';
import { describeAlias } from '../describe.ts';
import { builtinError } from '../report.ts';
import type { Shell } from '../shell.ts';
import { compareNames } from '../vars.ts';
import { output, parseOptions } from './options.ts';

export async function alias(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  const o = await parseOptions(sh, args, 'p', 'alias [-p] [name[=value] ... ]');
  if (!o) return 2;
  const prefix = sh.posixSh || sh.options.get('posix') ? '' : 'alias ';
  const rest = args.slice(o.next);
  let out = '';
  let status = 0;
  if (rest.length === 0 || o.letters.includes('p')) {
    for (const name of [...sh.aliases.keys()].sort(compareNames)) out += `${describeAlias(name, sh.aliases.get(name) ?? '', prefix)}\n`;
  }
  for (const a of rest) {
    const at = a.indexOf('=');
    if (at > 0) {
      const name = a.slice(0, at);
      if (/[\s/$`='"|&;()<>\\]/.test(name)) {
        await builtinError(sh, 'alias', `\`${name}': invalid alias name`);
        status = 1;
      } else sh.aliases.set(name, a.slice(at + 1));
    } else {
      const value = sh.aliases.get(a);
      if (value === undefined) {
        await notFound(sh, 'alias', a);
        status = 1;
      } else out += `${describeAlias(a, value, prefix)}\n`;
    }
  }
  return (await output(sh, 'alias', out)) || status;
}

async function notFound(sh: Shell, who: string, name: string): Promise<void> {
  if (sh.posixSh) await sh.write(2, `${who}: ${name} not found\n`);
  else await builtinError(sh, who, `${name}: not found`);
}

export async function unalias(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  const usage = 'unalias [-a] name [name ...]';
  const o = await parseOptions(sh, args, 'a', usage);
  if (!o) return 2;
  if (o.letters.includes('a')) {
    sh.aliases.clear();
    return 0;
  }
  if (o.next >= args.length) {
    await sh.write(2, `unalias: usage: ${usage}\n`);
    return 2;
  }
  let status = 0;
  for (const name of args.slice(o.next)) {
    if (sh.aliases.delete(name)) continue;
    await notFound(sh, 'unalias', name);
    status = 1;
  }
  return status;
}
