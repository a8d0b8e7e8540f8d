/** Inserting, deleting and changing text. */

import { selfInsert, walk } from './basic-commands.ts';
import {
  backwardShellWord,
  backwardWord,
  charAt,
  forwardShellWord,
  forwardWord,
  isBlank,
  isWordChar,
  nextChar,
  prevChar,
} from './chars.ts';
import type { Command, Editor } from './editor.ts';

const quotedInsert: Command = (ed, count) => {
  ed.mode = (key) => {
    ed.mode = undefined;
    selfInsert(ed, count, key);
    ed.finish('quoted-insert');
  };
};

const transposeChars: Command = (ed, count) => {
  if (count === 0) return;
  if (ed.point === 0 || ed.text.length < 2) return ed.bell();
  const atEnd = ed.point === ed.text.length;
  const after = atEnd ? prevChar(ed.text, ed.point) : ed.point;
  const before = prevChar(ed.text, after);
  ed.group(() => {
    ed.point = before;
    const moved = ed.delete(before, after);
    ed.point = walk(ed, atEnd ? 1 : count, nextChar, prevChar);
    ed.insert(moved);
  });
};

type Step = (text: string, pos: number) => number;

function transposeBy(forward: Step, backward: Step): Command {
  return (ed, count) => {
    if (count === 0) return;
    const from = (pos: number, n: number): number => walkFrom(ed, pos, n, forward, backward);
    const end2 = from(ed.point, count);
    const start2 = from(end2, -1);
    const start1 = from(start2, -count);
    const end1 = from(start1, 1);
    if (start1 === start2 || start2 < end1) return ed.bell();
    const { text } = ed;
    ed.replace(start1, end2, text.slice(start2, end2) + text.slice(end1, start2) + text.slice(start1, end1));
    ed.point = end2;
  };
}

function walkFrom(ed: Editor, pos: number, count: number, forward: Step, backward: Step): number {
  ed.point = pos;
  return walk(ed, count, forward, backward);
}

function changeCase(change: (char: string, inWord: boolean) => string): Command {
  return (ed, count) => {
    const other = walk(ed, count, forwardWord, backwardWord);
    const [start, end] = count < 0 ? [other, ed.point] : [ed.point, other];
    if (start === end) return;
    let inWord = false;
    let out = '';
    for (const char of ed.text.slice(start, end)) {
      out += isWordChar(char) ? change(char, inWord) : char;
      inWord = isWordChar(char);
    }
    ed.replace(start, end, out);
    ed.point = start + out.length;
  };
}

const deleteHorizontalSpace: Command = (ed) => {
  let from = ed.point;
  let to = ed.point;
  while (from > 0 && isBlank(charAt(ed.text, from - 1))) from--;
  while (isBlank(charAt(ed.text, to))) to++;
  ed.delete(from, to);
  ed.point = from;
};

const insertComment: Command = (ed) => {
  ed.point = 0;
  if (ed.argument !== undefined && ed.text.startsWith('#')) ed.delete(0, 1);
  else ed.insert('#');
  ed.accept();
};

export const TEXT_COMMANDS: Readonly<Record<string, Command>> = {
  'quoted-insert': quotedInsert,
  'transpose-chars': transposeChars,
  'transpose-words': transposeBy(forwardWord, backwardWord),
  'shell-transpose-words': transposeBy(forwardShellWord, backwardShellWord),
  'upcase-word': changeCase((c) => c.toUpperCase()),
  'downcase-word': changeCase((c) => c.toLowerCase()),
  'capitalize-word': changeCase((c, inWord) => (inWord ? c.toLowerCase() : c.toUpperCase())),
  'delete-horizontal-space': deleteHorizontalSpace,
  'insert-comment': insertComment,
  undo: (ed, count) => {
    for (let i = 0; i < count; i++) if (!ed.undoOne()) return ed.bell();
  },
  'revert-line': (ed) => {
    while (ed.undoOne());
  },
};
