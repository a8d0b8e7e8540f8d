/** tty(1). */
import { IS_ERR } from '../../uapi/errno.ts';
import { command } from '../lib/command.ts';
import { UsageError } from '../lib/error.ts';
import { isatty } from '../lib/stdio.ts';

export const main = command(
  {
    name: 'tty',
    usage: ['[OPTION]...'],
    summary: 'Prints the name of the terminal on standard input.',
    options: [['-s, --silent, --quiet', 'only the exit status']],
    failure: 3,
  },
  async (io, options, operands) => {
    if (operands.length > 0) throw new UsageError(`extra operand ${io.quote(operands[0] ?? '')}`, 2);
    const terminal = isatty(io.sys, 0);
    if (!options.has('s')) io.stdout.put(`${terminal ? ttyname() : 'not a tty'}\n`);
    return terminal ? 0 : 1;

    /** The link of /proc, as ttyname(3) takes it. */
    function ttyname(): string {
      const name = io.sys.readlink('/proc/self/fd/0');
      return IS_ERR(name) ? '/dev/tty' : name;
    }
  },
);
