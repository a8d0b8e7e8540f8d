/** What a start-up file's plain lines do without the engine is what the engine makes of them. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { importEnvironment } from '../../../src/shell/environment.ts';
import { engine } from '../../../src/shell/load-engine.ts';
import { runPlainLine } from '../../../src/shell/plain-lines.ts';
import { Shell } from '../../../src/shell/shell.ts';
import { describeAttributes } from '../../../src/shell/vars.ts';
import { encode } from '../../../src/uapi/bytes.ts';
import { IS_ERR } from '../../../src/uapi/errno.ts';
import { O_CREAT, O_WRONLY } from '../../../src/uapi/fcntl.ts';
import type { Syscalls } from '../../../src/uapi/syscalls.ts';
import { machine } from '../../support/kernel.ts';

const ENV = ['HOME=/tmp', 'A=one', 'EMPTY=', 'PS1=$ '];

async function newShell(sys: Syscalls): Promise<Shell> {
  const sh = new Shell(sys);
  sh.argv0 = '-bash';
  sh.interactive = sh.interactiveShell = true;
  await importEnvironment(sh, ENV);
  sh.frames.push({ kind: 'source', name: 'source', source: '.bashrc', callLine: 0 });
  return sh;
}

const state = (sh: Shell): unknown => ({
  vars: [...sh.vars.global().vars].map(([name, v]) => [name, v.value, describeAttributes(v)]).sort(),
  status: sh.lastStatus,
  pipe: sh.pipeStatus,
  last: sh.lastArgument,
});

/** One line by itself, without the engine and with it; undefined when the engine is needed. */
async function both(sys: Syscalls, line: string): Promise<readonly [unknown, unknown] | undefined> {
  const [plain, full] = [await newShell(sys), await newShell(sys)];
  const end = await runPlainLine(plain, line, async () => 0);
  if (end === 'unknown') return undefined;
  await (await engine()).parseAndRun(full, `${line}\n`, { where: 'source', firstLine: 1 }).catch(() => 0);
  return [state(plain), state(full)];
}

async function compared(lines: readonly string[]): Promise<(readonly [unknown, unknown] | undefined)[]> {
  const results: (readonly [unknown, unknown] | undefined)[] = [];
  await machine({}).exec(
    async (sys) => {
      const fd = await sys.open('/tmp/file', O_WRONLY | O_CREAT, 0o644);
      if (!IS_ERR(fd)) await sys.write(fd, encode('# nothing\n'));
      for (const line of lines) results.push(await both(sys, line));
      return 0;
    },
    { cwd: '/tmp' },
  );
  return results;
}

const UNDERSTOOD = [
  '',
  '# a comment with `quotes" and $(more)',
  'A=b',
  "PS1='\\u@\\h:\\w\\$ '",
  'PATH="/usr/bin:$PATH:${A}:${NONE:-x}"',
  'export A',
  'export NEW',
  '[ -z "$A" ]',
  '[ -n "$A" ] && B=yes',
  '[ -z "$A" ] || [ ! -f /tmp/none ] || C=no',
  '[ ! -f ~/file ] || D=there',
  '[ "${UID:-0}" = 0 ] || PATH=/bin',
  '[ "$A" != two ] && E="a b"c',
  '[ -r /tmp/file ] && . /tmp/file',
];
const LEFT = [
  'A=$(id -u)',
  'A=~/x',
  'A=a\\ b',
  'A=(1 2)',
  'A[1]=x',
  'A+=x',
  'UID=5',
  'RANDOM=1',
  'alias ll=ls',
  'A=b echo x',
  'A=b # why',
  'A=b; B=c',
  'if [ -f x ]; then',
  '[ -f $A ]',
  '[ a ]',
  '. file',
  '. /tmp/none',
  'export -n A',
  'export A=b',
  'return 3',
  'A="x',
  '[ -f x ] &&',
  'A=b &',
  'A=*',
];

describe('plain lines of start-up files', () => {
  beforeAll(() => engine());

  it('are run without the engine, and mean the same', async () => {
    const results = await compared(UNDERSTOOD);
    for (const [i, line] of UNDERSTOOD.entries()) {
      const pair = results[i];
      expect(pair, `${line} is understood`).toBeDefined();
      expect(pair?.[0], line).toEqual(pair?.[1]);
    }
  });

  it('leave everything else to the engine', async () => {
    const results = await compared(LEFT);
    expect(LEFT.filter((_, i) => results[i] !== undefined)).toEqual([]);
  });

  it('mean what the engine says for any line put together from their pieces', async () => {
    const piece = fc.constantFrom(
      ...['[', ']', '!', '-z', '-f', '=', '!=', 'A=', 'B=', 'export', '. ', '/tmp/file', '~/file', '"$A"', '"${EMPTY:-d}"', "'x y'"],
      ...[' ', ' ', ' ', '&&', '||', 'A', 'EMPTY', 'w', '"', "'", '$', '\\', '#', ';', '`', '{', '*', '~', 'return'],
    );
    const lines = fc.sample(fc.array(piece, { maxLength: 12 }), { numRuns: 3000 }).map((pieces) => pieces.join(''));
    const results = await compared(lines);
    for (const [i, pair] of results.entries()) if (pair) expect(pair[0], lines[i]).toEqual(pair[1]);
    expect(results.filter((pair) => pair !== undefined).length).toBeGreaterThan(20);
  });
});
