/** Brace expansion: `a{b,c}d`, `{1..9..2}`, `{a..e}`. Works on raw text, before anything else looks at the word. */
import { skipOne } from './scan.ts';

export function expandBraces(word: string): string[] {
  for (let i = 0; i < word.length; ) {
    if (word[i] === '$' && word[i + 1] === '{') {
      i = skipOne(word, i);
      continue;
    }
    if (word[i] !== '{') {
      i = skipOne(word, i);
      continue;
    }
    const group = readGroup(word, i);
    const middle = group && (group.parts.length > 1 ? group.parts.flatMap(expandBraces) : sequence(group.parts[0] as string));
    if (!group || !middle) {
      i++;
      continue;
    }
    const prefix = word.slice(0, i);
    const suffixes = expandBraces(word.slice(group.end));
    return middle.flatMap((m) => suffixes.map((s) => prefix + m + s));
  }
  return [word];
}

/** The comma-separated parts of the group that opens at `at`. */
function readGroup(word: string, at: number): { readonly parts: string[]; readonly end: number } | undefined {
  const parts: string[] = [];
  let depth = 0;
  let start = at + 1;
  for (let i = at + 1; i < word.length; ) {
    const c = word[i];
    if (c === '{') depth++;
    if (c === '}') {
      if (depth === 0) {
        parts.push(word.slice(start, i));
        return { parts, end: i + 1 };
      }
      depth--;
    }
    if (c === ',' && depth === 0) {
      parts.push(word.slice(start, i));
      start = i + 1;
    }
    i = skipOne(word, i);
  }
  return undefined;
}

const NUMBERS = /^([+-]?\d+)\.\.([+-]?\d+)(?:\.\.([+-]?\d+))?$/;
const LETTERS = /^([A-Za-z])\.\.([A-Za-z])(?:\.\.([+-]?\d+))?$/;

function sequence(body: string): string[] | undefined {
  const n = NUMBERS.exec(body);
  if (n) return numbers(n[1] as string, n[2] as string, n[3]);
  const l = LETTERS.exec(body);
  if (!l) return undefined;
  const codes = steps((l[1] as string).charCodeAt(0), (l[2] as string).charCodeAt(0), Number(l[3] ?? 1));
  return codes.map((c) => {
    const ch = String.fromCharCode(c);
    return /[A-Za-z0-9]/.test(ch) ? ch : `\\${ch}`;
  });
}

function numbers(from: string, to: string, step: string | undefined): string[] {
  const padded = /^[+-]?0\d/.test(from) || /^[+-]?0\d/.test(to);
  const width = padded ? Math.max(from.length, to.length) : 0;
  return steps(Number(from), Number(to), Number(step ?? 1)).map((n) => {
    const digits = String(Math.abs(n)).padStart(n < 0 ? width - 1 : width, '0');
    return n < 0 ? `-${digits}` : digits;
  });
}

function steps(from: number, to: number, by: number): number[] {
  const step = Math.abs(by) || 1;
  const out: number[] = [];
  if (from <= to) for (let n = from; n <= to; n += step) out.push(n);
  else for (let n = from; n >= to; n -= step) out.push(n);
  return out;
}
