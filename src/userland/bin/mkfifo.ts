/** mkfifo(1). */
import { IS_ERR } from '../../uapi/errno.ts';
import { S_IFIFO } from '../../uapi/stat.ts';
import { command } from '../lib/command.ts';
import { Failure, UsageError } from '../lib/error.ts';
import { parseMode } from '../lib/mode.ts';

export const main = command(
  {
    name: 'mkfifo',
    usage: ['[OPTION]... NAME...'],
    summary: 'Makes named pipes.',
    options: [['-m, --mode=MODE', 'permissions of the new pipe, as for chmod']],
  },
  async (io, options, operands) => {
    if (operands.length === 0) throw new UsageError('missing operand');
    const text = options.value('m');
    const change = text === null ? null : parseMode(text);
    if (text !== null && !change) throw new Failure('invalid mode');
    for (const name of operands) {
      const status = io.sys.mknod(name, S_IFIFO | 0o666, 0);
      if (IS_ERR(status)) await io.fail(`cannot create fifo ${io.quoteAlways(name)}`, status);
      else if (change) io.sys.chmod(name, change(0o666, false, 0));
    }
    return undefined;
  },
);
