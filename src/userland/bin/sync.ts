/** sync(1). */
import { IS_ERR } from '../../uapi/errno.ts';
import { O_NONBLOCK, O_RDONLY } from '../../uapi/fcntl.ts';
import { command } from '../lib/command.ts';
import { Failure } from '../lib/error.ts';

export const main = command(
  {
    name: 'sync',
    usage: ['[OPTION] [FILE]...'],
    summary: 'Has the kernel write what it holds back, of these files or of all.',
    options: [
      ['-d, --data', 'only the data of files'],
      ['-f, --file-system', 'the file systems the files are on'],
    ],
  },
  async (io, options, operands) => {
    if (options.has('d') && options.has('f')) throw new Failure('cannot specify both --data and --file-system');
    if (options.has('d') && operands.length === 0) throw new Failure('--data needs at least one argument');
    if (operands.length === 0) io.sys.sync();
    for (const name of operands) {
      const fd = await io.sys.open(name, O_RDONLY | O_NONBLOCK);
      if (IS_ERR(fd)) {
        await io.fail(`error opening ${io.quoteAlways(name)}`, fd);
        continue;
      }
      const status = io.sys.fsync(fd);
      if (IS_ERR(status)) await io.fail(`error syncing ${io.quoteAlways(name)}`, status);
      io.sys.close(fd);
    }
    return undefined;
  },
);
