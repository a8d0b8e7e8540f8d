/** Backslash escapes as bash decodes them: echo -e, printf's format and %b, and $'…'. */
import { concat, encode } from '../uapi/bytes.ts';
import type { Bytes } from '../uapi/types.ts';

const LETTERS: Readonly<Record<string, number>> = { a: 7, b: 8, e: 27, E: 27, f: 12, n: 10, r: 13, t: 9, v: 11, '\\': 92 };

/** `octal`: echo and %b want a zero in front of octal digits; printf's format and $'…' do not. */
function decodeEscapes(text: string, octal: RegExp, more = ''): { bytes: Bytes; stopped: boolean } {
  const out: Bytes[] = [];
  let at = 0;
  for (const found of text.matchAll(/\\([\s\S])/g)) {
    if (found.index < at) continue;
    out.push(encode(text.slice(at, found.index)));
    const rest = text.slice(found.index + 1);
    if (rest[0] === 'c' && more === '') return { bytes: concat(out), stopped: true };
    const [bytes, length] = one(rest, octal, more);
    out.push(bytes);
    at = found.index + 1 + length;
  }
  out.push(encode(text.slice(at)));
  return { bytes: concat(out), stopped: false };
}

/** The escape behind a backslash: its bytes, and how many characters it took. */
function one(rest: string, octal: RegExp, more: string): readonly [Bytes, number] {
  const letter = rest[0] ?? '';
  const digits = octal.exec(rest)?.[0];
  if (digits !== undefined) return [Uint8Array.of(Number.parseInt(digits, 8) & 0xff), digits.length];
  const hex = /^x([0-9a-fA-F]{1,2})/.exec(rest)?.[1];
  if (hex !== undefined) return [Uint8Array.of(Number.parseInt(hex, 16)), 1 + hex.length];
  const unicode = /^(?:u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8}))/.exec(rest);
  const point = Number.parseInt(unicode?.[1] ?? unicode?.[2] ?? '', 16);
  if (unicode !== null && point <= 0x10ffff && !(point >= 0xd800 && point < 0xe000))
    return [encode(String.fromCodePoint(point)), unicode[0].length];
  const byte = LETTERS[letter];
  if (byte !== undefined) return [Uint8Array.of(byte), 1];
  return more.includes(letter) && letter !== '' ? [encode(letter), 1] : [encode(`\\${letter}`), letter.length];
}

/** echo -e and %b. `stopped`: \c ends all output. */
export const echoEscapes = (text: string): { bytes: Bytes; stopped: boolean } => decodeEscapes(text, /^0[0-7]{0,3}/);
/** printf's format. */
export const formatEscapes = (text: string): Bytes => decodeEscapes(text, /^[0-7]{1,3}/, '"\'?').bytes;

/** $'…': a zero byte ends the string. */
export function ansiC(text: string): Bytes {
  const { bytes } = decodeEscapes(text, /^[0-7]{1,3}/, '"\'?');
  const nul = bytes.indexOf(0);
  return nul < 0 ? bytes : bytes.subarray(0, nul);
}
