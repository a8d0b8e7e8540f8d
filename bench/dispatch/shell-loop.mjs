/**
 * A shell's loop over /bin/true, through real dispatch: ours beside dash with the smallest static program, and beside just-bash, which has
 * neither processes nor formats. just-bash comes into a temporary folder, is no dependency of ours, and is left out where npm cannot bring it.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { median } from '../median.mjs';

const JUST_BASH = 'just-bash@3.4.2';
const TURNS = 1000;
const loop = (turns) => `i=0; while [ $i -lt ${turns} ]; do /bin/true; i=$((i+1)); done`;

/** A fresh process that makes `run` and prints the microseconds of a turn, after some loops to warm up. */
function inProcess(makeRun) {
  const code = `${makeRun}
for (let i = 0; i < 8; i++) await run(${JSON.stringify(loop(TURNS))});
const timed = async (script) => { const began = performance.now(); await run(script); return performance.now() - began; };
const idle = await timed(${JSON.stringify(loop(0))});
console.log(((await timed(${JSON.stringify(loop(TURNS))})) - idle) * 1000 / ${TURNS});
process.exit(0);`;
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' }));
}

const from = (file) => JSON.stringify(pathToFileURL(resolve(file)).href);
const ours = () => {
  const library = from(join(process.env.BINFMT_LAB_NODE ?? 'dist/node', 'index.js'));
  return inProcess(`const { boot } = await import(${library}); const lab = await boot(); const run = (s) => lab.run(s);`);
};
const justBash = (dir) =>
  inProcess(
    `const { Bash } = await import(${from(join(dir, 'node_modules/just-bash/dist/bundle/index.js'))}); const bash = new Bash(); const run = (s) => bash.exec(s);`,
  );

function installed() {
  const dir = mkdtempSync(join(tmpdir(), 'just-bash-'));
  try {
    execFileSync('npm', ['install', '--silent', '--no-audit', '--no-fund', '--prefix', dir, JUST_BASH], {
      stdio: 'ignore',
      timeout: 120_000,
    });
    return dir;
  } catch {
    rmSync(dir, { recursive: true });
    console.log(`dispatch: npm cannot bring ${JUST_BASH}, so the shell's loop is not compared with it`);
    return null;
  }
}

export async function shellLoop(kernel, rounds) {
  const dir = installed();
  const seen = { ours: [], dash: [], justBash: [] };
  for (let i = 0; i < rounds; i++) {
    seen.ours.push(ours());
    if (kernel !== null) seen.dash.push(await kernel.ask({ shell: 'dash', turns: TURNS }));
    if (dir !== null) seen.justBash.push(justBash(dir));
  }
  if (dir !== null) rmSync(dir, { recursive: true });
  const row = (against, theirs, limit) => ({
    what: `Node: a turn of a shell's loop over /bin/true against ${against}`,
    ours: median(seen.ours),
    theirs: median(theirs),
    unit: 'µs',
    ratio: median(seen.ours.map((us, i) => us / theirs[i])),
    limit,
  });
  const rows = [];
  if (seen.dash.length > 0) rows.push(row('dash with the smallest static program', seen.dash, 1 / 2.5));
  if (seen.justBash.length > 0) rows.push(row('just-bash, which starts nothing', seen.justBash, 1));
  return rows;
}
