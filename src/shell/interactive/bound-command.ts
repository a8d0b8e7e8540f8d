/** `bind -x`: a command of the shell's on a key. It sees the line, and what it leaves in the variables becomes the line. */
import type { Shell } from '../shell.ts';
import type { Editor } from './editor.ts';

export async function runBoundCommand(sh: Shell, editor: Editor, command: string): Promise<void> {
  const { lastStatus, commandNumber } = sh;
  sh.set('READLINE_LINE', editor.text);
  sh.set('READLINE_POINT', String(editor.point));
  sh.set('READLINE_MARK', String(editor.mark));
  await sh.runText(command);
  Object.assign(sh, { lastStatus, commandNumber });
  const text = sh.get('READLINE_LINE') ?? '';
  if (text !== editor.text) editor.replace(0, editor.text.length, text);
  const point = Number(sh.get('READLINE_POINT'));
  if (Number.isInteger(point)) editor.point = Math.min(Math.max(point, 0), editor.text.length);
  for (const name of ['READLINE_LINE', 'READLINE_POINT', 'READLINE_MARK']) sh.vars.global().vars.delete(name);
}
