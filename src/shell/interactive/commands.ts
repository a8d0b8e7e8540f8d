/** Every editing command by readline's name. */
import { BASIC_COMMANDS } from './basic-commands.ts';
import { COMPLETION_COMMANDS } from './commands-complete.ts';
import { HISTORY_COMMANDS } from './commands-history.ts';
import { KILL_COMMANDS } from './commands-kill.ts';
import { MISC_COMMANDS } from './commands-misc.ts';
import { MOVE_COMMANDS } from './commands-move.ts';
import { TEXT_COMMANDS } from './commands-text.ts';
import type { Command } from './editor.ts';
import { SEARCH_COMMANDS } from './search.ts';

export const COMMANDS: Readonly<Record<string, Command>> = {
  ...BASIC_COMMANDS,
  ...MOVE_COMMANDS,
  ...TEXT_COMMANDS,
  ...KILL_COMMANDS,
  ...HISTORY_COMMANDS,
  ...SEARCH_COMMANDS,
  ...COMPLETION_COMMANDS,
  ...MISC_COMMANDS,
};
