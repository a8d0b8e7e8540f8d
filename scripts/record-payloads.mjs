/**
 * Asks the real Lua and Python of Debian 12: runs every row of lua-rows.ts and python-rows.ts, and writes recorded/*.json.
 * Only inside namespaces of its own, so that no row can touch the machine:
 *   unshare -Urm node scripts/record-payloads.mjs
 */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { loadTypeScript } from './load-typescript.mjs';

const here = new URL('../test/unit/userland/', import.meta.url).pathname;
if (fs.readFileSync('/proc/self/uid_map', 'utf8').trim().split(/\s+/)[2] === '4294967295') throw new Error('run this under unshare -Urm');

const { luaRows } = await loadTypeScript(`${here}lua-rows.ts`);
const { pythonRows } = await loadTypeScript(`${here}python-rows.ts`);
const { DIRECTORY, MTIME } = await loadTypeScript(`${here}payload-rows.ts`);

/** The real tools under the names that the rows call them by. */
const TOOLS = `${DIRECTORY}.bin`;
const REAL = { lua: '/usr/bin/lua5.4', luac: '/usr/bin/luac5.4', python3: '/usr/bin/python3' };

function build(files) {
  fs.rmSync(DIRECTORY, { recursive: true, force: true });
  fs.mkdirSync(DIRECTORY);
  for (const [name, text] of Object.entries(files ?? {})) {
    const path = join(DIRECTORY, name);
    fs.mkdirSync(dirname(path), { recursive: true });
    fs.writeFileSync(path, text);
    fs.utimesSync(path, MTIME, MTIME);
  }
}

function ask({ script, files, stdin }) {
  build(files);
  const r = spawnSync('/bin/bash', ['--norc', '-c', script, 'bash'], {
    cwd: DIRECTORY,
    input: stdin ?? '',
    env: { PATH: `${TOOLS}:/usr/bin:/bin`, HOME: '/root', LC_ALL: 'C', TZ: 'UTC' },
    timeout: 20_000,
  });
  if (r.error) throw new Error(`${script}: ${r.error.message}`);
  const answer = { stdout: r.stdout.toString(), stderr: r.stderr.toString(), status: r.status ?? 128 };
  return { script, ...(files ? { files } : {}), ...(stdin === undefined ? {} : { stdin }), ...answer };
}

function record(name, tool, rows) {
  const recording = {
    tool: spawnSync(...tool)
      .stdout.toString()
      .trim(),
    answers: rows.map(ask),
  };
  fs.writeFileSync(`${here}recorded/${name}.json`, `${JSON.stringify(recording, null, 1)}\n`);
  console.log(`${name}: ${rows.length} rows of ${recording.tool}`);
}

process.umask(0o022);
fs.rmSync(TOOLS, { recursive: true, force: true });
fs.mkdirSync(TOOLS);
for (const [name, path] of Object.entries({ lua: REAL.lua, luac: REAL.luac })) fs.symlinkSync(path, join(TOOLS, name));
record('lua', [REAL.lua, ['-v']], luaRows);
record('python', [REAL.python3, ['-VV']], pythonRows);
for (const path of [DIRECTORY, TOOLS]) fs.rmSync(path, { recursive: true, force: true });
