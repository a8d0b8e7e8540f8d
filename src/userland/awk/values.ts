/** awk's values: numbers, strings, and what was read and looks like a number. */
import { type Conversion, formatFloat, formatInteger } from '../lib/format-number.ts';

/** Text that came from outside: compared as a number if it looks like one. */
export class Input {
  readonly number: number | null;
  constructor(readonly text: string) {
    this.number = /^[ \t\n\f\r\v]*[-+]?(?:0[xX][\da-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)[ \t\n\f\r\v]*$/.test(text)
      ? parseNumber(text)
      : null;
  }
}

/** Undefined is a variable that was never set. */
export type Value = number | string | Input | undefined;
export type AwkArray = Map<string, Value>;

/** What strtod(3) makes of the beginning of a text. */
export function parseNumber(text: string): number {
  const m = /^[ \t\n\f\r\v]*([-+]?)(?:(0[xX][\da-fA-F]+)|((?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?))/.exec(text);
  if (!m) return 0;
  const size = Number(m[2] ?? m[3]);
  return m[1] === '-' ? -size : size;
}

export function toNumber(value: Value): number {
  if (typeof value === 'number') return value;
  if (value === undefined) return 0;
  return typeof value === 'string' ? parseNumber(value) : (value.number ?? parseNumber(value.text));
}

export function toText(value: Value, format: string): string {
  if (typeof value === 'string') return value;
  if (value === undefined) return '';
  return typeof value === 'number' ? numberText(value, format) : value.text;
}

const MAX_INT = 2 ** 31 - 1;

export function numberText(n: number, format: string): string {
  if (Number.isInteger(n) && Math.abs(n) <= MAX_INT) return String(n === 0 ? 0 : n);
  return Number.isNaN(n) ? 'nan' : sprintf(format, [n], '%.6g').text;
}

export function isTrue(value: Value): boolean {
  if (typeof value === 'number') return value !== 0;
  if (value === undefined) return false;
  if (typeof value === 'string') return value !== '';
  return value.number === null ? value.text !== '' : value.number !== 0;
}

/** Below, the same, above: as numbers where both are. */
export function compare(a: Value, b: Value, format: string): number {
  const [x, y] = [numeric(a), numeric(b)];
  if (x !== null && y !== null) return x < y ? -1 : x > y ? 1 : x === y ? 0 : Number.NaN;
  const [s, t] = [toText(a, format), toText(b, format)];
  return s < t ? -1 : s > t ? 1 : 0;
}

function numeric(value: Value): number | null {
  if (typeof value === 'number') return value;
  if (value === undefined) return 0;
  return typeof value === 'string' ? null : value.number;
}

/** `text` up to where an argument was missing, which `complete` says. */
export function sprintf(format: string, args: readonly Value[], convfmt: string): { text: string; complete: boolean } {
  const rest = [...args];
  let complete = true;
  const next = (): Value => {
    if (rest.length === 0) complete = false;
    return rest.shift();
  };
  let text = '';
  for (const [whole, flags, width, precision, letter] of format.matchAll(/%([-+ #0]*)(\d+|\*)?(?:\.(\d*|\*))?[hlLqjzt]*(.)|[^%]+|%/gs)) {
    if (letter === undefined) text += whole;
    else if (letter === '%') text += '%';
    else {
      const wide = width === '*' ? toNumber(next()) : Number(width ?? 0);
      const exact = precision === undefined ? -1 : precision === '*' ? toNumber(next()) : Number(precision);
      const how: Conversion = { flags: (flags ?? '') + (wide < 0 ? '-' : ''), width: Math.abs(wide), precision: exact, letter };
      const value = 'diouxXcseEfFgGaA'.includes(letter) ? next() : undefined;
      if (!complete) return { text, complete };
      text += 'diouxXcseEfFgGaA'.includes(letter) ? convert(how, value, convfmt) : whole;
    }
  }
  return { text, complete };
}

function convert(how: Conversion, value: Value, convfmt: string): string {
  if (how.letter === 's') return pad(how, cut(toText(value, convfmt), how.precision));
  if (how.letter === 'c')
    return pad(how, typeof value === 'number' ? String.fromCharCode(value & 255) : toText(value, convfmt).slice(0, 1));
  const n = toNumber(value);
  if (!'diouxX'.includes(how.letter)) return formatFloat(n, how);
  const whole = Number.isFinite(n) ? BigInt(Math.trunc(n)) : n > 0 ? LONG_MAX : -LONG_MAX - 1n;
  return formatInteger(whole > LONG_MAX ? LONG_MAX : whole < -LONG_MAX - 1n ? -LONG_MAX - 1n : whole, how);
}

const LONG_MAX = 2n ** 63n - 1n;
const cut = (text: string, precision: number): string => (precision >= 0 ? text.slice(0, precision) : text);
const pad = (how: Conversion, text: string): string => (how.flags.includes('-') ? text.padEnd(how.width) : text.padStart(how.width));
