/**
 * 925 observations of a real Linux 6.18, made again on the lab's kernel 6.18 (vectors/linux-6.18.jsonl.gz, never edited by hand).
 * Rows in which a shell spoke are in vectors-shell.test.ts. Every row is equal, or stands in vectors-differences.ts with its reason; a difference that is gone must be taken from that list.
 */
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { DIFFERENCES } from './vectors-differences.ts';
import { loadRows, type Row } from './vectors-machine.ts';
import { observeOf } from './vectors-observe.ts';
import { type Comparison, replayExec, replayObservation, replayRegister } from './vectors-replay.ts';
import { isShellRow } from './vectors-shell-rows.ts';

const rows = loadRows();
const seen = new Map<string, number>();
const numbered = rows.map((row) => {
  const key = `${row.section}/${row.case}`;
  const occurrence = (seen.get(key) ?? 0) + 1;
  seen.set(key, occurrence);
  return { row, occurrence, key: occurrence > 1 ? `${key} #${occurrence}` : key };
});

function replay(row: Row, occurrence: number): Promise<Comparison> | null {
  if (row.exec !== null) return replayExec(row, row.exec);
  if (row.section === 'register') return replayRegister(row);
  const observe = observeOf(row, occurrence);
  return observe === undefined ? null : replayObservation(row, observe);
}

const listed = new Map(DIFFERENCES.map((d) => [d.row, d]));
const without_undefined = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('what a real 6.18 was seen to do', () => {
  it('is recorded in 925 rows, and each listed difference is one of them', () => {
    expect(rows).toHaveLength(925);
    expect(DIFFERENCES.filter((d) => !numbered.some((n) => n.key === d.row))).toEqual([]);
    expect(listed.size).toBe(DIFFERENCES.length);
  });

  for (const section of new Set(rows.filter((r) => !isShellRow(r)).map((r) => r.section))) {
    const own = numbered.filter((n) => n.row.section === section && !isShellRow(n.row));
    it(`${section}: ${own.length} rows`, { timeout: 120_000 }, async () => {
      for (const { row, occurrence, key } of own) {
        const difference = listed.get(key);
        const replaying = replay(row, occurrence);
        if (replaying === null) {
          expect(difference?.kind, `${key} is not replayed, and nobody says why`).toBe('not replayed');
          continue;
        }
        const { expected, actual } = await replaying;
        if (difference === undefined) expect(without_undefined(actual), key).toEqual(without_undefined(expected));
        else {
          expect(difference.kind, key).toBe('differs');
          expect(
            isDeepStrictEqual(without_undefined(actual), without_undefined(expected)),
            `${key} is equal now: take it off the list`,
          ).toBe(false);
        }
      }
    });
  }
});
