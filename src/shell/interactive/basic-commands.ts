/** The editing commands that typing a plain line takes. */
import { nextChar, prevChar } from './chars.ts';
import type { Command, Editor } from './editor.ts';

type Step = (text: string, pos: number) => number;

/** A position reached by `count` steps forward, or backward when it is negative. */
export function walk(ed: Editor, count: number, forward: Step, backward: Step): number {
  const step = count < 0 ? backward : forward;
  let pos = ed.point;
  for (let i = Math.abs(count); i > 0; i--) {
    if (pos === (count < 0 ? 0 : ed.text.length)) break;
    pos = step(ed.text, pos);
  }
  return pos;
}

/** Characters ring the bell at the ends; words do not. */
function moveChars(sign: 1 | -1): Command {
  return (ed, count) => {
    const towardsEnd = count * sign > 0;
    if (ed.point === (towardsEnd ? ed.text.length : 0) && count !== 0) return ed.bell();
    const reach = towardsEnd ? ed.text.length - ed.point : ed.point;
    ed.point = walk(ed, count * sign, nextChar, prevChar);
    if (Math.abs(count) > reach) ed.bell();
  };
}

export const selfInsert: Command = (ed, count, key) => {
  if (count > 0) ed.insert(key.repeat(count));
};

const PASTE_END = '\x1b[201~';

const bracketedPaste: Command = (ed) => {
  let text = '';
  ed.mode = (key) => {
    text += key;
    if (key !== '~' || !text.endsWith(PASTE_END)) return;
    ed.mode = undefined;
    ed.mark = ed.point;
    ed.insert(text.slice(0, -PASTE_END.length).replaceAll('\r', '\n'));
    ed.activeRegion = ed.mark !== ed.point;
    ed.finish('bracketed-paste-begin');
  };
};

/** Forward when positive; a given argument kills instead. */
function deleteChars(ed: Editor, count: number) {
  if (ed.point === (count < 0 ? 0 : ed.text.length)) return ed.bell();
  const to = walk(ed, count, nextChar, prevChar);
  if (ed.argument !== undefined) ed.kill(ed.point, to);
  else ed.delete(ed.point, to);
}

const deleteChar: Command = (ed, count, key) => {
  if (key === '\x04' && ed.text === '' && ed.lastKey !== key) return ed.emit({ kind: 'eof' });
  deleteChars(ed, count);
};

/** Moves by so many entries, forward when positive. */
export function goEntries(ed: Editor, by: number) {
  if (by === 0) return;
  const last = ed.history.entries.length;
  if (by < 0 ? ed.historyAt === 0 : ed.historyAt >= last) return ed.bell();
  ed.goHistory(Math.min(last, Math.max(0, ed.historyAt + by)));
}

export const BASIC_COMMANDS: Readonly<Record<string, Command>> = {
  'self-insert': selfInsert,
  'bracketed-paste-begin': bracketedPaste,
  'accept-line': (ed) => ed.accept(),
  'delete-char': deleteChar,
  'backward-delete-char': (ed, count) => deleteChars(ed, -count),
  'beginning-of-line': (ed) => {
    ed.point = 0;
  },
  'end-of-line': (ed) => {
    ed.point = ed.text.length;
  },
  'forward-char': moveChars(1),
  'backward-char': moveChars(-1),
  'previous-history': (ed, count) => goEntries(ed, -count),
  'next-history': (ed, count) => goEntries(ed, count),
};
