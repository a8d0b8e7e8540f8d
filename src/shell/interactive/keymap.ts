/** Which keys run which command: readline's emacs keymap as bash and Debian's /etc/inputrc leave it. Names are readline's. */
import { lookupIn } from './bindings.ts';

const ESC = '\x1b';
const ctrl = (letter: string): string => String.fromCharCode(letter.charCodeAt(0) & 0x1f);
const meta = (key: string): string => ESC + key;

const CONTROL: readonly (readonly [string, string])[] = [
  ['@', 'set-mark'],
  ['a', 'beginning-of-line'],
  ['b', 'backward-char'],
  ['d', 'delete-char'],
  ['e', 'end-of-line'],
  ['f', 'forward-char'],
  ['g', 'abort'],
  ['h', 'backward-delete-char'],
  ['i', 'complete'],
  ['j', 'accept-line'],
  ['k', 'kill-line'],
  ['l', 'clear-screen'],
  ['m', 'accept-line'],
  ['n', 'next-history'],
  ['o', 'operate-and-get-next'],
  ['p', 'previous-history'],
  ['q', 'quoted-insert'],
  ['r', 'reverse-search-history'],
  ['s', 'forward-search-history'],
  ['t', 'transpose-chars'],
  ['u', 'unix-line-discard'],
  ['v', 'quoted-insert'],
  ['w', 'unix-word-rubout'],
  ['y', 'yank'],
  [']', 'character-search'],
  ['_', 'undo'],
];

const META: readonly (readonly [string, string])[] = [
  [' ', 'set-mark'],
  ['!', 'complete-command'],
  ['#', 'insert-comment'],
  ['$', 'complete-variable'],
  ['&', 'tilde-expand'],
  ['*', 'insert-completions'],
  ['-', 'digit-argument'],
  ['.', 'yank-last-arg'],
  ['/', 'complete-filename'],
  ['<', 'beginning-of-history'],
  ['=', 'possible-completions'],
  ['>', 'end-of-history'],
  ['?', 'possible-completions'],
  ['@', 'complete-hostname'],
  ['\\', 'delete-horizontal-space'],
  ['^', 'history-expand-line'],
  ['_', 'yank-last-arg'],
  ['b', 'backward-word'],
  ['c', 'capitalize-word'],
  ['d', 'kill-word'],
  ['f', 'forward-word'],
  ['g', 'glob-complete-word'],
  ['l', 'downcase-word'],
  ['n', 'non-incremental-forward-search-history'],
  ['p', 'non-incremental-reverse-search-history'],
  ['r', 'revert-line'],
  ['t', 'transpose-words'],
  ['u', 'upcase-word'],
  ['y', 'yank-pop'],
  ['{', 'complete-into-braces'],
  ['~', 'complete-username'],
  ['\x7f', 'backward-kill-word'],
  [ctrl('b'), 'shell-backward-word'],
  [ctrl('d'), 'shell-kill-word'],
  [ctrl('e'), 'shell-expand-line'],
  [ctrl('f'), 'shell-forward-word'],
  [ctrl('g'), 'abort'],
  [ctrl('h'), 'backward-kill-word'],
  [ctrl('i'), 'dynamic-complete-history'],
  [ctrl('l'), 'clear-display'],
  [ctrl('r'), 'revert-line'],
  [ctrl('t'), 'shell-transpose-words'],
  [ctrl('y'), 'yank-nth-arg'],
  [ctrl(']'), 'character-search-backward'],
  ['\x1b\0', 'complete'],
  ['OA', 'previous-history'],
  ['OB', 'next-history'],
  ['OC', 'forward-char'],
  ['OD', 'backward-char'],
  ['OF', 'end-of-line'],
  ['OH', 'beginning-of-line'],
  ['[A', 'previous-history'],
  ['[B', 'next-history'],
  ['[C', 'forward-char'],
  ['[D', 'backward-char'],
  ['[F', 'end-of-line'],
  ['[H', 'beginning-of-line'],
  ['[1~', 'beginning-of-line'],
  ['[2~', 'quoted-insert'],
  ['[3~', 'delete-char'],
  ['[3;5~', 'kill-word'],
  ['[4~', 'end-of-line'],
  ['[5~', 'history-search-backward'],
  ['[6~', 'history-search-forward'],
  ['[1;3C', 'forward-word'],
  ['[1;5C', 'forward-word'],
  ['[5C', 'forward-word'],
  ['\x1b[C', 'forward-word'],
  ['[1;3D', 'backward-word'],
  ['[1;5D', 'backward-word'],
  ['[5D', 'backward-word'],
  ['\x1b[D', 'backward-word'],
  ['[200~', 'bracketed-paste-begin'],
];

const CONTROL_X: readonly (readonly [string, string])[] = [
  ['!', 'possible-command-completions'],
  ['$', 'possible-variable-completions'],
  ['(', 'start-kbd-macro'],
  [')', 'end-kbd-macro'],
  ['*', 'glob-expand-word'],
  ['/', 'possible-filename-completions'],
  ['@', 'possible-hostname-completions'],
  ['e', 'call-last-kbd-macro'],
  ['g', 'glob-list-expansions'],
  ['~', 'possible-username-completions'],
  ['\x7f', 'backward-kill-line'],
  [ctrl('g'), 'abort'],
  [ctrl('u'), 'undo'],
  [ctrl('v'), 'display-shell-version'],
  [ctrl('x'), 'exchange-point-and-mark'],
];

function build(): ReadonlyMap<string, string> {
  const map = new Map<string, string>([['\x7f', 'backward-delete-char']]);
  for (const [key, command] of CONTROL) map.set(ctrl(key), command);
  for (const [key, command] of META) map.set(meta(key), command);
  for (const digit of '0123456789') map.set(meta(digit), 'digit-argument');
  for (const [key, command] of CONTROL_X) map.set(ctrl('x') + key, command);
  return map;
}

export const KEYMAP = build();

/** What a sequence of keys means so far. Capitals after M- and C-x mean their small letters, as do-lowercase-version says. */
export const lookup = lookupIn(KEYMAP);
