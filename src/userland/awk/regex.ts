/** awk's regular expressions: extended ones, with a string's escapes, and braces that are plain characters as in mawk. */
import { Failure } from '../lib/error.ts';
import { compileRegex } from '../lib/regex.ts';

const known = new Map<string, RegExp>();

/** With the flag g: set `lastIndex` before use. */
export function awkRegex(source: string): RegExp {
  const cached = known.get(source);
  if (cached) return cached;
  const compiled = compileRegex(translate(source), { extended: true, utf8: false });
  if (typeof compiled === 'string') throw new Failure(`regular expression compile failed (${compiled})\n${source}`, 2);
  if (known.size > 500) known.clear();
  known.set(source, compiled.regexp);
  return compiled.regexp;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' };

function translate(source: string): string {
  let [out, inside] = ['', false];
  for (const [whole, after] of source.matchAll(/\\([0-7]{1,3}|[\s\S])|\[\^?\]?|[\s\S]/g)) {
    if (after !== undefined) out += escaped(after, inside);
    else if (whole === '{' || whole === '}') out += inside ? whole : `\\${whole}`;
    else {
      if (whole.startsWith('[') && !inside) inside = true;
      else if (whole === ']') inside = false;
      out += whole;
    }
  }
  return out;
}

function escaped(text: string, inside: boolean): string {
  const plain = /^[0-7]/.test(text)
    ? String.fromCharCode(Number.parseInt(text, 8))
    : (ESCAPES[text] ?? (text === '"' || text === '/' ? text : null));
  if (inside) return plain ?? (text === '\\' ? '\\' : text);
  if (plain !== null) return /[.*+?^${}()|[\]\\]/.test(plain) ? `\\${plain}` : plain;
  return /[A-Za-z]/.test(text) ? text : `\\${text}`;
}
