/** Removing files and trees: rm(1), and what mv(1) does across file systems. */
import { EACCES, EISDIR, ENOENT, ENOTDIR, IS_ERR, type Status } from '../../uapi/errno.ts';
import { W_OK } from '../../uapi/fcntl.ts';
import { S_ISDIR, S_ISLNK, type Stat } from '../../uapi/stat.ts';
import type { Io } from './command.ts';
import { fileType } from './file-type.ts';
import { basename, join } from './path.ts';
import { confirm } from './prompt.ts';
import { readNames } from './walk.ts';

export interface RemoveHow {
  readonly recursive: boolean;
  readonly emptyDirectories: boolean;
  /** Missing files are no error and nothing is asked. */
  readonly force: boolean;
  /** Always, never, or (on a terminal) for files one may not write. */
  readonly ask: 'always' | 'never' | 'protected';
  readonly verbose: boolean;
  readonly preserveRoot: boolean;
}

/** Answers whether it is gone. */
export async function remove(io: Io, how: RemoveHow, path: string): Promise<boolean> {
  const st = io.sys.lstat(path);
  if (IS_ERR(st)) {
    if (how.force && (st === ENOENT || st === ENOTDIR)) return true;
    return await refuse(io, path, st);
  }
  if (!S_ISDIR(st.st_mode)) return await removeFile(io, how, path, st);
  if (how.recursive) return await removeTree(io, how, path, st);
  if (!how.emptyDirectories) return await refuse(io, path, EISDIR);
  return (await mayRemove(io, how, path, st, 'remove')) && (await removeDirectory(io, how, path));
}

/** The names that rm never takes. */
export async function isDangerous(io: Io, how: RemoveHow, path: string): Promise<boolean> {
  const last = basename(path);
  if (last === '.' || last === '..') {
    await io.fail(`refusing to remove '.' or '..' directory: skipping ${io.quoteAlways(path)}`);
    return true;
  }
  if (!how.recursive || !how.preserveRoot || !isRoot(io, path)) return false;
  const same = path === '/' ? '' : ` (same as '/')`;
  await io.fail(`it is dangerous to operate recursively on ${io.quoteAlways(path)}${same}`);
  await io.warn('use --no-preserve-root to override this failsafe');
  return true;
}

function isRoot(io: Io, path: string): boolean {
  const st = io.sys.lstat(path);
  const root = io.sys.lstat('/');
  return !IS_ERR(st) && !IS_ERR(root) && st.st_ino === root.st_ino && st.st_dev === root.st_dev;
}

async function removeFile(io: Io, how: RemoveHow, path: string, st: Stat): Promise<boolean> {
  if (!(await mayRemove(io, how, path, st, 'remove'))) return false;
  const status = io.sys.unlink(path);
  if (IS_ERR(status)) return how.force && status === ENOENT ? true : await refuse(io, path, status);
  if (how.verbose) await io.stdout.write(`removed ${io.quoteAlways(path)}\n`);
  return true;
}

async function removeTree(io: Io, how: RemoveHow, path: string, st: Stat): Promise<boolean> {
  const names = await readNames(io.sys, path);
  // A directory that cannot be read may still be empty.
  if (IS_ERR(names)) return IS_ERR(io.sys.rmdir(path)) ? await refuse(io, path, names) : true;
  if (names.length > 0 && !(await mayRemove(io, how, path, st, 'descend'))) return false;
  let empty = true;
  for (const name of names) {
    if (!(await remove(io, how, join(path, name)))) empty = false;
    await io.sys.sched_yield();
  }
  if (!empty) return false;
  return (await mayRemove(io, how, path, st, 'remove')) && (await removeDirectory(io, how, path));
}

async function removeDirectory(io: Io, how: RemoveHow, path: string): Promise<boolean> {
  const status = io.sys.rmdir(path);
  if (IS_ERR(status)) return await refuse(io, path, status);
  if (how.verbose) await io.stdout.write(`removed directory ${io.quoteAlways(path)}\n`);
  return true;
}

async function mayRemove(io: Io, how: RemoveHow, path: string, st: Stat, what: 'remove' | 'descend'): Promise<boolean> {
  if (how.ask === 'never' || how.force) return true;
  const isProtected = !S_ISLNK(st.st_mode) && io.sys.eaccess(path, W_OK) === EACCES;
  if (how.ask === 'protected' && !isProtected) return true;
  const kind = `${isProtected ? 'write-protected ' : ''}${fileType(st)}`;
  const verb = what === 'descend' ? 'descend into' : 'remove';
  return await confirm(io, `${verb} ${kind} ${io.quoteAlways(path)}?`);
}

async function refuse(io: Io, path: string, error: Status): Promise<false> {
  if (IS_ERR(error)) await io.fail(`cannot remove ${io.quoteAlways(path)}`, error);
  return false;
}
