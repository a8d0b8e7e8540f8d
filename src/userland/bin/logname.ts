/** logname(1). Nobody logs in to this machine: there is no record of it. */
import { command } from '../lib/command.ts';
import { Failure, UsageError } from '../lib/error.ts';

export const main = command(
  { name: 'logname', usage: ['[OPTION]'], summary: "Prints the user's login name." },
  async (io, _options, operands) => {
    if (operands[0] !== undefined) throw new UsageError(`extra operand ${io.quote(operands[0])}`);
    throw new Failure('no login name');
  },
);
