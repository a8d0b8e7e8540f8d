/** Killing and yanking. */

import { walk } from './basic-commands.ts';
import { backwardBlankWord, backwardShellWord, backwardWord, forwardShellWord, forwardWord } from './chars.ts';
import type { Command, Editor } from './editor.ts';
import { argumentOf } from './history-words.ts';

const killLine: Command = (ed, count) => {
  const to = count < 0 ? 0 : ed.text.length;
  ed.kill(ed.point, to);
};

function killWords(sign: 1 | -1): Command {
  return (ed, count) => ed.kill(ed.point, walk(ed, count * sign, forwardWord, backwardWord));
}

const unixWordRubout: Command = (ed, count) => {
  if (ed.point === 0) return ed.bell();
  let from = ed.point;
  for (let i = Math.max(count, 1); i > 0; i--) from = backwardBlankWord(ed.text, from);
  ed.kill(ed.point, from);
};

const unixLineDiscard: Command = (ed) => {
  if (ed.point === 0) return ed.bell();
  ed.kill(ed.point, 0);
};

const yank: Command = (ed) => {
  const text = ed.kills.current();
  if (text === undefined) return ed.bell();
  ed.mark = ed.point;
  ed.insert(text);
};

const yankPop: Command = (ed) => {
  const text = ed.kills.current();
  const before = ed.lastCommand === 'yank' || ed.lastCommand === 'yank-pop';
  if (!before || text === undefined || ed.text.slice(ed.point - text.length, ed.point) !== text) return ed.bell();
  ed.delete(ed.point - text.length, ed.point);
  ed.insert(ed.kills.rotate() ?? '');
};

/** Word `n` of the entry `back` before the current one, counted from 0; '$' is the last. */
function yankArgument(ed: Editor, n: number | '$', back: number): boolean {
  const at = ed.historyAt - back;
  const word = at < 0 ? undefined : argumentOf(ed.historyText(at), n);
  if (!word) {
    ed.bell();
    return false;
  }
  ed.mark = ed.point;
  ed.group(() => ed.insert(word));
  return true;
}

interface LastArgument {
  back: number;
  direction: 1 | -1;
  n: number | '$';
  inserted: boolean;
}
const lastArguments = new WeakMap<Editor, LastArgument>();

/** Hit again, it takes the argument of the entry before; a negative argument turns round. */
const yankLastArg: Command = (ed, count) => {
  const before = ed.lastCommand === 'yank-last-arg' ? lastArguments.get(ed) : undefined;
  const state = before ?? { back: 1, direction: 1, n: ed.argument === undefined ? '$' : count, inserted: false };
  if (before) {
    if (state.inserted) ed.undoOne();
    if (count < 0) state.direction = state.direction === 1 ? -1 : 1;
    state.back = Math.max(1, state.back + state.direction);
  }
  lastArguments.set(ed, state);
  state.inserted = yankArgument(ed, state.n, state.back);
};

export const KILL_COMMANDS: Readonly<Record<string, Command>> = {
  'kill-line': killLine,
  'backward-kill-line': (ed, count) => (ed.point === 0 && count > 0 ? ed.bell() : ed.kill(ed.point, count < 0 ? ed.text.length : 0)),
  'kill-word': killWords(1),
  'backward-kill-word': killWords(-1),
  'shell-kill-word': (ed, count) => ed.kill(ed.point, walk(ed, count, forwardShellWord, backwardShellWord)),
  'unix-word-rubout': unixWordRubout,
  'unix-line-discard': unixLineDiscard,
  yank,
  'yank-pop': yankPop,
  'yank-last-arg': yankLastArg,
  'yank-nth-arg': (ed, count) => {
    yankArgument(ed, ed.argument === undefined ? 1 : count, 1);
  },
};
