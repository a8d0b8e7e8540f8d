/** od(1). */
import type { Bytes } from '../../uapi/types.ts';
import { ByteSource } from '../lib/byte-source.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { printable } from '../lib/dump.ts';
import { Failure } from '../lib/error.ts';
import { parseSize } from '../lib/humanize.ts';
import { type Format, parseFormats } from './od-formats.ts';

/** The traditional letters are types of their own. */
const TRADITIONAL: Readonly<Record<string, string>> = {
  a: 'a',
  b: 'o1',
  c: 'c',
  d: 'u2',
  D: 'u4',
  e: 'fD',
  f: 'fF',
  F: 'fD',
  h: 'x2',
  H: 'x4',
  i: 'dI',
  I: 'dL',
  l: 'dL',
  L: 'dL',
  o: 'o2',
  O: 'o4',
  s: 'd2',
  x: 'x2',
  X: 'x4',
};

export const main = command(
  {
    name: 'od',
    usage: ['[OPTION]... [FILE]...'],
    summary: 'Prints the bytes of files, in octal unless told.',
    options: [
      ['-A, --address-radix=RADIX', 'offsets in d, o, x, or n for none'],
      ['--endian=big|little', 'order of bytes within numbers'],
      ['-j, --skip-bytes=BYTES', 'start here'],
      ['-N, --read-bytes=BYTES', 'only so many bytes'],
      ['-S, --strings=BYTES', 'not supported here'],
      ['-t, --format=TYPE', 'a, c, d[SIZE], f[SIZE], o[SIZE], u[SIZE], x[SIZE]; z adds the characters'],
      ['-v, --output-duplicates', 'show lines that repeat'],
      ['-w, --width[=BYTES]', 'bytes a line (16; 32 unless said)'],
      ...Object.entries(TRADITIONAL).map(([letter, type]) => [`-${letter}`, `the same as -t ${type}`] as const),
    ],
  },
  async (io, options, operands) => {
    if (options.has('S')) throw new Failure('strings (-S) are not supported');
    const formats = formatsOf(io, options);
    const skip = bytesOf(io, options, 'j') ?? 0;
    const source = new ByteSource(io, operands, bytesOf(io, options, 'N') ?? Number.POSITIVE_INFINITY);
    if (!(await source.skip(skip))) throw new Failure('cannot skip past end of combined input');
    await dump(io, options, source, formats, skip);
    return undefined;
  },
);

function formatsOf(io: Io, options: Options): Format[] {
  const texts = options.list.flatMap(({ key, value }) => (key === 't' ? [value ?? ''] : (TRADITIONAL[key] ?? [])));
  return (texts.length === 0 ? ['o2'] : texts).flatMap((text) => {
    const formats = parseFormats(text, options.value('endian') === 'big');
    if (typeof formats === 'string') throw new Failure(formats.replace('%s', io.quote(text)));
    return formats;
  });
}

function bytesOf(io: Io, options: Options, key: 'j' | 'N' | 'w'): number | null {
  const text = options.value(key);
  if (text === null) return null;
  const value = /^0x[0-9a-f]+$/i.test(text) ? Number(text) : /^0[0-7]+$/.test(text) ? Number(`0o${text}`) : parseSize(text);
  if (value === null) throw new Failure(`invalid -${key} argument ${io.quote(text)}`);
  return value;
}

async function dump(io: Io, options: Options, source: ByteSource, formats: readonly Format[], start: number): Promise<void> {
  const width = options.has('w') ? (bytesOf(io, options, 'w') ?? 32) : lineWidth(formats);
  const cells = columnWidth(formats);
  const address = addressOf(io, options);
  let offset = start;
  let last: Bytes | null = null;
  let starred = false;
  for (;;) {
    const line = await source.take(width);
    if (line.length === 0) break;
    if (!options.has('v') && last && line.length === width && last.every((b, i) => b === line[i])) {
      if (!starred) io.stdout.put('*\n');
      starred = true;
    } else {
      io.stdout.put(lines(line, formats, width, cells, address(offset)));
      starred = false;
    }
    last = line;
    offset += line.length;
    if (io.stdout.full) await io.stdout.flush();
    if (io.stdout.error) return;
  }
  const end = address(offset);
  if (end !== '' && source.opened > 0) io.stdout.put(`${end}\n`);
}

/** 16, or the next multiple of every size. */
function lineWidth(formats: readonly Format[]): number {
  const unit = Math.max(...formats.map((f) => f.size));
  return unit > 16 ? unit : 16 - (16 % unit);
}

/** Columns a byte takes, so that several formats align. */
function columnWidth(formats: readonly Format[]): number {
  return Math.max(...formats.map((f) => (f.width + 1) / f.size));
}

function addressOf(io: Io, options: Options): (offset: number) => string {
  const radix = options.value('A') ?? 'o';
  switch (radix[0]) {
    case 'n':
      return () => '';
    case 'd':
      return (offset) => String(offset).padStart(7, '0');
    case 'o':
      return (offset) => offset.toString(8).padStart(7, '0');
    case 'x':
      return (offset) => offset.toString(16).padStart(6, '0');
    default:
      throw new Failure(`invalid output address radix ${io.quote(radix)}; it must be one character from [doxn]`);
  }
}

function lines(line: Bytes, formats: readonly Format[], width: number, cells: number, address: string): string {
  return formats.map((format, i) => `${i === 0 ? address : ' '.repeat(address.length)}${row(line, format, width, cells)}\n`).join('');
}

/** A last piece that is too short is filled with NULs. */
function whole(piece: Bytes, size: number): Bytes {
  if (piece.length === size) return piece;
  const filled = new Uint8Array(size);
  filled.set(piece);
  return filled;
}

function row(line: Bytes, format: Format, width: number, cells: number): string {
  const room = Math.round(cells * format.size);
  let out = '';
  for (let i = 0; i < line.length; i += format.size) {
    out += format.show(whole(line.subarray(i, i + format.size), format.size)).padStart(room);
  }
  if (!format.characters) return out;
  const missing = Math.ceil((width - line.length) / format.size) * room;
  return `${out}${' '.repeat(Math.max(0, missing))}  >${printable(line)}<`;
}
