/** join(1). */
import { IS_ERR } from '../../uapi/errno.ts';
import { O_RDONLY } from '../../uapi/fcntl.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { Failure } from '../lib/error.ts';
import { LineReader } from '../lib/stdio.ts';
import { twoOperands } from '../lib/two-operands.ts';

export const main = command(
  {
    name: 'join',
    usage: ['[OPTION]... FILE1 FILE2'],
    summary: 'Joins the lines of two sorted files that have the same field.',
    options: [
      ['-a FILENUM', 'also lines of file 1 or 2 that fit none of the other'],
      ['-v FILENUM', 'only those'],
      ['-e STRING', 'in place of a missing field'],
      ['-i, --ignore-case', 'case does not count'],
      ['-j FIELD', 'the same as -1 FIELD -2 FIELD'],
      ['-o FORMAT', 'the fields to print: 0 or FILENUM.FIELD, or auto'],
      ['-t CHAR', 'what separates fields (blanks)'],
      ['-1 FIELD', 'the field of file 1'],
      ['-2 FIELD', 'the field of file 2'],
      ['--check-order', 'fail if a file is not sorted'],
      ['--nocheck-order', 'do not look whether they are'],
      ['--header', 'the first lines are headings'],
      ['-z, --zero-terminated', 'lines end with NUL'],
    ],
  },
  async (io, options, operands) => {
    const [first, second] = twoOperands(io, operands);
    if (first === '-' && second === '-') throw new Failure('both files cannot be standard input');
    io.stdout.encode = io.charset.encode;
    const how = howOf(io, options);
    await new Join(io, how, await source(io, how, first, 0), await source(io, how, second, 1)).run();
    return undefined;
  },
);

type OutputField = readonly [file: number, field: number];

interface How {
  readonly fields: readonly [number, number];
  readonly unpaired: readonly [boolean, boolean];
  readonly paired: boolean;
  readonly empty: string;
  readonly separator: string | null;
  readonly format: readonly OutputField[] | 'auto' | null;
  readonly fold: (key: string) => string;
  readonly order: 'check' | 'nocheck' | 'default';
  readonly header: boolean;
  readonly end: '\n' | '\0';
}

function howOf(io: Io, options: Options): How {
  const both = options.value('j');
  const shown = [...options.values('a'), ...options.values('v')].map((text) => fileNumber(io, text));
  return {
    fields: [fieldOf(io, options.value('1') ?? both ?? '1'), fieldOf(io, options.value('2') ?? both ?? '1')],
    unpaired: [shown.includes(0), shown.includes(1)],
    paired: !options.has('v'),
    empty: options.value('e') ?? '',
    separator: separatorOf(io, options.value('t')),
    format: formatOf(io, options.values('o')),
    fold: options.has('i') ? (key) => key.toLowerCase() : (key) => key,
    order: options.has('check-order') ? 'check' : options.has('nocheck-order') ? 'nocheck' : 'default',
    header: options.has('header'),
    end: options.has('z') ? '\0' : '\n',
  };
}

function fileNumber(io: Io, text: string): number {
  if (text !== '1' && text !== '2') throw new Failure(`invalid field number: ${io.quote(text)}`);
  return Number(text) - 1;
}

function fieldOf(io: Io, text: string): number {
  if (!/^\d+$/.test(text) || Number(text) === 0) throw new Failure(`invalid field number: ${io.quote(text)}`);
  return Number(text) - 1;
}

function separatorOf(io: Io, text: string | null): string | null {
  if (text === null) return null;
  if (text === '') return '\n';
  if (text === '\\0') return '\0';
  const separator = io.charset.fromArgument(text);
  if ([...separator].length > 1) throw new Failure(`multi-character tab ${io.quote(text)}`);
  return separator;
}

function formatOf(io: Io, lists: readonly string[]): How['format'] {
  if (lists.length === 0) return null;
  if (lists.length === 1 && lists[0] === 'auto') return 'auto';
  return lists
    .join(' ')
    .split(/[ ,\t]+/)
    .map((item): OutputField => {
      if (item === '0') return [-1, 0];
      const m = /^([^.])\.?(.*)$/.exec(item);
      if (!m || !/^[12]$/.test(m[1] ?? '')) throw new Failure(`invalid file number in field spec: ${io.quote(item)}`);
      if (!/^\d+$/.test(m[2] ?? '') || Number(m[2]) === 0) throw new Failure(`invalid field number: ${io.quote(m[2] ?? '')}`);
      return [Number(m[1]) - 1, Number(m[2]) - 1];
    });
}

interface Line {
  readonly fields: readonly string[];
  readonly key: string;
}

async function source(io: Io, how: How, name: string, number: 0 | 1): Promise<Source> {
  const fd = name === '-' ? 0 : await io.sys.open(name, O_RDONLY);
  if (IS_ERR(fd)) throw new Failure(`${io.quoteIfNeeded(name)}: ${fd.message}`);
  return new Source(io, how, new LineReader(io.sys, fd, io.charset, how.end), name, number);
}

/** The lines of one file, one ahead. */
class Source {
  current: Line | null = null;
  disorder = false;
  private number = 0;

  constructor(
    private readonly io: Io,
    private readonly how: How,
    private readonly reader: LineReader,
    private readonly name: string,
    private readonly index: 0 | 1,
  ) {}

  async advance(unpaired: boolean): Promise<void> {
    const text = await this.reader.next();
    if (IS_ERR(text)) throw new Failure(`read error: ${text.message}`);
    const before = this.current;
    this.number++;
    this.current = text === undefined ? null : this.parse(text);
    if (before && this.current && text !== undefined && !(this.how.header && this.number === 2)) await this.check(before, text, unpaired);
  }

  private parse(text: string): Line {
    const { separator, fields: which, fold } = this.how;
    const fields =
      separator === '\n' ? [text] : separator === null ? text.replace(/^[ \t\n]+/, '').split(/[ \t\n]+/) : text.split(separator);
    return { fields, key: fold(fields[which[this.index]] ?? '') };
  }

  private async check(before: Line, text: string, unpaired: boolean): Promise<void> {
    if (this.how.order === 'nocheck' || this.disorder || (this.how.order === 'default' && !unpaired)) return;
    if (before.key <= (this.current as Line).key) return;
    this.disorder = true;
    const message = `${this.name}:${this.number}: is not sorted: ${text}`;
    if (this.how.order === 'check') throw new Failure(message);
    await this.io.fail(message);
  }
}

class Join {
  private unpaired = false;
  private widths: readonly [number, number] = [0, 0];

  constructor(
    private readonly io: Io,
    private readonly how: How,
    private readonly left: Source,
    private readonly right: Source,
  ) {}

  async run(): Promise<void> {
    await this.left.advance(false);
    await this.right.advance(false);
    this.widths = [this.left.current?.fields.length ?? 0, this.right.current?.fields.length ?? 0];
    if (this.how.header) await this.headings();
    while (this.left.current && this.right.current && !this.io.stdout.error) await this.step(this.left.current, this.right.current);
    await this.rest(this.left, 0);
    await this.rest(this.right, 1);
    if (this.left.disorder || this.right.disorder) throw new Failure('input is not in sorted order');
  }

  private async headings(): Promise<void> {
    const [a, b] = [this.left.current, this.right.current];
    if (a || b) this.print(a, b);
    if (a) await this.left.advance(false);
    if (b) await this.right.advance(false);
  }

  private async step(a: Line, b: Line): Promise<void> {
    if (a.key === b.key) return await this.pairs(a.key);
    this.unpaired = true;
    const index = a.key < b.key ? 0 : 1;
    if (this.how.unpaired[index]) this.print(index === 0 ? a : null, index === 1 ? b : null);
    await (index === 0 ? this.left : this.right).advance(this.unpaired);
    if (this.io.stdout.full) await this.io.stdout.flush();
  }

  /** Every line of one with every line of the other. */
  private async pairs(key: string): Promise<void> {
    const [lefts, rights] = [await this.group(this.left, key), await this.group(this.right, key)];
    if (!this.how.paired) return;
    for (const a of lefts) for (const b of rights) this.print(a, b);
    if (this.io.stdout.full) await this.io.stdout.flush();
  }

  private async group(source: Source, key: string): Promise<Line[]> {
    const out: Line[] = [];
    for (; source.current?.key === key; await source.advance(this.unpaired)) out.push(source.current);
    return out;
  }

  private async rest(source: Source, index: 0 | 1): Promise<void> {
    for (; source.current; await source.advance(true)) {
      if (this.how.unpaired[index]) this.print(index === 0 ? source.current : null, index === 1 ? source.current : null);
      if (this.io.stdout.full) await this.io.stdout.flush();
    }
  }

  private print(a: Line | null, b: Line | null): void {
    const cells = this.how.format === null ? this.plain(a, b) : this.chosen(a, b);
    this.io.stdout.put(cells.join(this.how.separator ?? ' ') + this.how.end);
  }

  private key(a: Line | null, b: Line | null): string {
    return (a ? a.fields[this.how.fields[0]] : b?.fields[this.how.fields[1]]) ?? this.how.empty;
  }

  private plain(a: Line | null, b: Line | null): string[] {
    const others = (line: Line | null, index: 0 | 1): string[] => line?.fields.filter((_, i) => i !== this.how.fields[index]) ?? [];
    return [this.key(a, b), ...others(a, 0), ...others(b, 1)].map((cell) => cell || this.how.empty);
  }

  private chosen(a: Line | null, b: Line | null): string[] {
    const list = this.how.format === 'auto' ? this.auto() : (this.how.format as readonly OutputField[]);
    return list.map(([file, field]) => (file < 0 ? this.key(a, b) : (file === 0 ? a : b)?.fields[field]) || this.how.empty);
  }

  private auto(): OutputField[] {
    const of = (file: 0 | 1): OutputField[] =>
      Array.from({ length: this.widths[file] }, (_, i): OutputField => [file, i]).filter(([, i]) => i !== this.how.fields[file]);
    return [[-1, 0], ...of(0), ...of(1)];
  }
}
