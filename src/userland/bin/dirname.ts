/** dirname(1). */
import { command } from '../lib/command.ts';
import { UsageError } from '../lib/error.ts';
import { dirname } from '../lib/path.ts';

export const main = command(
  {
    name: 'dirname',
    usage: ['[OPTION] NAME...'],
    summary: 'Prints each name without its last component.',
    options: [['-z, --zero', 'end each name with NUL']],
  },
  async (io, options, operands) => {
    if (operands.length === 0) throw new UsageError('missing operand');
    for (const name of operands) io.stdout.put(dirname(name) + (options.has('z') ? '\0' : '\n'));
    return 0;
  },
);
