/** Runs the rows on a machine of ours and compares. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { boot } from '../../../src/lab/index.ts';
import { encode } from '../../../src/uapi/bytes.ts';
import { DIRECTORY, MTIME, type PayloadAnswer, type PayloadRow, type Recording } from './payload-rows.ts';

export function compareRows(name: string, rows: readonly PayloadRow[]): void {
  const { tool, answers, elves = {} } = JSON.parse(readFileSync(new URL(`./recorded/${name}.json`, import.meta.url), 'utf8')) as Recording;
  describe(`as ${tool}`, () => {
    it('has an answer to every row', () => {
      expect(answers.map(({ script, files, stdin }) => ({ script, files, stdin }))).toEqual(
        rows.map(({ script, files, stdin }) => ({ script, files, stdin })),
      );
    });
    rows.forEach((row, i) => {
      it(`${row.script} #${i}${row.differs === undefined ? '' : ` (differs: ${row.differs})`}`, async () => {
        const { stdout, stderr, status } = answers[i] as PayloadAnswer;
        const here = await answer(row, elves);
        if (row.differs === undefined) expect(here).toEqual({ stdout, stderr, status });
        else expect(here).not.toEqual({ stdout, stderr, status });
      });
    });
  });
}

async function answer(row: PayloadRow, elves: Readonly<Record<string, string>>): Promise<PayloadAnswer> {
  const lab = await boot({ kernel: '6.18' });
  for (const [name, data] of Object.entries(elves)) lab.files.write(`${DIRECTORY}/${name}`, Buffer.from(data, 'base64'), 0o755);
  await lab.run(`mkdir -p ${DIRECTORY}; cd ${DIRECTORY}; for f; do mkdir -p "$(dirname "$f")"; done`, {
    args: Object.keys(row.files ?? {}),
  });
  for (const [name, text] of Object.entries(row.files ?? {})) lab.files.write(`${DIRECTORY}/${name}`, encode(text), 0o644);
  await lab.run(`cd ${DIRECTORY}; touch -d @${MTIME} -- "$@"`, { args: ['.', ...Object.keys(row.files ?? {})] });
  const env = { TZ: 'UTC', HOME: '/root', LC_ALL: 'C' };
  const { stdout, stderr, status } = await lab.run(`cd ${DIRECTORY}; ${row.script}`, { stdin: row.stdin ?? '', name: 'bash', env });
  lab.dispose();
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
  return { stdout: text(stdout.bytes), stderr: text(stderr.bytes), status };
}
