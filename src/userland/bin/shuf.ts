/** shuf(1). Its chance is the kernel's: /dev/urandom, or the file of --random-source. */
import { IS_ERR } from '../../uapi/errno.ts';
import { O_CREAT, O_RDONLY, O_TRUNC, O_WRONLY } from '../../uapi/fcntl.ts';
import type { Fd } from '../../uapi/types.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { Failure, UsageError } from '../lib/error.ts';
import { Output, readAll } from '../lib/stdio.ts';

export const main = command(
  {
    name: 'shuf',
    usage: ['[OPTION]... [FILE]', '-e [OPTION]... [ARG]...', '-i LO-HI [OPTION]...'],
    summary: 'Prints lines in a random order.',
    options: [
      ['-e, --echo', 'each operand is a line'],
      ['-i, --input-range=LO-HI', 'each number of a range is a line'],
      ['-n, --head-count=COUNT', 'so many lines at most'],
      ['-o, --output=FILE', 'write into a file'],
      ['--random-source=FILE', 'where chance comes from'],
      ['-r, --repeat', 'lines may be repeated'],
      ['-z, --zero-terminated', 'lines end with NUL'],
    ],
  },
  async (io, options, operands) => {
    const limit = limitOf(io, options);
    const end = options.has('z') ? '\0' : '\n';
    const lines = await linesOf(io, options, operands, end);
    const out = await outputOf(io, options);
    const chance = await Chance.open(io, options.value('random-source') ?? '/dev/urandom');
    if (options.has('r')) await repeat(lines, limit, chance, out, end);
    else for (const line of await shuffled(lines, limit, chance)) await out.write(line + end);
    await out.flush();
    return undefined;
  },
);

function limitOf(io: Io, options: Options): number {
  const counts = options.values('n').map((text) => {
    if (!/^\d+$/.test(text)) throw new Failure(`invalid line count: ${io.quote(text)}`);
    return Number(text);
  });
  return Math.min(Number.POSITIVE_INFINITY, ...counts);
}

async function linesOf(io: Io, options: Options, operands: readonly string[], end: string): Promise<string[]> {
  const range = options.value('i');
  if (range !== null && options.has('e')) throw new UsageError('cannot combine -e and -i options');
  if (options.has('e')) return [...operands];
  if (range !== null) return rangeLines(io, range, operands);
  if (operands.length > 1) throw new UsageError(`extra operand ${io.quote(operands[1] ?? '')}`);
  const name = operands[0] ?? '-';
  const fd = name === '-' ? 0 : await io.sys.open(name, O_RDONLY);
  if (IS_ERR(fd)) throw new Failure(`${io.quoteIfNeeded(name)}: ${fd.message}`);
  const bytes = await readAll(io.sys, fd);
  if (IS_ERR(bytes)) throw new Failure(`read error: ${bytes.message}`);
  const lines = io.charset.decode(bytes).split(end);
  io.stdout.encode = io.charset.encode;
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function rangeLines(io: Io, range: string, operands: readonly string[]): string[] {
  if (operands[0] !== undefined) throw new UsageError(`extra operand ${io.quote(operands[0])}`);
  const m = /^(\d+)-(\d+)$/.exec(range);
  const [low, high] = [Number(m?.[1]), Number(m?.[2])];
  if (!m || low > high + 1) throw new Failure(`invalid input range: ${io.quote(range)}`);
  return Array.from({ length: high - low + 1 }, (_, i) => String(low + i));
}

async function outputOf(io: Io, options: Options): Promise<Output> {
  const name = options.value('o');
  if (name === null) return io.stdout;
  const fd = await io.sys.open(name, O_WRONLY | O_CREAT | O_TRUNC, 0o666);
  if (IS_ERR(fd)) throw new Failure(`${io.quoteIfNeeded(name)}: ${fd.message}`);
  return new Output(io.sys, fd, io.stdout.encode);
}

class Chance {
  private constructor(
    private readonly io: Io,
    private readonly fd: Fd,
    private readonly name: string,
  ) {}

  static async open(io: Io, name: string): Promise<Chance> {
    const fd = await io.sys.open(name, O_RDONLY);
    if (IS_ERR(fd)) throw new Failure(`${io.quoteIfNeeded(name)}: ${fd.message}`);
    return new Chance(io, fd, name);
  }

  /** A number below `limit`. */
  async below(limit: number): Promise<number> {
    const bytes = await this.io.sys.read(this.fd, 6);
    if (IS_ERR(bytes)) throw new Failure(`${this.io.quoteIfNeeded(this.name)}: ${bytes.message}`);
    if (bytes.length === 0) throw new Failure(`${this.io.quoteAlways(this.name)}: end of file`);
    return Math.floor((bytes.reduce((n, b) => n * 256 + b, 0) / 256 ** bytes.length) * limit);
  }
}

async function shuffled(lines: string[], limit: number, chance: Chance): Promise<string[]> {
  const count = Math.min(limit, lines.length);
  for (let i = 0; i < count && i < lines.length - 1; i++) {
    const j = i + (await chance.below(lines.length - i));
    [lines[i], lines[j]] = [lines[j] as string, lines[i] as string];
  }
  return lines.slice(0, count);
}

async function repeat(lines: readonly string[], limit: number, chance: Chance, out: Output, end: string): Promise<void> {
  if (lines.length === 0 && limit > 0) throw new Failure('no lines to repeat');
  for (let i = 0; i < limit && !out.error; i++) await out.write((lines[await chance.below(lines.length)] ?? '') + end);
}
