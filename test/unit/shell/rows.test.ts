/** Scripts run by the real bash 5.2.15 (LC_ALL=C), replayed at ours: stdout, stderr and status. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { boot } from '../../../src/lab/index.ts';
import { knownScripts } from './known-differences.ts';

interface Row {
  readonly script: string;
  /** Bytes as Latin-1. */
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | string;
}

const rows: readonly Row[] = JSON.parse(readFileSync(new URL('recorded/bash-5.2.15.json', import.meta.url), 'utf8'));

const SIGNALS: Readonly<Record<string, number>> = { SIGTERM: 15, SIGINT: 2, SIGKILL: 9 };
const status = (row: Row): number =>
  typeof row.status === 'string' ? 128 + (SIGNALS[row.status.replace('SIGSIG', 'SIG')] ?? 0) : row.status;
const withoutPids = (text: string): string =>
  text.replace(/(line \d+: ) *\d+ (Terminated|Killed|Segm|Hangup)/g, '$1PID $2').replace(/^\[(\d)\] \d+$/gm, '[$1] PID');
const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** In an empty directory of a fresh machine. */
async function replay(row: Row): Promise<{ stdout: string; stderr: string; status: number }> {
  const lab = await boot();
  const script = 'mkdir /tmp/shw; cd /tmp/shw; unset OLDPWD; exec /bin/bash -c "$1" bash';
  const r = await lab.run(script, { name: 'bash', args: [row.script], timeout: 10_000 });
  return { stdout: latin1(r.stdout.bytes), stderr: withoutPids(latin1(r.stderr.bytes)), status: r.status };
}

for (const [i, row] of rows.entries()) {
  const known = knownScripts.find(([script]) => row.script.startsWith(script));
  it(`${i} ${row.script.slice(0, 100).replaceAll('\n', '; ')}`, async () => {
    const wanted = { stdout: row.stdout, stderr: withoutPids(row.stderr), status: status(row) };
    const got = await replay(row);
    if (known) expect(got, `now as bash: strike it from the list (${known[1]})`).not.toEqual(wanted);
    else expect(got).toEqual(wanted);
  });
}
