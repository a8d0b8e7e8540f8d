/** nproc: how many processors there are. Follows GNU coreutils 9.1. */
import { latin1 } from '../../uapi/bytes.ts';
import { IS_ERR } from '../../uapi/errno.ts';
import type { Syscalls } from '../../uapi/syscalls.ts';
import { command } from '../lib/command.ts';
import { getenv } from '../lib/environ.ts';
import { Failure, UsageError } from '../lib/error.ts';
import { readFile } from '../lib/stdio.ts';

export const main = command(
  {
    name: 'nproc',
    usage: ['[OPTION]...'],
    summary: 'Print the number of processing units available to the current process.',
    options: [
      ['--all', 'print the number of installed processors'],
      ['--ignore=N', 'if possible, exclude N processing units'],
    ],
  },
  async (io, options, operands) => {
    const ignore = options.value('ignore') ?? '0';
    if (!/^\d+$/.test(ignore)) throw new Failure(`invalid number: ${io.quote(ignore)}`);
    if (operands.length > 0) throw new UsageError(`extra operand ${io.quote(operands[0] ?? '')}`);
    const asked = Number(getenv(io.envp, 'OMP_NUM_THREADS') ?? 0);
    const count = !options.has('all') && asked > 0 ? asked : await processors(io.sys);
    io.stdout.put(`${Math.max(1, count - Number(ignore))}\n`);
    return 0;
  },
);

async function processors(sys: Syscalls): Promise<number> {
  const bytes = await readFile(sys, '/proc/cpuinfo');
  return IS_ERR(bytes) ? 1 : Math.max(1, latin1(bytes).match(/^processor\s*:/gm)?.length ?? 1);
}
