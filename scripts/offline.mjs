/** Builds the service worker last of all, when it is known what the page consists of. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const SOURCE = fileURLToPath(new URL('../src/service-worker.ts', import.meta.url));
/** Large, and not needed by everybody: kept when first used. */
const LATE = /^python\/|\.wasm$/;
const NAME = 'sw.js';

export function offline() {
  let out = '';
  return {
    name: 'offline',
    apply: 'build',
    configResolved: (config) => {
      out = config.build.outDir;
    },
    closeBundle: { order: 'post', sequential: true, handler: () => writeWorker(out) },
  };
}

async function writeWorker(out) {
  const { output } = await build({
    configFile: false,
    logLevel: 'error',
    define: { __HELD__: JSON.stringify(held(out)) },
    build: { write: false, target: 'es2022', rolldownOptions: { input: SOURCE, output: { format: 'iife', entryFileNames: NAME } } },
  });
  writeFileSync(join(out, NAME), output[0].code);
}

function held(out) {
  const names = readdirSync(out, { recursive: true, withFileTypes: true })
    .filter((f) => f.isFile())
    .map((f) => relative(out, join(f.parentPath, f.name)))
    .filter((name) => name !== NAME)
    .sort();
  const hash = (name) =>
    createHash('sha256')
      .update(readFileSync(join(out, name)))
      .digest('hex')
      .slice(0, 16);
  const hashes = Object.fromEntries(names.map((name) => [name, hash(name)]));
  const late = Object.fromEntries(Object.entries(hashes).filter(([name]) => LATE.test(name)));
  const version = createHash('sha256').update(JSON.stringify(hashes)).digest('hex').slice(0, 16);
  return { version, files: names.filter((name) => !LATE.test(name)), late };
}
