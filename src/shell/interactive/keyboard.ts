/** The whole keyboard: every key of the keymap, every command. */
import type { Keyboard } from './bindings.ts';
import { COMMANDS } from './commands.ts';
import { lookup } from './keymap.ts';

export const KEYBOARD: Keyboard = { lookup, commands: COMMANDS };
