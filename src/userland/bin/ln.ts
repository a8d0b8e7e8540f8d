/** ln(1). */
import { ENAMETOOLONG, IS_ERR, type Status } from '../../uapi/errno.ts';
import { S_ISDIR } from '../../uapi/stat.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { destinationRows, pairs } from '../lib/destination.ts';
import { sameFile } from '../lib/file-type.ts';
import { basename, dirname } from '../lib/path.ts';
import { confirm } from '../lib/prompt.ts';
import { relative, resolve } from '../lib/resolve.ts';

export const main = command(
  {
    name: 'ln',
    usage: ['[OPTION]... [-T] TARGET LINK_NAME', '[OPTION]... TARGET', '[OPTION]... TARGET... DIRECTORY'],
    summary: 'Makes links to files: hard ones, or with -s symbolic ones.',
    options: [
      ['-d, -F, --directory', 'try to link directories (which the kernel refuses)'],
      ['-f, --force', 'remove a destination that is there'],
      ['-i, --interactive', 'ask before removing a destination'],
      ['-L, --logical', 'link to what a symbolic link leads to'],
      ['-n, --no-dereference', 'a destination that links to a directory is a file'],
      ['-P, --physical', 'link to symbolic links themselves (the default)'],
      ['-r, --relative', 'with -s: relative to the place of the link'],
      ['-s, --symbolic', 'symbolic links'],
      ['-v, --verbose', 'say what is made'],
      ...destinationRows,
    ],
  },
  async (io, options, operands) => {
    const only = operands.length === 1 && !options.has('t') && !options.has('T') ? operands[0] : undefined;
    const list = only === undefined ? pairs(io, options, operands, !options.has('n')) : [{ source: only, destination: basename(only) }];
    for (const { source, destination } of list) await link(io, options, source, destination);
    return undefined;
  },
);

async function link(io: Io, options: Options, target: string, name: string): Promise<void> {
  const symbolic = options.has('s');
  if (!symbolic && !(await isLinkable(io, options, target))) return;
  const contents = symbolic && options.has('r') ? relativeTarget(io, target, name) : target;
  if (!(await makeRoom(io, options, target, name))) return;
  const status = symbolic ? io.sys.symlink(contents, name) : hardLink(io, options, target, name);
  if (!IS_ERR(status)) {
    if (options.has('v')) await io.stdout.write(`${io.quoteAlways(name)} ${symbolic ? '->' : '=>'} ${io.quoteAlways(contents)}\n`);
    return;
  }
  await io.fail(`failed to create ${symbolic ? 'symbolic' : 'hard'} link ${describe(io, symbolic, contents, name, status)}`, status);
}

/** coreutils names the target too where the target could be what is wrong. */
function describe(io: Io, symbolic: boolean, target: string, name: string, error: Status): string {
  if (!IS_ERR(error)) return io.quoteAlways(name);
  if (symbolic)
    return error === ENAMETOOLONG || target === '' ? `${io.quoteAlways(name)} -> ${io.quoteAlways(target)}` : io.quoteAlways(name);
  const aboutName = ['EEXIST', 'ENOENT', 'ENOTDIR', 'EROFS', 'ENOSPC', 'EDQUOT'].includes(error.code);
  return aboutName ? io.quoteAlways(name) : `${io.quoteAlways(name)} => ${io.quoteAlways(target)}`;
}

async function isLinkable(io: Io, options: Options, target: string): Promise<boolean> {
  const st = options.last('L', 'P') === 'L' ? io.sys.stat(target) : io.sys.lstat(target);
  if (IS_ERR(st)) {
    await io.fail(`failed to access ${io.quoteAlways(target)}`, st);
    return false;
  }
  if (!S_ISDIR(st.st_mode) || options.has('d')) return true;
  await io.fail(`${io.quoteIfNeeded(target)}: hard link not allowed for directory`);
  return false;
}

function hardLink(io: Io, options: Options, target: string, name: string): Status {
  if (options.last('L', 'P') !== 'L') return io.sys.link(target, name);
  const real = resolve(io.sys, target, 'existing');
  return IS_ERR(real) ? real : io.sys.link(real, name);
}

/** With -f or -i removes what stands in the way; false when the link is not to be made. */
async function makeRoom(io: Io, options: Options, target: string, name: string): Promise<boolean> {
  const how = options.last('f', 'i');
  const old = how === null ? null : io.sys.lstat(name);
  if (old === null || IS_ERR(old)) return true;
  if (S_ISDIR(old.st_mode)) {
    await io.fail(`${io.quoteIfNeeded(name)}: cannot overwrite directory`);
    return false;
  }
  const st = io.sys.lstat(target);
  if (!IS_ERR(st) && sameFile(st, old) && (!options.has('s') || basename(target) === basename(name))) {
    await io.fail(`${io.quoteAlways(target)} and ${io.quoteAlways(name)} are the same file`);
    return false;
  }
  if (how === 'i' && !(await confirm(io, `replace ${io.quoteAlways(name)}?`))) return false;
  const status = io.sys.unlink(name);
  if (IS_ERR(status)) await io.fail(`cannot remove ${io.quoteAlways(name)}`, status);
  return !IS_ERR(status);
}

function relativeTarget(io: Io, target: string, name: string): string {
  const from = resolve(io.sys, dirname(name), 'missing');
  const to = resolve(io.sys, target, 'missing');
  return IS_ERR(from) || IS_ERR(to) ? target : relative(from, to);
}
