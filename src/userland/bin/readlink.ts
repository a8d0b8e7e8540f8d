/** readlink(1). */
import { type Errno, IS_ERR } from '../../uapi/errno.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { UsageError } from '../lib/error.ts';
import { resolve, type Strictness } from '../lib/resolve.ts';

export const main = command(
  {
    name: 'readlink',
    usage: ['[OPTION]... FILE...'],
    summary: 'Prints what symbolic links hold, or with -f, -e or -m the real name of a file.',
    options: [
      ['-f, --canonicalize', 'follow all links; the last component may be missing'],
      ['-e, --canonicalize-existing', 'follow all links; everything must exist'],
      ['-m, --canonicalize-missing', 'follow all links; nothing need exist'],
      ['-n, --no-newline', 'no newline at the end'],
      ['-q, --quiet', 'no error messages (the default)'],
      ['-s, --silent', 'the same'],
      ['-v, --verbose', 'error messages'],
      ['-z, --zero', 'end each name with NUL'],
    ],
  },
  async (io, options, operands) => {
    if (operands.length === 0) throw new UsageError('missing operand');
    const single = options.has('n') && operands.length === 1;
    if (options.has('n') && operands.length > 1) await io.warn('ignoring --no-newline with multiple arguments');
    for (const name of operands) {
      const value = linkValue(io, options, name);
      if (!IS_ERR(value)) io.stdout.put(value + (single ? '' : options.has('z') ? '\0' : '\n'));
      else if (options.last('v', 'q', 's') === 'v') await io.fail(io.quoteIfNeeded(name), value);
      else io.status = 1;
    }
    return undefined;
  },
);

const STRICTNESS: Readonly<Record<string, Strictness>> = { f: 'all-but-last', e: 'existing', m: 'missing' };

function linkValue(io: Io, options: Options, name: string): string | Errno {
  const how = STRICTNESS[options.last('f', 'e', 'm') ?? ''];
  return how ? resolve(io.sys, name, how) : io.sys.readlink(name);
}
