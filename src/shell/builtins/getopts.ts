/** getopts */
import type { ExitCode } from '../../uapi/types.ts';
import { assignReference } from '../assign.ts';
import { builtinError } from '../report.ts';
import type { Shell } from '../shell.ts';
import { isName } from '../vars.ts';

export async function getopts(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  const [, spec, name, ...given] = args;
  if (spec === undefined || name === undefined) {
    await sh.write(2, 'getopts: usage: getopts optstring name [arg ...]\n');
    return 2;
  }
  const list = args.length > 3 ? given : sh.positional;
  const silent = spec.startsWith(':');
  let index = Math.max(1, Number(sh.get('OPTIND') ?? 1));
  let offset = sh.getoptsOffset;
  const finish = async (option: string, argument: string | undefined): Promise<ExitCode> => {
    sh.set('OPTIND', String(index));
    sh.getoptsOffset = offset;
    if (!isName(name)) {
      await builtinError(sh, 'getopts', `\`${name}': not a valid identifier`);
      return 1;
    }
    await assignReference(sh, name, option);
    if (argument === undefined) sh.vars.owner('OPTARG').vars.delete('OPTARG');
    else await assignReference(sh, 'OPTARG', argument);
    return 0;
  };
  if (offset === 0) {
    const word = list[index - 1];
    if (word === undefined || !/^-./.test(word) || word === '--') {
      if (word === '--') index++;
      await finish('?', undefined);
      return 1;
    }
    offset = 1;
  }
  const word = list[index - 1] ?? '';
  const c = word[offset] ?? '';
  offset++;
  if (offset >= word.length) {
    index++;
    offset = 0;
  }
  const at = c === ':' ? -1 : spec.indexOf(c, silent ? 1 : 0);
  if (at < 0) {
    if (!silent && sh.get('OPTERR') !== '0') await sh.write(2, `${sh.name}: illegal option -- ${c}\n`);
    return finish('?', silent ? c : undefined);
  }
  if (spec[at + 1] !== ':') return finish(c, undefined);
  if (offset > 0) {
    const argument = word.slice(offset);
    index++;
    offset = 0;
    return finish(c, argument);
  }
  const argument = list[index - 1];
  if (argument === undefined) {
    if (!silent && sh.get('OPTERR') !== '0') await sh.write(2, `${sh.name}: option requires an argument -- ${c}\n`);
    return finish(silent ? ':' : '?', silent ? c : undefined);
  }
  index++;
  return finish(c, argument);
}
