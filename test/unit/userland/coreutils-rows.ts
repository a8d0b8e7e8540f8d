/**
 * Command lines whose output, status and effect on files the real tools of Debian 12 told (recorded/coreutils.json).
 * A row is words in shell quoting, then maybe `< 'input'`. Each row starts with the fixture below as its directory.
 */

export const DIRECTORY = '/tmp/coreutils-rows';

export interface FixtureEntry {
  readonly path: string;
  readonly mode?: number;
  /** A file's text (one char a byte), a link's target; a directory has neither. */
  readonly text?: string;
  readonly target?: string;
}

const lines = (...all: string[]): string => all.map((l) => `${l}\n`).join('');
const count = (n: number): string => lines(...Array.from({ length: n }, (_, i) => String(i + 1)));

export const MTIME = Date.UTC(2024, 0, 2, 3, 4, 5);

export const fixture: readonly FixtureEntry[] = [
  { path: 'a', text: count(12) },
  { path: 'abc', text: lines('a:b:c', 'd:e', 'none', ':x') },
  { path: 'bin', text: 'foo\0bar\nfoo2\n' },
  { path: 'd' },
  { path: 'd/f', text: lines('foo') },
  { path: 'd/sub' },
  { path: 'dang', target: 'nosuch' },
  { path: 'empty', text: '' },
  { path: 'fruit', text: lines('b 2', 'a 10', 'c 1', 'a 2') },
  { path: 'human', text: lines('1K', '2M', '3', '1G') },
  { path: 'latin', text: '\xe9t\xe9\n' },
  { path: 'link', target: 'a' },
  { path: 'months', text: lines('Mar', 'Jan', 'feb') },
  { path: 'nn', text: 'x\ny' },
  { path: 'prog', text: lines('#!/bin/sh'), mode: 0o755 },
  { path: 'ro', text: lines('read only'), mode: 0o444 },
  { path: 'suid', text: '', mode: 0o4755 },
  { path: 'tabs', text: 'a\tb\n\n\n\x01\x7f\r\n' },
  { path: 'u', text: lines('a', 'a', 'b', 'B') },
  { path: 'utf', text: '\xc3\xa9t\xc3\xa9\n' },
  { path: 'versions', text: lines('a1', 'a10', 'a2') },
  { path: 'words', text: lines('x y', 'foo bar', 'Foo baz') },
];

/** Text of one char a byte throughout. */
export interface Row {
  readonly words: readonly string[];
  /** Assignments in front. */
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: string;
}

export interface Result {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
  /** What is in the directory afterwards and was not before, or is no more: `+ mode path text`, `- path`. */
  readonly changes: readonly string[];
}

/** Splits a line as a shell would: '…', "…", $'…' with escapes. */
export function parseRow(line: string): Row {
  const words: string[] = [];
  const pattern = /\s*(?:'([^']*)'|\$'((?:[^'\\]|\\.)*)'|"([^"]*)"|([^\s'"$]+|\$))/y;
  let word: string | null = null;
  for (let at = 0; at < line.length; ) {
    if (/\s/.test(line[at] ?? '') && word !== null) {
      words.push(word);
      word = null;
    }
    pattern.lastIndex = at;
    const m = pattern.exec(line);
    if (!m) break;
    word = (word ?? '') + (m[1] ?? (m[2] === undefined ? undefined : escapes(m[2])) ?? m[3] ?? m[4] ?? '');
    at = pattern.lastIndex;
  }
  if (word !== null) words.push(word);
  const redirect = words.indexOf('<');
  const plain = redirect < 0 ? words : words.slice(0, redirect);
  const start = plain.findIndex((w) => !/^[A-Z_]+=/.test(w));
  const env = Object.fromEntries(plain.slice(0, start).map((w) => w.split('=', 2)));
  return { words: plain.slice(start), env, stdin: redirect < 0 ? '' : (words[redirect + 1] ?? '') };
}

/** The rows of a file: what is no comment. */
export function rowsOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('# '));
}

/** What differs between two snapshots: path to `mode text`. */
export function changes(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  const added = [...after].filter(([path, what]) => before.get(path) !== what).map(([path, what]) => `+ ${path} ${what}`);
  const removed = [...before.keys()].filter((path) => !after.has(path)).map((path) => `- ${path}`);
  return [...added, ...removed];
}

function escapes(text: string): string {
  const names: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', 0: '\0', "'": "'", '\\': '\\' };
  return text.replace(/\\(x[0-9a-f]{2}|.)/g, (_, e: string) =>
    e[0] === 'x' ? String.fromCharCode(Number.parseInt(e.slice(1), 16)) : (names[e] ?? e),
  );
}
