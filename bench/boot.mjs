/** A machine's boot in Node, in a fresh process each time, against a whole `node -e 0`. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { median } from './median.mjs';

const ROUNDS = 15;
const library = pathToFileURL(resolve(process.env.BINFMT_LAB_NODE ?? 'dist/node', 'index.js')).href;
const ours = `const { boot } = await import(${JSON.stringify(library)}); const t = performance.now(); await boot(); process.stdout.write(String(performance.now() - t)); process.exit(0)`;

function timed(args) {
  const began = performance.now();
  const { stdout, status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return { ms: performance.now() - began, stdout };
}

export async function bench() {
  const boots = [];
  const nodes = [];
  for (let i = 0; i < ROUNDS; i++) {
    nodes.push(timed(['-e', '0']).ms);
    boots.push(Number(timed(['--input-type=module', '-e', ours]).stdout));
  }
  const [a, b] = [median(boots), median(nodes)];
  return [{ what: 'machine boot against node -e 0', ours: a, theirs: b, unit: 'ms', ratio: a / b, limit: 0.5 }];
}
