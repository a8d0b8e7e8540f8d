/** Arguments, macros, and what the terminal or the shell has to do. */
import type { Command, Editor } from './editor.ts';

/** Reads `M-1 2`, `M--`, `M-- 3` …: digits with or without Meta, until another key comes. */
const digitArgument: Command = (ed, _count, keys) => {
  let sign = 1;
  let digits = '';
  let meta = false;
  const take = (key: string): boolean => {
    if (key === '-' && digits === '' && sign === 1) sign = -1;
    else if (/^\d$/.test(key)) digits += key;
    else return false;
    ed.argument = sign * (digits === '' ? 1 : Math.min(Number(digits), 1_000_000));
    ed.message = `(arg: ${ed.argument}) `;
    return true;
  };
  take(keys.slice(-1));
  ed.mode = (key, more) => {
    if (!meta && key === '\x1b') {
      meta = true;
      // A lone minus means -1, and further digits go behind that 1.
      if (digits === '' && sign < 0) digits = '1';
      return;
    }
    if (take(key)) {
      meta = false;
      return;
    }
    ed.mode = undefined;
    ed.message = undefined;
    if (meta) ed.take('\x1b', true);
    ed.take(key, more);
  };
};

const abort: Command = (ed) => {
  ed.argument = undefined;
  ed.macro.recording = false;
  ed.bell();
};

const startMacro: Command = (ed) => {
  if (ed.macro.recording) return ed.bell();
  ed.macro = { keys: [], recording: true };
};

const endMacro: Command = (ed, _count, keys) => {
  if (!ed.macro.recording) return ed.bell();
  ed.macro.recording = false;
  ed.macro.keys.splice(-keys.length);
};

const callMacro: Command = (ed, count) => {
  if (ed.macro.recording) return ed.bell();
  const keys = [...ed.macro.keys];
  for (let i = 0; i < count; i++) playKeys(ed, keys);
};

function playKeys(ed: Editor, keys: readonly string[]): void {
  for (const key of keys) ed.take(key, true);
}

export const MISC_COMMANDS: Readonly<Record<string, Command>> = {
  'digit-argument': digitArgument,
  abort,
  'start-kbd-macro': startMacro,
  'end-kbd-macro': endMacro,
  'call-last-kbd-macro': callMacro,
  'clear-screen': (ed) => ed.emit({ kind: 'clear', scrollback: false }),
  'clear-display': (ed) => ed.emit({ kind: 'clear', scrollback: true }),
  'display-shell-version': (ed) => ed.emit({ kind: 'version' }),
  'shell-expand-line': (ed) => ed.emit({ kind: 'expand', what: 'shell' }),
  'history-expand-line': (ed) => ed.emit({ kind: 'expand', what: 'history' }),
  'tilde-expand': (ed) => ed.emit({ kind: 'expand', what: 'tilde' }),
};
