/** grep(1): which files and which patterns. Matching: grep-match.ts; searching and printing: grep-search.ts. */
import { encode } from '../../uapi/bytes.ts';
import { type Errno, IS_ERR } from '../../uapi/errno.ts';
import { O_RDONLY } from '../../uapi/fcntl.ts';
import { S_ISDIR, S_ISREG } from '../../uapi/stat.ts';
import { command, type Io, type OptionRow, type Options, usageText } from '../lib/command.ts';
import { Failure, UsageError } from '../lib/error.ts';
import type { ParsedOption } from '../lib/getopt.ts';
import { globToRegex } from '../lib/glob.ts';
import { basename, join } from '../lib/path.ts';
import { readAll, readFile } from '../lib/stdio.ts';
import { scandir } from '../lib/walk.ts';
import { Matcher } from './grep-match.ts';
import { Search, type SearchHow } from './grep-search.ts';

const rows: readonly OptionRow[] = [
  ['-E, --extended-regexp', 'patterns are extended regular expressions'],
  ['-F, --fixed-strings', 'patterns are plain text'],
  ['-G, --basic-regexp', 'patterns are basic regular expressions (the default)'],
  ['-P, --perl-regexp', "patterns are Perl's, as far as JavaScript has the same"],
  ['-e, --regexp=PATTERNS', 'search for these'],
  ['-f, --file=FILE', 'search for the lines of a file'],
  ['-i, -y, --ignore-case', 'case does not matter'],
  ['--no-ignore-case', 'case matters (the default)'],
  ['-w, --word-regexp', 'only whole words'],
  ['-x, --line-regexp', 'only whole lines'],
  ['-z, --null-data', 'lines end with NUL'],
  ['-s, --no-messages', 'no messages about files that cannot be read'],
  ['-v, --invert-match', 'lines that do not match'],
  ['-m, --max-count=NUM', 'stop after NUM lines of each file'],
  ['-b, --byte-offset', 'byte offsets'],
  ['-n, --line-number', 'line numbers'],
  ['--line-buffered', 'flush after each line'],
  ['-H, --with-filename', 'file names'],
  ['-h, --no-filename', 'no file names'],
  ['--label=LABEL', 'the name of standard input'],
  ['-o, --only-matching', 'only the parts that match'],
  ['-q, --quiet, --silent', 'nothing but the exit status'],
  ['--binary-files=TYPE', 'binary, text or without-match'],
  ['-a, --text', 'every file is text'],
  ['-I', 'binary files do not match'],
  ['-d, --directories=ACTION', 'read, recurse or skip'],
  ['-D, --devices=ACTION', 'read or skip'],
  ['-r, --recursive', 'what is in directories'],
  ['-R, --dereference-recursive', 'the same, through all links'],
  ['--include=GLOB', 'only files that match'],
  ['--exclude=GLOB', 'no files that match'],
  ['--exclude-dir=GLOB', 'no directories that match'],
  ['-L, --files-without-match', 'names of files without a match'],
  ['-l, --files-with-matches', 'names of files with a match'],
  ['-c, --count', 'how many lines match'],
  ['-T, --initial-tab', 'a tab before the line'],
  ['-Z, --null', 'NUL after a file name'],
  ['-B, --before-context=NUM', 'NUM lines before each match'],
  ['-A, --after-context=NUM', 'NUM lines after each match'],
  ['-C, --context=NUM', 'NUM lines around each match; also -NUM'],
  ['--group-separator=SEP', 'between groups with context'],
  ['--no-group-separator', 'nothing between groups'],
  ['--color[=WHEN], --colour[=WHEN]', 'colour what matches: always, auto or never'],
  ['-U, --binary', 'makes no difference here'],
  ['-V', 'show the version and exit'],
];

const spec = {
  name: 'grep',
  usage: ['[OPTION]... PATTERNS [FILE]...'],
  summary: 'Prints the lines of files that match a pattern.',
  options: rows,
  follows: 'GNU grep 3.8',
  failure: 2,
  hint: (io: Io) => `${usageText(io, spec)}Try '${io.name} --help' for more information.\n`,
  special: contextNumber,
};

export const grep = (matcher: 'G' | 'E' | 'F') =>
  command(spec, async (io, options, operands) => await new Grep(io, options, matcher).run(operands));

export const main = grep('G');

/** -NUM is -C NUM. */
function contextNumber(argument: string): ParsedOption | null {
  return /^-\d+$/.test(argument) ? { key: 'C', value: argument.slice(1) } : null;
}

class Grep {
  private selected = false;
  private errors = false;
  private readonly how: SearchHow;
  private search: Search | null = null;

  constructor(
    private readonly io: Io,
    private readonly options: Options,
    private readonly dialect: 'G' | 'E' | 'F',
  ) {
    io.stdout.encode = io.charset.encode;
    this.how = searchHow(io, options);
  }

  async run(operands: readonly string[]): Promise<number> {
    const given = await this.patterns();
    const [first, ...rest] = operands;
    if (given === null && first === undefined) throw new UsageError('');
    const texts = given ?? this.io.charset.fromArgument(first ?? '').split('\n');
    const files = given === null ? rest : operands;
    const matcher = this.matcher(texts);
    const recursive = this.directories === 'recurse';
    const names = files.length > 0 ? files : recursive ? [''] : ['-'];
    this.search = new Search(this.io, this.how, matcher, this.showsNames(names.length, recursive, names[0] ?? ''));
    for (const name of names) await this.file(name, true);
    if (this.selected && (this.options.has('q') || !this.errors)) return 0;
    return this.errors ? 2 : 1;
  }

  /** From -e and -f in order; null if there is neither. */
  private async patterns(): Promise<string[] | null> {
    const all: string[] = [];
    for (const { key, value } of this.options.list) {
      if (key === 'e') all.push(...this.io.charset.fromArgument(value ?? '').split('\n'));
      if (key === 'f') all.push(...(await this.patternFile(value ?? '')));
    }
    return this.options.has('e') || this.options.has('f') ? all : null;
  }

  private async patternFile(name: string): Promise<string[]> {
    const bytes = name === '-' ? await readAll(this.io.sys, 0) : await readFile(this.io.sys, name);
    if (IS_ERR(bytes)) throw new Failure(`${name}: ${bytes.message}`);
    const text = this.io.charset.decode(bytes);
    return text === '' ? [] : text.replace(/\n$/, '').split('\n');
  }

  private matcher(patterns: readonly string[]): Matcher {
    const chosen = new Set(['E', 'F', 'G', 'P'].filter((key) => this.options.has(key)));
    if (chosen.size > 1) throw new Failure('conflicting matchers specified');
    const matcher = Matcher.compile(patterns, {
      dialect: ([...chosen][0] ?? this.dialect) as 'G',
      ignoreCase: this.options.last('i', 'no-ignore-case') === 'i',
      words: this.options.has('w'),
      lines: this.options.has('x'),
      utf8: this.io.charset.utf8,
    });
    if (typeof matcher === 'string') throw new Failure(matcher);
    return matcher;
  }

  private get directories(): string {
    const last = this.options.last('r', 'R', 'd');
    return last === 'd' ? (this.options.value('d') ?? 'read') : last === null ? 'read' : 'recurse';
  }

  private showsNames(count: number, recursive: boolean, first: string): boolean {
    const last = this.options.last('H', 'h');
    if (last) return last === 'H';
    if (count > 1) return true;
    const st = recursive ? this.io.sys.stat(first === '' ? '.' : first) : null;
    return st !== null && !IS_ERR(st) && S_ISDIR(st.st_mode);
  }

  /** `name` is '' for the current directory of a recursive search without operands. */
  private async file(name: string, operand: boolean): Promise<void> {
    const path = name === '' ? '.' : name;
    const follow = operand || this.options.has('R');
    const st = name === '-' ? this.io.sys.fstat(0) : follow ? this.io.sys.stat(path) : this.io.sys.lstat(path);
    if (IS_ERR(st)) return await this.trouble(name, st);
    if (this.isExcluded(path, operand, S_ISDIR(st.st_mode))) return;
    if (S_ISDIR(st.st_mode) && name !== '-') {
      if (this.directories === 'skip') return;
      if (this.directories === 'recurse') return await this.directory(name);
    } else if (!operand && !S_ISREG(st.st_mode)) return;
    const fd = name === '-' ? 0 : await this.io.sys.open(path, O_RDONLY);
    if (IS_ERR(fd)) return await this.trouble(name, fd);
    const result = await (this.search as Search).file(fd, name === '-' ? this.how.label : name);
    if (fd !== 0) this.io.sys.close(fd);
    if (IS_ERR(result)) return await this.trouble(name === '-' ? this.how.label : name, result);
    if (result === 'is output') return await this.complain(`${name}: input file is also the output`);
    if (result) this.selected = true;
  }

  private async directory(name: string): Promise<void> {
    const entries = await scandir(this.io.sys, name === '' ? '.' : name);
    if (IS_ERR(entries)) return await this.trouble(name === '' ? '.' : name, entries);
    for (const { d_name } of entries) {
      if (d_name === '.' || d_name === '..' || this.io.stdout.error) continue;
      if (this.selected && this.options.has('q')) return;
      await this.file(name === '' ? d_name : join(name, d_name), false);
    }
  }

  private isExcluded(path: string, operand: boolean, isDirectory: boolean): boolean {
    const name = operand ? path : basename(path);
    const matches = (key: string): boolean => this.options.values(key).some((glob) => globToRegex(glob).test(name));
    if (isDirectory) return matches('exclude-dir') && name !== '.';
    if (matches('exclude')) return true;
    return this.options.has('include') && path !== '-' && !matches('include');
  }

  private async trouble(name: string, error: Errno): Promise<void> {
    this.errors = true;
    if (!this.options.has('s')) await this.io.warn(name, error);
  }

  private async complain(message: string): Promise<void> {
    this.errors = true;
    if (!this.options.has('s')) await this.io.warn(message);
  }
}

function searchHow(io: Io, options: Options): SearchHow {
  const around = contextOf(options, 'C');
  const binary = options.last('a', 'I', 'binary-files');
  return {
    invert: options.has('v'),
    count: options.has('c'),
    list: listOf(options),
    only: options.has('o'),
    quiet: options.has('q'),
    numbers: options.has('n'),
    offsets: options.has('b'),
    tab: options.has('T'),
    nul: options.has('Z'),
    delimiter: options.has('z') ? '\0' : '\n',
    max: maxOf(options),
    before: contextOf(options, 'B') ?? around ?? 0,
    after: contextOf(options, 'A') ?? around ?? 0,
    separator:
      options.last('group-separator', 'no-group-separator') === 'no-group-separator' ? null : (options.value('group-separator') ?? '--'),
    binary: binary === 'a' ? 'text' : binary === 'I' ? 'without-match' : ((options.value('binary-files') ?? 'binary') as 'binary'),
    color: colorOf(io, options),
    lineBuffered: options.has('line-buffered'),
    label: options.value('label') ?? '(standard input)',
  };
}

function listOf(options: Options): SearchHow['list'] {
  const last = options.last('l', 'L');
  return last === 'l' ? 'matching' : last === 'L' ? 'not matching' : null;
}

function maxOf(options: Options): number {
  const text = options.value('m');
  if (text === null) return Number.POSITIVE_INFINITY;
  if (!/^-?\d+$/.test(text)) throw new Failure('invalid max count');
  return Number(text) < 0 ? Number.POSITIVE_INFINITY : Number(text);
}

function contextOf(options: Options, key: string): number | null {
  const text = options.value(key);
  if (text === null) return null;
  if (!/^\d+$/.test(text)) throw new Failure(`${text}: invalid context length argument`);
  return Number(text);
}

function colorOf(io: Io, options: Options): boolean {
  if (!options.has('color')) return false;
  const when = options.value('color') ?? 'auto';
  if (['always', 'yes', 'force'].includes(when)) return true;
  if (['never', 'no', 'none'].includes(when)) return false;
  return io.stdout.isTerminal && !io.envp.includes('TERM=dumb');
}

/** How many bytes text takes in the output. */
export const byteLength = (io: Io, text: string): number => (io.charset.utf8 ? encode(text).length : text.length);
