/** who(1). Nobody logs in to this machine: /var/run/utmp is empty. */
import { command } from '../lib/command.ts';
import { UsageError } from '../lib/error.ts';

export const main = command(
  {
    name: 'who',
    usage: ['[OPTION]... [ FILE | ARG1 ARG2 ]'],
    summary: 'Prints who is logged in.',
    options: [
      ['-a, --all', 'everything'],
      ['-b, --boot', 'when the system was booted'],
      ['-H, --heading', 'with headings'],
      ['-m', 'only the user of standard input'],
      ['-q, --count', 'names and how many'],
      ['-u, --users', 'who is logged in'],
    ],
  },
  async (io, options, operands) => {
    if (operands[2] !== undefined) throw new UsageError(`extra operand ${io.quote(operands[2])}`);
    if (options.has('q')) io.stdout.put('\n# users=0\n');
    else if (options.has('H')) io.stdout.put('NAME     LINE         TIME             COMMENT\n');
    return 0;
  },
);
