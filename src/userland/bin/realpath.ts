/** realpath(1). */
import { IS_ERR } from '../../uapi/errno.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { Failure, UsageError } from '../lib/error.ts';
import { relative, resolve, type Strictness } from '../lib/resolve.ts';

export const main = command(
  {
    name: 'realpath',
    usage: ['[OPTION]... FILE...'],
    summary: 'Prints absolute names without symbolic links; the last component may be missing.',
    options: [
      ['-e, --canonicalize-existing', 'everything must exist'],
      ['-m, --canonicalize-missing', 'nothing need exist'],
      ['-L, --logical', 'resolve .. before links'],
      ['-P, --physical', 'resolve links as they come (the default)'],
      ['-q, --quiet', 'no error messages'],
      ['--relative-to=DIR', 'as seen from DIR'],
      ['--relative-base=DIR', 'absolute unless below DIR'],
      ['-s, --strip, --no-symlinks', 'leave links in'],
      ['-z, --zero', 'end each name with NUL'],
    ],
  },
  async (io, options, operands) => {
    if (operands.length === 0) throw new UsageError('missing operand');
    const base = anchor(io, options, 'relative-base');
    const to = anchor(io, options, 'relative-to') ?? base;
    for (const name of operands) {
      const real = resolve(io.sys, name, strictness(options), !options.has('s'));
      if (!IS_ERR(real)) io.stdout.put(shown(real, to, base) + (options.has('z') ? '\0' : '\n'));
      else if (options.has('q')) io.status = 1;
      else await io.fail(io.quoteIfNeeded(name), real);
    }
    return undefined;
  },
);

function strictness(options: Options): Strictness {
  const last = options.last('e', 'm');
  return last === 'e' ? 'existing' : last === 'm' ? 'missing' : 'all-but-last';
}

function anchor(io: Io, options: Options, key: string): string | null {
  const name = options.value(key);
  if (name === null) return null;
  const real = resolve(io.sys, name, strictness(options), !options.has('s'));
  if (IS_ERR(real)) throw new Failure(`${io.quoteIfNeeded(name)}: ${real.message}`);
  return real;
}

function shown(real: string, to: string | null, base: string | null): string {
  if (to === null || (base !== null && !isBelow(real, base))) return real;
  return relative(to, real);
}

function isBelow(path: string, directory: string): boolean {
  return path === directory || directory === '/' || path.startsWith(`${directory}/`);
}
