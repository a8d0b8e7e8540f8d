/** split(1). */
import { IS_ERR } from '../../uapi/errno.ts';
import { O_CREAT, O_RDONLY, O_TRUNC, O_WRONLY } from '../../uapi/fcntl.ts';
import type { Bytes, Fd } from '../../uapi/types.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { Failure, UsageError } from '../lib/error.ts';
import type { ParsedOption } from '../lib/getopt.ts';
import { parseSize } from '../lib/humanize.ts';
import { BUFSIZ, readAll, writeAll } from '../lib/stdio.ts';

export const main = command(
  {
    name: 'split',
    usage: ['[OPTION]... [FILE [PREFIX]]'],
    summary: 'Cuts a file into pieces: PREFIXaa, PREFIXab …',
    options: [
      ['-a, --suffix-length=N', 'letters of a suffix (2)'],
      ['--additional-suffix=SUFFIX', 'what else follows the name'],
      ['-b, --bytes=SIZE', 'so many bytes in each'],
      ['-d', 'suffixes of digits'],
      ['--numeric-suffixes[=FROM]', 'the same, from a number on'],
      ['-x', 'suffixes of hexadecimal digits'],
      ['-e, --elide-empty-files', 'no empty files with -n'],
      ['-l, --lines=NUMBER', 'so many lines in each (1000)'],
      ['-n, --number=CHUNKS', 'so many pieces'],
      ['--verbose', 'say what is created'],
    ],
    special: oldStyle,
  },
  async (io, options, operands) => {
    const [input = '-', prefix = 'x', extra] = operands;
    if (extra !== undefined) throw new UsageError(`extra operand ${io.quote(extra)}`);
    const how = howOf(io, options);
    const fd = input === '-' ? 0 : await io.sys.open(input, O_RDONLY);
    if (IS_ERR(fd)) throw new Failure(`cannot open ${io.quoteAlways(input)} for reading: ${fd.message}`);
    const pieces = new Pieces(io, options, prefix);
    if (how.unit === 'chunks') await byNumber(io, fd, how.amount, options.has('e'), pieces);
    else await (how.unit === 'bytes' ? byBytes(io, fd, how.amount, input, pieces) : byLines(io, fd, how.amount, input, pieces));
    pieces.close();
    return undefined;
  },
);

/** "-5" counts lines. */
function oldStyle(argument: string): ParsedOption | null {
  return /^-\d+$/.test(argument) ? { key: 'l', value: argument.slice(1) } : null;
}

interface How {
  readonly unit: 'lines' | 'bytes' | 'chunks';
  readonly amount: number;
}

function howOf(io: Io, options: Options): How {
  const kinds = options.list.filter((o) => ['l', 'b', 'n'].includes(o.key));
  if (kinds.length > 1) throw new UsageError('cannot split in more than one way');
  const [kind] = kinds;
  if (!kind) return { unit: 'lines', amount: 1000 };
  const unit = kind.key === 'l' ? 'lines' : kind.key === 'b' ? 'bytes' : 'chunks';
  const text = kind.value ?? '';
  if (unit === 'chunks' && /^([lr]|\d+)\//.test(text)) throw new Failure(`--number=${text} is not supported here`);
  const amount = parseSize(text);
  if (amount === null || amount === 0)
    throw new Failure(`invalid number of ${unit}: ${io.quote(text)}${amount === 0 ? ': Numerical result out of range' : ''}`);
  return { unit, amount };
}

/** The files that are written, one after the other. */
class Pieces {
  private fd: Fd | null = null;
  private index: number;
  private readonly letters: string;
  private readonly length: number;

  constructor(
    private readonly io: Io,
    private readonly options: Options,
    private readonly prefix: string,
  ) {
    const digits = options.has('d') || options.has('numeric-suffixes');
    this.letters = digits ? '0123456789' : options.has('x') ? '0123456789abcdef' : 'abcdefghijklmnopqrstuvwxyz';
    const length = options.value('a') ?? '2';
    if (!/^\d+$/.test(length)) throw new Failure(`invalid suffix length: ${io.quote(length)}`);
    this.length = Number(length) || 2;
    this.index = Number(options.value('numeric-suffixes') ?? 0);
  }

  private name(): string {
    const base = this.letters.length;
    let suffix = '';
    for (let n = this.index++, i = 0; i < this.length; i++, n = Math.floor(n / base)) suffix = this.letters[n % base] + suffix;
    if (this.index > base ** this.length) throw new Failure('output file suffixes exhausted');
    return `${this.prefix}${suffix}${this.options.value('additional-suffix') ?? ''}`;
  }

  async next(): Promise<void> {
    this.close();
    const name = this.name();
    if (this.options.has('verbose')) this.io.stdout.put(`creating file ${this.io.quoteAlways(name)}\n`);
    const fd = await this.io.sys.open(name, O_WRONLY | O_CREAT | O_TRUNC, 0o666);
    if (IS_ERR(fd)) throw new Failure(`${this.io.quoteIfNeeded(name)}: ${fd.message}`);
    this.fd = fd;
  }

  async write(bytes: Bytes): Promise<void> {
    if (bytes.length === 0 || this.fd === null) return;
    const error = await writeAll(this.io.sys, this.fd, bytes);
    if (IS_ERR(error)) throw new Failure(`write error: ${error.message}`);
  }

  close(): void {
    if (this.fd !== null) this.io.sys.close(this.fd);
    this.fd = null;
  }
}

async function chunk(io: Io, fd: Fd, input: string): Promise<Bytes> {
  const bytes = await io.sys.read(fd, BUFSIZ);
  if (IS_ERR(bytes)) throw new Failure(`${io.quoteIfNeeded(input)}: ${bytes.message}`);
  return bytes;
}

async function byBytes(io: Io, fd: Fd, amount: number, input: string, pieces: Pieces): Promise<void> {
  let room = 0;
  for (let bytes = await chunk(io, fd, input); bytes.length > 0; bytes = await chunk(io, fd, input)) {
    for (let at = 0; at < bytes.length; ) {
      if (room === 0) await pieces.next();
      if (room === 0) room = amount;
      const part = bytes.subarray(at, at + room);
      await pieces.write(part);
      at += part.length;
      room -= part.length;
    }
  }
}

async function byLines(io: Io, fd: Fd, amount: number, input: string, pieces: Pieces): Promise<void> {
  let room = 0;
  for (let bytes = await chunk(io, fd, input); bytes.length > 0; bytes = await chunk(io, fd, input)) {
    for (let at = 0; at < bytes.length; ) {
      if (room === 0) await pieces.next();
      if (room === 0) room = amount;
      let end = at;
      while (room > 0 && end < bytes.length) {
        const newline = bytes.indexOf(10, end);
        end = newline < 0 ? bytes.length : newline + 1;
        if (newline >= 0) room--;
      }
      await pieces.write(bytes.subarray(at, end));
      at = end;
    }
  }
}

async function byNumber(io: Io, fd: Fd, count: number, elide: boolean, pieces: Pieces): Promise<void> {
  const bytes = await readAll(io.sys, fd);
  if (IS_ERR(bytes)) throw new Failure(`read error: ${bytes.message}`);
  const size = Math.floor(bytes.length / count);
  for (let i = 0; i < count; i++) {
    const start = i * size + Math.min(i, bytes.length % count);
    const part = bytes.subarray(start, start + size + (i < bytes.length % count ? 1 : 0));
    if (elide && part.length === 0) continue;
    await pieces.next();
    await pieces.write(part);
  }
}
