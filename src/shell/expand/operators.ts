/** The text operators of `${x…}`: removal, replacement, case. */
import { type PatternOptions, patternRegExp, patternSource } from '../pattern.ts';
import type { Shell } from '../shell.ts';
import { compileWord } from './compile.ts';
import { expandSegments } from './expand.ts';

type Edit = (text: string) => string;

const boundaries = (text: string): number[] => {
  const out = [0];
  for (let i = 0; i < text.length; ) {
    i += String.fromCodePoint(text.codePointAt(i) as number).length;
    out.push(i);
  }
  return out;
};

export function removePrefix(pattern: string, longest: boolean, o: PatternOptions): Edit {
  const re = patternRegExp(pattern, o);
  return (text) => {
    const ends = boundaries(text);
    if (longest) ends.reverse();
    const end = ends.find((e) => re.test(text.slice(0, e)));
    return end === undefined ? text : text.slice(end);
  };
}

export function removeSuffix(pattern: string, longest: boolean, o: PatternOptions): Edit {
  const re = patternRegExp(pattern, o);
  return (text) => {
    const starts = boundaries(text);
    if (!longest) starts.reverse();
    const start = starts.find((s) => re.test(text.slice(s)));
    return start === undefined ? text : text.slice(0, start);
  };
}

export function caseChange(op: string, only: RegExp | undefined): Edit {
  const change = (c: string): string => {
    if (only && !only.test(c)) return c;
    const up = op[0] === '^' || (op[0] === '~' && c === c.toLowerCase());
    const to = up ? c.toUpperCase() : c.toLowerCase();
    return [...to].length === 1 ? to : c;
  };
  return (text) => {
    const chars = [...text];
    if (op.length === 1) return chars.length === 0 ? text : change(chars[0] as string) + chars.slice(1).join('');
    return chars.map(change).join('');
  };
}

/** The replacement of `${x/…}`: text, with the places where an unquoted `&` stands for the match. */
export type Replacement = readonly (string | typeof MATCH)[];
export const MATCH = Symbol('&');

export async function replacementText(sh: Shell, raw: string, q: boolean): Promise<Replacement> {
  const out: (string | typeof MATCH)[] = [];
  const ampersand = sh.options.shopt('patsub_replacement');
  const { segments } = compileWord(raw, 'word', q ? 'none' : 'start');
  await expandSegments(sh, segments, {
    splits: false,
    boundary: () => void out.push(' '),
    text: (v, quoted) => void (quoted || !ampersand ? out.push(v) : out.push(...unquotedReplacement(v))),
  });
  return out;
}

function unquotedReplacement(v: string): Replacement {
  const out: (string | typeof MATCH)[] = [];
  for (const part of v.split(/(\\[\\&]|&)/)) out.push(part === '&' ? MATCH : /^\\[\\&]$/.test(part) ? part.slice(1) : part);
  return out;
}

export function replacePattern(op: string, pattern: string, replacement: Replacement, o: PatternOptions): Edit {
  const put = (match: string): string => replacement.map((r) => (r === MATCH ? match : r)).join('');
  if (pattern === '') return (text) => (op === '/#' ? put('') + text : op === '/%' ? text + put('') : text);
  if (op === '/#') return anchored(pattern, o, put, true);
  if (op === '/%') return anchored(pattern, o, put, false);
  const re = searchRegExp(pattern, o);
  return (text) => {
    let out = '';
    let at = 0;
    while (at <= text.length) {
      re.lastIndex = at;
      const m = re.exec(text);
      if (!m || (m[0] === '' && m.index >= text.length && text !== '')) break;
      const found = longestAt(text, m.index, pattern, o, m[0]);
      out += text.slice(at, m.index) + put(found);
      at = m.index + found.length;
      if (found === '') {
        out += text.slice(at, at + 1);
        at++;
      }
      if (op === '/') break;
    }
    return out + text.slice(at);
  };
}

function searchRegExp(pattern: string, o: PatternOptions): RegExp {
  try {
    return new RegExp(patternSource(pattern, o), o.ignoreCase ? 'gsui' : 'gsu');
  } catch (e) {
    if (e instanceof SyntaxError) return /(?!)/g;
    throw e;
  }
}

/** The shell takes the longest match at a place; alternatives in a regular expression take the first. */
function longestAt(text: string, at: number, pattern: string, o: PatternOptions, found: string): string {
  if (!/[?*+@!]\(/.test(pattern)) return found;
  const re = patternRegExp(pattern, o);
  for (const end of boundaries(text).reverse()) {
    if (end < at + found.length) break;
    if (re.test(text.slice(at, end))) return text.slice(at, end);
  }
  return found;
}

function anchored(pattern: string, o: PatternOptions, put: (m: string) => string, atStart: boolean): Edit {
  const re = patternRegExp(pattern, o);
  return (text) => {
    const cuts = boundaries(text);
    if (atStart) cuts.reverse();
    const cut = cuts.find((c) => re.test(atStart ? text.slice(0, c) : text.slice(c)));
    if (cut === undefined) return text;
    return atStart ? put(text.slice(0, cut)) + text.slice(cut) : text.slice(0, cut) + put(text.slice(cut));
  };
}
