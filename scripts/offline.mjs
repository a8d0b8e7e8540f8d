/** Builds the service worker last of all, when it is known what the page consists of. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const SOURCE = fileURLToPath(new URL('../src/service-worker.ts', import.meta.url));
/** Large, and not needed by everybody: the machine that loads them keeps them. */
const PAYLOAD = /^python\/|\.wasm$/;
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
    .filter((name) => name !== NAME && !PAYLOAD.test(name))
    .sort();
  const version = createHash('sha256');
  for (const name of names) version.update(name).update(readFileSync(join(out, name)));
  return { version: version.digest('hex').slice(0, 16), files: names };
}
