/** pivot_root: changes the root file system. Follows util-linux 2.38.1. */
import { IS_ERR } from '../../uapi/errno.ts';
import { command } from '../lib/command.ts';
import { Failure, UsageError } from '../lib/error.ts';

export const main = command(
  {
    name: 'pivot_root',
    usage: ['[options] new_root put_old'],
    summary: '\nChange the root filesystem.',
    follows: 'util-linux 2.38.1',
    shortName: true,
  },
  async (io, _options, operands) => {
    const [root, old] = operands;
    if (root === undefined || old === undefined || operands.length !== 2) throw new UsageError('bad usage');
    const error = io.sys.pivot_root(root, old);
    if (IS_ERR(error)) throw new Failure(`failed to change root from \`${root}' to \`${old}': ${error.message}`);
    return 0;
  },
);
