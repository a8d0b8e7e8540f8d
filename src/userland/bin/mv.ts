/** mv(1). */
import { EINVAL, type Errno, EXDEV, IS_ERR } from '../../uapi/errno.ts';
import { W_OK } from '../../uapi/fcntl.ts';
import { S_ISDIR, S_ISLNK, type Stat } from '../../uapi/stat.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { Copier, confirmOverwrite } from '../lib/copy.ts';
import { destinationRows, pairs } from '../lib/destination.ts';
import { sameFile } from '../lib/file-type.ts';
import { stripSlashes } from '../lib/path.ts';
import { remove } from '../lib/remove.ts';
import { isatty } from '../lib/stdio.ts';

export const main = command(
  {
    name: 'mv',
    usage: ['[OPTION]... [-T] SOURCE DEST', '[OPTION]... SOURCE... DIRECTORY', '[OPTION]... -t DIRECTORY SOURCE...'],
    summary: 'Renames files, or moves them into a directory.',
    options: [
      ['-f, --force', 'never ask before overwriting'],
      ['-i, --interactive', 'ask before overwriting'],
      ['-n, --no-clobber', 'do not overwrite'],
      ['--strip-trailing-slashes', 'remove slashes at the end of each source'],
      ['-u, --update', 'only where the source is newer or the destination missing'],
      ['-v, --verbose', 'say what is done'],
      ...destinationRows,
    ],
  },
  async (io, options, operands) => {
    const sources = options.has('strip-trailing-slashes') ? operands.map(stripSlashes) : operands;
    for (const { source, destination } of pairs(io, options, sources)) await move(io, options, source, destination);
    return undefined;
  },
);

async function move(io: Io, options: Options, source: string, destination: string): Promise<void> {
  const src = io.sys.lstat(source);
  if (IS_ERR(src)) return await io.fail(`cannot stat ${io.quoteAlways(source)}`, src);
  const dst = io.sys.lstat(destination);
  if (!IS_ERR(dst) && !(await mayReplace(io, options, { source, src, destination, dst }))) return;
  const status = io.sys.rename(source, destination);
  if (!IS_ERR(status)) {
    if (options.has('v')) await io.stdout.write(`renamed ${io.quoteAlways(source)} -> ${io.quoteAlways(destination)}\n`);
    return;
  }
  if (status === EXDEV) return await copyAndRemove(io, options, source, destination);
  await explain(io, source, destination, status);
}

async function explain(io: Io, source: string, destination: string, error: Errno): Promise<void> {
  if (error === EINVAL) {
    return await io.fail(`cannot move ${io.quoteAlways(source)} to a subdirectory of itself, ${io.quoteAlways(destination)}`);
  }
  await io.fail(`cannot move ${io.quoteAlways(source)} to ${io.quoteAlways(destination)}`, error);
}

interface Meeting {
  readonly source: string;
  readonly src: Stat;
  readonly destination: string;
  readonly dst: Stat;
}

async function mayReplace(io: Io, options: Options, { source, src, destination, dst }: Meeting): Promise<boolean> {
  if (sameFile(src, dst) && (source === destination || src.st_nlink === 1)) {
    await io.fail(`${io.quoteAlways(source)} and ${io.quoteAlways(destination)} are the same file`);
    return false;
  }
  const asked = options.last('f', 'i', 'n');
  if (asked === 'n') return false;
  if (options.has('u') && src.st_mtime <= dst.st_mtime) return false;
  if (S_ISDIR(src.st_mode) !== S_ISDIR(dst.st_mode)) {
    await io.fail(
      S_ISDIR(src.st_mode)
        ? `cannot overwrite non-directory ${io.quoteAlways(destination)} with directory ${io.quoteAlways(source)}`
        : `cannot overwrite directory ${io.quoteAlways(destination)} with non-directory`,
    );
    return false;
  }
  return asked === 'i' || (asked === null && isProtected(io, destination, dst)) ? await confirmOverwrite(io, destination, dst) : true;
}

/** On a terminal mv asks before it replaces what one may not write. */
function isProtected(io: Io, destination: string, dst: Stat): boolean {
  return !S_ISLNK(dst.st_mode) && isatty(io.sys, 0) && IS_ERR(io.sys.eaccess(destination, W_OK));
}

async function copyAndRemove(io: Io, options: Options, source: string, destination: string): Promise<void> {
  const copier = new Copier(io, {
    recursive: true,
    dereference: 'never',
    preserve: { mode: true, ownership: true, timestamps: true, links: true },
    existing: 'replace',
    force: true,
    removeFirst: true,
    make: 'copy',
    verbose: options.has('v'),
    moving: true,
    contentsOfSpecial: false,
  });
  if (!(await copier.copy(source, destination))) return;
  const how = { recursive: true, emptyDirectories: true, force: true, ask: 'never', preserveRoot: false } as const;
  await remove(io, { ...how, verbose: options.has('v') }, source);
}
