/** The little of a shell's grammar that register commands use: words, quotes, redirections, pipes. Anything else is named and refused. */
import { concat, encode } from '../uapi/bytes.ts';
import type { Bytes } from '../uapi/types.ts';
import { ansiC } from './shell-escapes.ts';

/** Why a command could not be read. */
export type ShellReason =
  | 'empty'
  | 'unclosed_quote'
  | 'expansion'
  | 'unsupported_operator'
  | 'several_commands'
  | 'unknown_command'
  | 'unknown_option'
  | 'no_redirection'
  | 'other_target'
  | 'bad_format';

export class ShellError {
  constructor(
    readonly reason: ShellReason,
    readonly message: string,
  ) {}
}

export interface Word {
  readonly bytes: Bytes;
  /** A backslash outside quotes was taken away. */
  readonly ateBackslash: boolean;
  /** $'…' was decoded. */
  readonly decoded: boolean;
}
export type Token = Word | { readonly op: string };

export const isWord = (token: Token | undefined): token is Word => token !== undefined && 'bytes' in token;

/** Operators, longest first. */
const OPERATORS = ['>>', '>|', '||', '&&', '>', '|', ';', '&', '<', '(', ')'];

export function tokenize(text: string): readonly Token[] | ShellError {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    while (/^[ \t]/.test(text.slice(at, at + 1)) || text.startsWith('\\\n', at)) at += text[at] === '\\' ? 2 : 1;
    if (at >= text.length) return tokens;
    if (text[at] === '#') at = endOfLine(text, at);
    else if (text[at] === '\n') tokens.push({ op: text[at++] ?? '' });
    else {
      const op = OPERATORS.find((o) => text.startsWith(o, at));
      if (op !== undefined) {
        tokens.push({ op });
        at += op.length;
        continue;
      }
      const word = readWord(text, at);
      if (word instanceof ShellError) return word;
      tokens.push(word.word);
      at = word.end;
    }
  }
}

function endOfLine(text: string, at: number): number {
  const nl = text.indexOf('\n', at);
  return nl < 0 ? text.length : nl;
}

interface Piece {
  readonly bytes: Bytes;
  readonly end: number;
  readonly ateBackslash?: true;
  readonly decoded?: true;
}

function readWord(text: string, start: number): { word: Word; end: number } | ShellError {
  const pieces: Piece[] = [];
  let at = start;
  while (at < text.length && !/[ \t\n]/.test(text[at] ?? '') && !OPERATORS.some((o) => text.startsWith(o, at))) {
    const piece = readPiece(text, at);
    if (piece instanceof ShellError) return piece;
    pieces.push(piece);
    at = piece.end;
  }
  const word = {
    bytes: concat(pieces.map((p) => p.bytes)),
    ateBackslash: pieces.some((p) => p.ateBackslash),
    decoded: pieces.some((p) => p.decoded),
  };
  return { word, end: at };
}

function readPiece(text: string, at: number): Piece | ShellError {
  if (text.startsWith("$'", at)) return dollarQuoted(text, at + 2);
  switch (text[at]) {
    case "'":
      return singleQuoted(text, at + 1);
    case '"':
      return doubleQuoted(text, at + 1);
    case '\\':
      return text.startsWith('\\\n', at)
        ? { bytes: encode(''), end: at + 2 }
        : { bytes: encode(char(text, at + 1)), end: at + 1 + Math.max(char(text, at + 1).length, 1), ateBackslash: true };
    case '$':
      if (/^\$[\w{(?$!#@*-]/.test(text.slice(at, at + 2))) return expansion();
      break;
    case '`':
      return expansion();
  }
  const c = char(text, at);
  return { bytes: encode(c), end: at + c.length };
}

const char = (text: string, at: number): string => {
  const code = text.codePointAt(at);
  return code === undefined ? '' : String.fromCodePoint(code);
};
const expansion = (): ShellError =>
  new ShellError('expansion', 'variables and command substitutions are not known here: write the text itself');
const unclosed = (quote: string): ShellError => new ShellError('unclosed_quote', `a ${quote} is not closed`);

function singleQuoted(text: string, at: number): Piece | ShellError {
  const end = text.indexOf("'", at);
  return end < 0 ? unclosed('single quote') : { bytes: encode(text.slice(at, end)), end: end + 1 };
}

function doubleQuoted(text: string, start: number): Piece | ShellError {
  let out = '';
  for (let at = start; at < text.length; at++) {
    const c = text[at] ?? '';
    if (c === '"') return { bytes: encode(out), end: at + 1 };
    if (c === '`' || (c === '$' && /^\$[\w{(?$!#@*-]/.test(text.slice(at, at + 2)))) return expansion();
    const next = text[at + 1] ?? '';
    if (c === '\\' && '$`"\\\n'.includes(next) && next !== '') {
      at++;
      if (next !== '\n') out += next;
    } else out += c;
  }
  return unclosed('double quote');
}

function dollarQuoted(text: string, start: number): Piece | ShellError {
  let end = start;
  while (end < text.length && text[end] !== "'") end += text[end] === '\\' ? 2 : 1;
  if (end >= text.length) return unclosed("$'");
  return { bytes: ansiC(text.slice(start, end)), end: end + 1, decoded: true };
}
