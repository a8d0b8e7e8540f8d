/**
 * Asks the real tools: runs the rows of coreutils-rows.txt that recorded/coreutils.json does not have (all with --all).
 * For Debian 12, and only inside a user namespace, so that no row can touch the machine:
 *   unshare -Ur node scripts/record-coreutils.mjs
 */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { loadTypeScript } from './load-typescript.mjs';
import { recordRows } from './record-rows.mjs';

const here = new URL('../test/unit/userland/', import.meta.url).pathname;
const { changes, DIRECTORY, fixture, MTIME, parseRow, rowsOf } = await loadTypeScript(`${here}coreutils-rows.ts`);
if (fs.readFileSync('/proc/self/uid_map', 'utf8').trim().split(/\s+/)[2] === '4294967295') throw new Error('run this under unshare -Ur');

function build() {
  fs.rmSync(DIRECTORY, { recursive: true, force: true });
  fs.mkdirSync(DIRECTORY, { recursive: true });
  for (const { path, mode, text, target } of fixture) {
    const full = join(DIRECTORY, path);
    if (target !== undefined) fs.symlinkSync(target, full);
    else if (text === undefined) fs.mkdirSync(full);
    else fs.writeFileSync(full, Buffer.from(text, 'latin1'));
    if (target === undefined) fs.chmodSync(full, mode ?? (text === undefined ? 0o755 : 0o644));
  }
  for (const { path } of [...fixture].reverse()) fs.lutimesSync(join(DIRECTORY, path), MTIME / 1000, MTIME / 1000);
}

function snapshot(directory, prefix = '') {
  const out = new Map();
  for (const name of fs.readdirSync(directory).sort()) {
    const path = join(directory, name);
    const st = fs.lstatSync(path);
    const mode = st.mode.toString(8);
    if (st.isDirectory()) {
      out.set(prefix + name, mode);
      for (const [k, v] of snapshot(path, `${prefix}${name}/`)) out.set(k, v);
    } else if (!st.isFile() && !st.isSymbolicLink()) out.set(prefix + name, mode);
    else out.set(prefix + name, `${mode} ${st.isSymbolicLink() ? fs.readlinkSync(path) : fs.readFileSync(path, 'latin1')}`);
  }
  return out;
}

function ask(line) {
  const { words, env, stdin } = parseRow(line);
  build();
  const before = snapshot(DIRECTORY);
  const [name, ...args] = words.map((w) => Buffer.from(w, 'latin1').toString());
  const r = spawnSync(name, args, {
    cwd: DIRECTORY,
    input: Buffer.from(stdin, 'latin1'),
    env: { PATH: '/usr/bin:/bin', HOME: '/root', LC_ALL: 'C', TZ: 'UTC', ...env },
    timeout: 10_000,
  });
  // A tool that does not read its input leaves the pipe broken.
  if (r.error && r.error.code !== 'EPIPE') throw new Error(`${line}: ${r.error.message}`);
  const [stdout, stderr] = [r.stdout.toString('latin1'), r.stderr.toString('latin1')];
  return { stdout, stderr, status: r.status ?? 128, changes: changes(before, snapshot(DIRECTORY)) };
}

process.umask(0o022);
const rows = rowsOf(fs.readFileSync(`${here}coreutils-rows.txt`, 'utf8'));
recordRows(`${here}recorded/coreutils.json`, rows, ask);
fs.rmSync(DIRECTORY, { recursive: true, force: true });
