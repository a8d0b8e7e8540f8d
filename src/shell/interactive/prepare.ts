/** What an interactive shell sets before its start-up files, which ask for it. */
import type { Shell } from '../shell.ts';

const ON = ['histexpand', 'history', 'emacs'];

export function prepareInteractive(sh: Shell): void {
  for (const name of ON) sh.options.set(name, true);
  if (sh.get('PS1') === undefined) sh.set('PS1', sh.posixSh ? dashPrompt(sh) : '\\s-\\v\\$ ');
  if (sh.get('PS2') === undefined) sh.set('PS2', '> ');
}

const dashPrompt = (sh: Shell): string => (sh.sys.geteuid() === 0 ? '# ' : '$ ');
