/** mapfile, readarray */
import { decode } from '../../uapi/bytes.ts';
import { IS_ERR } from '../../uapi/errno.ts';
import { F_GETFD } from '../../uapi/fcntl.ts';
import type { ExitCode } from '../../uapi/types.ts';
import { storeValue } from '../assign.ts';
import { parseAndRun, readUntil } from '../input.ts';
import { singleQuote } from '../quoting.ts';
import { builtinError } from '../report.ts';
import type { Shell } from '../shell.ts';
import { isName, newVariable } from '../vars.ts';
import { parseOptions } from './options.ts';

const USAGE = 'mapfile [-d delim] [-n count] [-O origin] [-s count] [-t] [-u fd] [-C callback] [-c quantum] [array]';

export async function mapfile(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  const o = await parseOptions(sh, args, 'd:n:O:s:tu:C:c:', USAGE.replace('mapfile', args[0] as string));
  if (!o) return 2;
  const name = args[o.next] ?? 'MAPFILE';
  if (!isName(name)) {
    await builtinError(sh, args[0] as string, `\`${name}': not a valid identifier`);
    return 1;
  }
  const problem = badNumbers(sh, o.values);
  if (problem !== undefined) {
    await builtinError(sh, args[0] as string, problem);
    return 1;
  }
  const delimiter = (o.values.get('d') ?? '\n').slice(0, 1);
  const stop = delimiter === '' ? 0 : delimiter.charCodeAt(0);
  const limit = Number(o.values.get('n') ?? 0) || Number.POSITIVE_INFINITY;
  let skip = Number(o.values.get('s') ?? 0);
  let index = Number(o.values.get('O') ?? 0);
  const fd = Number(o.values.get('u') ?? 0);
  if (!o.values.has('O')) clear(sh, name);
  const quantum = Number(o.values.get('c') ?? 5000);
  for (let taken = 0; taken < limit; ) {
    const bytes = await readUntil(sh, fd, stop);
    if (bytes === undefined) break;
    if (skip-- > 0) continue;
    const ended = sh.lastReadEnded;
    const text = decode(bytes) + (o.letters.includes('t') || !ended || stop === 0 ? '' : delimiter);
    const callback = o.values.get('C');
    if (callback !== undefined && (taken + 1) % quantum === 0) {
      await parseAndRun(sh, `${callback} ${index} ${singleQuote(text)}`, { where: 'eval', firstLine: sh.line });
    }
    storeValue(sh, name, String(index++), text, false);
    taken++;
  }
  return 0;
}

const NUMBERS: readonly (readonly [letter: string, what: string])[] = [
  ['n', 'line count'],
  ['O', 'array origin'],
  ['s', 'line count'],
  ['c', 'callback quantum'],
];

function badNumbers(sh: Shell, values: ReadonlyMap<string, string>): string | undefined {
  const bad = NUMBERS.find(([letter]) => !/^\s*\+?\d+\s*$/.test(values.get(letter) ?? '0'));
  if (bad) return `${values.get(bad[0])}: invalid ${bad[1]}`;
  const fd = values.get('u') ?? '0';
  if (!/^\d+$/.test(fd)) return `${fd}: invalid file descriptor specification`;
  const open = sh.sys.fcntl(Number(fd), F_GETFD);
  return IS_ERR(open) ? `${fd}: invalid file descriptor: ${open.message}` : undefined;
}

function clear(sh: Shell, name: string): void {
  const v = sh.vars.ensure(sh.vars.resolve(name));
  Object.assign(v, { ...newVariable(), exported: v.exported, indexed: new Map() });
}
