/** install(1). */
import { IS_ERR } from '../../uapi/errno.ts';
import { O_CREAT, O_EXCL, O_RDONLY, O_WRONLY } from '../../uapi/fcntl.ts';
import { S_ISDIR } from '../../uapi/stat.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { Failure, UsageError } from '../lib/error.ts';
import { parseMode } from '../lib/mode.ts';
import { basename, dirname, join } from '../lib/path.ts';
import { BUFSIZ, writeAll } from '../lib/stdio.ts';
import { loadUsers } from '../lib/users.ts';

export const main = command(
  {
    name: 'install',
    usage: [
      '[OPTION]... [-T] SOURCE DEST',
      '[OPTION]... SOURCE... DIRECTORY',
      '[OPTION]... -t DIRECTORY SOURCE...',
      '[OPTION]... -d DIRECTORY...',
    ],
    summary: 'Copies files and sets their modes.',
    options: [
      ['-c', 'ignored'],
      ['-D', 'make the directories of DEST'],
      ['-d, --directory', 'make directories'],
      ['-g, --group=GROUP', 'the group'],
      ['-m, --mode=MODE', 'the mode (rwxr-xr-x)'],
      ['-o, --owner=OWNER', 'the owner'],
      ['-p, --preserve-timestamps', 'keep the times'],
      ['-t, --target-directory=DIRECTORY', 'copy into this directory'],
      ['-T, --no-target-directory', 'DEST is a file'],
      ['-v, --verbose', 'say what is done'],
    ],
  },
  async (io, options, operands) => {
    const how = await howOf(io, options);
    if (operands.length === 0) throw new UsageError('missing file operand');
    if (options.has('d')) {
      for (const name of operands) await makeDirectory(io, options, name, how);
      return undefined;
    }
    const [sources, target, into] = targetOf(io, options, operands);
    for (const source of sources) await copy(io, options, source, into ? join(target, basename(source)) : target, how);
    return undefined;
  },
);

interface How {
  readonly mode: number;
  readonly uid: number | null;
  readonly gid: number | null;
}

async function howOf(io: Io, options: Options): Promise<How> {
  const text = options.value('m') ?? '755';
  const change = parseMode(text);
  if (change === null) throw new Failure(`invalid mode ${io.quote(text)}`);
  const users = await loadUsers(io.sys);
  const [owner, group] = [options.value('o'), options.value('g')];
  const uid = owner === null ? null : (users.getpwnam(owner)?.uid ?? number(owner));
  if (Number.isNaN(uid)) throw new Failure(`invalid user ${io.quote(owner ?? '')}`);
  const gid = group === null ? null : (users.getgrnam(group)?.gid ?? number(group));
  if (Number.isNaN(gid)) throw new Failure(`invalid group ${io.quote(group ?? '')}`);
  return { mode: change(0, options.has('d'), 0), uid, gid };
}

const number = (text: string): number => (/^\d+$/.test(text) ? Number(text) : Number.NaN);

type Target = readonly [sources: readonly string[], target: string, into: boolean];

function targetOf(io: Io, options: Options, operands: readonly string[]): Target {
  const given = options.value('t');
  if (given !== null) {
    if (!isDirectory(io, given)) throw new Failure(`failed to access ${io.quoteAlways(given)}: ${reason(io, given)}`);
    return [operands, given, true];
  }
  const [last, sources] = [operands.at(-1) ?? '', operands.slice(0, -1)];
  if (sources.length === 0) throw new UsageError(`missing destination file operand after ${io.quoteAlways(last)}`);
  const into = !options.has('T') && isDirectory(io, last);
  if (sources.length > 1 && !into) throw new Failure(`target ${io.quoteAlways(last)}: ${reason(io, last)}`);
  return [sources, last, into];
}

function isDirectory(io: Io, path: string): boolean {
  const st = io.sys.stat(path);
  return !IS_ERR(st) && S_ISDIR(st.st_mode);
}

function reason(io: Io, path: string): string {
  const st = io.sys.stat(path);
  return IS_ERR(st) ? st.message : 'Not a directory';
}

/** The directory and those above it; only the last has the mode. */
async function makeDirectory(io: Io, options: Options, name: string, how: How): Promise<void> {
  if (!isDirectory(io, name)) {
    if (!(await makeParents(io, options, dirname(name)))) return;
    if (options.has('v')) io.stdout.put(`${io.name}: creating directory ${io.quoteAlways(name)}\n`);
    const error = io.sys.mkdir(name, 0o755);
    if (IS_ERR(error)) return await io.fail(`cannot create directory ${io.quoteAlways(name)}`, error);
  }
  await adorn(io, name, how);
}

async function makeParents(io: Io, options: Options, name: string): Promise<boolean> {
  if (isDirectory(io, name)) return true;
  if (!(await makeParents(io, options, dirname(name)))) return false;
  if (options.has('v')) io.stdout.put(`${io.name}: creating directory ${io.quoteAlways(name)}\n`);
  const error = io.sys.mkdir(name, 0o755);
  if (IS_ERR(error)) await io.fail(`cannot create directory ${io.quoteAlways(name)}`, error);
  return !IS_ERR(error);
}

async function copy(io: Io, options: Options, source: string, target: string, how: How): Promise<void> {
  const st = io.sys.stat(source);
  if (IS_ERR(st)) return await io.fail(`cannot stat ${io.quoteAlways(source)}`, st);
  if (S_ISDIR(st.st_mode)) return await io.fail(`omitting directory ${io.quoteAlways(source)}`);
  if (options.has('D') && !(await makeParents(io, options, dirname(target)))) return;
  const old = io.sys.stat(target);
  if (!IS_ERR(old) && old.st_ino === st.st_ino && old.st_dev === st.st_dev)
    return await io.fail(`${io.quoteAlways(source)} and ${io.quoteAlways(target)} are the same file`);
  if (!IS_ERR(old) && S_ISDIR(old.st_mode)) return await io.fail(`cannot overwrite directory ${io.quoteAlways(target)} with non-directory`);
  if (!IS_ERR(old)) io.sys.unlink(target);
  if (!(await contents(io, source, target))) return;
  if (options.has('v'))
    io.stdout.put(`${IS_ERR(old) ? '' : `removed ${io.quoteAlways(target)}\n`}${io.quoteAlways(source)} -> ${io.quoteAlways(target)}\n`);
  if (options.has('p')) io.sys.utimensat(target, st.st_atime, st.st_mtime);
  await adorn(io, target, how);
}

async function contents(io: Io, source: string, target: string): Promise<boolean> {
  const from = await io.sys.open(source, O_RDONLY);
  if (IS_ERR(from)) {
    await io.fail(`cannot open ${io.quoteAlways(source)} for reading`, from);
    return false;
  }
  const to = await io.sys.open(target, O_WRONLY | O_CREAT | O_EXCL, 0o600);
  if (IS_ERR(to)) {
    await io.fail(`cannot create regular file ${io.quoteAlways(target)}`, to);
    return false;
  }
  for (;;) {
    const chunk = await io.sys.read(from, BUFSIZ);
    const error = IS_ERR(chunk) ? chunk : await writeAll(io.sys, to, chunk);
    if (IS_ERR(error)) await io.fail(`error copying ${io.quoteAlways(source)} to ${io.quoteAlways(target)}`, error);
    if (!IS_ERR(chunk) && chunk.length > 0 && !IS_ERR(error)) continue;
    io.sys.close(from);
    io.sys.close(to);
    return !IS_ERR(error);
  }
}

async function adorn(io: Io, path: string, { mode, uid, gid }: How): Promise<void> {
  const owner = uid === null && gid === null ? 0 : io.sys.lchown(path, uid ?? -1, gid ?? -1);
  if (IS_ERR(owner)) await io.fail(`cannot change ownership of ${io.quoteAlways(path)}`, owner);
  const error = io.sys.chmod(path, mode);
  if (IS_ERR(error)) await io.fail(`cannot change permissions of ${io.quoteAlways(path)}`, error);
}
