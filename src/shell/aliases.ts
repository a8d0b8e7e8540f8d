/** Alias expansion, done on the text: bash replaces a command's first word while it reads. */
import { parse } from 'unbash';
import { commandWords } from './parse.ts';
import type { Shell } from './shell.ts';

const MAX_ROUNDS = 200;

interface Region {
  readonly name: string;
  readonly start: number;
  end: number;
}

/** The text with every command word that is an alias replaced, again and again, but never inside its own expansion. */
export function expandAliases(sh: Shell, source: string): string {
  let text = source;
  let regions: Region[] = [];
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const next = commandWords(text, parse(text), blanksAfter(sh, text, regions)).find(
      (w) => sh.aliases.has(w.text) && !regions.some((r) => r.name === w.text && r.start <= w.pos && w.pos < r.end),
    );
    if (!next) return text;
    const value = sh.aliases.get(next.text) as string;
    const grown = value.length - next.text.length;
    regions = regions.map((r) => ({
      ...r,
      start: r.start > next.pos ? r.start + grown : r.start,
      end: r.end > next.pos ? r.end + grown : r.end,
    }));
    regions.push({ name: next.text, start: next.pos, end: next.pos + value.length });
    text = text.slice(0, next.pos) + value + text.slice(next.pos + next.text.length);
  }
  return text;
}

/** Offsets just after an expansion that ends in a blank: the word there is looked up too. */
function blanksAfter(sh: Shell, text: string, regions: readonly Region[]): ReadonlySet<number> {
  const out = new Set<number>();
  for (const r of regions) {
    if (!/[ \t]$/.test(sh.aliases.get(r.name) ?? '')) continue;
    let at = r.end;
    while (text[at] === ' ' || text[at] === '\t') at++;
    out.add(at);
  }
  return out;
}
