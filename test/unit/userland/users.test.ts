/** Users, and becoming another: sudo, su, id and their kin against what the real ones printed, row by row. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { boot } from '../../../src/lab/index.ts';
import { ADDED, ENVIRONMENT, rowsOf, SETUP } from './user-rows.ts';

const here = new URL('./', import.meta.url).pathname;
const recorded = JSON.parse(readFileSync(`${here}recorded/users.json`, 'utf8')) as Record<string, string>;

test('every row is recorded', () => {
  expect(Object.keys(recorded)).toEqual(rowsOf(readFileSync(`${here}user-rows.txt`, 'utf8')));
});

for (const [row, expected] of Object.entries(recorded))
  test(row, async () => {
    const lab = await boot({ kernel: '6.18', env: ENVIRONMENT });
    const append = Object.entries(ADDED).map(([path, text]) => `printf %s '${text}' >> ${path}`);
    await lab.run([...append, SETUP].join('\n'));
    const result = await lab.run(`exec 2>&1; ${row}`, { timeout: 30_000 });
    lab.dispose();
    expect(result.stdout.text + result.stderr.text).toBe(expected);
  });
