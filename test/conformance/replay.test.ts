/** Runs every case in the lab as each kernel that was asked, and compares with what the real one answered. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { boot } from '../../src/lab/index.ts';
import { latin1 } from '../../src/uapi/bytes.ts';
import { type Case, ENVIRONMENT, normalise, type Outcome, type Recording } from './case.ts';
import { cases } from './cases/index.ts';
import { knownDifferences } from './known-differences.ts';

const RECORDED = ['6.18', '6.1'];
const recordingOf = (kernel: string): Recording =>
  JSON.parse(readFileSync(new URL(`./recorded/${kernel}.json`, import.meta.url), 'utf8')) as Recording;

async function ask(one: Case, kernel: string): Promise<Outcome> {
  const lab = await boot({ kernel, env: { ...ENVIRONMENT }, hostname: 'lab' });
  try {
    const { stdout, stderr, status } = await lab.run(one.script, { stdin: one.stdin ?? '', timeout: 20_000 });
    return { stdout: latin1(stdout.bytes), stderr: latin1(stderr.bytes), status };
  } finally {
    lab.dispose();
  }
}

const normal = (o: Outcome): Outcome => ({ stdout: normalise(o.stdout), stderr: normalise(o.stderr), status: o.status });

describe.each(RECORDED)('the lab answers as Linux %s does', (kernel) => {
  const recording = recordingOf(kernel);
  const known = new Map(knownDifferences.filter((d) => d.kernel === kernel).map((d) => [d.id, d]));

  test.each(cases.map((c) => [c.id, c] as const))('%s', async (id, one) => {
    const real = recording.cases[id];
    expect(real, `recorded: npm run conformance:record -- --kernel ${kernel}`).toBeDefined();
    if (real === undefined) return;
    expect(real.script, 'the script has changed since it was recorded').toBe(one.script);
    const answer = normal(await ask(one, kernel));
    const difference = known.get(id);
    if (difference === undefined) return expect(answer).toEqual(normal(real.outcome));
    expect(answer, 'a known difference that is no longer one: remove its row').not.toEqual(normal(real.outcome));
    expect(answer, difference.why).toEqual(normal(difference.lab));
  });

  test('every recorded case still exists, and every known difference names one', () => {
    const ids = new Set(cases.map((c) => c.id));
    expect(Object.keys(recording.cases).filter((id) => !ids.has(id))).toEqual([]);
    expect([...known.keys()].filter((id) => !ids.has(id))).toEqual([]);
  });
});
