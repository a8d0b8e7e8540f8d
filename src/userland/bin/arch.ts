/** arch: the machine's architecture. Follows GNU coreutils 9.1. */
import { command } from '../lib/command.ts';
import { UsageError } from '../lib/error.ts';

export const main = command(
  { name: 'arch', usage: ['[OPTION]...'], summary: 'Print machine architecture.' },
  async (io, _options, operands) => {
    if (operands.length > 0) throw new UsageError(`extra operand ${io.quote(operands[0] ?? '')}`);
    io.stdout.put(`${io.sys.uname().machine}\n`);
    return 0;
  },
);
