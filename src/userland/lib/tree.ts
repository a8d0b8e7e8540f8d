/** Going through trees for chmod -R and chown -R: a directory before what is in it. */
import { IS_ERR } from '../../uapi/errno.ts';
import { S_ISDIR, S_ISLNK, type Stat } from '../../uapi/stat.ts';
import type { Io } from './command.ts';
import { join } from './path.ts';
import { readNames } from './walk.ts';

export interface TreeHow {
  readonly recursive: boolean;
  /** Follow links to directories: all, those on the command line, or none. */
  readonly follow: 'all' | 'operands' | 'none';
  readonly preserveRoot: boolean;
}

export type Visit = (path: string, lstat: Stat, operand: boolean) => Promise<void>;

/** Visits an operand and, recursively, what is below. What cannot be reached is reported unless `quiet`. */
export async function visitTree(io: Io, path: string, how: TreeHow, quiet: boolean, visit: Visit): Promise<void> {
  await visitAt(io, path, how, quiet, visit, true);
}

async function visitAt(io: Io, path: string, how: TreeHow, quiet: boolean, visit: Visit, operand: boolean): Promise<void> {
  const st = io.sys.lstat(path);
  if (IS_ERR(st)) {
    io.status = io.failure;
    if (!quiet) await io.fail(`cannot access ${io.quoteAlways(path)}`, st);
    return;
  }
  if (how.recursive && how.preserveRoot && (await isRoot(io, path))) return;
  await visit(path, st, operand);
  if (!how.recursive || !descends(io, path, st, how, operand)) return;
  const names = await readNames(io.sys, path);
  if (IS_ERR(names)) {
    io.status = io.failure;
    if (!quiet) await io.fail(`cannot read directory ${io.quoteAlways(path)}`, names);
    return;
  }
  for (const name of names) {
    await visitAt(io, join(path, name), how, quiet, visit, false);
    await io.sys.sched_yield();
  }
}

function descends(io: Io, path: string, st: Stat, how: TreeHow, operand: boolean): boolean {
  if (!S_ISLNK(st.st_mode)) return S_ISDIR(st.st_mode);
  if (how.follow === 'none' || (how.follow === 'operands' && !operand)) return false;
  const target = io.sys.stat(path);
  return !IS_ERR(target) && S_ISDIR(target.st_mode);
}

async function isRoot(io: Io, path: string): Promise<boolean> {
  if (!/^\/+$/.test(path)) return false;
  await io.fail(`it is dangerous to operate recursively on ${io.quoteAlways(path)}`);
  await io.warn('use --no-preserve-root to override this failsafe');
  return true;
}
