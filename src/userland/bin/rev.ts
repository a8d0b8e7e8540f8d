/** rev(1) of util-linux: the characters of each line, the last one first. */
import { type Errno, IS_ERR } from '../../uapi/errno.ts';
import type { Fd } from '../../uapi/types.ts';
import { command, eachInput, type Io } from '../lib/command.ts';
import { LineReader } from '../lib/stdio.ts';

export const main = command(
  {
    name: 'rev',
    usage: ['[options] [file ...]'],
    summary: '\nReverse lines characterwise.',
    follows: 'util-linux 2.38.1',
    shortName: true,
  },
  async (io, _options, operands) => {
    io.stdout.encode = io.charset.encode;
    await eachInput(
      io,
      operands,
      (fd) => reverse(io, fd),
      (name) => `cannot open ${name}`,
      (name) => name,
    );
    return undefined;
  },
);

async function reverse(io: Io, fd: Fd): Promise<0 | Errno> {
  const reader = new LineReader(io.sys, fd, io.charset);
  for (;;) {
    const line = await reader.next();
    if (line === undefined) return 0;
    if (IS_ERR(line)) return line;
    await io.stdout.write([...line].reverse().join('') + (reader.terminated ? '\n' : ''));
    if (io.stdout.error) return 0;
  }
}
