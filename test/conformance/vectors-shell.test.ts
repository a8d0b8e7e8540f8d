/** The observations of a real 6.18 in which a shell or a command spoke; see vectors.test.ts for the others. */
import { describe, expect, it } from 'vitest';
import { loadRows } from './vectors-machine.ts';
import { replayShell } from './vectors-shell.ts';
import { isShellRow } from './vectors-shell-rows.ts';

describe('what shells and commands were seen to say on a real 6.18', () => {
  for (const row of loadRows().filter(isShellRow)) {
    it(`${row.section}/${row.case}`, { timeout: 60_000 }, async () => {
      const { expected, actual } = await replayShell(row);
      expect(actual).toEqual(expected);
    });
  }
});
