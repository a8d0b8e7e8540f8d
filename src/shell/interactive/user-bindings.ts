/** What `bind` has changed of the keyboard and of readline's variables. Follows readline's bind.c. */
import { type Keyboard, lookupIn } from './bindings.ts';
import { COMMANDS } from './commands.ts';
import type { Command } from './editor.ts';
import { KEYMAP } from './keymap.ts';
import { isOnOff, VARIABLES } from './readline-names.ts';

/** What a sequence of keys does: a function of readline's, keys that it stands for, a command of the shell's. */
export interface Bound {
  readonly kind: 'function' | 'macro' | 'shell';
  readonly text: string;
}

export class UserBindings {
  private readonly changed = new Map<string, Bound | undefined>();
  private readonly set = new Map<string, string>();
  private built: Keyboard | undefined;

  copy(): UserBindings {
    const copy = new UserBindings();
    for (const [keys, what] of this.changed) copy.changed.set(keys, what);
    for (const [name, value] of this.set) copy.set.set(name, value);
    return copy;
  }

  bind(keys: string, what: Bound | undefined): void {
    this.changed.set(keys, what);
    this.built = undefined;
  }

  variable(name: string): string | undefined {
    return this.set.get(name) ?? VARIABLES.get(name);
  }
  isOn(name: string): boolean {
    return this.variable(name) === 'on';
  }
  setVariable(name: string, value: string): void {
    this.set.set(name, isOnOff(name) ? (/^(?:on|1)?$/i.test(value) ? 'on' : 'off') : value);
  }

  /** All sequences that do something, sorted. */
  all(): readonly (readonly [keys: string, what: Bound])[] {
    const all = new Map<string, Bound>([...KEYMAP].map(([keys, text]) => [keys, { kind: 'function', text }]));
    for (const [keys, what] of this.changed) {
      if (what) all.set(keys, what);
      else all.delete(keys);
    }
    return [...all].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  keyboard(): Keyboard {
    this.built ??= this.build();
    return this.built;
  }

  private build(): Keyboard {
    const commands: Record<string, Command> = { ...COMMANDS };
    const map = new Map<string, string>();
    for (const [keys, what] of this.all()) {
      const name = what.kind === 'function' ? what.text : `${what.kind} ${what.text}`;
      if (what.kind === 'macro') commands[name] = playMacro(what.text);
      if (what.kind === 'shell') commands[name] = (ed) => ed.emit({ kind: 'shell', command: what.text });
      map.set(keys, name);
    }
    return { lookup: lookupIn(map), commands };
  }
}

const playMacro =
  (keys: string): Command =>
  (ed) => {
    for (const key of keys) ed.take(key, true);
  };

const NAMED: Readonly<Record<string, string>> = {
  del: '\x7f',
  rubout: '\x7f',
  esc: '\x1b',
  escape: '\x1b',
  lfd: '\n',
  newline: '\n',
  ret: '\r',
  return: '\r',
  spc: ' ',
  space: ' ',
  tab: '\t',
};

/** `Control-x`, `M-Rubout`, `TAB`: a key by its name. */
export function namedKey(text: string): string {
  const meta = /(?:^|-)(?:meta|m)-/i.test(text);
  const control = /(?:^|-)(?:control|c|ctrl)-/i.test(text);
  const last = text.replace(/^(?:(?:meta|m|control|c|ctrl)-)+(?=.)/i, '');
  const key = NAMED[last.toLowerCase()] ?? last.charAt(0);
  return (meta ? '\x1b' : '') + (control ? controlOf(key) : key);
}

const controlOf = (c: string): string => (c === '?' ? '\x7f' : String.fromCharCode(c.toUpperCase().charCodeAt(0) & 0x1f));

const ESCAPES: Readonly<Record<string, string>> = { a: '\x07', b: '\b', d: '\x7f', e: '\x1b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** The keys that a quoted sequence means: `\C-x`, `\M-x`, `\e`, octal and hexadecimal. */
export function readKeys(text: string): string {
  return text.replace(
    /\\(?:(?:C-|M-|\\C-|\\M-)*(?:C-|M-)(?:\\(.)|(.))|([0-7]{1,3})|x([0-9a-fA-F]{1,2})|(.))/gs,
    (all, escaped?: string, plain?: string, octal?: string, hex?: string, other?: string) => {
      if (octal) return String.fromCharCode(Number.parseInt(octal, 8));
      if (hex) return String.fromCharCode(Number.parseInt(hex, 16));
      if (other !== undefined) return ESCAPES[other] ?? other;
      const key = escaped === undefined ? (plain ?? '') : (ESCAPES[escaped] ?? escaped);
      return (all.includes('M-') ? '\x1b' : '') + (all.includes('C-') ? controlOf(key) : key);
    },
  );
}

/** Keys as `bind -p` shows them. */
export function showKeys(keys: string): string {
  return [...keys].map((c, i) => (c === '\0' && i > 0 ? '\\000' : showKey(c))).join('');
}

function showKey(c: string): string {
  const code = c.charCodeAt(0);
  if (c === '\x1b') return '\\e';
  if (c === '\x7f') return '\\C-?';
  if (c === '"' || c === '\\') return `\\${c}`;
  if (code < 0x20) return `\\C-${String.fromCharCode(code + 0x40).toLowerCase()}`;
  return code >= 0x80 && code < 0x100 ? `\\${code.toString(8)}` : c;
}
