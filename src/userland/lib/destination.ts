/** Where cp, mv and ln put their operands: into a directory, or under a new name. */
import { ENOTDIR, IS_ERR } from '../../uapi/errno.ts';
import { S_ISDIR } from '../../uapi/stat.ts';
import type { Io, OptionRow, Options } from './command.ts';
import { Failure, UsageError } from './error.ts';
import { basename, join } from './path.ts';

export const destinationRows: readonly OptionRow[] = [
  ['-t, --target-directory=DIRECTORY', 'put all operands into this directory'],
  ['-T, --no-target-directory', 'the last operand is a file, never a directory to put things into'],
];

export interface Pair {
  readonly source: string;
  readonly destination: string;
}

/** `follows`: whether a last operand that links to a directory counts as one. */
export function pairs(io: Io, options: Options, operands: readonly string[], follows = true): Pair[] {
  const target = options.value('t');
  if (target !== null && options.has('T')) {
    throw new Failure('cannot combine --target-directory (-t) and --no-target-directory (-T)');
  }
  if (operands.length === 0) throw new UsageError('missing file operand');
  if (target !== null) return into(checkedDirectory(io, target, 'target directory'), operands);
  return untargeted(io, options, operands, follows);
}

function untargeted(io: Io, options: Options, operands: readonly string[], follows: boolean): Pair[] {
  const [source = '', destination, extra] = operands;
  if (destination === undefined) throw new UsageError(`missing destination file operand after ${io.quoteAlways(source)}`);
  if (options.has('T')) {
    if (extra !== undefined) throw new UsageError(`extra operand ${io.quoteAlways(extra)}`);
    return [{ source, destination }];
  }
  const last = operands.at(-1) as string;
  const sources = operands.slice(0, -1);
  if (operands.length > 2) return into(checkedDirectory(io, last, 'target'), sources);
  return isDirectory(io, last, follows) ? into(last, sources) : [{ source, destination: last }];
}

function into(directory: string, sources: readonly string[]): Pair[] {
  return sources.map((source) => ({ source, destination: join(directory, basename(source)) }));
}

function isDirectory(io: Io, path: string, follows: boolean): boolean {
  const st = follows ? io.sys.stat(path) : io.sys.lstat(path);
  return !IS_ERR(st) && S_ISDIR(st.st_mode);
}

function checkedDirectory(io: Io, path: string, what: string): string {
  const st = io.sys.stat(path);
  const error = IS_ERR(st) ? st : S_ISDIR(st.st_mode) ? null : ENOTDIR;
  if (error) throw new Failure(`${what} ${io.quoteAlways(path)}: ${error.message}`);
  return path;
}
