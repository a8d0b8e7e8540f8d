/** Escapes in sed(1) scripts, and the right side of `s`. */
import type { Piece } from './sed-script.ts';

const LETTERS: Readonly<Record<string, string>> = { a: '\x07', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** `\t`, `\xHH`, `\oNNN`, `\dNNN`, `\cX` as the characters they name. In a regex what comes out special is kept literal. */
export function translateEscapes(text: string, context: 'regex' | 'text'): string {
  return text.replace(/\\(x[0-9A-Fa-f]{1,2}|o[0-7]{1,3}|d\d{1,3}|c[\s\S]|[\s\S])/g, (whole, body: string) => {
    const letter = LETTERS[body];
    if (letter !== undefined) return body === 'n' && context === 'text' ? whole : letter;
    const character = numeric(body);
    if (character === null) return whole;
    return context === 'regex' && /[.*[\]^$+?(){}|\\/]/.test(character) ? `\\${character}` : character;
  });
}

function numeric(body: string): string | null {
  const digits = body.slice(1);
  if (digits === '') return null;
  switch (body[0]) {
    case 'x':
      return String.fromCharCode(Number.parseInt(digits, 16));
    case 'o':
      return String.fromCharCode(Number.parseInt(digits, 8) & 255);
    case 'd':
      return String.fromCharCode(Number(digits) & 255);
    default:
      return String.fromCharCode(digits.toUpperCase().charCodeAt(0) ^ 64);
  }
}

export function readPieces(replacement: string): Piece[] {
  const pieces: Piece[] = [];
  let text = '';
  const flush = (): void => {
    if (text !== '') pieces.push({ kind: 'text', text });
    text = '';
  };
  for (let i = 0; i < replacement.length; i++) {
    const c = replacement[i] as string;
    if (c === '&') {
      flush();
      pieces.push({ kind: 'group', group: 0 });
      continue;
    }
    if (c !== '\\') {
      text += c;
      continue;
    }
    const piece = escapedPiece(replacement, i);
    i += piece.length - 1;
    if (typeof piece.value === 'string') text += piece.value;
    else {
      flush();
      pieces.push(piece.value);
    }
  }
  flush();
  return pieces;
}

function escapedPiece(text: string, at: number): { value: string | Piece; length: number } {
  const c = text[at + 1] ?? '';
  if (/^\d$/.test(c)) return { value: { kind: 'group', group: Number(c) }, length: 2 };
  if (/^[ULEul]$/.test(c)) return { value: { kind: 'case', letter: c }, length: 2 };
  const found = /^\\(x[0-9A-Fa-f]{1,2}|o[0-7]{1,3}|d\d{1,3}|c.|[\s\S])/.exec(text.slice(at));
  const body = found?.[1] ?? '';
  const letter = LETTERS[body];
  if (letter !== undefined) return { value: letter, length: 2 };
  return { value: numeric(body) ?? c, length: found && numeric(body) !== null ? body.length + 1 : 2 };
}

/** The replacement for one match, its case conversions done. */
export function expandPieces(pieces: readonly Piece[], match: RegExpExecArray): string {
  let out = '';
  let lasting = '';
  let once = '';
  for (const piece of pieces) {
    if (piece.kind === 'case') {
      if (piece.letter === 'u' || piece.letter === 'l') once = piece.letter;
      else {
        lasting = piece.letter === 'E' ? '' : piece.letter;
        once = '';
      }
      continue;
    }
    const text = piece.kind === 'text' ? piece.text : (match[piece.group] ?? '');
    if (text === '') continue;
    out += convert(text, lasting, once);
    once = '';
  }
  return out;
}

function convert(text: string, lasting: string, once: string): string {
  const body = lasting === 'U' ? text.toUpperCase() : lasting === 'L' ? text.toLowerCase() : text;
  if (once === '') return body;
  const first = String.fromCodePoint(body.codePointAt(0) as number);
  return (once === 'u' ? first.toUpperCase() : first.toLowerCase()) + body.slice(first.length);
}

/** The form of the `l` command, folded at `width` (0 or 1: not at all). */
export function unambiguous(text: string, width: number, encode: (text: string) => Uint8Array): string {
  const NAMES: Readonly<Record<string, string>> = {
    '\\': '\\\\',
    '\x07': '\\a',
    '\b': '\\b',
    '\f': '\\f',
    '\n': '\\n',
    '\r': '\\r',
    '\t': '\\t',
    '\v': '\\v',
  };
  let out = '';
  let column = 0;
  for (const c of text) {
    const shown = NAMES[c] ?? (c >= ' ' && c <= '~' ? c : [...encode(c)].map((b) => `\\${b.toString(8).padStart(3, '0')}`).join(''));
    if (width > 1 && column + shown.length > width - 1) {
      out += '\\\n';
      column = 0;
    }
    out += shown;
    column += shown.length;
  }
  return `${out}$\n`;
}
