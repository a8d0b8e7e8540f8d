/** Runs every case in the lab as kernel 6.18 and compares with what the real one answered. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { boot } from '../../src/lab/index.ts';
import { latin1 } from '../../src/uapi/bytes.ts';
import { type Case, ENVIRONMENT, normalise, type Outcome, type Recording } from './case.ts';
import { cases } from './cases/index.ts';
import { knownDifferences } from './known-differences.ts';

const recording = JSON.parse(readFileSync(new URL('./recorded/6.18.json', import.meta.url), 'utf8')) as Recording;
const known = new Map(knownDifferences.map((d) => [d.id, d]));

async function ask(one: Case): Promise<Outcome> {
  const lab = await boot({ kernel: '6.18', env: { ...ENVIRONMENT }, hostname: 'lab' });
  try {
    const { stdout, stderr, status } = await lab.run(one.script, { stdin: one.stdin ?? '', timeout: 20_000 });
    return { stdout: latin1(stdout.bytes), stderr: latin1(stderr.bytes), status };
  } finally {
    lab.dispose();
  }
}

const normal = (o: Outcome): Outcome => ({ stdout: normalise(o.stdout), stderr: normalise(o.stderr), status: o.status });

describe('the lab answers as Linux does', () => {
  test.each(cases.map((c) => [c.id, c] as const))('%s', async (id, one) => {
    const real = recording.cases[id];
    expect(real, 'recorded: npm run conformance:record').toBeDefined();
    if (real === undefined) return;
    expect(real.script, 'the script has changed since it was recorded').toBe(one.script);
    const answer = normal(await ask(one));
    const difference = known.get(id);
    if (difference === undefined) return expect(answer).toEqual(normal(real.outcome));
    expect(answer, 'a known difference that is no longer one: remove its row').not.toEqual(normal(real.outcome));
    expect(answer, difference.why).toEqual(normal(difference.lab));
  });
});

test('every recorded case still exists, and every known difference names one', () => {
  const ids = new Set(cases.map((c) => c.id));
  expect(Object.keys(recording.cases).filter((id) => !ids.has(id))).toEqual([]);
  expect(knownDifferences.map((d) => d.id).filter((id) => !ids.has(id))).toEqual([]);
});
