/** echo(1), the program; shells have one built in. */
import { encode } from '../../uapi/bytes.ts';
import { IS_ERR } from '../../uapi/errno.ts';
import type { Program } from '../../uapi/syscalls.ts';
import { command } from '../lib/command.ts';
import { readEscapes } from '../lib/escapes.ts';
import { writeAll } from '../lib/stdio.ts';

const help = command(
  {
    name: 'echo',
    usage: ['[-neE] [STRING]...'],
    summary: 'Prints its arguments, a blank between them and a newline after them.',
    notes: ['  -n  no newline after them', '  -e  read backslash escapes', '  -E  do not read backslash escapes (the default)'],
  },
  async () => 0,
);

export const main: Program = async (sys, argv, envp) => {
  if (argv.length === 2 && (argv[1] === '--help' || argv[1] === '--version')) return await help(sys, argv, envp);
  const text = outputOf(argv.slice(1));
  if (text === '') return 0;
  const status = await writeAll(sys, 1, encode(text));
  if (!IS_ERR(status)) return 0;
  await writeAll(sys, 2, encode(`${argv[0]}: write error: ${status.message}\n`));
  return 1;
};

function outputOf(args: readonly string[]): string {
  let newline = '\n';
  let escapes = false;
  let i = 0;
  for (; /^-[neE]+$/.test(args[i] ?? ''); i++) {
    for (const letter of (args[i] as string).slice(1)) {
      if (letter === 'n') newline = '';
      else escapes = letter === 'e';
    }
  }
  const text = args.slice(i).join(' ');
  if (!escapes) return text + newline;
  const unescaped = readEscapes(text, 'echo');
  return unescaped.stopped ? unescaped.text : unescaped.text + newline;
}
