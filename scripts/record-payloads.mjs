/**
 * Asks the real Lua, Python and ld.so of Debian 12: runs every row of lua-rows.ts, python-rows.ts and ld-rows.ts, and writes
 * recorded/*.json. ld.so's rows need gcc, and gcc-aarch64-linux-gnu.
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
const { ldRows } = await loadTypeScript(`${here}ld-rows.ts`);
const { DIRECTORY, MTIME } = await loadTypeScript(`${here}payload-rows.ts`);

/** The real tools under the names that the rows call them by. */
const TOOLS = `${DIRECTORY}.bin`;
const LOADER = '/lib64/ld-linux-x86-64.so.2';
const REAL = { lua: '/usr/bin/lua5.4', luac: '/usr/bin/luac5.4', python3: '/usr/bin/python3' };

function build(files, elves = {}) {
  fs.rmSync(DIRECTORY, { recursive: true, force: true });
  fs.mkdirSync(DIRECTORY);
  for (const [name, data] of Object.entries(elves)) {
    const path = join(DIRECTORY, name);
    fs.mkdirSync(dirname(path), { recursive: true });
    fs.writeFileSync(path, Buffer.from(data, 'base64'), { mode: 0o755 });
  }
  for (const [name, text] of Object.entries(files ?? {})) {
    const path = join(DIRECTORY, name);
    fs.mkdirSync(dirname(path), { recursive: true });
    fs.writeFileSync(path, text);
    fs.utimesSync(path, MTIME, MTIME);
  }
}

/** Small ELF files for the rows of ld.so, by path. */
function buildElves() {
  const work = fs.mkdtempSync('/tmp/payload-elves-');
  const C = {
    foo: 'int foo(void){return 0;}',
    ver: 'int foo(void){return 0;} int bar(void){return 0;}',
    mid: 'int foo(void); int mid(void){return foo();}',
    'call-foo': 'int foo(void); void _start(void){foo();}',
    'call-mid': 'int mid(void); void _start(void){mid();}',
    'call-bar': 'int foo(void); int bar(void); void _start(void){foo(); bar();}',
  };
  for (const [name, code] of Object.entries(C)) fs.writeFileSync(join(work, `${name}.c`), code);
  const script = `set -e; mkdir lib old 32 arm
    cc="gcc -nostdlib -s -fno-asynchronous-unwind-tables -Wl,--build-id=none,-z,noseparate-code,-z,norelro,--hash-style=gnu"
    lib() { $cc -shared -fPIC -Wl,-soname,$1 -o $2 "\${@:3}"; }
    exe() { $cc -pie -fPIE -Wl,--allow-shlib-undefined -o "$@"; }
    lib libfoo.so.1 lib/libfoo.so.1 foo.c
    lib libmid.so.1 lib/libmid.so.1 mid.c lib/libfoo.so.1
    echo 'V_1 { global: foo; };' > v1; echo 'V_1 { global: foo; }; V_2 { global: bar; } V_1;' > v2
    echo 'GLIBC_2.34 { global: foo; }; GLIBC_2.38 { global: bar; };' > vc
    lib libver.so.1 lib/libver.so.1 ver.c -Wl,--version-script=v2
    lib libver.so.1 old/libver.so.1 foo.c -Wl,--version-script=v1
    lib libc.so.6 libc ver.c -Wl,--version-script=vc
    exe needs-foo call-foo.c lib/libfoo.so.1; exe needs-mid call-mid.c lib/libmid.so.1
    exe needs-ver call-bar.c lib/libver.so.1; exe needs-glibc call-bar.c libc
    exe rpath call-foo.c lib/libfoo.so.1 -Wl,--disable-new-dtags,-rpath,${DIRECTORY}/r
    exe runpath call-foo.c lib/libfoo.so.1 -Wl,--enable-new-dtags,-rpath,'$ORIGIN/lib'
    exe mid-rpath call-mid.c lib/libmid.so.1 -Wl,--disable-new-dtags,-rpath,'\${ORIGIN}/lib'
    exe mid-runpath call-mid.c lib/libmid.so.1 -Wl,--enable-new-dtags,-rpath,'$ORIGIN/lib'
    printf '.globl foo\nfoo: ret\n' | as --32 -o foo.o; ld -m elf_i386 -shared -s -soname libfoo.so.1 -z noseparate-code --build-id=none -o 32/libfoo.so.1 foo.o
    aarch64-linux-gnu-gcc -nostdlib -s -shared -fPIC -Wl,--build-id=none,-z,noseparate-code,-z,max-page-size=4096,-soname,libfoo.so.1 -o arm/libfoo.so.1 foo.c
    rm -f *.c *.o v1 v2 vc libc`;
  const made = spawnSync('/bin/bash', ['-c', script, 'bash'], { cwd: work });
  if (made.status !== 0) throw new Error(String(made.stderr));
  const files = fs.readdirSync(work, { recursive: true }).filter((name) => fs.statSync(join(work, name)).isFile());
  const elves = Object.fromEntries(files.sort().map((name) => [name, fs.readFileSync(join(work, name)).toString('base64')]));
  fs.rmSync(work, { recursive: true });
  return elves;
}

function ask({ script, files, stdin }, elves) {
  build(files, elves);
  const r = spawnSync('/bin/bash', ['--norc', '-c', script, 'bash'], {
    cwd: DIRECTORY,
    input: stdin ?? '',
    env: { PATH: `${TOOLS}:/usr/sbin:/usr/bin:/bin`, HOME: '/root', LC_ALL: 'C', TZ: 'UTC' },
    timeout: 20_000,
  });
  if (r.error) throw new Error(`${script}: ${r.error.message}`);
  const answer = { stdout: r.stdout.toString(), stderr: r.stderr.toString(), status: r.status ?? 128 };
  return { script, ...(files ? { files } : {}), ...(stdin === undefined ? {} : { stdin }), ...answer };
}

function record(name, tool, rows, elves) {
  const [first] = spawnSync(...tool)
    .stdout.toString()
    .split('\n');
  const answers = rows.map((row) => ask(row, elves));
  const recording = { tool: first, ...(elves ? { elves } : {}), answers };
  fs.writeFileSync(`${here}recorded/${name}.json`, `${JSON.stringify(recording, null, 1)}\n`);
  console.log(`${name}: ${rows.length} rows of ${recording.tool}`);
}

process.umask(0o022);
fs.rmSync(TOOLS, { recursive: true, force: true });
fs.mkdirSync(TOOLS);
for (const [name, path] of Object.entries({ lua: REAL.lua, luac: REAL.luac })) fs.symlinkSync(path, join(TOOLS, name));
record('lua', [REAL.lua, ['-v']], luaRows);
record('python', [REAL.python3, ['-VV']], pythonRows);
record('ld', [LOADER, ['--version']], ldRows, buildElves());
for (const path of [DIRECTORY, TOOLS]) fs.rmSync(path, { recursive: true, force: true });
