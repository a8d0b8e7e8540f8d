/**
 * The size budget: everything the page loads before the prompt stands, gzip -9, at most 200 KB.
 * What that is comes from the build itself: index.html, its scripts, and all they import without being asked.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';

const DIR = 'dist/page';
const BUDGET = 200_000;
const assets = readdirSync(join(DIR, 'assets'));

/** Files that `text` names eagerly: static imports, the worker, and the terminal, which the first screen asks for at once. */
function needs(text) {
  const eager = [...text.matchAll(/(?:from|import)\s*["']\.?\/?(?:assets\/)?([\w.-]+\.js)["']/g)].map((m) => m[1]);
  const first = assets.filter((a) => /^(worker|terminal|bash|boot)-/.test(a) && text.includes(a));
  return [...eager, ...first];
}

const seen = new Map();
function add(file) {
  if (seen.has(basename(file))) return;
  const bytes = readFileSync(file);
  seen.set(basename(file), gzipSync(bytes, { level: 9 }).length);
  if (/\.(js|html)$/.test(file)) for (const name of needs(bytes.toString())) if (assets.includes(name)) add(join(DIR, 'assets', name));
}

const html = readFileSync(join(DIR, 'index.html'), 'utf8');
add(join(DIR, 'index.html'));
for (const [, name] of html.matchAll(/(?:src|href)="\.\/assets\/([^"]+)"/g)) add(join(DIR, 'assets', name));
let total = 0;
for (const [name, size] of [...seen].sort((a, b) => b[1] - a[1])) {
  total += size;
  console.log(`${String(size).padStart(8)}  ${name}`);
}
console.log(`${String(total).padStart(8)}  first screen, gzip (budget ${BUDGET})`);
process.exitCode = total <= BUDGET ? 0 : 1;
