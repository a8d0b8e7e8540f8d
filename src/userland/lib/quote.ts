/** Quoting of names in messages and listings. Follows gnulib's quotearg: the locale and the shell-escape styles. */
import { encode } from '../../uapi/bytes.ts';
import type { Charset } from './charset.ts';

const ESCAPES: Readonly<Record<number, string>> = { 7: 'a', 8: 'b', 9: 't', 10: 'n', 11: 'v', 12: 'f', 13: 'r' };

/** ‘name’, or 'name' in the C locale; control characters as C escapes. */
export function quote(name: string, charset: Charset): string {
  const [left, right] = charset.utf8 ? ['‘', '’'] : ["'", "'"];
  let body = '';
  for (const unit of units(name, charset)) {
    if (unit.text === '\\' || unit.text === right) body += `\\${unit.text}`;
    else body += unit.printable ? unit.text : unit.bytes.map(cEscape).join('');
  }
  return left + body + right;
}

/** 'name' fit to be pasted into a shell, always in quotes. */
export function quoteAlways(name: string, charset: Charset): string {
  return shellEscape(name, charset, true);
}

/** The same, in quotes only where a shell would need them (or, in messages, where a colon would confuse). */
export function quoteIfNeeded(name: string, charset: Charset, alsoFor = ':'): string {
  return shellEscape(
    name,
    charset,
    [...alsoFor].some((c) => name.includes(c)),
  );
}

/** Control characters as C escapes, no quotes: `ls -b`. */
export function escapeName(name: string, charset: Charset): string {
  let out = '';
  for (const unit of units(name, charset)) {
    if (unit.text === '\\' || unit.text === ' ') out += `\\${unit.text}`;
    else out += unit.printable ? unit.text : unit.bytes.map(cEscape).join('');
  }
  return out;
}

/** "name" with C escapes: `ls -Q`. */
export function cQuote(name: string, charset: Charset): string {
  let out = '';
  for (const unit of units(name, charset)) {
    if (unit.text === '\\' || unit.text === '"') out += `\\${unit.text}`;
    else out += unit.printable ? unit.text : unit.bytes.map(cEscape).join('');
  }
  return `"${out}"`;
}

/** Unprintable characters as "?": `ls` on a terminal without quoting. */
export function questionMarks(name: string, charset: Charset): string {
  let out = '';
  for (const unit of units(name, charset)) out += unit.printable ? unit.text : '?'.repeat(unit.bytes.length);
  return out;
}

function shellEscape(name: string, charset: Charset, always: boolean): string {
  const all = units(name, charset);
  if (all.some((unit) => !unit.printable)) return escapedForm(all);
  if (!always && !needsQuotes(name)) return name;
  if (!name.includes("'")) return `'${name}'`;
  if (/^[#~]?[-%+,./0-9:A-Z\]_a-z ']*$/.test(name)) return `"${name}"`;
  return `'${name.replaceAll("'", "'\\''")}'`;
}

function needsQuotes(name: string): boolean {
  return name === '' || name === '{' || name === '}' || /^[#~]/.test(name) || /[ !"$&()*;<=>?[\\^`|']/.test(name);
}

/** 'a'$'\n''b': runs of plain and of escaped characters in turn. */
function escapedForm(all: readonly Unit[]): string {
  let out = "'";
  let escaping = false;
  for (const unit of all) {
    if (!unit.printable) {
      out += (escaping ? '' : "'$'") + unit.bytes.map(cEscape).join('');
      escaping = true;
      continue;
    }
    if (escaping) out += "''";
    escaping = false;
    out += unit.text === "'" ? "'\\''" : unit.text;
  }
  return `${out}'`;
}

interface Unit {
  readonly text: string;
  readonly bytes: readonly number[];
  readonly printable: boolean;
}

function units(name: string, charset: Charset): Unit[] {
  if (!charset.utf8) return [...encode(name)].map((b) => ({ text: String.fromCharCode(b), bytes: [b], printable: b >= 32 && b < 127 }));
  return [...name].map((c) => ({ text: c, bytes: [...encode(c)], printable: isPrintable(c) }));
}

function isPrintable(character: string): boolean {
  const c = character.codePointAt(0) as number;
  if (c < 0xa0) return c >= 32 && c < 127;
  return !(c >= 0xd800 && c <= 0xdfff) && !/^[\p{Cn}\p{Cc}\p{Co}\p{Zl}\p{Zp}]$/u.test(character);
}

function cEscape(byte: number): string {
  const letter = ESCAPES[byte];
  return letter ? `\\${letter}` : `\\${byte.toString(8).padStart(3, '0')}`;
}

/** Columns a name takes on a terminal: wide characters two, combining ones none. */
export function displayWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const c of text) width += characterWidth(c);
  return width;
}

function characterWidth(character: string): number {
  if (/^[\p{Mn}\p{Me}\p{Cf}]$/u.test(character)) return 0;
  const c = character.codePointAt(0) as number;
  const wide =
    (c >= 0x1100 && c <= 0x115f) ||
    (c >= 0x2e80 && c <= 0xa4cf) ||
    (c >= 0xac00 && c <= 0xd7a3) ||
    (c >= 0xf900 && c <= 0xfaff) ||
    (c >= 0xfe30 && c <= 0xfe6f) ||
    (c >= 0xff00 && c <= 0xff60) ||
    (c >= 0xffe0 && c <= 0xffe6) ||
    (c >= 0x1f300 && c <= 0x1faff) ||
    (c >= 0x20000 && c <= 0x3fffd);
  return wide ? 2 : 1;
}
