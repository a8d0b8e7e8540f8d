/** Users, and becoming another: sudo, su, id and their kin against what the real ones printed, row by row. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { boot } from '../../../src/lab/index.ts';
import { Typist } from '../../support/typist.ts';
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

test('a password is typed unseen on the terminal, asked for again, and good for a while; ^C ends the question', async () => {
  const lab = await boot({ env: ENVIRONMENT });
  const hash = ADDED['/etc/shadow']?.split(':')[1];
  await lab.run(`sed -i 's|^student:[*]:|student:${hash}:|' /etc/shadow; rm /etc/sudoers.d/90*`);
  const typist = new Typist();
  const terminal = lab.openTerminal({ rows: 24, cols: 80, output: typist, user: 'student' });
  typist.terminal = terminal;
  const answer = async (key: string): Promise<void> => {
    await typist.until(/password for student: $/);
    typist.text = '';
    terminal.input(key);
  };
  await typist.start('sudo id -un');
  await answer('\x03');
  expect(await typist.output()).toBe('\nsudo: a password is required\n');
  expect(await typist.type('echo $?')).toBe('1\n');
  await typist.start('sudo id -un');
  for (const word of ['wrong\r', 'secret\r']) await answer(word);
  expect(await typist.output()).toBe('\nroot\n');
  expect(await typist.type('sudo -n id -un; sudo -k; sudo -n id -un')).toBe('root\nsudo: a password is required\n');
  lab.dispose();
});

test('a password need not be ASCII', async () => {
  const lab = await boot({ env: ENVIRONMENT });
  const hash = '$6$saltsalt$F6Fd30ZGBua4VcDcOYGIGgNadgKeaXGqESCWXzghPh7k5LmaRWeokOz7o6q0DjZRlMlGbrsEUBII1bpUuCMgD.'; // openssl passwd -6
  await lab.run(`sed -i 's|^student:[*]:|student:${hash}:|' /etc/shadow; rm /etc/sudoers.d/90*`);
  const result = await lab.run('su student -c \'printf "pässwort\\n" | sudo -S id -un\'');
  lab.dispose();
  expect(result.stdout.text).toBe('root\n');
});
