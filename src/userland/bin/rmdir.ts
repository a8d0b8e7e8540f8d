/** rmdir(1). */
import { ENOTEMPTY, IS_ERR } from '../../uapi/errno.ts';
import { command, type Io } from '../lib/command.ts';
import { UsageError } from '../lib/error.ts';
import { stripSlashes } from '../lib/path.ts';

export const main = command(
  {
    name: 'rmdir',
    usage: ['[OPTION]... DIRECTORY...'],
    summary: 'Removes empty directories.',
    options: [
      ['--ignore-fail-on-non-empty', 'no error if one is not empty'],
      ['-p, --parents', 'remove the parents in the name too'],
      ['-v, --verbose', 'say what is removed'],
    ],
  },
  async (io, options, operands) => {
    if (operands.length === 0) throw new UsageError('missing operand');
    for (const name of operands) {
      const chain = options.has('p') ? withParents(name) : [name];
      for (const [i, directory] of chain.entries()) {
        if (!(await remove(io, directory, i > 0, options.has('v'), options.has('ignore-fail-on-non-empty')))) break;
      }
    }
    return undefined;
  },
);

function withParents(name: string): string[] {
  const parts = stripSlashes(name).split('/');
  return parts.map((_, i) => parts.slice(0, parts.length - i).join('/')).filter((path) => path !== '');
}

async function remove(io: Io, directory: string, isParent: boolean, verbose: boolean, ignoreFull: boolean): Promise<boolean> {
  if (verbose) await io.stdout.write(`${io.name}: removing directory, ${io.quoteAlways(directory)}\n`);
  const status = io.sys.rmdir(directory);
  if (!IS_ERR(status)) return true;
  if (status === ENOTEMPTY && ignoreFull) return false;
  await io.fail(`failed to remove ${isParent ? 'directory ' : ''}${io.quoteAlways(directory)}`, status);
  return false;
}
