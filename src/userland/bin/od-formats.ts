/** od(1)'s types: how a few bytes are shown. */
import type { Bytes } from '../../uapi/types.ts';

export interface Format {
  /** Bytes a cell. */
  readonly size: number;
  /** Characters the widest value takes. */
  readonly width: number;
  /** The z suffix. */
  readonly characters: boolean;
  show(bytes: Bytes): string;
}

const SIZES: Readonly<Record<string, number>> = { C: 1, S: 2, I: 4, L: 8, F: 4, D: 8 };

const NAMED = 'nul soh stx etx eot enq ack bel bs ht nl vt ff cr so si dle dc1 dc2 dc3 dc4 nak syn etb can em sub esc fs gs rs us sp'.split(
  ' ',
);
const ESCAPED: Readonly<Record<number, string>> = { 0: '\\0', 7: '\\a', 8: '\\b', 9: '\\t', 10: '\\n', 11: '\\v', 12: '\\f', 13: '\\r' };

/** "x1z", "d4u2", "c": or a message with %s for the text. */
export function parseFormats(text: string, bigEndian: boolean): Format[] | string {
  const formats: Format[] = [];
  const pattern = /([acdfoux])(\d+|[CSILFDH])?(z?)/y;
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex;
    const m = pattern.exec(text);
    if (!m) return `invalid character '${text[at]}' in type string %s`;
    const [, letter = '', sizeText, z] = m;
    const size = sizeText === undefined ? defaultSize(letter) : (SIZES[sizeText] ?? Number(sizeText));
    if (letter === 'a' || letter === 'c') formats.push(character(letter, z === 'z'));
    else {
      const format = number(letter, size, z === 'z', bigEndian);
      if (!format)
        return `invalid type string %s;\nthis system doesn't provide a ${size}-byte ${letter === 'f' ? 'floating point' : 'integral'} type`;
      formats.push(format);
    }
  }
  return formats.length === 0 ? 'invalid type string %s' : formats;
}

function defaultSize(letter: string): number {
  return letter === 'f' ? 8 : 4;
}

function character(letter: string, characters: boolean): Format {
  const show = letter === 'a' ? named : escaped;
  return { size: 1, width: 3, characters, show: (bytes) => show(bytes[0] as number) };
}

function named(byte: number): string {
  const low = byte & 127;
  return low === 127 ? 'del' : (NAMED[low] ?? String.fromCharCode(low));
}

function escaped(byte: number): string {
  return ESCAPED[byte] ?? (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : byte.toString(8).padStart(3, '0'));
}

/** Digits of the largest value. */
const DECIMAL_WIDTH: Readonly<Record<number, number>> = { 1: 3, 2: 5, 4: 10, 8: 20 };

function number(letter: string, size: number, characters: boolean, bigEndian: boolean): Format | null {
  if (letter === 'f') return float(size, characters, bigEndian);
  if (![1, 2, 4, 8].includes(size)) return null;
  const bits = size * 8;
  const value = valueReader(size, bigEndian);
  switch (letter) {
    case 'o': {
      const width = Math.ceil(bits / 3);
      return { size, width, characters, show: (bytes) => value(bytes).toString(8).padStart(width, '0') };
    }
    case 'x':
      return {
        size,
        width: size * 2,
        characters,
        show: (bytes) =>
          value(bytes)
            .toString(16)
            .padStart(size * 2, '0'),
      };
    case 'u':
      return { size, width: DECIMAL_WIDTH[size] as number, characters, show: (bytes) => String(value(bytes)) };
    default: {
      const width = size === 8 ? 20 : (DECIMAL_WIDTH[size] as number) + 1;
      return { size, width, characters, show: (bytes) => String(BigInt.asIntN(bits, BigInt(value(bytes)))) };
    }
  }
}

/** The unsigned number that `size` bytes are; big ones as bigint. */
function valueReader(size: number, bigEndian: boolean): (bytes: Bytes) => number | bigint {
  const at = (bytes: Bytes, i: number): number => bytes[bigEndian ? i : size - 1 - i] as number;
  if (size === 1) return (bytes) => bytes[0] as number;
  if (size < 8) {
    return (bytes) => {
      let n = 0;
      for (let i = 0; i < size; i++) n = n * 256 + at(bytes, i);
      return n;
    };
  }
  return (bytes) => {
    let n = 0n;
    for (let i = 0; i < size; i++) n = (n << 8n) | BigInt(at(bytes, i));
    return n;
  };
}

function float(size: number, characters: boolean, bigEndian: boolean): Format | null {
  if (size !== 4 && size !== 8) return null;
  const digits = size === 4 ? 9 : 17;
  return {
    size,
    width: size === 4 ? 15 : 24,
    characters,
    show: (bytes) => {
      const view = new DataView(Uint8Array.from(bytes).buffer);
      return shortest(size === 4 ? view.getFloat32(0, !bigEndian) : view.getFloat64(0, !bigEndian), size, digits);
    },
  };
}

/** The shortest text that reads back as the same value, as od prints it. */
function shortest(value: number, size: number, most: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value < 0 ? '-inf' : 'inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  for (let precision = 1; precision < most; precision++) {
    const text = value.toPrecision(precision);
    if ((size === 4 ? Math.fround(Number(text)) : Number(text)) === value) return tidy(text);
  }
  return tidy(value.toPrecision(most));
}

function tidy(text: string): string {
  const [mantissa = '', exponent] = text.split('e');
  const short = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
  if (exponent === undefined) return short;
  return `${short}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
}
