/** Syntax errors in bash's words. */
import { parse } from 'unbash';
import { firstProblem } from './parse.ts';
import type { Shell } from './shell.ts';
import { Grammar } from './syntax/grammar.ts';
import { SyntaxFailure } from './syntax/lexer.ts';

export interface SyntaxProblem {
  readonly line: number;
  /** What stands after `line N: `, one element a line. */
  readonly messages: readonly string[];
  /** dash's words for the same: the token, "newline" or "end of file". */
  readonly token: string;
  readonly kind: SyntaxFailure['kind'];
  readonly inSubstitution: boolean;
  /** dash: the token it hoped for, the line it counts, and whether the text ended there. */
  readonly expected: string | undefined;
  readonly dashLine: number;
  readonly atEnd: boolean;
}

/** What bash says about `source` from `start` on, which cannot be parsed. */
export function syntaxProblem(source: string, start: number, firstLine: number, extglob = false, sh = false): SyntaxProblem {
  const text = source.endsWith('\n') ? source : `${source}\n`;
  const f = findFailure(text, start, extglob, sh) ?? new SyntaxFailure('eof', '', text.length);
  const line = lineNumber(text, f.pos) + firstLine - 1;
  const atEnd = f.pos >= source.length;
  const dashLine = lineNumber(source, f.kind === 'unmatched' ? source.length : Math.min(f.pos, source.length)) + firstLine - 1;
  const { what: token, kind, inSubstitution, expected } = f;
  return { line, messages: describe(text, f), token, kind, inSubstitution, expected, dashLine, atEnd };
}

function findFailure(text: string, start: number, extglob: boolean, sh = false): SyntaxFailure | undefined {
  try {
    new Grammar(text, start, extglob, sh).program();
    return undefined;
  } catch (e) {
    if (e instanceof SyntaxFailure) return e;
    throw e;
  }
}

function describe(text: string, f: SyntaxFailure): string[] {
  switch (f.kind) {
    case 'eof':
      return ['syntax error: unexpected end of file'];
    case 'unmatched':
      return [`unexpected EOF while looking for matching \`${f.what}'`];
    case 'token':
      return [`syntax error near unexpected token \`${f.what}'`, `\`${lineAt(text, f.pos)}'`];
    case 'text':
      if (!f.what.startsWith('arithmetic ')) return [f.what];
      return ['syntax error: arithmetic expression required', `syntax error: \`${f.what.slice(11)}'`];
  }
}

function lineAt(text: string, pos: number): string {
  const start = text.lastIndexOf('\n', pos - 1) + 1;
  const end = text.indexOf('\n', pos);
  return text.slice(start, end < 0 ? undefined : end);
}

function lineNumber(text: string, pos: number): number {
  let n = 1;
  for (let i = text.indexOf('\n'); i >= 0 && i < pos; i = text.indexOf('\n', i + 1)) n++;
  return n;
}

/** True when `text` only lacks its end: an open quote, a compound command, a here-document, a trailing operator or `\`. */
export function isIncomplete(sh: Shell, text: string): boolean {
  const extglob = sh.options.shopt('extglob');
  if (/(?:^|[^\\])(?:\\\\)*\\\n?$/.test(text) && !insideSingleQuotes(text)) return true;
  const script = parse(text);
  if (!firstProblem(text, script)) return hasOpenHeredoc(text, extglob);
  const f = findFailure(text.endsWith('\n') ? text : `${text}\n`, 0, extglob);
  return f !== undefined && (f.kind === 'eof' || f.kind === 'unmatched');
}

function insideSingleQuotes(text: string): boolean {
  const f = findFailure(text, 0, false);
  return f?.kind === 'unmatched' && f.what === "'";
}

function hasOpenHeredoc(text: string, extglob: boolean): boolean {
  if (!text.includes('<<')) return false;
  const grammar = new Grammar(text.endsWith('\n') ? text : `${text}\n`, 0, extglob);
  try {
    grammar.program();
  } catch (e) {
    if (!(e instanceof SyntaxFailure)) throw e;
  }
  return grammar.lexer.openHeredoc;
}

/** For what unbash lets pass: where bash would stop. */
export function failureAt(source: string, extglob: boolean, sh = false): number | undefined {
  return findFailure(source.endsWith('\n') ? source : `${source}\n`, 0, extglob, sh)?.pos;
}
