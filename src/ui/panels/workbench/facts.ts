/** What the machine knows that a prediction needs: the rules it has, and what lies at the interpreter's path. */

import { readEntry } from '../../../explain/entry.ts';
import type { Facts, Interpreter } from '../../../explain/facts.ts';
import type { MiscRule } from '../../../explain/rule.ts';
import { decode } from '../../../uapi/bytes.ts';
import { EACCES, ELOOP, ENOENT, ENOTDIR, type Errno } from '../../../uapi/errno.ts';
import type { FileInfo, LabHost } from '../../host.ts';
import { messageOf } from '../../message-of.ts';

export const MISC = '/proc/sys/fs/binfmt_misc';
/** Enough of a program to find the name of its loader. */
const HEAD = 4096;
const MOST_LINKS = 40;

export interface Machine {
  /** Newest first, as they are asked; disabled ones left out. */
  readonly rules: readonly MiscRule[];
  readonly facts: Facts;
}

/** `interpreter` is a path as a rule has it; null if there is none. */
export async function lookAt(host: LabHost, interpreter: string | null): Promise<Machine> {
  const names = await orElse(host.list(MISC), []);
  const entries = names.filter((n) => n !== 'register' && n !== 'status');
  const shown = await Promise.all(
    entries.map(async (n) => readEntry(n, decode(await orElse(host.readFile(`${MISC}/${n}`), new Uint8Array())))),
  );
  const found = interpreter?.startsWith('/') ? await openable(host, interpreter) : null;
  return {
    rules: shown.flatMap((s) => (s?.enabled ? [s.rule] : [])),
    facts: { entries, ...(found === null ? {} : { interpreter: found }) },
  };
}

/** What opening a path for execution gives, as far as type, x bits and links decide. */
async function openable(host: LabHost, path: string): Promise<Interpreter> {
  const end = await follow(host, path, MOST_LINKS);
  if (!('info' in end)) return { errno: end };
  const { info, path: file } = end;
  if (info.kind !== 'file' || (info.mode & 0o111) === 0) return { errno: EACCES };
  return { bytes: (await orElse(host.readFile(file), new Uint8Array())).subarray(0, HEAD) };
}

async function follow(host: LabHost, path: string, left: number): Promise<{ info: FileInfo; path: string } | Errno> {
  if (left < 0) return ELOOP;
  try {
    const info = await host.stat(path);
    if (info.kind !== 'symlink') return { info, path };
    const to = await host.readlink(path);
    return follow(host, to.startsWith('/') ? to : `${path.replace(/[^/]*$/, '')}${to}`, left - 1);
  } catch (e) {
    return [EACCES, ENOTDIR, ELOOP].find((errno) => messageOf(e).includes(errno.message)) ?? ENOENT;
  }
}

async function orElse<T>(promise: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await promise;
  } catch {
    return otherwise;
  }
}
