/** tail(1). */
import { type Errno, IS_ERR } from '../../uapi/errno.ts';
import { O_RDONLY, SEEK_CUR, SEEK_END, SEEK_SET } from '../../uapi/fcntl.ts';
import { S_ISREG } from '../../uapi/stat.ts';
import type { Bytes, Fd } from '../../uapi/types.ts';
import { command, eachInput, type Io, type Options } from '../lib/command.ts';
import { Failure } from '../lib/error.ts';
import type { ParsedOption } from '../lib/getopt.ts';
import { type Count, countOf, Headers } from '../lib/head-tail.ts';
import { BUFSIZ } from '../lib/stdio.ts';

export const main = command(
  {
    name: 'tail',
    usage: ['[OPTION]... [FILE]...'],
    summary: 'Prints the last 10 lines of each file.',
    options: [
      ['-c, --bytes=[+]NUM', 'the last NUM bytes; with + from byte NUM on'],
      ['-f, --follow[=HOW]', 'go on printing what is appended'],
      ['-F', 'the same as --follow=name --retry'],
      ['-n, --lines=[+]NUM', 'the last NUM lines; with + from line NUM on'],
      ['--pid=PID', 'with -f: end when this process has'],
      ['-q, --quiet', 'no headers with file names'],
      ['--silent', 'the same'],
      ['--retry', 'keep trying to open a file'],
      ['-s, --sleep-interval=N', 'with -f: look every N seconds'],
      ['-v, --verbose', 'always headers with file names'],
      ['-z, --zero-terminated', 'lines end with NUL'],
    ],
    special: oldStyle,
  },
  async (io, options, operands) => {
    const count = countOf(io, options, { unit: 'lines', amount: 10, sign: '' });
    const interval = intervalOf(io, options);
    const [firstOperand = ''] = operands;
    const old = /^\+\d+[cl]?$/.test(firstOperand) && options.last('c', 'n') === null ? oldPlus(firstOperand) : null;
    const files = old ? operands.slice(1) : operands;
    const headers = new Headers(io, options, files.length > 1);
    const delimiter = options.has('z') ? 0 : 10;
    const followed = await printEnds(io, files, headers, old ?? count, delimiter);
    if (options.has('f') || options.has('F')) await follow(io, options, followed, headers, interval);
    return undefined;
  },
);

/** "-5", "-5f", "-20c". */
function oldStyle(argument: string): ParsedOption | null {
  const m = /^-(\d+)([bcl]?)$/.exec(argument);
  if (!m) {
    const bad = /^-(\d+)/.exec(argument);
    if (bad) throw new Failure(`option used in invalid context -- ${(bad[1] as string)[0]}`);
    return null;
  }
  return { key: m[2] === 'c' || m[2] === 'b' ? 'c' : 'n', value: `${m[1]}${m[2] === 'b' ? 'b' : ''}` };
}

function oldPlus(text: string): Count {
  return { unit: text.endsWith('c') ? 'bytes' : 'lines', amount: Number.parseInt(text.slice(1), 10), sign: '+' };
}

function intervalOf(io: Io, options: Options): number {
  const text = options.value('s') ?? '1';
  const seconds = Number(text);
  if (text === '' || !(seconds >= 0)) throw new Failure(`invalid number of seconds: ${io.quote(text)}`);
  return seconds * 1000;
}

interface Followed {
  readonly fd: Fd;
  readonly name: string;
}

async function printEnds(io: Io, files: readonly string[], headers: Headers, count: Count, delimiter: number): Promise<Followed[]> {
  const followed: Followed[] = [];
  await eachInput(
    io,
    files,
    async (fd, name) => {
      headers.print(name);
      const error = await (count.sign === '+' ? from(io, fd, count, delimiter) : last(io, fd, count, delimiter));
      if (error) return error;
      const kept = io.sys.dup(fd);
      if (!IS_ERR(kept)) followed.push({ fd: kept, name });
      return 0;
    },
    (name) => `cannot open ${io.quoteAlways(name)} for reading`,
    (name) => `error reading ${io.quoteAlways(name === '-' ? 'standard input' : name)}`,
  );
  return followed;
}

/** From the NUMth byte or line on. */
async function from(io: Io, fd: Fd, count: Count, delimiter: number): Promise<0 | Errno> {
  let skip = Math.max(0, count.amount - 1);
  for (;;) {
    const chunk = await io.sys.read(fd, BUFSIZ);
    if (IS_ERR(chunk)) return chunk;
    if (chunk.length === 0) return 0;
    if (skip === 0) {
      await io.stdout.write(chunk);
      continue;
    }
    const start = count.unit === 'bytes' ? Math.min(skip, chunk.length) : afterLines(chunk, skip, delimiter);
    skip -= count.unit === 'bytes' ? start : countOfByte(chunk.subarray(0, start), delimiter);
    await io.stdout.write(chunk.subarray(start));
  }
}

/** The index after `wanted` lines, or the end. */
function afterLines(chunk: Bytes, wanted: number, delimiter: number): number {
  let left = wanted;
  for (let at = chunk.indexOf(delimiter); at >= 0; at = chunk.indexOf(delimiter, at + 1)) if (--left === 0) return at + 1;
  return chunk.length;
}

function countOfByte(chunk: Bytes, delimiter: number): number {
  let n = 0;
  for (let at = chunk.indexOf(delimiter); at >= 0; at = chunk.indexOf(delimiter, at + 1)) n++;
  return n;
}

async function last(io: Io, fd: Fd, count: Count, delimiter: number): Promise<0 | Errno> {
  seekNearEnd(io, fd, count);
  const tail = await readTail(io, fd, count, delimiter);
  if (IS_ERR(tail)) return tail;
  for (const chunk of tail) await io.stdout.write(chunk);
  return 0;
}

/** Bytes of a regular file need not be read before the last ones. */
function seekNearEnd(io: Io, fd: Fd, count: Count): void {
  const st = io.sys.fstat(fd);
  const here = io.sys.lseek(fd, 0, SEEK_CUR);
  if (count.unit !== 'bytes' || IS_ERR(st) || IS_ERR(here) || !S_ISREG(st.st_mode)) return;
  if (st.st_size - here > count.amount) io.sys.lseek(fd, -count.amount, SEEK_END);
}

/** Reads to the end, holding no more chunks than the last NUM lines or bytes span. */
async function readTail(io: Io, fd: Fd, count: Count, delimiter: number): Promise<Bytes[] | Errno> {
  const held: Bytes[] = [];
  const sizes: number[] = [];
  let total = 0;
  for (;;) {
    const chunk = await io.sys.read(fd, BUFSIZ);
    if (IS_ERR(chunk)) return chunk;
    if (chunk.length === 0) break;
    held.push(chunk);
    sizes.push(count.unit === 'bytes' ? chunk.length : countOfByte(chunk, delimiter));
    total += sizes.at(-1) as number;
    while (held.length > 1 && total - (sizes[0] as number) > count.amount) {
      total -= sizes.shift() as number;
      held.shift();
    }
  }
  return cut(held, total, count, delimiter);
}

function cut(held: readonly Bytes[], total: number, count: Count, delimiter: number): Bytes[] {
  if (count.amount === 0) return [];
  const unterminated = count.unit === 'lines' && held.at(-1)?.at(-1) !== delimiter ? 1 : 0;
  let skip = total + unterminated - count.amount;
  const out: Bytes[] = [];
  for (const chunk of held) {
    if (skip <= 0) {
      out.push(chunk);
      continue;
    }
    const start = count.unit === 'bytes' ? Math.min(skip, chunk.length) : afterLines(chunk, skip, delimiter);
    skip -= count.unit === 'bytes' ? start : countOfByte(chunk.subarray(0, start), delimiter);
    out.push(chunk.subarray(start));
  }
  return out;
}

// tail -f

async function follow(io: Io, options: Options, files: readonly Followed[], headers: Headers, interval: number): Promise<void> {
  const byName = options.has('F') || options.value('f') === 'name';
  const watched = files.map((f) => new Watched(io, f.fd, f.name));
  let current = watched.at(-1);
  const pid = Number(options.value('pid') ?? 0);
  while (watched.length > 0 && !io.stdout.error) {
    await io.stdout.flush();
    const ended = pid > 0 && IS_ERR(io.sys.kill(pid, 0));
    for (const file of watched) {
      const chunk = await file.more(byName);
      if (!chunk) continue;
      if (file !== current) headers.print(file.name);
      current = file;
      await io.stdout.write(chunk);
    }
    if (ended) return;
    await io.stdout.flush();
    await io.sys.nanosleep(interval);
  }
}

/** A file that is looked at again and again. */
class Watched {
  constructor(
    private readonly io: Io,
    private fd: Fd,
    readonly name: string,
  ) {}

  /** What was appended since; null if nothing. */
  async more(byName: boolean): Promise<Bytes | null> {
    if (byName) await this.reopenIfReplaced();
    await this.noticeTruncation();
    const chunk = await this.io.sys.read(this.fd, BUFSIZ);
    return IS_ERR(chunk) || chunk.length === 0 ? null : chunk;
  }

  private async noticeTruncation(): Promise<void> {
    const st = this.io.sys.fstat(this.fd);
    const here = this.io.sys.lseek(this.fd, 0, SEEK_CUR);
    if (IS_ERR(st) || IS_ERR(here) || !S_ISREG(st.st_mode) || st.st_size >= here) return;
    await this.io.warn(`${this.io.quoteIfNeeded(this.name)}: file truncated`);
    this.io.sys.lseek(this.fd, 0, SEEK_SET);
  }

  private async reopenIfReplaced(): Promise<void> {
    const [named, open] = [this.io.sys.stat(this.name), this.io.sys.fstat(this.fd)];
    if (IS_ERR(named) || IS_ERR(open) || (named.st_ino === open.st_ino && named.st_dev === open.st_dev)) return;
    const fd = await this.io.sys.open(this.name, O_RDONLY);
    if (IS_ERR(fd)) return;
    await this.io.warn(`${this.io.quoteAlways(this.name)} has been replaced;  following new file`);
    this.io.sys.close(this.fd);
    this.fd = fd;
  }
}
