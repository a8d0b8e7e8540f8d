/** The pages that are made from the project are those in docs/. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { referencePages } from '../../scripts/reference-docs.mjs';

test('the pages on fidelity and differences are up to date: npm run docs', async () => {
  for (const [file, text] of await referencePages()) expect(readFileSync(file, 'utf8'), file).toBe(text);
});
