/** man: pages of our own, and for commands what they say of themselves. Follows man-db 2.11. */
import { decode, encode } from '../../uapi/bytes.ts';
import { IS_ERR } from '../../uapi/errno.ts';
import { O_CLOEXEC } from '../../uapi/fcntl.ts';
import { command, type Io } from '../lib/command.ts';
import { Failure } from '../lib/error.ts';
import { execvp } from '../lib/execvp.ts';
import { readAll, writeAll } from '../lib/stdio.ts';
import { PAGES, type Page } from '../man/pages.ts';
import { COMMAND_NAMES } from './names.ts';

const NOT_FOUND = 16;

export const main = command(
  {
    name: 'man',
    usage: ['[OPTION...] [SECTION] PAGE...'],
    summary: 'Shows pages of the manual: binfmt_misc, execve, and what commands say of themselves.',
    follows: 'man-db 2.11',
    shortName: true,
    options: [
      ['-k, --apropos', 'not supported here'],
      ['-f, --whatis', 'not supported here'],
      ['-P, --pager=PAGER', 'the program that shows the page (less)'],
    ],
  },
  async (io, options, operands) => {
    const refused = ['k', 'f'].find((key) => options.has(key));
    if (refused) throw new Failure(`-${refused} is not supported here`);
    const section = operands.length > 1 && /^[1-9]/.test(operands[0] ?? '') ? (operands[0] ?? null) : null;
    const names = section === null ? operands : operands.slice(1);
    if (names.length === 0) {
      await io.complain("What manual page do you want?\nFor example, try 'man man'.\n");
      return 1;
    }
    for (const name of names) {
      const text = await page(io, name, section);
      if (text !== null) await show(io, options.value('P') ?? 'less', text);
      else {
        await io.complain(`No manual entry for ${name}${section === null ? '' : ` in section ${section}`}\n`);
        io.status = NOT_FOUND;
      }
    }
    return undefined;
  },
);

async function page(io: Io, name: string, section: string | null): Promise<string | null> {
  const own = PAGES[name];
  if (own && (section === null || section === own.section)) return layout(name, own);
  const isCommand = (COMMAND_NAMES as readonly string[]).includes(name) && (section === null || section === '1');
  if (!isCommand) return null;
  const help = await helpOf(io, name);
  return layout(name, {
    section: '1',
    title: 'User Commands',
    text: `NAME\n       ${name}\n\nDESCRIPTION\n${help.replace(/^(?=.)/gm, '       ')}`,
  });
}

function layout(name: string, { section, title, text }: Page): string {
  const mark = `${name.toUpperCase()}(${section})`;
  const gap = ' '.repeat(Math.max(1, Math.floor((100 - 2 * mark.length - title.length) / 2)));
  return `${mark}${gap}${title}${gap}${mark}\n\n${text}\nbinfmt-lab${' '.repeat(Math.max(1, 90 - mark.length))}${mark}\n`;
}

async function helpOf(io: Io, name: string): Promise<string> {
  const ends = io.sys.pipe2(O_CLOEXEC);
  if (IS_ERR(ends)) throw new Failure(`pipe failed: ${ends.message}`, 2);
  const [from, to] = ends;
  const pid = io.sys.clone(0, async (child) => {
    child.dup2(to, 1);
    child.dup2(to, 2);
    await execvp(child, name, [name, '--help'], io.envp);
    return 127;
  });
  io.sys.close(to);
  const bytes = IS_ERR(pid) ? pid : await readAll(io.sys, from);
  io.sys.close(from);
  if (!IS_ERR(pid)) await io.sys.wait4(pid, 0);
  return IS_ERR(bytes) ? '' : decode(bytes);
}

async function show(io: Io, pager: string, text: string): Promise<void> {
  if (!io.stdout.isTerminal) {
    io.stdout.put(text);
    return;
  }
  const ends = io.sys.pipe2(O_CLOEXEC);
  if (IS_ERR(ends)) throw new Failure(`pipe failed: ${ends.message}`, 2);
  const [from, to] = ends;
  const pid = io.sys.clone(0, async (child) => {
    child.dup2(from, 0);
    await execvp(child, pager, [pager], io.envp);
    return 127;
  });
  io.sys.close(from);
  await writeAll(io.sys, to, encode(text));
  io.sys.close(to);
  if (!IS_ERR(pid)) await io.sys.wait4(pid, 0);
}
