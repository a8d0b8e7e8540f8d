/** hexdump(1) in its fixed formats; formats of one's own (-e, -f) are not supported and say so. */
import type { Bytes } from '../../uapi/types.ts';
import { ByteSource } from '../lib/byte-source.ts';
import { command, type Options } from '../lib/command.ts';
import { HEX, printable } from '../lib/dump.ts';
import { Failure } from '../lib/error.ts';

const LINE = 16;

export const main = command(
  {
    name: 'hexdump',
    usage: ['[options] <file>...'],
    summary: 'Prints the bytes of files.',
    options: [
      ['-b, --one-byte-octal', 'bytes in octal'],
      ['-c, --one-byte-char', 'bytes as characters'],
      ['-C, --canonical', 'bytes in hexadecimal, and as characters'],
      ['-d, --two-bytes-decimal', 'words in decimal'],
      ['-o, --two-bytes-octal', 'words in octal'],
      ['-x, --two-bytes-hex', 'words in hexadecimal (the default, a little wider)'],
      ['-e, --format=FORMAT', 'not supported here'],
      ['-f, --format-file=FILE', 'not supported here'],
      ['-n, --length=LENGTH', 'only so many bytes'],
      ['-s, --skip=OFFSET', 'start here'],
      ['-v, --no-squeezing', 'show lines that repeat'],
      ['-h', 'show this text'],
      ['-V', 'show the version'],
    ],
    follows: 'util-linux 2.38.1',
    shortName: true,
  },
  async (io, options, operands) => {
    if (options.has('e') || options.has('f')) throw new Failure("formats of one's own (-e, -f) are not supported");
    const source = new ByteSource(io, operands, size(options, 'n') ?? Number.POSITIVE_INFINITY);
    const skip = size(options, 's') ?? 0;
    await source.skip(skip);
    const row = rowOf(options);
    const width = options.has('C') ? 8 : 7;
    let offset = skip;
    let last: Bytes | null = null;
    let starred = false;
    for (;;) {
      const line = await source.take(LINE);
      if (line.length === 0) break;
      if (!options.has('v') && last && line.length === LINE && same(line, last)) {
        if (!starred) io.stdout.put('*\n');
        starred = true;
      } else {
        io.stdout.put(`${offset.toString(16).padStart(width, '0')}${row(line)}\n`);
        starred = false;
      }
      last = line;
      offset += line.length;
      if (io.stdout.full) await io.stdout.flush();
      if (io.stdout.error) return undefined;
    }
    if (source.opened === 0) throw new Failure('all input file arguments failed');
    if (offset > skip) io.stdout.put(`${offset.toString(16).padStart(width, '0')}\n`);
    return undefined;
  },
);

function size(options: Options, key: string): number | null {
  const text = options.value(key);
  if (text === null) return null;
  const m = /^(0x[0-9a-f]+|\d+)([bkmg]?)(?:i?b)?$/i.exec(text);
  if (!m) throw new Failure(`failed to parse ${key === 'n' ? 'length' : 'offset'}: '${text}': Invalid argument`);
  const digits = m[1] as string;
  const value = Number(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  const unit = { '': 1, b: 512, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }[(m[2] ?? '').toLowerCase()] ?? 1;
  return value * unit;
}

function same(a: Bytes, b: Bytes): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return a.length === b.length;
}

type Row = (line: Bytes) => string;

function rowOf(options: Options): Row {
  switch (options.last('b', 'c', 'C', 'd', 'o', 'x')) {
    case 'C':
      return canonical;
    case 'b':
      return bytewise((b) => ` ${b.toString(8).padStart(3, '0')}`, 4);
    case 'c':
      return bytewise((b) => ` ${character(b).padStart(3)}`, 4);
    case 'd':
      return wordwise((w) => `   ${String(w).padStart(5, '0')}`, 8);
    case 'o':
      return wordwise((w) => `  ${w.toString(8).padStart(6, '0')}`, 8);
    case 'x':
      return wordwise((w) => `    ${w.toString(16).padStart(4, '0')}`, 8);
    default:
      return wordwise((w) => ` ${w.toString(16).padStart(4, '0')}`, 5);
  }
}

function canonical(line: Bytes): string {
  let hex = '';
  for (let i = 0; i < line.length; i++) hex += (i % 8 === 0 ? '  ' : ' ') + HEX[line[i] as number];
  return `${hex.padEnd(3 * LINE + 2)}  |${printable(line)}|`;
}

function bytewise(cell: (byte: number) => string, width: number): Row {
  return (line) =>
    Array.from(line, cell)
      .join('')
      .padEnd(width * LINE);
}

/** Little-endian words; an odd last byte is a word of its own. */
function wordwise(cell: (word: number) => string, width: number): Row {
  return (line) => {
    let out = '';
    for (let i = 0; i < line.length; i += 2) out += cell((line[i] as number) | ((line[i + 1] ?? 0) << 8));
    return out.padEnd(width * (LINE / 2));
  };
}

const NAMES: Readonly<Record<number, string>> = { 0: '\\0', 7: '\\a', 8: '\\b', 9: '\\t', 10: '\\n', 11: '\\v', 12: '\\f', 13: '\\r' };

function character(byte: number): string {
  return NAMES[byte] ?? (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : byte.toString(8).padStart(3, '0'));
}
