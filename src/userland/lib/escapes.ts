/** Backslash escapes of echo(1) and printf(1). A byte that is no character of its own becomes a surrogate escape (bytes.ts). */
import { decode } from '../../uapi/bytes.ts';

const SINGLE: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

export interface Unescaped {
  readonly text: string;
  /** `\c` was met: nothing more is to be printed. */
  readonly stopped: boolean;
}

/** `octal`: "\0NNN" for echo and %b (with "\NNN" too for %b), "\NNN" for a printf format. */
export function readEscapes(text: string, octal: 'echo' | 'format' | '%b'): Unescaped {
  const numeric = octal === 'echo' ? /0[0-7]{0,3}/y : octal === '%b' ? /0[0-7]{0,3}|[1-7][0-7]{0,2}/y : /[0-7]{1,3}/y;
  let out = '';
  for (let i = 0; i < text.length; ) {
    const slash = text.indexOf('\\', i);
    if (slash < 0 || slash === text.length - 1) return { text: out + text.slice(i), stopped: false };
    out += text.slice(i, slash);
    const c = text[slash + 1] as string;
    if (c === 'c') return { text: out, stopped: true };
    const [piece, length] = one(text, slash + 1, numeric, octal);
    out += piece;
    i = slash + 1 + length;
  }
  return { text: out, stopped: false };
}

function one(text: string, at: number, numeric: RegExp, octal: string): [string, number] {
  const c = text[at] as string;
  const single = SINGLE[c] ?? (octal === 'format' && c === '"' ? '"' : undefined);
  if (single !== undefined) return [single, 1];
  const digits = match(numeric, text, at);
  if (digits !== null) return [byte(Number.parseInt(digits, 8)), digits.length];
  const hex = match(/x[0-9a-fA-F]{1,2}/y, text, at);
  if (hex !== null) return [byte(Number.parseInt(hex.slice(1), 16)), hex.length];
  const unicode = octal === 'echo' ? null : match(/u[0-9a-fA-F]{1,4}|U[0-9a-fA-F]{1,8}/y, text, at);
  if (unicode !== null) return [String.fromCodePoint(Math.min(Number.parseInt(unicode.slice(1), 16), 0x10ffff)), unicode.length];
  return [`\\${c}`, 1];
}

function match(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}

function byte(value: number): string {
  return decode(Uint8Array.of(value & 0xff));
}
