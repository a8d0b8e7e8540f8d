/** tac(1). */
import { EINVAL, EISDIR, type Errno, IS_ERR } from '../../uapi/errno.ts';
import type { Fd } from '../../uapi/types.ts';
import { command, eachInput, type Io, type Options } from '../lib/command.ts';
import { Failure } from '../lib/error.ts';
import { compileRegex, escapeLiteral } from '../lib/regex.ts';
import { readAll } from '../lib/stdio.ts';

export const main = command(
  {
    name: 'tac',
    usage: ['[OPTION]... [FILE]...'],
    summary: 'Prints the records of each file, the last one first.',
    options: [
      ['-b, --before', 'the separator stands before its record'],
      ['-r, --regex', 'the separator is a regular expression'],
      ['-s, --separator=STRING', 'what separates records (a newline)'],
    ],
  },
  async (io, options, operands) => {
    io.stdout.encode = io.charset.encode;
    const separator = separatorOf(io, options);
    await eachInput(
      io,
      operands,
      (fd) => reverse(io, fd, separator, options.has('b')),
      (name) => `failed to open ${io.quoteAlways(name)} for reading`,
      (name) => `${io.quoteIfNeeded(name === '-' ? 'standard input' : name)}: read error`,
    );
    return undefined;
  },
);

function separatorOf(io: Io, options: Options): RegExp {
  const text = io.charset.fromArgument(options.value('s') ?? '\n');
  if (!options.has('r')) return new RegExp(escapeLiteral(text || '\0'), 'g');
  if (text === '') throw new Failure('separator cannot be empty');
  const compiled = compileRegex(text, { extended: false, multiline: true, utf8: io.charset.utf8 });
  if (typeof compiled === 'string') throw new Failure(compiled);
  return compiled.regexp;
}

async function reverse(io: Io, fd: Fd, separator: RegExp, before: boolean): Promise<0 | Errno> {
  const bytes = await readAll(io.sys, fd);
  // The real one seeks to the end first, which a directory does not let it.
  if (IS_ERR(bytes)) return bytes === EISDIR ? EINVAL : bytes;
  const text = io.charset.decode(bytes);
  const cuts = [...text.matchAll(separator)].filter((m) => m[0] !== '').map((m) => m.index + (before ? 0 : m[0].length));
  const ends = [...cuts.filter((at) => at > 0 && at < text.length), text.length];
  for (let i = ends.length - 1; i >= 0; i--) io.stdout.put(text.slice(i === 0 ? 0 : ends[i - 1], ends[i]));
  await io.stdout.flush();
  return 0;
}
