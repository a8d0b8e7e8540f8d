/** sponge: soaks up its input before it writes the file. Follows moreutils 0.67. */
import { IS_ERR } from '../../uapi/errno.ts';
import { O_APPEND, O_CREAT, O_TRUNC, O_WRONLY } from '../../uapi/fcntl.ts';
import { command } from '../lib/command.ts';
import { Failure } from '../lib/error.ts';
import { readAll, writeAll } from '../lib/stdio.ts';

export const main = command(
  {
    name: 'sponge',
    usage: ['[-a] <file>: soak up all input from stdin and write it to <file>'],
    summary: '',
    follows: 'moreutils 0.67',
    options: [['-a', 'append']],
  },
  async (io, options, operands) => {
    const bytes = await readAll(io.sys, 0);
    if (IS_ERR(bytes)) throw new Failure(`failed to read from stdin: ${bytes.message}`);
    const [name] = operands;
    const fd = name === undefined ? 1 : await io.sys.open(name, O_WRONLY | O_CREAT | (options.has('a') ? O_APPEND : O_TRUNC), 0o666);
    if (IS_ERR(fd)) {
      await io.complain(`error opening output file: ${fd.message}\n`);
      return 1;
    }
    const error = await writeAll(io.sys, fd, bytes);
    if (IS_ERR(error)) throw new Failure(`error writing buffer to output file: ${error.message}`);
    return 0;
  },
);
