/** ls(1)'s options, and the orders it can sort by. */
import { IS_ERR } from '../../uapi/errno.ts';
import { S_ISDIR } from '../../uapi/stat.ts';
import type { Io, OptionRow, Options } from '../lib/command.ts';
import { getenv } from '../lib/environ.ts';
import { Failure, UsageError } from '../lib/error.ts';
import { globToRegex } from '../lib/glob.ts';
import { versionCompare } from '../lib/version-compare.ts';
import { type Entry, extensionOf } from './ls.ts';
import { type Colors, readColors } from './ls-color.ts';

export const optionRows: readonly OptionRow[] = [
  ['-a, --all', 'also names that start with .'],
  ['-A, --almost-all', 'the same without . and ..'],
  ['-b, --escape', 'unprintable characters as C escapes'],
  ['-B, --ignore-backups', 'no names that end with ~'],
  ['-c', 'show and sort by the time of the last change of status'],
  ['-C', 'columns, downwards'],
  ['--color[=WHEN]', 'colours: always, auto or never'],
  ['-d, --directory', 'directories themselves, not what is in them'],
  ['-f', 'everything, unsorted: -aU'],
  ['-F, --classify[=WHEN]', 'append one of */=>@| to names'],
  ['--file-type', 'the same without *'],
  ['--full-time', '-l with full dates'],
  ['-g', '-l without the owner'],
  ['--group-directories-first', 'directories before files'],
  ['-G, --no-group', 'no group in -l'],
  ['-h, --human-readable', 'sizes like 1.5K'],
  ['-H, --dereference-command-line', 'follow links named on the command line'],
  ['--hide=PATTERN', 'no names that match, unless -a or -A'],
  ['-i, --inode', 'inode numbers'],
  ['-I, --ignore=PATTERN', 'no names that match'],
  ['--indicator-style=WORD', 'none, slash, file-type or classify'],
  ['-k, --kibibytes', 'blocks of 1024 bytes (the default)'],
  ['-l', 'the long listing'],
  ['-L, --dereference', 'what links lead to instead of links'],
  ['-m', 'a list with commas'],
  ['-n, --numeric-uid-gid', '-l with numbers for owner and group'],
  ['-N, --literal', 'names as they are'],
  ['-o', '-l without the group'],
  ['-p', 'append / to directories'],
  ['-q, --hide-control-chars', 'unprintable characters as ?'],
  ['--show-control-chars', 'unprintable characters as they are'],
  ['-Q, --quote-name', 'names in double quotes'],
  ['--quoting-style=WORD', 'literal, shell, shell-escape, shell-escape-always, c or escape'],
  ['-r, --reverse', 'the other way round'],
  ['-R, --recursive', 'subdirectories too'],
  ['-s, --size', 'blocks allocated'],
  ['-S', 'largest first'],
  ['--si', 'sizes in powers of 1000'],
  ['--sort=WORD', 'none, size, time, version, extension or width'],
  ['-t', 'newest first'],
  ['--time=WORD', 'atime, ctime or mtime'],
  ['--time-style=STYLE', 'full-iso, long-iso, iso, locale or +FORMAT'],
  ['-T, --tabsize=COLS', 'tab stops; 0 for blanks'],
  ['-u', 'show and sort by the time of the last access'],
  ['-U', 'unsorted'],
  ['-v', 'numbers within names count as numbers'],
  ['-w, --width=COLS', 'width of the screen; 0 means no limit'],
  ['-x', 'columns, across'],
  ['-X', 'by extension'],
  ['--zero', 'end each line with NUL'],
  ['-1', 'one name a line'],
];

export type Style = 'literal' | 'shell' | 'shell-escape' | 'shell-escape-always' | 'c' | 'escape' | 'question';
export interface LsOptions {
  readonly format: 'long' | 'columns' | 'across' | 'commas' | 'single';
  readonly long: boolean;
  readonly recursive: boolean;
  readonly directoriesAsFiles: boolean;
  readonly dereference: 'never' | 'directories' | 'operands' | 'always';
  readonly needsStat: boolean;
  readonly sort: 'name' | 'time' | 'size' | 'extension' | 'version' | 'width' | 'none';
  readonly time: 'st_mtime' | 'st_ctime' | 'st_atime';
  readonly reverse: boolean;
  readonly directoriesFirst: boolean;
  readonly indicator: 'none' | 'slash' | 'file-type' | 'classify';
  readonly color: Colors | null;
  readonly style: Style;
  readonly width: number;
  readonly tabSize: number;
  readonly isHidden: (name: string) => boolean;
}

export async function lsOptions(io: Io, options: Options): Promise<LsOptions> {
  const terminal = io.stdout.isTerminal;
  const format = formatOf(options, terminal);
  const long = format === 'long';
  const indicator = indicatorOf(options, terminal);
  const color = when(options, 'color', terminal) ? await readColors(io) : null;
  const sort = sortOf(options, long);
  const dereference = dereferenceOf(options, long, indicator === 'classify');
  return {
    format,
    long,
    recursive: options.has('R') && !options.has('d'),
    directoriesAsFiles: options.has('d'),
    dereference,
    needsStat:
      long ||
      options.has('s') ||
      options.has('i') ||
      sort === 'time' ||
      sort === 'size' ||
      color !== null ||
      indicator === 'classify' ||
      dereference === 'always',
    sort,
    time: timeOf(options),
    reverse: options.has('r'),
    directoriesFirst: options.has('group-directories-first'),
    indicator,
    color,
    style: styleOf(options, terminal),
    width: widthOf(io, options, terminal),
    tabSize: Number(options.value('T') ?? 8),
    isHidden: hiddenOf(options),
  };
}

function formatOf(options: Options, terminal: boolean): LsOptions['format'] {
  const last = options.list.findLast((o) => ['l', 'g', 'o', 'n', 'full-time', 'C', 'x', 'm', '1', 'zero'].includes(o.key))?.key;
  const longKeys = ['l', 'g', 'o', 'n', 'full-time'];
  // -1 and --zero do not undo a long listing.
  if ((last === '1' || last === 'zero') && longKeys.some((key) => options.has(key))) return 'long';
  if (last === undefined) return terminal ? 'columns' : 'single';
  return ({ C: 'columns', x: 'across', m: 'commas', '1': 'single', zero: 'single' } as const)[last as 'C'] ?? 'long';
}

function when(options: Options, key: string, terminal: boolean): boolean {
  if (!options.has(key)) return false;
  const word = options.value(key) ?? 'always';
  if (['always', 'yes', 'force'].includes(word)) return true;
  if (['never', 'no', 'none'].includes(word)) return false;
  if (['auto', 'tty', 'if-tty'].includes(word)) return terminal;
  throw new UsageError(
    `invalid argument '${word}' for '--${key === 'F' ? 'classify' : key}'
Valid arguments are:
  - 'always', 'yes', 'force'
  - 'never', 'no', 'none'
  - 'auto', 'tty', 'if-tty'`,
    1,
  );
}

function indicatorOf(options: Options, terminal: boolean): LsOptions['indicator'] {
  switch (options.last('F', 'p', 'file-type', 'indicator-style')) {
    case 'F':
      return when(options, 'F', terminal) ? 'classify' : 'none';
    case 'p':
      return 'slash';
    case 'file-type':
      return 'file-type';
    case 'indicator-style':
      return word(options, 'indicator-style', ['none', 'slash', 'file-type', 'classify']);
    default:
      return 'none';
  }
}

function word<T extends string>(options: Options, key: string, valid: readonly T[]): T {
  const given = options.value(key) ?? '';
  const found = valid.find((w) => w === given) ?? (given !== '' ? valid.find((w) => w.startsWith(given)) : undefined);
  if (found) return found;
  throw new UsageError(
    `invalid argument '${given}' for '--${key}'\nValid arguments are:\n${valid
      .filter((w) => w !== 'name')
      .map((w) => `  - '${w}'`)
      .join('\n')}`,
    1,
  );
}

function sortOf(options: Options, long: boolean): LsOptions['sort'] {
  const last = options.last('t', 'S', 'X', 'v', 'U', 'f', 'sort');
  if (last === 'sort') return word(options, 'sort', ['none', 'time', 'size', 'extension', 'version', 'width', 'name']);
  if (last !== null) return ({ t: 'time', S: 'size', X: 'extension', v: 'version', U: 'none', f: 'none' } as const)[last as 't'];
  return !long && (options.has('c') || options.has('u') || options.has('time')) ? 'time' : 'name';
}

function timeOf(options: Options): LsOptions['time'] {
  const last = options.last('c', 'u', 'time');
  if (last === 'c') return 'st_ctime';
  if (last === 'u') return 'st_atime';
  if (last === null) return 'st_mtime';
  const named = word(options, 'time', ['atime', 'access', 'use', 'ctime', 'status', 'mtime', 'modification']);
  if (named.startsWith('m')) return 'st_mtime';
  return named === 'ctime' || named === 'status' ? 'st_ctime' : 'st_atime';
}

function dereferenceOf(options: Options, long: boolean, classify: boolean): LsOptions['dereference'] {
  const last = options.last('L', 'H');
  if (last) return last === 'L' ? 'always' : 'operands';
  return options.has('d') || long || classify ? 'never' : 'directories';
}

const STYLES = ['literal', 'shell', 'shell-escape', 'shell-escape-always', 'c', 'escape'] as const;
function styleOf(options: Options, terminal: boolean): Style {
  switch (options.last('N', 'b', 'Q', 'quoting-style')) {
    case 'N':
      return options.has('q') ? 'question' : 'literal';
    case 'b':
      return 'escape';
    case 'Q':
      return 'c';
    case 'quoting-style':
      return word(options, 'quoting-style', STYLES);
    default:
      if (options.has('q')) return 'question';
      return terminal && !options.has('zero') ? 'shell-escape' : 'literal';
  }
}

function widthOf(io: Io, options: Options, terminal: boolean): number {
  const given = options.value('w');
  if (given !== null) {
    if (!/^\d+$/.test(given)) throw new Failure(`invalid line width: ${io.quote(given)}`);
    return Number(given) || Number.POSITIVE_INFINITY;
  }
  const size = terminal ? io.sys.ioctl(1, 'TIOCGWINSZ') : null;
  if (size && !IS_ERR(size) && size.ws_col > 0) return size.ws_col;
  return Number(getenv(io.envp, 'COLUMNS')) || 80;
}

function hiddenOf(options: Options): (name: string) => boolean {
  const all = options.has('a') || options.has('f');
  const dots = options.last('a', 'A', 'f') !== null;
  const ignored = options.values('I').map((p) => globToRegex(p));
  const hidden = dots ? [] : options.values('hide').map((p) => globToRegex(p));
  return (name) => {
    if (name.startsWith('.')) {
      if (!dots) return true;
      if ((name === '.' || name === '..') && !all) return true;
    }
    if (options.has('B') && name.endsWith('~')) return true;
    return ignored.some((p) => p.test(name)) || hidden.some((p) => p.test(name));
  };
}

export function compareEntries(a: Entry, b: Entry, how: LsOptions): number {
  if (how.directoriesFirst) {
    const byKind = Number(leadsToDirectory(b)) - Number(leadsToDirectory(a));
    if (byKind !== 0) return byKind;
  }
  const order = compareBy(a, b, how) || compareNames(a.name, b.name);
  return how.reverse ? -order : order;
}

function leadsToDirectory(entry: Entry): boolean {
  return S_ISDIR(entry.type) || (entry.targetStat !== null && S_ISDIR(entry.targetStat.st_mode));
}

function compareBy(a: Entry, b: Entry, how: LsOptions): number {
  switch (how.sort) {
    case 'time':
      return (b.stat?.[how.time] ?? 0) - (a.stat?.[how.time] ?? 0);
    case 'size':
      return (b.stat?.st_size ?? 0) - (a.stat?.st_size ?? 0);
    case 'extension':
      return compareNames(extensionOf(a.name), extensionOf(b.name));
    case 'version':
      return versionCompare(a.name, b.name);
    case 'width':
      return a.name.length - b.name.length;
    default:
      return 0;
  }
}

function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
