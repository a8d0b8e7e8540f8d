/** printenv(1). */
import { command } from '../lib/command.ts';
import { getenv } from '../lib/environ.ts';

export const main = command(
  {
    name: 'printenv',
    usage: ['[OPTION]... [VARIABLE]...'],
    summary: 'Prints the environment, or some of its variables.',
    options: [['-0, --null', 'end each line with NUL']],
    failure: 2,
    permute: false,
  },
  async (io, options, operands) => {
    const end = options.has('0') ? '\0' : '\n';
    const values = operands.length === 0 ? [...io.envp] : operands.map((name) => getenv(io.envp, name));
    for (const value of values) if (value !== undefined) io.stdout.put(value + end);
    return values.includes(undefined) ? 1 : 0;
  },
);
