/**
 * Types for whoever installs the package, in dist/types (or the folder that is named): of what the compiler has written, as much
 * as the library and the element lead to.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

const WRITTEN = 'node_modules/.cache/types';
const ENTRIES = ['lab/index.d.ts', 'ui/main.d.ts'];
const IMPORT = /(?:from|import\()\s*'(\.[^']+)'/g;

const to = process.argv[2] ?? 'dist/types';

function copy(path, done) {
  if (done.has(path)) return;
  done.add(path);
  mkdirSync(dirname(join(to, path)), { recursive: true });
  copyFileSync(join(WRITTEN, path), join(to, path));
  const text = readFileSync(join(WRITTEN, path), 'utf8');
  for (const [, name] of text.matchAll(IMPORT)) copy(join(dirname(path), name.replace(/(\.d)?\.ts$/, '.d.ts')), done);
}

execFileSync('npx', ['--no-install', 'tsc', '-b', 'src/ui', 'src/lab'], { stdio: 'inherit' });
if (existsSync(to)) rmSync(to, { recursive: true });
const done = new Set();
for (const entry of ENTRIES) copy(entry, done);
