/** The text and file commands against what the real ones printed, row by row. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decode, fromLatin1, latin1 } from '../../../src/uapi/bytes.ts';
import { IS_ERR } from '../../../src/uapi/errno.ts';
import type { RootEntry } from '../../../src/uapi/rootfs.ts';
import { S_ISDIR, S_ISLNK, S_ISREG } from '../../../src/uapi/stat.ts';
import type { Program, Syscalls } from '../../../src/uapi/syscalls.ts';
import { bin } from '../../../src/userland/bin/index.ts';
import { readFile } from '../../../src/userland/lib/stdio.ts';
import { readNames } from '../../../src/userland/lib/walk.ts';
import { machine, program } from '../../support/kernel.ts';
import { changes, DIRECTORY, fixture, MTIME, parseRow, type Result, rowsOf } from './coreutils-rows.ts';

const here = new URL('./', import.meta.url).pathname;
const recorded = JSON.parse(readFileSync(`${here}recorded/coreutils.json`, 'utf8')) as Record<string, Result>;

const PASSWD = 'root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n';
const GROUP = 'root:x:0:\ndaemon:x:1:\n';

const file = (path: string, text: string, mode = 0o644): RootEntry => ({ kind: 'file', path, mode, data: fromLatin1(text), mtime: MTIME });

function entries(): RootEntry[] {
  const made: RootEntry[] = [
    { kind: 'dir', path: DIRECTORY, mode: 0o755 },
    { kind: 'chr', path: '/dev/urandom', mode: 0o666, rdev: 0x109 },
    file('/etc/passwd', PASSWD),
    file('/etc/group', GROUP),
  ];
  for (const { path, mode, text, target } of fixture) {
    const full = `${DIRECTORY}/${path}`;
    if (target !== undefined) made.push({ kind: 'symlink', path: full, mode: 0o777, target, mtime: MTIME });
    else if (text === undefined) made.push({ kind: 'dir', path: full, mode: mode ?? 0o755, mtime: MTIME });
    else made.push(file(full, text, mode));
  }
  for (const name of Object.keys(bin)) made.push(program(`/usr/bin/${name}`, name));
  return made;
}

async function snapshot(sys: Syscalls, directory: string, prefix = ''): Promise<Map<string, string>> {
  const out = new Map<string, string>();
  const names = await readNames(sys, directory);
  if (IS_ERR(names)) return out;
  for (const name of names.sort()) {
    const path = `${directory}/${name}`;
    const st = sys.lstat(path);
    if (IS_ERR(st)) continue;
    const mode = st.st_mode.toString(8);
    if (S_ISDIR(st.st_mode)) {
      out.set(prefix + name, mode);
      for (const [k, v] of await snapshot(sys, path, `${prefix}${name}/`)) out.set(k, v);
      continue;
    }
    if (!S_ISLNK(st.st_mode) && !S_ISREG(st.st_mode)) {
      out.set(prefix + name, mode);
      continue;
    }
    const content = S_ISLNK(st.st_mode) ? sys.readlink(path) : await readFile(sys, path);
    out.set(prefix + name, `${mode} ${IS_ERR(content) ? content.code : typeof content === 'string' ? content : latin1(content)}`);
  }
  return out;
}

async function run(line: string): Promise<Result> {
  const { words, env, stdin } = parseRow(line);
  const m = machine({ entries: entries(), applets: bin });
  const take = async (): Promise<Map<string, string>> => {
    let result = new Map<string, string>();
    const main: Program = async (sys) => {
      result = await snapshot(sys, DIRECTORY);
      return 0;
    };
    await m.exec(main);
    return result;
  };
  const before = await take();
  const outcome = await m.run(`/usr/bin/${words[0]}`, {
    argv: words.map((w) => decode(fromLatin1(w))),
    stdin: decode(fromLatin1(stdin)),
    cwd: DIRECTORY,
    env: { TZ: 'UTC', ...env },
  });
  const bytes = (text: string): string => latin1(new Uint8Array(Buffer.from(text)));
  return { stdout: bytes(outcome.stdout), stderr: bytes(outcome.stderr), status: outcome.status, changes: changes(before, await take()) };
}

test('every row is recorded', () => {
  const rows = rowsOf(readFileSync(`${here}coreutils-rows.txt`, 'utf8'));
  expect(Object.keys(recorded)).toEqual([...new Set(rows)]);
});

for (const [line, expected] of Object.entries(recorded)) {
  test(line, async () => {
    expect(await run(line)).toEqual(expected);
  });
}
