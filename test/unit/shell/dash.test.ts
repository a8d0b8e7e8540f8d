/** One-liners run by the real dash 0.5.12 (LC_ALL=C), replayed at our sh: stdout, stderr and status. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { boot } from '../../../src/lab/index.ts';

interface Row {
  readonly script: string;
  /** Bytes as Latin-1. */
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

const rows: readonly Row[] = JSON.parse(readFileSync(new URL('recorded/dash-0.5.12.json', import.meta.url), 'utf8'));
const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

it.each(rows.map((row) => [row.script, row] as const))('%j', async (script, { stdout, stderr, status }) => {
  const lab = await boot();
  const start = 'mkdir /tmp/shw; cd /tmp/shw; unset OLDPWD; exec /bin/sh -c "$1" sh';
  const r = await lab.run(start, { name: 'bash', args: [script], timeout: 10_000 });
  expect({ stdout: latin1(r.stdout.bytes), stderr: latin1(r.stderr.bytes), status: r.status }).toEqual({ stdout, stderr, status });
});
