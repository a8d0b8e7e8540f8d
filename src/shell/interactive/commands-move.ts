/** Moving the point. */

import { walk } from './basic-commands.ts';
import { backwardShellWord, backwardWord, forwardShellWord, forwardWord, nextChar } from './chars.ts';
import type { Command, Editor } from './editor.ts';

type Step = (text: string, pos: number) => number;

function moveBy(forward: Step, backward: Step, sign: 1 | -1): Command {
  return (ed, count) => {
    ed.point = walk(ed, count * sign, forward, backward);
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
