/** cat(1). Plain copying goes from descriptor to descriptor; numbering and marking work on lines. */
import { fromLatin1, latin1 } from '../../uapi/bytes.ts';
import { type Errno, IS_ERR } from '../../uapi/errno.ts';
import { SEEK_CUR } from '../../uapi/fcntl.ts';
import { S_ISREG } from '../../uapi/stat.ts';
import type { Fd } from '../../uapi/types.ts';
import { command, eachInput, type Io, type Options } from '../lib/command.ts';
import { Failure } from '../lib/error.ts';
import { writeAll } from '../lib/stdio.ts';
import { Marker, type Marking } from './cat-marks.ts';

const CHUNK = 131072;

export const main = command(
  {
    name: 'cat',
    usage: ['[OPTION]... [FILE]...'],
    summary: 'Copies files, or standard input (also for "-"), to standard output.',
    options: [
      ['-A, --show-all', 'the same as -vET'],
      ['-b, --number-nonblank', 'number the lines that are not empty'],
      ['-e', 'the same as -vE'],
      ['-E, --show-ends', 'a $ at the end of each line'],
      ['-n, --number', 'number all lines'],
      ['-s, --squeeze-blank', 'one empty line instead of several'],
      ['-t', 'the same as -vT'],
      ['-T, --show-tabs', 'show tabs as ^I'],
      ['-u', 'ignored: output is never held back'],
      ['-v, --show-nonprinting', 'show other bytes as ^X and M-X'],
    ],
  },
  async (io, options, operands) => {
    const marking = markingOf(options);
    const marker = marking && new Marker(marking);
    await eachInput(io, operands, async (fd, name) => {
      if (isOutput(io, fd)) {
        await io.fail(`${io.quoteIfNeeded(name)}: input file is output file`);
        return 0;
      }
      return await copy(io, fd, marker);
    });
    return undefined;
  },
);

function markingOf(options: Options): Marking | null {
  const marking: Marking = {
    ends: options.has('E') || options.has('A') || options.has('e'),
    tabs: options.has('T') || options.has('A') || options.has('t'),
    nonprinting: ['v', 'A', 'e', 't'].some((key) => options.has(key)),
    number: options.has('b') ? 'nonblank' : options.has('n') ? 'all' : null,
    squeeze: options.has('s'),
  };
  return marking.ends || marking.tabs || marking.nonprinting || marking.number || marking.squeeze ? marking : null;
}

/** Reading what one writes would never end. */
function isOutput(io: Io, fd: Fd): boolean {
  const out = io.sys.fstat(1);
  const input = io.sys.fstat(fd);
  if (IS_ERR(out) || IS_ERR(input) || !S_ISREG(out.st_mode)) return false;
  if (out.st_dev !== input.st_dev || out.st_ino !== input.st_ino) return false;
  const position = io.sys.lseek(fd, 0, SEEK_CUR);
  return !IS_ERR(position) && position < out.st_size;
}

async function copy(io: Io, fd: Fd, marker: Marker | null): Promise<0 | Errno> {
  for (;;) {
    const chunk = await io.sys.read(fd, CHUNK);
    if (IS_ERR(chunk)) return chunk;
    if (chunk.length === 0) return 0;
    const status = await writeAll(io.sys, 1, marker ? fromLatin1(marker.mark(latin1(chunk))) : chunk);
    if (IS_ERR(status)) throw new Failure(`write error: ${status.message}`);
  }
}
