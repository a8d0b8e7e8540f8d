/** yes(1). */
import { encode } from '../../uapi/bytes.ts';
import { IS_ERR } from '../../uapi/errno.ts';
import { command } from '../lib/command.ts';
import { Failure } from '../lib/error.ts';
import { writeAll } from '../lib/stdio.ts';

const CHUNK = 16384;

export const main = command(
  { name: 'yes', usage: ['[STRING]...'], summary: 'Prints "y", or its arguments, again and again.' },
  async (io, _options, operands) => {
    const line = `${operands.length === 0 ? 'y' : operands.join(' ')}\n`;
    const block = encode(line.repeat(Math.max(1, Math.floor(CHUNK / line.length))));
    for (;;) {
      const status = await writeAll(io.sys, 1, block);
      if (IS_ERR(status)) throw new Failure(`standard output: ${status.message}`);
    }
  },
);
