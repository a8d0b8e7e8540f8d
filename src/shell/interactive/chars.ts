/** Moving over a line by characters and words. A position is an index of the string; combining marks stay with their base. */
import { charWidth } from './width.ts';

/** The character (code point) at `pos`, '' at the end. */
export function charAt(text: string, pos: number): string {
  const c = text.codePointAt(pos);
  return c === undefined ? '' : String.fromCodePoint(c);
}

/** The position after the character at `pos` and its combining marks. */
export function nextChar(text: string, pos: number): number {
  if (pos >= text.length) return text.length;
  let to = pos + charAt(text, pos).length;
  while (to < text.length && charWidth(charAt(text, to)) === 0) to += charAt(text, to).length;
  return to;
}

/** The position of the character before `pos`, its combining marks included. */
export function prevChar(text: string, pos: number): number {
  let to = pos;
  do to -= isPair(text, to) ? 2 : 1;
  while (to > 0 && charWidth(charAt(text, to)) === 0);
  return Math.max(to, 0);
}

function isPair(text: string, end: number): boolean {
  return end >= 2 && /[\ud800-\udbff][\udc00-\udfff]/.test(text.slice(end - 2, end));
}

const WORD = /^[\p{L}\p{N}\p{M}]$/u;
export const isWordChar = (char: string): boolean => WORD.test(char);
export const isBlank = (char: string): boolean => char === ' ' || char === '\t';

/** Where forward-word ends up from `pos`. */
export function forwardWord(text: string, pos: number): number {
  let to = pos;
  while (to < text.length && !isWordChar(charAt(text, to))) to = nextChar(text, to);
  while (to < text.length && isWordChar(charAt(text, to))) to = nextChar(text, to);
  return to;
}

/** Where backward-word ends up from `pos`. */
export function backwardWord(text: string, pos: number): number {
  let to = pos;
  while (to > 0 && !isWordChar(charAt(text, prevChar(text, to)))) to = prevChar(text, to);
  while (to > 0 && isWordChar(charAt(text, prevChar(text, to)))) to = prevChar(text, to);
  return to;
}

/** Where unix-word-rubout starts from `pos`: blanks alone part words. */
export function backwardBlankWord(text: string, pos: number): number {
  let to = pos;
  while (to > 0 && isBlank(text.charAt(to - 1))) to--;
  while (to > 0 && !isBlank(text.charAt(to - 1))) to--;
  return to;
}

const SHELL_BREAK = /[ \t\n;&|()<>]/;

/** Where shell-forward-word ends up: quotes and escapes keep a word together. */
export function forwardShellWord(text: string, pos: number): number {
  let to = pos;
  while (to < text.length && SHELL_BREAK.test(text.charAt(to))) to++;
  while (to < text.length && !SHELL_BREAK.test(text.charAt(to))) to = skipUnit(text, to);
  return to;
}

/** Where shell-backward-word ends up. */
export function backwardShellWord(text: string, pos: number): number {
  let start = 0;
  for (let at = 0; at < pos; ) {
    while (at < text.length && SHELL_BREAK.test(text.charAt(at))) at++;
    if (at < pos) start = at;
    while (at < text.length && !SHELL_BREAK.test(text.charAt(at))) at = skipUnit(text, at);
  }
  return start;
}

function skipUnit(text: string, pos: number): number {
  const c = text.charAt(pos);
  if (c === '\\') return Math.min(pos + 2, text.length);
  if (c !== '"' && c !== "'") return nextChar(text, pos);
  for (let at = pos + 1; at < text.length; at++) {
    if (text.charAt(at) === '\\' && c === '"') at++;
    else if (text.charAt(at) === c) return at + 1;
  }
  return text.length;
}
