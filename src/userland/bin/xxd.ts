/** xxd(1): a hex dump, or the bytes of one. */
import { IS_ERR } from '../../uapi/errno.ts';
import { O_CREAT, O_RDONLY, O_TRUNC, O_WRONLY, SEEK_END, SEEK_SET } from '../../uapi/fcntl.ts';
import type { Bytes, Fd } from '../../uapi/types.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { HEX, printable, UPPER_HEX } from '../lib/dump.ts';
import { Failure } from '../lib/error.ts';
import { LineReader, Output } from '../lib/stdio.ts';

export const main = command(
  {
    name: 'xxd',
    usage: ['[options] [infile [outfile]]', '-r [-s [-]offset] [-c cols] [-ps] [infile [outfile]]'],
    summary: 'Prints a hex dump of a file, or makes the file of a hex dump.',
    options: [
      ['-a', 'a single * for lines of NUL'],
      ['-b', 'bits'],
      ['-c COLS', 'bytes a line: 16 (-i: 12, -ps: 30)'],
      ['-d', 'offsets in decimal'],
      ['-e', 'little-endian groups'],
      ['-g BYTES', 'bytes a group: 2 (-e: 4, -b: 1)'],
      ['-i', 'as C'],
      ['-l LEN', 'stop after so many bytes'],
      ['-n NAME', 'the name of the variable for -i'],
      ['-o OFF', 'add to the offsets shown'],
      ['-p', 'plain'],
      ['-r', 'the other way round'],
      ['-s SEEK', 'start here'],
      ['-u', 'upper case'],
      ['-h', 'show this text'],
      ['-v', 'show the version'],
    ],
    follows: 'xxd 2022-01-14',
    shortName: true,
    special: wordOption,
    hint: (io) => `Usage:\n       ${io.name} [options] [infile [outfile]]\n`,
  },
  async (io, options, operands) => {
    const [input = '-', output = '-'] = operands;
    const fd = input === '-' ? 0 : await io.sys.open(input, O_RDONLY);
    if (IS_ERR(fd)) throw new Failure(`${input}: ${fd.message}`, 2);
    const out = await outputOf(io, output, options.has('r'));
    if (options.has('r')) await revert(io, options, fd, out);
    else await dump(io, options, fd, out, input);
    await out.flush();
    return undefined;
  },
);

const WORDS: Readonly<Record<string, string>> = {
  autoskip: 'a',
  bits: 'b',
  cols: 'c',
  decimal: 'd',
  groupsize: 'g',
  include: 'i',
  len: 'l',
  name: 'n',
  offset: 'o',
  ps: 'p',
  postscript: 'p',
  plain: 'p',
  revert: 'r',
  seek: 's',
  skip: 's',
  upper: 'u',
  uppercase: 'u',
};

/** "-ps", "-cols 8" glued as "-c8": xxd does not bundle letters. */
function wordOption(argument: string): { key: string; value: string | null } | null {
  const word = argument.replace(/^--?/, '');
  const key = WORDS[word];
  return key !== undefined && !'cglnos'.includes(key) ? { key, value: null } : null;
}

async function outputOf(io: Io, name: string, keep: boolean): Promise<Output> {
  if (name === '-') return io.stdout;
  const fd = await io.sys.open(name, O_WRONLY | O_CREAT | (keep ? 0 : O_TRUNC), 0o666);
  if (IS_ERR(fd)) throw new Failure(`${name}: ${fd.message}`, 3);
  return new Output(io.sys, fd);
}

/** Numbers as strtol(3) reads them: decimal, 0x…, 0…. */
function number(options: Options, key: string, standard: number): number {
  const text = options.value(key);
  if (text === null) return standard;
  const m = /^([-+]*)(0x[0-9a-f]+|\d+)/i.exec(text);
  const digits = m?.[2] ?? '0';
  const value = Number(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  return m?.[1]?.includes('-') ? -value : value;
}

async function dump(io: Io, options: Options, fd: Fd, out: Output, input: string): Promise<void> {
  const kind = options.last('p', 'i', 'b', 'e') ?? 'x';
  const columns = number(options, 'c', { p: 30, i: 12, b: 6, e: 16, x: 16 }[kind as 'x']) || (kind === 'p' ? Number.POSITIVE_INFINITY : 16);
  if (columns < 1 || (columns > 256 && kind !== 'p')) throw new Failure('invalid number of columns (max. 256).', 1);
  const start = await seek(io, fd, number(options, 's', 0));
  const lines = new Lines(io, fd, columns, number(options, 'l', Number.POSITIVE_INFINITY));
  const format = formatter(options, kind, columns, start + number(options, 'o', 0));
  if (kind === 'i') return await dumpC(options, lines, out, input);
  const skipper = new Skipper(options.has('a'), out);
  for (let offset = 0; ; offset += columns) {
    const line = await lines.next();
    if (line === null) break;
    skipper.line(format(line, offset), line);
    if (out.full) await out.flush();
    if (out.error) return;
  }
  skipper.end();
}

async function seek(io: Io, fd: Fd, offset: number): Promise<number> {
  if (offset === 0) return 0;
  const at = io.sys.lseek(fd, offset, offset < 0 ? SEEK_END : SEEK_SET);
  if (!IS_ERR(at)) return at;
  if (offset < 0) throw new Failure('Sorry, cannot seek.', 4);
  for (let left = offset; left > 0; ) {
    const chunk = await io.sys.read(fd, left);
    if (IS_ERR(chunk) || chunk.length === 0) throw new Failure('Sorry, cannot seek.', 4);
    left -= chunk.length;
  }
  return offset;
}

/** The input in lines of `columns` bytes. */
class Lines {
  private held: Bytes = new Uint8Array();

  constructor(
    private readonly io: Io,
    private readonly fd: Fd,
    private readonly columns: number,
    private left: number,
  ) {}

  async next(): Promise<Bytes | null> {
    const wanted = Math.min(this.columns, this.left, 1 << 20);
    while (this.held.length < wanted) {
      const chunk = await this.io.sys.read(this.fd, 65536);
      if (IS_ERR(chunk)) throw new Failure(`${chunk.message}`, 2);
      if (chunk.length === 0) break;
      this.held = this.held.length === 0 ? chunk : Uint8Array.from([...this.held, ...chunk]);
    }
    const line = this.held.subarray(0, wanted);
    this.held = this.held.subarray(line.length);
    this.left -= line.length;
    return line.length === 0 ? null : line;
  }
}

type Formatter = (line: Bytes, offset: number) => string;

function formatter(options: Options, kind: string, columns: number, start: number): Formatter {
  const upper = options.has('u');
  const digits = upper ? UPPER_HEX : HEX;
  const hexByte = (b: number): string => digits[b] as string;
  if (kind === 'p') return (line) => `${Array.from(line, hexByte).join('')}\n`;
  const cell = kind === 'b' ? (b: number) => b.toString(2).padStart(8, '0') : hexByte;
  const group = number(options, 'g', kind === 'b' ? 1 : kind === 'e' ? 4 : 2) || columns;
  const cells = kind === 'b' ? 8 : 2;
  const width = cells * columns + Math.ceil(columns / group) - 1;
  const address = (at: number): string => (options.has('d') ? String(at) : at.toString(16)).padStart(8, '0');
  const body = kind === 'e' ? (line: Bytes) => littleEndian(line, group, hexByte) : (line: Bytes) => grouped(line, group, cell);
  return (line, offset) => `${address(start + offset)}: ${body(line).padEnd(width)}  ${printable(line)}\n`;
}

function grouped(line: Bytes, group: number, cell: (b: number) => string): string {
  let out = '';
  for (let i = 0; i < line.length; i++) out += (i > 0 && i % group === 0 ? ' ' : '') + cell(line[i] as number);
  return out;
}

function littleEndian(line: Bytes, group: number, cell: (b: number) => string): string {
  const groups: string[] = [];
  for (let i = 0; i < line.length; i += group) {
    const bytes = [...line.subarray(i, i + group)];
    groups.push('  '.repeat(group - bytes.length) + bytes.reverse().map(cell).join(''));
  }
  return groups.join(' ');
}

/** -a: one "*" for lines of NUL between the first and the last of a run. */
class Skipper {
  private zeros = 0;
  private last = '';

  constructor(
    private readonly wanted: boolean,
    private readonly out: Output,
  ) {}

  line(text: string, bytes: Bytes): void {
    if (!this.wanted || bytes.some((b) => b !== 0)) {
      this.end();
      this.out.put(text);
      return;
    }
    if (++this.zeros === 1) this.out.put(text);
    this.last = text;
  }

  end(): void {
    if (this.zeros === 2) this.out.put(this.last);
    else if (this.zeros > 2) this.out.put(`*\n${this.last}`);
    this.zeros = 0;
  }
}

async function dumpC(options: Options, lines: Lines, out: Output, input: string): Promise<void> {
  const name = options.value('n') ?? (input === '-' ? null : input);
  const variable = name?.replace(/[^A-Za-z0-9_]/g, '_').replace(/^(?=\d)/, '__');
  const upper = options.has('u');
  if (variable !== undefined) out.put(`unsigned char ${variable}[] = {\n`);
  let total = 0;
  for (let line = await lines.next(); line !== null; line = await lines.next()) {
    const bytes = Array.from(
      line,
      (b) => `0${upper ? 'X' : 'x'}${(upper ? b.toString(16).toUpperCase() : b.toString(16)).padStart(2, '0')}`,
    );
    out.put(`${total > 0 ? ',\n' : ''}  ${bytes.join(', ')}`);
    total += line.length;
    if (out.full) await out.flush();
  }
  if (total > 0) out.put('\n');
  if (variable !== undefined) out.put(`};\nunsigned int ${variable}_len = ${total};\n`);
}

/** Reads hex digits back. A line of a dump begins with its offset; what follows two blanks is for people. */
async function revert(io: Io, options: Options, fd: Fd, out: Output): Promise<void> {
  const reader = new LineReader(io.sys, fd, { decode: io.charset.decode, encode: io.charset.encode });
  const shift = number(options, 's', 0);
  let at = 0;
  for (;;) {
    const line = await reader.next();
    if (IS_ERR(line)) throw new Failure(line.message, 2);
    if (line === undefined) return;
    const digits = options.has('p') ? (/^[\s0-9a-f]*/i.exec(line)?.[0] ?? '') : null;
    const parsed = digits === null ? dumpLine(line) : { offset: at, bytes: hexBytes(digits) };
    if (!parsed) continue;
    at = moveTo(out, at, parsed.offset + shift);
    out.put(Uint8Array.from(parsed.bytes));
    at += parsed.bytes.length;
    if (out.full) await out.flush();
  }
}

function dumpLine(line: string): { offset: number; bytes: number[] } | null {
  const m = /^\s*([0-9a-f]+):(.*)$/i.exec(line);
  if (!m) return null;
  const body = (m[2] ?? '').replace(/^ /, '').split(/ {2}/)[0] ?? '';
  return { offset: Number.parseInt(m[1] as string, 16), bytes: hexBytes(body) };
}

function hexBytes(text: string): number[] {
  const digits = text.replace(/\s/g, '').replace(/[^0-9a-f].*$/i, '');
  return (digits.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
}

/** A gap is filled with NULs. */
function moveTo(out: Output, at: number, wanted: number): number {
  if (wanted === at) return at;
  if (wanted < at) throw new Failure('Sorry, cannot seek backwards.', 5);
  out.put(new Uint8Array(wanted - at));
  return wanted;
}
