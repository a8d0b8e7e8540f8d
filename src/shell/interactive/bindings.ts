/** From keys to the names of commands. */
import { BASIC_COMMANDS } from './basic-commands.ts';
import type { Command } from './editor.ts';

export type Binding = { readonly kind: 'command'; readonly name: string } | { readonly kind: 'prefix' } | { readonly kind: 'unbound' };
export type Lookup = (keys: string) => Binding;

/** What the keys do, and how. */
export interface Keyboard {
  readonly lookup: Lookup;
  readonly commands: Readonly<Record<string, Command>>;
}

export function lookupIn(keymap: ReadonlyMap<string, string>): Lookup {
  const prefixes = new Set([...keymap.keys()].flatMap((keys) => [...keys].map((_, i) => keys.slice(0, i)).slice(1)));
  const lookup: Lookup = (keys) => {
    const name = keymap.get(keys);
    if (name !== undefined) return { kind: 'command', name };
    if (prefixes.has(keys)) return { kind: 'prefix' };
    if (isPrintable(keys)) return { kind: 'command', name: 'self-insert' };
    if (/^[\x18\x1b][A-Z]$/.test(keys)) return lookup(keys.toLowerCase());
    return { kind: 'unbound' };
  };
  return lookup;
}

function isPrintable(keys: string): boolean {
  return [...keys].length === 1 && keys >= ' ' && keys !== '\x7f';
}

/** The keys of a plain line. Any other brings the engine, which knows them all. */
const BASIC_KEYS: readonly (readonly [keys: string, command: string])[] = [
  ['\x01', 'beginning-of-line'],
  ['\x02', 'backward-char'],
  ['\x04', 'delete-char'],
  ['\x05', 'end-of-line'],
  ['\x06', 'forward-char'],
  ['\x08', 'backward-delete-char'],
  ['\n', 'accept-line'],
  ['\r', 'accept-line'],
  ['\x7f', 'backward-delete-char'],
  ['\x1b[A', 'previous-history'],
  ['\x1b[B', 'next-history'],
  ['\x1b[C', 'forward-char'],
  ['\x1b[D', 'backward-char'],
  ['\x1b[F', 'end-of-line'],
  ['\x1b[H', 'beginning-of-line'],
  ['\x1b[3~', 'delete-char'],
  ['\x1b[200~', 'bracketed-paste-begin'],
];

export const BASIC_KEYBOARD: Keyboard = { lookup: lookupIn(new Map(BASIC_KEYS)), commands: BASIC_COMMANDS };
