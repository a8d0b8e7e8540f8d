/** wc(1). */
import { type Errno, IS_ERR } from '../../uapi/errno.ts';
import { O_RDONLY } from '../../uapi/fcntl.ts';
import { S_ISREG } from '../../uapi/stat.ts';
import type { Bytes, Fd } from '../../uapi/types.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { UsageError } from '../lib/error.ts';
import { displayWidth } from '../lib/quote.ts';
import { BUFSIZ, LineReader } from '../lib/stdio.ts';

export const main = command(
  {
    name: 'wc',
    usage: ['[OPTION]... [FILE]...', '[OPTION]... --files0-from=F'],
    summary: 'Counts lines, words and bytes.',
    options: [
      ['-c, --bytes', 'bytes'],
      ['-m, --chars', 'characters'],
      ['-l, --lines', 'newlines'],
      ['--files0-from=F', 'take NUL-terminated file names from F'],
      ['-L, --max-line-length', 'the width of the widest line'],
      ['-w, --words', 'words'],
    ],
  },
  async (io, options, operands) => {
    const files = await filesOf(io, options, operands);
    const wanted = wantedOf(options);
    const width = numberWidth(io, files, wanted);
    const total = new Counter(io.charset.utf8, wanted);
    for (const name of files) {
      const counts = await count(io, name === '' ? '-' : name, wanted);
      if (!counts) continue;
      total.add(counts);
      io.stdout.put(row(counts, wanted, width, name));
    }
    if (files.length > 1) io.stdout.put(row(total, wanted, width, 'total'));
    return undefined;
  },
);

interface Wanted {
  readonly lines: boolean;
  readonly words: boolean;
  readonly chars: boolean;
  readonly bytes: boolean;
  readonly longest: boolean;
}

function wantedOf(options: Options): Wanted {
  const any = options.last('c', 'm', 'l', 'w', 'L') !== null;
  return {
    lines: !any || options.has('l'),
    words: !any || options.has('w'),
    chars: options.has('m'),
    bytes: !any || options.has('c'),
    longest: options.has('L'),
  };
}

/** An empty name stands for standard input without a name. */
async function filesOf(io: Io, options: Options, operands: readonly string[]): Promise<readonly string[]> {
  const from = options.value('files0-from');
  if (from === null) return operands.length === 0 ? [''] : operands;
  if (operands.length > 0) {
    throw new UsageError(`extra operand ${io.quoteAlways(operands[0] ?? '')}\nfile operands cannot be combined with --files0-from`);
  }
  const fd = from === '-' ? 0 : await io.sys.open(from, O_RDONLY);
  if (IS_ERR(fd)) {
    await io.fail(`cannot open ${io.quoteAlways(from)} for reading`, fd);
    return [];
  }
  const reader = new LineReader(io.sys, fd, io.charset, '\0');
  const names: string[] = [];
  for (let name = await reader.next(); typeof name === 'string'; name = await reader.next()) names.push(io.charset.toArgument(name));
  return names;
}

/** Columns are as wide as the sum of the sizes needs; 7 where a size is not known before reading. */
function numberWidth(io: Io, files: readonly string[], wanted: Wanted): number {
  if (files.length === 1 && Object.values(wanted).filter(Boolean).length === 1) return 1;
  let total = 0;
  let least = 1;
  for (const name of files) {
    const st = name === '' || name === '-' ? io.sys.fstat(0) : io.sys.stat(name);
    if (IS_ERR(st)) continue;
    if (S_ISREG(st.st_mode)) total += st.st_size;
    else least = 7;
  }
  return Math.max(least, String(total).length);
}

async function count(io: Io, name: string, wanted: Wanted): Promise<Counter | null> {
  const fd = name === '-' ? 0 : await io.sys.open(name, O_RDONLY);
  if (IS_ERR(fd)) {
    await io.fail(io.quoteIfNeeded(name), fd);
    return null;
  }
  const counter = new Counter(io.charset.utf8, wanted);
  const error = await feed(io, fd, counter);
  if (error) await io.fail(io.quoteIfNeeded(name), error);
  if (fd !== 0) io.sys.close(fd);
  return counter;
}

async function feed(io: Io, fd: Fd, counter: Counter): Promise<0 | Errno> {
  for (;;) {
    const chunk = await io.sys.read(fd, BUFSIZ);
    if (IS_ERR(chunk)) return chunk;
    if (chunk.length === 0) break;
    counter.feed(chunk, io.charset.decode);
  }
  counter.end();
  return 0;
}

class Counter {
  lines = 0;
  words = 0;
  chars = 0;
  bytes = 0;
  longest = 0;
  private inWord = false;
  private column = 0;

  constructor(
    private readonly utf8: boolean,
    private readonly wanted: Wanted,
  ) {}

  feed(chunk: Bytes, decode: (bytes: Bytes) => string): void {
    this.bytes += chunk.length;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) this.lines++;
    if (this.wanted.words) this.countWords(chunk);
    if (this.wanted.chars) this.chars += this.utf8 ? characters(chunk) : chunk.length;
    if (this.wanted.longest) this.measure(chunk, decode);
  }

  end(): void {
    this.longest = Math.max(this.longest, this.column);
  }

  add(other: Counter): void {
    this.lines += other.lines;
    this.words += other.words;
    this.chars += other.chars;
    this.bytes += other.bytes;
    this.longest = Math.max(this.longest, other.longest);
  }

  private countWords(chunk: Bytes): void {
    for (let i = 0; i < chunk.length; i++) {
      const b = chunk[i] as number;
      if (b === 32 || (b >= 9 && b <= 13)) this.inWord = false;
      else if (!this.inWord && (this.utf8 ? b > 32 && b !== 127 : b > 32 && b < 127)) {
        this.inWord = true;
        this.words++;
      }
    }
  }

  /** Tabs go to the next multiple of eight; a line split between chunks goes on. */
  private measure(chunk: Bytes, decode: (bytes: Bytes) => string): void {
    for (const c of decode(chunk)) {
      if (c === '\n' || c === '\r' || c === '\f') {
        this.longest = Math.max(this.longest, this.column);
        this.column = 0;
      } else if (c === '\t') this.column += 8 - (this.column % 8);
      else if (c >= ' ' && c !== '\x7f' && (this.utf8 || c < '\x7f')) this.column += this.utf8 ? displayWidth(c) : 1;
    }
  }
}

/** Bytes that do not continue a character. */
function characters(chunk: Bytes): number {
  let n = 0;
  for (let i = 0; i < chunk.length; i++) if (((chunk[i] as number) & 0xc0) !== 0x80) n++;
  return n;
}

function row(counts: Counter, wanted: Wanted, width: number, name: string): string {
  const numbers: number[] = [];
  if (wanted.lines) numbers.push(counts.lines);
  if (wanted.words) numbers.push(counts.words);
  if (wanted.chars) numbers.push(counts.chars);
  if (wanted.bytes) numbers.push(counts.bytes);
  if (wanted.longest) numbers.push(counts.longest);
  return `${numbers.map((n) => String(n).padStart(width)).join(' ')}${name === '' ? '' : ` ${name}`}\n`;
}
