/** Moving the point. */
import { backwardShellWord, backwardWord, forwardShellWord, forwardWord, nextChar, prevChar } from './chars.ts';
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

function moveBy(forward: Step, backward: Step, sign: 1 | -1): Command {
  return (ed, count) => {
    ed.point = walk(ed, count * sign, forward, backward);
  };
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

const characterSearch =
  (sign: 1 | -1): Command =>
  (ed, count) => {
    ed.mode = (key) => {
      ed.mode = undefined;
      searchFor(ed, key, count * sign);
      ed.finish('character-search');
    };
  };

function searchFor(ed: Editor, key: string, count: number) {
  let pos = ed.point;
  for (let i = Math.abs(count); i > 0; i--) {
    const found = count > 0 ? ed.text.indexOf(key, nextChar(ed.text, pos)) : pos === 0 ? -1 : ed.text.lastIndexOf(key, pos - 1);
    if (found < 0) return ed.bell();
    pos = found;
  }
  ed.point = pos;
}

export const MOVE_COMMANDS: Readonly<Record<string, Command>> = {
  'beginning-of-line': (ed) => {
    ed.point = 0;
  },
  'end-of-line': (ed) => {
    ed.point = ed.text.length;
  },
  'forward-char': moveChars(1),
  'backward-char': moveChars(-1),
  'forward-word': moveBy(forwardWord, backwardWord, 1),
  'backward-word': moveBy(forwardWord, backwardWord, -1),
  'shell-forward-word': moveBy(forwardShellWord, backwardShellWord, 1),
  'shell-backward-word': moveBy(forwardShellWord, backwardShellWord, -1),
  'character-search': characterSearch(1),
  'character-search-backward': characterSearch(-1),
  'set-mark': (ed) => {
    ed.mark = ed.point;
  },
  'exchange-point-and-mark': (ed) => {
    [ed.point, ed.mark] = [ed.mark, ed.point];
  },
};
