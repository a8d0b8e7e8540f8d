/** head(1). */
import { type Errno, IS_ERR } from '../../uapi/errno.ts';
import { SEEK_CUR } from '../../uapi/fcntl.ts';
import type { Bytes, Fd } from '../../uapi/types.ts';
import { command, eachInput, type Io } from '../lib/command.ts';
import type { ParsedOption } from '../lib/getopt.ts';
import { type Count, countOf, Headers } from '../lib/head-tail.ts';
import { BUFSIZ } from '../lib/stdio.ts';

export const main = command(
  {
    name: 'head',
    usage: ['[OPTION]... [FILE]...'],
    summary: 'Prints the first 10 lines of each file.',
    options: [
      ['-c, --bytes=[-]NUM', 'the first NUM bytes; with - all but the last NUM'],
      ['-n, --lines=[-]NUM', 'the first NUM lines; with - all but the last NUM'],
      ['-q, --quiet', 'no headers with file names'],
      ['--silent', 'the same'],
      ['-v, --verbose', 'always headers with file names'],
      ['-z, --zero-terminated', 'lines end with NUL'],
    ],
    special: oldStyle,
  },
  async (io, options, operands) => {
    const count = countOf(io, options, { unit: 'lines', amount: 10, sign: '' });
    const headers = new Headers(io, options, operands.length > 1);
    const delimiter = options.has('z') ? 0 : 10;
    await eachInput(
      io,
      operands,
      async (fd, name) => {
        headers.print(name);
        return await (count.sign === '-' ? allButLast(io, fd, count, delimiter) : first(io, fd, count, delimiter));
      },
      (name) => `cannot open ${io.quoteAlways(name)} for reading`,
      (name) => `error reading ${io.quoteAlways(name === '-' ? 'standard input' : name)}`,
    );
    return undefined;
  },
);

/** "-5", "-5q", "-20c". */
function oldStyle(argument: string): readonly ParsedOption[] | null {
  const m = /^-(\d+)([bkm]?)([clqvz]*)$/.exec(argument);
  if (!m) return null;
  const bytes = (m[3] ?? '').includes('c') || m[2] !== '';
  const others = [...(m[3] ?? '')].filter((letter) => 'qvz'.includes(letter)).map((key) => ({ key, value: null }));
  return [{ key: bytes ? 'c' : 'n', value: `${m[1]}${m[2]}` }, ...others];
}

async function first(io: Io, fd: Fd, count: Count, delimiter: number): Promise<0 | Errno> {
  let left = count.amount;
  while (left > 0) {
    const chunk = await io.sys.read(fd, count.unit === 'bytes' ? Math.min(BUFSIZ, left) : BUFSIZ);
    if (IS_ERR(chunk)) return chunk;
    if (chunk.length === 0) return 0;
    const taken = count.unit === 'bytes' ? { end: Math.min(left, chunk.length), left: left - chunk.length } : lines(chunk, left, delimiter);
    left = taken.left;
    await io.stdout.write(chunk.subarray(0, taken.end));
    if (io.stdout.error) return 0;
    // What follows is left for who reads next from the same open file.
    if (taken.end < chunk.length) io.sys.lseek(fd, taken.end - chunk.length, SEEK_CUR);
  }
  return 0;
}

function lines(chunk: Bytes, wanted: number, delimiter: number): { end: number; left: number } {
  let left = wanted;
  for (let at = chunk.indexOf(delimiter); at >= 0; at = chunk.indexOf(delimiter, at + 1)) {
    if (--left === 0) return { end: at + 1, left };
  }
  return { end: chunk.length, left };
}

/** Holds back as many chunks as the last NUM bytes or lines may take. */
async function allButLast(io: Io, fd: Fd, count: Count, delimiter: number): Promise<0 | Errno> {
  const held: Bytes[] = [];
  let inHeld = 0;
  const measure = (chunk: Bytes): number => (count.unit === 'bytes' ? chunk.length : countOfByte(chunk, delimiter));
  for (;;) {
    const chunk = await io.sys.read(fd, BUFSIZ);
    if (IS_ERR(chunk)) return chunk;
    if (chunk.length === 0) break;
    held.push(chunk);
    inHeld += measure(chunk);
    for (let oldest = held[0]; oldest && inHeld - measure(oldest) > count.amount; oldest = held[0]) {
      inHeld -= measure(oldest);
      held.shift();
      await io.stdout.write(oldest);
    }
  }
  printHeld(io, held, count, delimiter);
  return 0;
}

function printHeld(io: Io, held: readonly Bytes[], count: Count, delimiter: number): void {
  const total = held.reduce((n, c) => n + c.length, 0);
  let keep = count.unit === 'bytes' ? total - count.amount : endOfKept(held, count.amount, delimiter, total);
  for (const chunk of held) {
    if (keep <= 0) return;
    io.stdout.put(chunk.subarray(0, Math.min(keep, chunk.length)));
    keep -= chunk.length;
  }
}

/** Where the last `amount` lines begin. */
function endOfKept(held: readonly Bytes[], amount: number, delimiter: number, total: number): number {
  if (amount === 0) return total;
  let base = total;
  let seen = 0;
  for (const chunk of held.toReversed()) {
    base -= chunk.length;
    for (let i = chunk.length - 1; i >= 0; i--) {
      const isLast = base + i === total - 1;
      if (isLast && chunk[i] !== delimiter) seen++;
      else if (chunk[i] === delimiter && !isLast && seen >= amount) return base + i + 1;
      else if (chunk[i] === delimiter) seen++;
      if (seen > amount) return base + i + 1;
    }
  }
  return 0;
}

function countOfByte(chunk: Bytes, byte: number): number {
  let n = 0;
  for (let at = chunk.indexOf(byte); at >= 0; at = chunk.indexOf(byte, at + 1)) n++;
  return n;
}
