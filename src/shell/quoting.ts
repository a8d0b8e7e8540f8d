/** The ways bash writes a string so that it can be read back, and how it reads `$'…'`. */
import { decode, encode } from '../uapi/bytes.ts';

const SIMPLE: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  e: 27,
  E: 27,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  '\\': 92,
  "'": 39,
  '"': 34,
  '?': 63,
};

/** The value of the inside of `$'…'`. */
export function ansiCValue(s: string): string {
  return decode(Uint8Array.from(ansiCBytes(s, 'quote').bytes));
}

/**
 * Backslash escapes as bytes. `quote`: `$'…'`; `echo`: echo -e (octal needs a 0); `format`: printf's format; `%b` as echo but
 * octal also without 0. A NUL ends `$'…'`; `\c` ends the others.
 */
export function ansiCBytes(s: string, kind: 'quote' | 'echo' | 'format' | '%b'): { readonly bytes: number[]; readonly stopped: boolean } {
  const bytes: number[] = [];
  for (let i = 0; i < s.length; ) {
    const c = s[i] as string;
    if (c !== '\\' || i + 1 >= s.length) {
      const ch = String.fromCodePoint(s.codePointAt(i) as number);
      bytes.push(...encode(ch));
      i += ch.length;
      continue;
    }
    const e = readEscape(s, i + 1, kind);
    if (e.stop) return { bytes, stopped: true };
    bytes.push(...e.bytes);
    i = e.next;
  }
  return { bytes, stopped: false };
}

/** `\u…` beyond ASCII with its backslash doubled, as bash leaves it where the locale cannot write it. */
export function unicodeAsText(s: string): string {
  return s.replace(/\\(?:u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|.)/gs, (pair, short?: string, long?: string) => {
    const code = Number.parseInt(short ?? long ?? '0', 16);
    if (code < 0x80) return pair;
    const digits = code.toString(16).toUpperCase();
    return code > 0xffff ? `\\\\U${digits.padStart(8, '0')}` : `\\\\u${digits.padStart(4, '0')}`;
  });
}

interface Escape {
  readonly bytes: readonly number[] | Uint8Array;
  readonly next: number;
  readonly stop?: boolean;
}

export function readEscape(s: string, i: number, kind: 'quote' | 'echo' | 'format' | '%b'): Escape {
  const c = s[i] as string;
  const simple = SIMPLE[c];
  const quoteOnly = c === "'" || c === '"' || c === '?';
  if (simple !== undefined && (!quoteOnly || kind === 'quote' || kind === 'format' || (kind === '%b' && c !== '?')))
    return { bytes: [simple], next: i + 1 };
  if (c === 'x') return hexEscape(s, i, kind);
  if (c === 'u' || c === 'U') {
    const m = (c === 'u' ? /^[0-9a-fA-F]{1,4}/ : /^[0-9a-fA-F]{1,8}/).exec(s.slice(i + 1));
    if (!m) return { bytes: encode(`\\${c}`), next: i + 1 };
    const code = Number.parseInt(m[0], 16);
    return { bytes: code <= 0x10ffff ? encode(String.fromCodePoint(code)) : [], next: i + 1 + m[0].length };
  }
  if (c === 'c') {
    if (kind !== 'quote') return kind === 'format' ? { bytes: [92, 99], next: i + 1 } : { bytes: [], next: i + 1, stop: true };
    const control = s[i + 1];
    if (control === undefined) return { bytes: [92, 99], next: i + 1 };
    return { bytes: [control === '?' ? 0x7f : control.charCodeAt(0) & 0x1f], next: i + 2 };
  }
  const octal =
    kind === 'echo'
      ? /^0[0-7]{0,3}/.exec(s.slice(i))
      : kind === '%b'
        ? /^(?:0[0-7]{0,3}|[1-7][0-7]{0,2})/.exec(s.slice(i))
        : /^[0-7]{1,3}/.exec(s.slice(i));
  if (octal) {
    const value = Number.parseInt(octal[0], 8) & 0xff;
    if (value === 0 && kind === 'quote') return { bytes: [], next: s.length, stop: true };
    return { bytes: [value], next: i + octal[0].length };
  }
  return {
    bytes: encode(`\\${String.fromCodePoint(s.codePointAt(i) as number)}`),
    next: i + String.fromCodePoint(s.codePointAt(i) as number).length,
  };
}

function hexEscape(s: string, i: number, kind: string): Escape {
  const braced = kind === 'quote' ? /^\{([0-9a-fA-F]+)\}?/.exec(s.slice(i + 1)) : null;
  const m = braced ?? /^[0-9a-fA-F]{1,2}/.exec(s.slice(i + 1));
  if (!m) return { bytes: [92, 120], next: i + 1 };
  const value = Number.parseInt(braced ? (m[1] as string) : m[0], 16) & 0xff;
  if (value === 0 && kind === 'quote') return { bytes: [], next: s.length, stop: true };
  return { bytes: [value], next: i + 1 + m[0].length };
}

/** A char that prints in a UTF-8 (or the C) locale. */
export function isPrintable(c: string, utf8: boolean): boolean {
  const code = c.codePointAt(0) as number;
  if (code < 0x20 || code === 0x7f) return false;
  if (code < 0x7f) return true;
  if (!utf8 || (code >= 0xd800 && code <= 0xdfff)) return false;
  return !/[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Zl}\p{Zp}]/u.test(c);
}

const NEEDS_ANSI = /[\x00-\x1f\x7f]|[^\x00-\x7f]/;

/** True when the string has a byte that bash would show through `$'…'`. */
export function needsAnsiC(s: string, utf8: boolean): boolean {
  if (!NEEDS_ANSI.test(s)) return false;
  for (const c of s) if (!isPrintable(c, utf8)) return true;
  return false;
}

const LETTERS: Readonly<Record<number, string>> = { 7: 'a', 8: 'b', 9: 't', 10: 'n', 11: 'v', 12: 'f', 13: 'r', 27: 'E' };

/** `$'…'` */
export function ansiCQuote(s: string, utf8: boolean): string {
  let out = "$'";
  for (const c of s) {
    const code = c.codePointAt(0) as number;
    const letter = LETTERS[code];
    if (letter) out += `\\${letter}`;
    else if (c === "'" || c === '\\') out += `\\${c}`;
    else if (isPrintable(c, utf8)) out += c;
    else for (const b of encode(c)) out += `\\${b.toString(8).padStart(3, '0')}`;
  }
  return `${out}'`;
}

export function singleQuote(s: string): string {
  return `'${s.replaceAll("'", "'\\''")}'`;
}

/** printf %q: backslashes. */
export function backslashQuote(s: string, utf8: boolean): string {
  if (s === '') return "''";
  if (needsAnsiC(s, utf8)) return ansiCQuote(s, utf8);
  const escaped = s.replace(/[ \t!"$&'()*,;<>?[\\\]^`{|}]/g, '\\$&');
  return /^[~#]/.test(escaped) ? `\\${escaped}` : escaped;
}

/** `${x@Q}` and `set`'s quoting of values: single quotes always (Q) or when needed (values). */
export function quoteAlways(s: string, utf8: boolean): string {
  return needsAnsiC(s, utf8) ? ansiCQuote(s, utf8) : singleQuote(s);
}

/** As `set` prints a value. */
export function quoteValue(s: string, utf8: boolean): string {
  if (needsAnsiC(s, utf8)) return ansiCQuote(s, utf8);
  return /[\s'"\\|&;()<>!{}*[\]?^$`#~]/.test(s) ? (/^[#~]|[^#~]/.test(s) && needsSingle(s) ? singleQuote(s) : s) : s;
}

function needsSingle(s: string): boolean {
  return /[\s'"\\|&;()<>!{}*[\]?^$`]/.test(s) || /^[#~]/.test(s) || /[=:]~/.test(s);
}

/** As `declare -p` prints a value. */
export function doubleQuote(s: string, utf8: boolean): string {
  return needsAnsiC(s, utf8) ? ansiCQuote(s, utf8) : `"${s.replace(/["$`\\]/g, '\\$&')}"`;
}

/** A name as error messages show it: only what does not print is quoted. */
export function printable(s: string, utf8: boolean): string {
  return needsAnsiC(s, utf8) ? ansiCQuote(s, utf8) : s;
}

/** An argument as `set -x` shows it. */
export function traceArgument(s: string, utf8: boolean): string {
  if (s === '') return "''";
  if (needsAnsiC(s, utf8)) return ansiCQuote(s, utf8);
  return /[\s'"\\|&;()<>!{}*[\]?^$`]/.test(s) || /^[~#]/.test(s) ? singleQuote(s) : s;
}

/** A value as `set -x` shows it in an assignment. */
export function traceWord(s: string, utf8: boolean): string {
  return s === '' ? '' : traceArgument(s, utf8);
}
