/** The locale's character set: in C a character is a byte, under UTF-8 it is a code point. Everything else of a locale is C's. */
import { decode, encode, fromLatin1, latin1 } from '../../uapi/bytes.ts';
import type { Bytes } from '../../uapi/types.ts';
import { getenv } from './environ.ts';

export interface Charset {
  readonly utf8: boolean;
  decode(bytes: Bytes): string;
  encode(text: string): Bytes;
  /** A program argument or file name as text of this character set, and back. */
  fromArgument(argument: string): string;
  toArgument(text: string): string;
}

const same = (text: string): string => text;
const utf8: Charset = { utf8: true, decode, encode, fromArgument: same, toArgument: same };

const bytewise: Charset = {
  utf8: false,
  decode: (bytes) => (isAscii(bytes) ? decode(bytes) : latin1(bytes)),
  encode: (text) => (isAsciiText(text) ? encode(text) : fromLatin1(text)),
  fromArgument: (argument) => (isAsciiText(argument) ? argument : latin1(encode(argument))),
  toArgument: (text) => (isAsciiText(text) ? text : decode(fromLatin1(text))),
};

function isAscii(bytes: Bytes): boolean {
  for (let i = 0; i < bytes.length; i++) if ((bytes[i] as number) > 127) return false;
  return true;
}
function isAsciiText(text: string): boolean {
  return !/[^\0-\x7f]/.test(text);
}

/** As setlocale(LC_CTYPE, "") would choose. */
export function charsetOf(envp: readonly string[]): Charset {
  const locale = getenv(envp, 'LC_ALL') || getenv(envp, 'LC_CTYPE') || getenv(envp, 'LANG') || 'C';
  return /utf-?8/i.test(locale) ? utf8 : bytewise;
}
