import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expandHistory } from '../../../src/shell/interactive/history-expansion.ts';

interface Recorded {
  readonly line: string;
  readonly out: string;
}
const recorded = JSON.parse(readFileSync(new URL('recorded/history-expansion.json', import.meta.url), 'utf8')) as Recorded[];
const entries = ['echo one two three', 'cp a/b/c.txt "x y" z', 'for i in 1 2; do ls -l $i|wc; done >out 2>&1', 'vi src/main.c+x', 'set -n'];

function printed(line: string): string {
  const result = expandHistory(line, { entries, base: 1, memory: {} });
  if (result.kind === 'error') return `ERROR: ${result.message}`;
  return result.kind === 'same' ? '' : result.line;
}

describe('history expansion', () => {
  it.each(recorded)('expands $line as bash does', ({ line, out }) => expect(printed(line)).toBe(out));
  it('goes on inside a single quote that an earlier line opened', () => {
    expect(expandHistory("x' !!", { entries, base: 1, quote: "'", memory: {} })).toEqual({ kind: 'expanded', line: "x' set -n" });
  });
  it('leaves !( to the shell with extglob', () => {
    expect(expandHistory('ls !(a)', { entries, base: 1, extglob: true, memory: {} })).toEqual({ kind: 'same' });
  });
});
