import { describe, expect, it } from 'vitest';
import { formatHistoryFile, HistoryList, parseHistoryFile } from '../../../src/shell/interactive/history.ts';
import { historyWords } from '../../../src/shell/interactive/history-words.ts';
import { continuationOf, joinLine } from '../../../src/shell/interactive/multi-line.ts';

function added(lines: string[], control = '', size = Number.POSITIVE_INFINITY): string[] {
  const list = new HistoryList();
  for (const line of lines) list.add(line, { control: new Set(control.split(':')), size });
  return list.entries;
}

describe('history list', () => {
  it('keeps everything without HISTCONTROL, but no empty line', () => {
    expect(added(['a', 'a', '', ' b'])).toEqual(['a', 'a', ' b']);
  });
  it('leaves out repeats and lines that start with a blank as HISTCONTROL says', () => {
    expect(added(['a', 'a', 'b', 'a'], 'ignoredups')).toEqual(['a', 'b', 'a']);
    expect(added(['a', ' b'], 'ignorespace')).toEqual(['a']);
    expect(added(['a', 'a', ' b'], 'ignoreboth')).toEqual(['a']);
    expect(added(['a', 'b', 'a'], 'erasedups')).toEqual(['b', 'a']);
  });
  it('drops the oldest beyond HISTSIZE and goes on counting', () => {
    const list = new HistoryList();
    for (const line of ['a', 'b', 'c']) list.add(line, { control: new Set(), size: 2 });
    expect([list.entries, list.base]).toEqual([['b', 'c'], 2]);
  });
  it('reads a file with and without times', () => {
    expect(parseHistoryFile('a\nb\n')).toEqual([{ line: 'a' }, { line: 'b' }]);
    expect(parseHistoryFile('#100\nif x\nthen y\n#200\nz\n')).toEqual([
      { line: 'if x\nthen y', time: 100 },
      { line: 'z', time: 200 },
    ]);
    expect(formatHistoryFile([{ line: 'a', time: 5 }], true)).toBe('#5\na\n');
    expect(formatHistoryFile([{ line: 'a', time: 5 }], false)).toBe('a\n');
  });
});

describe('words of a history line', () => {
  it.each([
    ['a "b c" d', ['a', '"b c"', 'd']],
    ['ls|wc -l>out', ['ls', '|', 'wc', '-l', '>', 'out']],
    ['a 2>&1 b', ['a', '2>&1', 'b']],
    ['x=$(ls -l) y', ['x=$(ls -l)', 'y']],
    ['a\\ b c', ['a\\ b', 'c']],
  ])('%j', (line, words) => expect(historyWords(line)).toEqual(words));
});

function entry(lines: string[]): string {
  let text = lines[0] ?? '';
  for (let i = 1; i < lines.length; i++) text = joinLine(text, lines.slice(0, i).join('\n'), lines[i] ?? '');
  return text;
}

describe('lines of one command', () => {
  it.each([
    [['for i in 1 2', 'do', 'echo $i', 'done'], 'for i in 1 2; do echo $i; done'],
    [['if true', 'then echo a', 'else', 'echo b', 'fi'], 'if true; then echo a; else echo b; fi'],
    [['while read x; do', 'echo $x', 'done'], 'while read x; do echo $x; done'],
    [['echo "a', 'b"'], 'echo "a\nb"'],
    [["echo 'a", "b'"], "echo 'a\nb'"],
    [['echo a \\', 'b'], 'echo a b'],
    [['f() {', 'echo a', '}'], 'f() { echo a; }'],
    [['f()', '{', 'echo a', '}'], 'f() { echo a; }'],
    [['(', 'echo a', ')'], '( echo a; )'],
    [['ls |', 'wc'], 'ls | wc'],
    [['true &&', 'echo a'], 'true && echo a'],
    [['case x in', 'x) echo a', ';;', 'esac'], 'case x in x) echo a; ;; esac'],
    [['cat <<E', 'one', 'two', 'E'], 'cat <<E\none\ntwo\nE\n'],
  ])('%j are remembered as %j', (lines, joined) => expect(entry(lines)).toBe(joined));
  it('knows where a command may start on the next line', () => {
    expect(continuationOf('while true; do\n').commandPlace).toBe(true);
    expect(continuationOf('for i in a\n').commandPlace).toBe(true);
    expect(continuationOf('echo "a\n').commandPlace).toBe(false);
  });
});
