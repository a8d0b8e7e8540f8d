import { describe, expect, it } from 'vitest';
import type { CompletionSource, DirectoryEntry } from '../../../src/shell/interactive/completion.ts';
import { complete } from '../../../src/shell/interactive/completion.ts';
import { applyCompletion, listRows } from '../../../src/shell/interactive/completion-apply.ts';
import { type CompletionRequest, Editor } from '../../../src/shell/interactive/editor.ts';
import { HistoryList } from '../../../src/shell/interactive/history.ts';
import { KEYBOARD } from '../../../src/shell/interactive/keyboard.ts';
import { KillRing } from '../../../src/shell/interactive/kill-ring.ts';

const file = (name: string): DirectoryEntry => ({ name, kind: 'file' });
const directories: Record<string, DirectoryEntry[]> = {
  '': [file('notes.txt'), file('news.md'), { name: 'dir one', kind: 'directory' }, file('weird$name'), file('.hidden'), file('a=b:c@d')],
  'dir one/': [file('inside'), { name: 'run', kind: 'executable' }],
  '/': [
    { name: 'etc', kind: 'directory' },
    { name: 'bin', kind: 'link-to-directory' },
    { name: 'root', kind: 'directory' },
  ],
  '/etc/': [file('passwd'), file('passwd-'), file('profile')],
  '/root/': [file('samples')],
};
const values: Record<string, string> = { HOME: '/root', HOSTNAME: 'lab', WHERE: '/etc' };
const source: CompletionSource = {
  commands: () => ['ls', 'lsmod', 'echo', 'cat', 'sudo', 'ls'],
  variables: () => Object.keys(values),
  value: (name) => values[name],
  users: () => [
    { name: 'root', home: '/root' },
    { name: 'user', home: '/home/user' },
  ],
  hosts: () => ['localhost'],
  list: (directory) => directories[directory] ?? [],
  history: () => ['echo one', 'cat two'],
  glob: (pattern) => (pattern === 'not*' ? ['notes.txt'] : pattern === 'n*' ? ['news.md', 'notes.txt'] : []),
};

async function pressed(line: string, request: Partial<CompletionRequest> = {}): Promise<{ line: string; bell: boolean; list?: string[] }> {
  const ed = new Editor({ history: new HistoryList(), kills: new KillRing(), keyboard: () => KEYBOARD });
  const at = line.includes('|_') ? line.indexOf('|_') : line.length;
  ed.insert(line.replace('|_', ''));
  ed.point = at;
  const full = { what: 'default', action: 'complete', again: false, ...request } as const;
  const list = applyCompletion(ed, full, await complete(ed.text, ed.point, full, source, true));
  const bell = ed.takeEffects().some((effect) => effect.kind === 'bell');
  return { line: ed.text, bell, ...(list && { list: list.map((match) => match.shown) }) };
}

describe('completion', () => {
  it.each([
    ['ec', 'echo '],
    ['l', 'ls'],
    ['cat not', 'cat notes.txt '],
    ['cat n', 'cat n'],
    ['cat d', 'cat dir\\ one/'],
    ['cat "d', 'cat "dir one"/'],
    ["cat 'dir one/in", "cat 'dir one/inside' "],
    ["cat 'dir one'/in", 'cat dir\\ one/inside '],
    ['cat "dir one/in', 'cat "dir one/inside" '],
    ['cat dir\\ one/in', 'cat dir\\ one/inside '],
    ['cat w', 'cat weird\\$name '],
    ['cat "w', 'cat "weird\\$name" '],
    ["cat 'w", "cat 'weird$name' "],
    ['cat a', 'cat a\\=b\\:c\\@d '],
    ['cat .h', 'cat .hidden '],
    ['ls /b', 'ls /bin'],
    ['ls /bin', 'ls /bin/'],
    ['ls /e', 'ls /etc/'],
    ['ls /etc/pa', 'ls /etc/passwd'],
    ['echo $HOM', 'echo $HOME/'],
    ['echo $HOST', 'echo $HOSTNAME '],
    ['echo $WH', 'echo $WHERE/'],
    ['echo ${HOST', 'echo ${HOSTNAME} '],
    ['cat $WHERE/pr', 'cat $WHERE/profile '],
    ['ls ~r', 'ls ~root/'],
    ['ls ~/sa', 'ls ~/samples '],
    ['ping @lo', 'ping @localhost '],
    ['true; ec', 'true; echo '],
    ['ls | ca', 'ls | cat '],
    ['x=1 ec', 'x=1 echo '],
    ['sudo ec', 'sudo echo '],
    ['sudo -n ec', 'sudo -n echo '],
    ['if ec', 'if echo '],
    ['echo $(ec', 'echo $(echo '],
    ['echo ec', 'echo ec'],
    ['cat >not', 'cat >notes.txt '],
    ['--file=not', '--file=notes.txt '],
    ['cat not*', 'cat notes.txt '],
    ['dir\\ one/r', 'dir\\ one/run '],
    ['d', 'dir\\ one/'],
    ['cat not|_ x', 'cat notes.txt x'],
  ])('%j becomes %j', async (line, done) => expect((await pressed(line)).line).toBe(done));

  it('rings the bell when nothing or more than one thing fits', async () => {
    expect((await pressed('cat zz')).bell).toBe(true);
    expect((await pressed('cat n')).bell).toBe(true);
    expect((await pressed('cat not')).bell).toBe(false);
  });
  it('lists on the second key', async () => {
    expect((await pressed('cat n', { again: true })).list).toEqual(['news.md', 'notes.txt']);
    expect((await pressed('ls ', { again: true })).list).toEqual(['.hidden', 'a=b:c@d', 'dir one/', 'news.md', 'notes.txt', 'weird$name']);
  });
  it('puts in all possibilities', async () => {
    expect((await pressed('cat n', { action: 'insert' })).line).toBe('cat news.md notes.txt ');
    expect((await pressed('cat n', { what: 'filename', action: 'braces' })).line).toBe('cat n{ews.md,otes.txt} ');
  });
  it('lays lists out in columns, downwards', () => {
    const matches = ['a', 'b', 'c', 'd', 'e'].map((text) => ({ text, shown: text, suffix: '' as const }));
    expect(listRows(matches, 10)).toEqual(['a  c  e', 'b  d  ']);
  });
});
