/** pwd(1). */
import { IS_ERR } from '../../uapi/errno.ts';
import { command, type Io } from '../lib/command.ts';
import { getenv } from '../lib/environ.ts';
import { Failure } from '../lib/error.ts';

export const main = command(
  {
    name: 'pwd',
    usage: ['[OPTION]...'],
    summary: 'Prints the name of the current directory.',
    options: [
      ['-L, --logical', 'take it from PWD, even if it holds symbolic links'],
      ['-P, --physical', 'without symbolic links (the default)'],
    ],
  },
  async (io, options, operands) => {
    if (operands.length > 0) await io.warn('ignoring non-option arguments');
    const logical = options.last('L', 'P') === 'L' ? logicalName(io) : null;
    const name = logical ?? io.sys.getcwd();
    if (IS_ERR(name)) throw new Failure(`couldn't find directory entry in '..' with matching i-node`);
    io.stdout.put(`${name}\n`);
    return 0;
  },
);

/** PWD if it is absolute, has no dots and is this directory. */
function logicalName(io: Io): string | null {
  const pwd = getenv(io.envp, 'PWD');
  if (!pwd?.startsWith('/') || /(^|\/)\.\.?(\/|$)/.test(pwd)) return null;
  const named = io.sys.stat(pwd);
  const here = io.sys.stat('.');
  if (IS_ERR(named) || IS_ERR(here)) return null;
  return named.st_dev === here.st_dev && named.st_ino === here.st_ino ? pwd : null;
}
