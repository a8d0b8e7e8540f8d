/** What bash, dash and Python say of an errno, against what the real ones said (microscope-record.py), on the same files. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Errno, errnoByCode } from '../../../src/uapi/errno.ts';
import type { Execution } from '../../../src/ui/executions.ts';
import { heard, heardOfSignal } from '../../../src/ui/panels/microscope/hear.ts';
import type { Heard } from '../../../src/ui/panels/microscope/model.ts';
import { type Refusal, refusal } from '../../../src/ui/panels/microscope/refusal.ts';
import { executions, ofPath } from './microscope-support.ts';

interface Said {
  readonly lines: readonly string[];
  readonly status: number;
}
type SaidBy = Readonly<Record<'bash' | 'dash' | 'python3', Said>>;
interface Recorded {
  readonly files: readonly { readonly name: string; readonly hex: string; readonly mode: number }[];
  readonly rows: readonly ({ readonly path: string } & SaidBy)[];
  readonly injected: readonly ({ readonly errno: string; readonly path: string } & SaidBy)[];
}
const recorded: Recorded = JSON.parse(readFileSync(new URL('microscope-recorded.json', import.meta.url), 'utf8'));
const files = Object.fromEntries(recorded.files.map((f) => [`/t/${f.name}`, { data: Buffer.from(f.hex, 'hex'), mode: f.mode }]));
/** The kernel refused it before it read a byte, so the trace cannot know that bash will find a script. */
const UNREAD = './busy';
const SETUP = `cd /t; mkdir dir noexec; ln -s loop loop; mkfifo fifo; mount -t tmpfs -o noexec none noexec
echo '#!/bin/sh' > noexec/t; chmod +x noexec/t; exec 8>>busy 9>>busybin`;

describe('how one hears of an errno', () => {
  let list: readonly Execution[] = [];
  beforeAll(async () => {
    const runs = recorded.rows.map((r) => `"${r.path}"`).join('\n');
    list = await executions(`${SETUP}\n${runs}`, { kernel: '6.18', files });
  });

  const hear = (path: string): readonly Heard[] => {
    const { end } = ofPath(list, path) as Execution & { end: { ev: 'exec_fail' } };
    const known = end?.ev === 'exec_fail' ? refusal(ofPath(list, path), end) : null;
    if (known === null) throw new Error(`${path} did not fail`);
    return heard(known);
  };

  for (const row of recorded.rows.filter((r) => r.path !== UNREAD)) {
    it(`is told for ${row.path.slice(0, 20)} as on the real machine`, () => {
      for (const who of ['bash', 'dash', 'python3'] as const) {
        const said = hear(row.path).find((h) => h.who === who);
        const { lines, status } = row[who];
        // A text that the shell runs itself, or an empty file: the sentences, if any, are the script's.
        if (said?.text === null)
          expect(
            lines.every((line) => line.startsWith(row.path) || !line.includes(row.path)),
            who,
          ).toBe(true);
        else expect([said?.text], who).toEqual(lines);
        if (said !== undefined && said.status !== null) expect(said.status, who).toBe(status);
      }
    });
  }

  for (const { errno, path, ...said } of recorded.injected) {
    it(`is told for ${errno} of ${path} as on the real machine`, () => {
      const head = files[`/t/${path.slice(2)}`]?.data ?? null;
      const known: Refusal = {
        ...{ path, absolute: `/t/${path.slice(2)}`, errno: errnoByCode(errno) as Errno, rule: 'X1', head },
        ...{ own: null, interpreter: null, last: null, asleep: null, misc_off: false, again: null },
      };
      const by = Object.fromEntries(heard(known).map((h) => [h.who, { lines: [h.text], status: h.status }]));
      expect(by).toMatchObject(said);
    });
  }

  it('is told with a reservation where only bash will read the file', () => {
    const real = recorded.rows.find((r) => r.path === UNREAD)?.bash.lines;
    expect(real).toEqual(['-bash: ./busy: /bin/sh: bad interpreter: Text file busy']);
    expect(hear(UNREAD)[0]).toMatchObject({ text: '-bash: ./busy: Text file busy', note: expect.stringContaining('bad interpreter') });
  });

  it('is told by runc and docker with the path from the root, in small letters', () => {
    const of = (path: string): string[] => hear(path).flatMap((h) => (['runc', 'docker'].includes(h.who) ? [`${h.status} ${h.text}`] : []));
    expect(of('./arm')).toEqual(['255 exec /t/arm: exec format error', '255 exec /t/arm: exec format error']);
    expect(of('./badint')[0]).toBe('255 exec /t/badint: no such file or directory');
    expect(of('./self')[0]).toBe('255 exec /t/self: too many levels of symbolic links');
    expect(of('./missing')[0]).toMatch(
      /^1 ERRO.*error during container init: exec: "\/t\/missing": stat \/t\/missing: no such file or directory $/,
    );
    expect(of('./missing')[1]).toMatch(/^127 docker: Error response from daemon: .*: no such file or directory$/);
    expect(of('./noperm')[1]).toMatch(/^126 docker: .*: exec: "\/t\/noperm": permission denied$/);
    expect(of('./dir')[1]).toMatch(/^126 docker: .*: exec: "\/t\/dir": is a directory: permission denied$/);
  });

  it('is another thing when the new program dies', () => {
    expect(heardOfSignal('SEGV', 11).map((h) => h.text ?? h.note)).toEqual([
      'Segmentation fault',
      'Segmentation fault',
      'No exception: the return code is -11.',
      'It says nothing: the program was executed, and has ended.',
    ]);
  });
});
