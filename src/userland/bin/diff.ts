/** diff: compares files line by line, and directories. Follows GNU diffutils 3.8. */
import { type Errno, IS_ERR } from '../../uapi/errno.ts';
import { O_RDONLY } from '../../uapi/fcntl.ts';
import { S_ISDIR, S_ISREG, type Stat } from '../../uapi/stat.ts';
import type { Bytes } from '../../uapi/types.ts';
import { type Layout, render, type Side } from '../diff/formats.ts';
import { changes } from '../diff/script.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { Failure, UsageError } from '../lib/error.ts';
import { fileType, sameFile } from '../lib/file-type.ts';
import type { ParsedOption } from '../lib/getopt.ts';
import { globToRegex } from '../lib/glob.ts';
import { basename, join } from '../lib/path.ts';
import { readAll } from '../lib/stdio.ts';
import { fullTime, strftime } from '../lib/time.ts';
import { readNames } from '../lib/walk.ts';

export const main = command(
  {
    name: 'diff',
    usage: ['[OPTION]... FILES'],
    summary: 'Compares files line by line.',
    follows: 'GNU diffutils 3.8',
    failure: 2,
    hint: (io) => `${io.name}: Try '${io.name} --help' for more information.\n`,
    options: [
      ['-q, --brief', 'only say that files differ'],
      ['-s, --report-identical-files', 'say when two files are the same'],
      ['--normal', 'a normal diff'],
      ['-c', 'three lines around each change, in the context format'],
      ['-C NUM', 'so many lines'],
      ['--context[=NUM]', 'the same; three unless said'],
      ['-u', 'three lines around each change, in the unified format'],
      ['-U NUM', 'so many lines'],
      ['--unified[=NUM]', 'the same; three unless said'],
      ['-y, --side-by-side', 'in two columns'],
      ['-W, --width=NUM', 'so wide (130)'],
      ['--suppress-common-lines', 'in two columns: only what differs'],
      ['-L, --label=LABEL', 'instead of a file name and its time'],
      ['-r, --recursive', 'compare subdirectories, too'],
      ['-N, --new-file', 'a missing file is an empty one'],
      ['-i, --ignore-case', 'case does not count'],
      ['-b, --ignore-space-change', 'how much white space there is does not count'],
      ['-w, --ignore-all-space', 'white space does not count'],
      ['-Z, --ignore-trailing-space', 'white space at the end of a line does not count'],
      ['-B, --ignore-blank-lines', 'changes of empty lines only do not count'],
      ['-a, --text', 'every file is text'],
      ['-d, --minimal', 'ignored: a diff is minimal here'],
      ['--strip-trailing-cr', 'a carriage return at the end of a line does not count'],
      ['-x, --exclude=PAT', 'in directories: not these names'],
      ['-e, --ed', 'not supported here'],
      ['-n, --rcs', 'not supported here'],
    ],
    special: oldStyle,
  },
  async (io, options, operands) => {
    const unsupported = ['e', 'n'].find((key) => options.has(key));
    if (unsupported) throw new Failure(`-${unsupported} is not supported here`);
    const [first, second, extra] = operands;
    if (first === undefined || second === undefined) throw new UsageError(`missing operand after '${first ?? io.name}'`);
    if (extra !== undefined) throw new UsageError(`extra operand '${extra}'`);
    io.stdout.encode = io.charset.encode;
    return await new Diff(io, options).operands(first, second);
  },
);

/** "-3" is so many lines around a change. */
function oldStyle(argument: string): ParsedOption | null {
  return /^-\d+$/.test(argument) ? { key: 'lines', value: argument.slice(1) } : null;
}

interface Input {
  readonly name: string;
  readonly stat: Stat | null;
}

class Diff {
  private readonly layout: Layout;
  private readonly key: (line: string) => string;

  constructor(
    private readonly io: Io,
    private readonly options: Options,
  ) {
    this.layout = layoutOf(options);
    this.key = keyOf(options);
  }

  async operands(first: string, second: string): Promise<number> {
    let [a, b] = [this.input(first), this.input(second)];
    if (a.stat && b.stat && S_ISDIR(a.stat.st_mode) !== S_ISDIR(b.stat.st_mode)) {
      if (S_ISDIR(a.stat.st_mode)) a = this.input(join(first, basename(second)));
      else b = this.input(join(second, basename(first)));
    }
    const absent = [a, b].filter((side) => !side.stat);
    if (absent.length === 2 || (absent.length === 1 && !this.options.has('N'))) {
      for (const side of absent) await this.missing(side.name);
      return 2;
    }
    return await this.pair(a, b, false);
  }

  private input(name: string): Input {
    const stat = name === '-' ? this.io.sys.fstat(0) : this.io.sys.stat(name);
    return { name, stat: IS_ERR(stat) ? null : stat };
  }

  private async missing(name: string): Promise<void> {
    const error = this.io.sys.stat(name);
    await this.io.fail(name, error as Errno);
  }

  private async pair(a: Input, b: Input, inside: boolean): Promise<number> {
    const isDirectory = (x: Input): boolean => x.stat !== null && S_ISDIR(x.stat.st_mode);
    if (isDirectory(a) && isDirectory(b)) return await this.directories(a, b, inside);
    if (inside && a.stat && b.stat && (isDirectory(a) || isDirectory(b))) {
      this.io.stdout.put(`File ${a.name} is a ${fileType(a.stat)} while file ${b.name} is a ${fileType(b.stat)}\n`);
      return 1;
    }
    return await this.files(a, b, inside);
  }

  private async directories(a: Input, b: Input, inside: boolean): Promise<number> {
    if (a.stat && b.stat && sameFile(a.stat, b.stat)) return 0;
    if (inside && !this.options.has('r')) {
      this.io.stdout.put(`Common subdirectories: ${a.name} and ${b.name}\n`);
      return 0;
    }
    const [inA, inB] = [await this.names(a), await this.names(b)];
    let status = 0;
    for (const name of [...new Set([...inA, ...inB])].sort()) {
      status = Math.max(status, await this.entry(a, b, name, inA.includes(name), inB.includes(name)));
      await this.io.stdout.flush();
    }
    return status;
  }

  private async names(directory: Input): Promise<string[]> {
    const names = await readNames(this.io.sys, directory.name);
    if (IS_ERR(names)) {
      await this.io.fail(directory.name, names);
      return [];
    }
    const excluded = this.options.values('x').map((pattern) => globToRegex(pattern));
    return names.filter((name) => !excluded.some((pattern) => pattern.test(name)));
  }

  private async entry(a: Input, b: Input, name: string, inA: boolean, inB: boolean): Promise<number> {
    const [left, right] = [this.input(join(a.name, name)), this.input(join(b.name, name))];
    if (inA && inB) return await this.pair(left, right, true);
    if (this.options.has('N')) return await this.pair(inA ? left : { ...left, stat: null }, inB ? right : { ...right, stat: null }, true);
    this.io.stdout.put(`Only in ${inA ? a.name : b.name}: ${name}\n`);
    return 1;
  }

  private async files(a: Input, b: Input, inside: boolean): Promise<number> {
    const same = a.stat && b.stat && sameFile(a.stat, b.stat);
    if (same && (S_ISREG(a.stat.st_mode) || a.name === b.name) && this.layout.kind !== 'side-by-side') return this.identical(a, b);
    const [x, y] = [await this.read(a), await this.read(b)];
    if (x === null || y === null) return 2;
    if (!this.options.has('a') && (isBinary(x) || isBinary(y))) return this.binary(a, b, x, y);
    const [left, right] = [this.side(a, x, 0), this.side(b, y, 1)];
    const found = changes(this.keys(left), this.keys(right));
    const list = this.options.has('B') ? found.filter((c) => !isBlank(left, c.a) || !isBlank(right, c.b)) : found;
    if (list.length === 0) {
      if (this.layout.kind === 'side-by-side') this.io.stdout.put(render(this.layout, left, right, []));
      return this.identical(a, b);
    }
    if (this.layout.kind === 'brief') this.io.stdout.put(`Files ${a.name} and ${b.name} differ\n`);
    else this.io.stdout.put((inside ? this.commandLine(a, b) : '') + render(this.layout, left, right, list));
    return 1;
  }

  private identical(a: Input, b: Input): number {
    if (this.options.has('s')) this.io.stdout.put(`Files ${a.name} and ${b.name} are identical\n`);
    return 0;
  }

  private binary(a: Input, b: Input, x: Bytes, y: Bytes): number {
    if (x.length === y.length && x.every((byte, i) => byte === y[i])) return this.identical(a, b);
    this.io.stdout.put(
      this.layout.kind === 'brief' ? `Files ${a.name} and ${b.name} differ\n` : `Binary files ${a.name} and ${b.name} differ\n`,
    );
    return 1;
  }

  private async read({ name, stat }: Input): Promise<Bytes | null> {
    if (stat === null) return new Uint8Array();
    const fd = name === '-' ? 0 : await this.io.sys.open(name, O_RDONLY);
    const bytes = IS_ERR(fd) ? fd : await readAll(this.io.sys, fd);
    if (!IS_ERR(fd) && fd !== 0) this.io.sys.close(fd);
    if (!IS_ERR(bytes)) return bytes;
    await this.io.fail(name, bytes);
    return null;
  }

  private side({ name, stat }: Input, bytes: Bytes, index: number): Side {
    const text = this.io.charset.decode(bytes);
    const lines = text.split('\n');
    const complete = lines.at(-1) === '';
    if (complete) lines.pop();
    const time = stat?.st_mtime ?? 0;
    const when = this.layout.kind === 'context' ? strftime('%a %b %e %T %Y', time) : fullTime(time);
    return { label: this.options.values('L')[index] ?? `${name}\t${when}`, lines, complete: complete || bytes.length === 0 };
  }

  private keys(side: Side): string[] {
    const last = side.lines.length - 1;
    return side.lines.map((line, i) => this.key(line) + (i === last && !side.complete && !this.blind ? '\n' : ''));
  }

  /** Whether a missing newline does not count. */
  private get blind(): boolean {
    return ['b', 'w', 'Z'].some((key) => this.options.has(key));
  }

  private commandLine(a: Input, b: Input): string {
    const words = this.options.list
      .filter((o) => o.key !== 'L')
      .map((o) => (o.key.length === 1 ? `-${o.key}` : `--${o.key}`) + (o.value ?? ''));
    return `diff ${words.map((w) => `${w} `).join('')}${a.name} ${b.name}\n`;
  }
}

function layoutOf(options: Options): Layout {
  const kind = options.last('c', 'C', 'context', 'u', 'U', 'unified', 'y', 'normal', 'q');
  const lines =
    options.value('U') ?? options.value('unified') ?? options.value('C') ?? options.value('context') ?? options.value('lines') ?? '3';
  if (!/^\d+$/.test(lines)) throw new UsageError(`invalid context length '${lines}'`);
  const width = options.value('W') ?? '130';
  if (!/^\d+$/.test(width) || width === '0') throw new UsageError(`invalid width '${width}'`);
  const kinds: Readonly<Record<string, Layout['kind']>> = {
    ...{ c: 'context', C: 'context', context: 'context' },
    ...{ u: 'unified', U: 'unified', unified: 'unified', y: 'side-by-side' },
  };
  return {
    kind: options.has('q') ? 'brief' : (kinds[kind ?? ''] ?? 'normal'),
    context: Number(lines),
    width: Number(width),
    suppressCommon: options.has('suppress-common-lines'),
  };
}

/** What of a line counts. */
function keyOf(options: Options): (line: string) => string {
  const steps: ((line: string) => string)[] = [];
  if (options.has('strip-trailing-cr')) steps.push((line) => line.replace(/\r$/, ''));
  if (options.has('w')) steps.push((line) => line.replace(/[ \t\v\f\r]+/g, ''));
  else if (options.has('b')) steps.push((line) => line.replace(/[ \t\v\f\r]+$/, '').replace(/[ \t\v\f\r]+/g, ' '));
  else if (options.has('Z')) steps.push((line) => line.replace(/[ \t\v\f\r]+$/, ''));
  if (options.has('i')) steps.push((line) => line.toLowerCase());
  return (line) => steps.reduce((text, step) => step(text), line);
}

/** A NUL in its first block makes a file binary. */
const isBinary = (bytes: Bytes): boolean => bytes.subarray(0, 65536).includes(0);
const isBlank = (side: Side, [from, to]: readonly [number, number]): boolean => side.lines.slice(from, to).every((line) => line === '');
