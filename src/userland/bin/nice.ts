/** nice(1). */
import { ENOENT, IS_ERR } from '../../uapi/errno.ts';
import { command } from '../lib/command.ts';
import { Failure, UsageError } from '../lib/error.ts';
import { execvp } from '../lib/execvp.ts';
import type { ParsedOption } from '../lib/getopt.ts';

export const main = command(
  {
    name: 'nice',
    usage: ['[OPTION] [COMMAND [ARG]...]'],
    summary: 'Runs a command with another niceness, or prints the present one.',
    options: [['-n, --adjustment=N', 'add N to the niceness (10)']],
    permute: false,
    failure: 125,
    special: oldStyle,
  },
  async (io, options, operands) => {
    const text = options.value('n');
    if (text !== null && !/^[-+]?\d+$/.test(text)) throw new Failure(`invalid adjustment ${io.quote(text)}`);
    const [name] = operands;
    if (name === undefined && text !== null) throw new UsageError('a command must be given with an adjustment');
    if (name === undefined) {
      io.stdout.put(`${io.sys.nice(0)}\n`);
      return 0;
    }
    const changed = io.sys.nice(Number(text ?? 10));
    if (IS_ERR(changed)) await io.warn(`cannot set niceness: ${changed.code === 'EPERM' ? 'Permission denied' : changed.message}`);
    const error = await execvp(io.sys, name, operands, io.envp);
    await io.warn(io.quote(name), error);
    return error === ENOENT ? 127 : 126;
  },
);

/** "-5" adds 5, "--5" takes 5 away. */
function oldStyle(argument: string): ParsedOption | null {
  const m = /^-([-+]?\d+)$/.exec(argument);
  return m ? { key: 'n', value: m[1] ?? '' } : null;
}
