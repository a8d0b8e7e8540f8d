import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../src/shell/interactive/commands.ts';
import { Editor, type Effect } from '../../../src/shell/interactive/editor.ts';
import { HistoryList } from '../../../src/shell/interactive/history.ts';
import { KEYBOARD } from '../../../src/shell/interactive/keyboard.ts';
import { KEYMAP, lookup } from '../../../src/shell/interactive/keymap.ts';
import { KillRing } from '../../../src/shell/interactive/kill-ring.ts';

function editor(history: string[] = []): Editor {
  const list = new HistoryList();
  for (const line of history) list.push(line);
  return new Editor({ history: list, kills: new KillRing(), keyboard: () => KEYBOARD });
}

/** Types keys; `|` in the answer is the point. */
function typed(keys: string, history: string[] = []): string {
  const ed = editor(history);
  type(ed, keys);
  return `${ed.text.slice(0, ed.point)}|${ed.text.slice(ed.point)}`;
}

function type(ed: Editor, keys: string): Effect[] {
  const chars = [...keys];
  return chars.flatMap((c, i) => ed.feed(c, i + 1 < chars.length));
}

/** Keys as a list of control notation: ^A is C-a, @ in front is Meta. */
const k = (text: string): string =>
  text.replace(/\^(.)/g, (_, c: string) => (c === '?' ? '\x7f' : String.fromCharCode(c.charCodeAt(0) & 31))).replaceAll('@', '\x1b');

describe('line editor', () => {
  it.each([
    ['abc^A', '|abc'],
    ['abc^A^Fx', 'ax|bc'],
    ['abc^B^Bx', 'ax|bc'],
    ['abc^B^B^Ex', 'abcx|'],
    ['abc@[D@[Dx', 'ax|bc'],
    ['abc@[H@[Cx@[F!', 'axbc!|'],
    ['one two@bx', 'one x|two'],
    ['one-two^A@f!', 'one!|-two'],
    ['one two^A@2@f!', 'one two!|'],
    ['héé wörld^A@f!', 'héé!| wörld'],
    ['abc^?', 'ab|'],
    ['abc^A^D', '|bc'],
    ['abc^A@[3~', '|bc'],
    ['one two^W', 'one |'],
    ['a/b c/d^W', 'a/b |'],
    ['a/b c/d@^?', 'a/b c/|'],
    ['one two^U', '|'],
    ['one two^A^K', '|'],
    ['one two^A@d', '| two'],
    ['one two^W^Y', 'one two|'],
    ['one two^W^W^Y', 'one two|'],
    ['one^Wtwo^W^Y@y', 'one|'],
    ['a b c^A^K^Y^Y', 'a b ca b c|'],
    ['one two^A@d@d^Y', 'one two|'],
    ['abc^T', 'acb|'],
    ['abc^A^F^T', 'ba|c'],
    ['one two@t', 'two one|'],
    ['one two three^A@f@f@t', 'one three two|'],
    ['one two^A@u', 'ONE| two'],
    ['ONE two^A@l', 'one| two'],
    ['one two^A@c@c', 'One Two|'],
    ['a   b@b@\\', 'a|b'],
    ['abc^_', '|'],
    ['abc ^W^_', 'abc |'],
    ['abc^A^K^_', 'abc|'],
    ['abc^X^U', '|'],
    ['abcdefghijklmnopqrstuvwxy^_', 'abcdefghijklmnopqrst|'],
    ['ab^V^Ac', 'ab\x01c|'],
    ['@5x', 'xxxxx|'],
    ['@1@2x', 'xxxxxxxxxxxx|'],
    ['@12x', 'xxxxxxxxxxxx|'],
    ['abc@-^F!', 'ab!|c'],
    ['abcdef^A@3^D', '|def'],
    ['abc def^A^]d', 'abc |def'],
    ['abc def@^]a', '|abc def'],
    ['ab^@cd^X^X', 'ab|cd'],
    ['abc@#', '#abc|'],
    ['漢字^B^?', '|字'],
    ['e\u0301x^B^?', '|x'],
    ['e\u0301x^A^F!', 'e\u0301!|x'],
    ['@[200~a\tb\rc@[201~d', 'a\tb\ncd|'],
    ['@[15~', '~|'],
    ['@Fx', 'x|'],
    ["echo 'a b' c@^B!", "echo 'a b' !|c"],
    ["echo 'a b' c@^B@^B!", "echo !|'a b' c"],
    ["echo 'a b' c^A@^F@^F!", "echo 'a b'!| c"],
    ['^X(ab^X)^Xe^Xe', 'ababab|'],
    ['abc@r', '|'],
  ])('%j leaves %j', (keys, screen) => expect(typed(k(keys))).toBe(screen));

  it.each([
    ['^P', 'third thing|'],
    ['^P^P', 'second thing|'],
    ['@[A@[A@[B', 'third thing|'],
    ['new^P^N', 'new|'],
    ['@<', 'first thing|'],
    ['new@<@>', 'new|'],
    ['^Pxx^P^N', 'third thingxx|'],
    ['@.', 'thing|'],
    ['echo @.@.@.', 'echo thing|'],
    ['@0@.', 'third|'],
    ['@0@.@.', 'second|'],
    ['@^Y', 'thing|'],
    ['^Rfir', '|first thing'],
    ['^Rthing^R', 'second |thing'],
    ['^Rsec^A!', '!|second thing'],
    ['new^Rzzz^G', 'new|'],
    ['^Rse^?\x1b', '|second thing'],
    ['f@[5~', 'f|irst thing'],
    ['s@[5~@[6~', 's|'],
    ['@pfirst\r', 'first thing|'],
    ['^Rir^W^J', 'th|ird thing'],
  ])('%j among three entries leaves %j', (keys, screen) => {
    expect(typed(k(keys), ['first thing', 'second thing', 'third thing'])).toBe(screen);
  });

  it('shows what is searched for in place of the prompt', () => {
    const ed = editor(['ls -l', 'echo hi']);
    type(ed, '\x12ls');
    expect(ed.message).toBe("(reverse-i-search)`ls': ");
    type(ed, 'x');
    expect(ed.message).toBe("(failed reverse-i-search)`lsx': ");
    type(ed, '\x7f\x13');
    expect(ed.message).toContain('i-search)`ls');
  });
  it('ends the file on C-d only when the line is empty and the key is not held down', () => {
    expect(editor().feed('\x04')).toEqual([{ kind: 'eof' }]);
    const ed = editor();
    type(ed, 'a\x01\x04');
    expect(ed.feed('\x04')).toEqual([{ kind: 'bell' }]);
  });
  it('accepts the line and gives a browsed entry its own text back', () => {
    const ed = editor(['ls']);
    expect(type(ed, '\x10x\r')).toEqual([{ kind: 'accept', line: 'lsx' }]);
    expect(ed.historyText(0)).toBe('lsx');
    expect(ed.history.entries).toEqual(['ls']);
    expect(ed.history.edits.size).toBe(0);
  });
  it('rings the bell where readline does', () => {
    for (const keys of ['\x02', '\x06', '\x7f', '\x10', '\x0e', '\x17', '\x15', '\x14', '\x19', '\x1f', '\x07', '\x1by']) {
      expect(type(editor(), keys), JSON.stringify(keys)).toEqual([{ kind: 'bell' }]);
    }
  });
});

describe('keymap', () => {
  const recorded = readFileSync(new URL('recorded/bind-p.txt', import.meta.url), 'utf8')
    .trim()
    .split('\n');
  const notOurs = new Set(['do-lowercase-version', 'edit-and-execute-command', 're-read-init-file', 'spell-correct-word']);
  const keysOf = (keys: string): string =>
    keys.replace(/\\(?:C-(.)|e|([0-7]{3})|(.))/g, (_, ctrl?: string, octal?: string, other?: string) => {
      if (ctrl) return ctrl === '?' ? '\x7f' : String.fromCharCode(ctrl.charCodeAt(0) & 31);
      return octal ? String.fromCharCode(Number.parseInt(octal, 8)) : (other ?? '\x1b');
    });
  const rows = recorded
    .map((line) => /^"(.*)": (.*)$/.exec(line))
    .flatMap((m) => (m ? [[keysOf((m[1] ?? '').replaceAll('\\C-\\\\', '\x1c')), m[2] ?? ''] as const] : []));

  it.each(rows.filter(([, name]) => !notOurs.has(name)))('%j runs %s', (keys, name) => {
    const wanted = name === 'insert-last-argument' ? 'yank-last-arg' : name;
    expect(lookup(keys)).toEqual({ kind: 'command', name: wanted });
  });
  it('binds nothing that bash does not, and only commands that exist', () => {
    const theirs = new Set(rows.map(([keys]) => keys));
    expect([...KEYMAP.keys()].filter((keys) => !theirs.has(keys))).toEqual([]);
    expect([...KEYMAP.values()].filter((name) => !COMMANDS[name])).toEqual([]);
  });
});
