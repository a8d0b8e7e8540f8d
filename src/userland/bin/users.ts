/** users(1). Nobody logs in to this machine: /var/run/utmp is empty. */
import { command } from '../lib/command.ts';
import { UsageError } from '../lib/error.ts';

export const main = command(
  { name: 'users', usage: ['[OPTION]... [FILE]'], summary: 'Prints who is logged in.' },
  async (io, _options, operands) => {
    if (operands[1] !== undefined) throw new UsageError(`extra operand ${io.quote(operands[1])}`);
    return 0;
  },
);
