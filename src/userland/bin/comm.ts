/** comm(1). */
import { IS_ERR } from '../../uapi/errno.ts';
import { O_RDONLY } from '../../uapi/fcntl.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { Failure } from '../lib/error.ts';
import { LineReader } from '../lib/stdio.ts';
import { twoOperands } from '../lib/two-operands.ts';

export const main = command(
  {
    name: 'comm',
    usage: ['[OPTION]... FILE1 FILE2'],
    summary: 'Compares sorted files: lines only in the first, only in the second, in both.',
    options: [
      ['-1', 'no lines that only the first has'],
      ['-2', 'no lines that only the second has'],
      ['-3', 'no lines that both have'],
      ['--check-order', 'fail if a file is not sorted'],
      ['--nocheck-order', 'do not look whether they are'],
      ['--output-delimiter=STR', 'between columns (a tab)'],
      ['--total', 'print how many there were'],
      ['-z, --zero-terminated', 'lines end with NUL'],
    ],
  },
  async (io, options, operands) => {
    const [first, second] = twoOperands(io, operands);
    io.stdout.encode = io.charset.encode;
    await new Comparison(io, options, await source(io, options, first, 1), await source(io, options, second, 2)).run();
    return undefined;
  },
);

async function source(io: Io, options: Options, name: string, number: number): Promise<Sorted> {
  const fd = name === '-' ? 0 : await io.sys.open(name, O_RDONLY);
  if (IS_ERR(fd)) throw new Failure(`${io.quoteIfNeeded(name)}: ${fd.message}`);
  return new Sorted(io, options, new LineReader(io.sys, fd, io.charset, options.has('z') ? '\0' : '\n'), number, name);
}

/** A file that should be sorted: it is looked at, and complained of once. */
class Sorted {
  line: string | undefined;
  disorder = false;

  constructor(
    private readonly io: Io,
    private readonly options: Options,
    private readonly reader: LineReader,
    private readonly number: number,
    private readonly name: string,
  ) {}

  async advance(unpaired: () => boolean): Promise<void> {
    const before = this.line;
    const next = await this.reader.next();
    if (IS_ERR(next)) throw new Failure(`${this.io.quoteIfNeeded(this.name)}: ${next.message}`);
    this.line = next;
    if (before === undefined || next === undefined || before <= next || this.disorder || this.options.has('nocheck-order')) return;
    if (!this.options.has('check-order') && !unpaired()) return;
    this.disorder = true;
    const message = `file ${this.number} is not in sorted order`;
    if (this.options.has('check-order')) throw new Failure(message);
    await this.io.fail(message);
  }
}

class Comparison {
  private readonly totals = [0, 0, 0];
  private unpaired = false;

  constructor(
    private readonly io: Io,
    private readonly options: Options,
    private readonly left: Sorted,
    private readonly right: Sorted,
  ) {}

  async run(): Promise<void> {
    const seen = (): boolean => this.unpaired;
    await this.left.advance(seen);
    await this.right.advance(seen);
    while ((this.left.line !== undefined || this.right.line !== undefined) && !this.io.stdout.error) {
      const order = compare(this.left.line, this.right.line);
      if (order !== 0) this.unpaired = true;
      this.print(order < 0 ? 0 : order > 0 ? 1 : 2, (order > 0 ? this.right.line : this.left.line) ?? '');
      if (order <= 0) await this.left.advance(seen);
      if (order >= 0) await this.right.advance(seen);
      if (this.io.stdout.full) await this.io.stdout.flush();
    }
    if (this.options.has('total')) this.io.stdout.put(`${[...this.totals, 'total'].join(this.delimiter)}${this.end}`);
    if (this.left.disorder || this.right.disorder) throw new Failure('input is not in sorted order');
  }

  private get delimiter(): string {
    return this.io.charset.fromArgument(this.options.value('output-delimiter') ?? '\t');
  }
  private get end(): string {
    return this.options.has('z') ? '\0' : '\n';
  }

  private print(column: 0 | 1 | 2, line: string): void {
    this.totals[column] = (this.totals[column] ?? 0) + 1;
    const shown = (n: number): boolean => !this.options.has(String(n + 1));
    if (!shown(column)) return;
    const before = [0, 1].filter((n) => n < column && shown(n)).length;
    this.io.stdout.put(this.delimiter.repeat(before) + line + this.end);
  }
}

/** A file that has ended comes last. */
function compare(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return a === undefined ? 1 : -1;
  return a < b ? -1 : a > b ? 1 : 0;
}
