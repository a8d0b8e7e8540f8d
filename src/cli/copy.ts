/** Files between this machine and the lab: modes and times kept, owner root. */
import { chmod, lstat, mkdir, readdir, readFile, readlink, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Lab } from '../lab/index.ts';

/** A file of this machine could not be read or written. */
export class HostFileError extends Error {
  static from(e: unknown, path: string): HostFileError {
    const code = (e as NodeJS.ErrnoException).code;
    if (code === undefined) throw e;
    return new HostFileError(`${path}: ${code === 'ENOENT' ? 'No such file or directory' : (e as Error).message}`);
  }
}

/** A file, or what is in a directory, into the lab; directories are merged into what is there. */
export async function copyIn(lab: Lab, from: string, to: string): Promise<void> {
  try {
    await copyEntryIn(lab, from, to, await stat(from));
  } catch (e) {
    if (e instanceof HostFileError) throw e;
    throw HostFileError.from(e, from);
  }
}

async function copyEntryIn(lab: Lab, from: string, to: string, found: Awaited<ReturnType<typeof lstat>>): Promise<void> {
  const mode = Number(found.mode) & 0o7777;
  if (found.isSymbolicLink()) lab.files.symlink(await readlink(from), to);
  else if (found.isDirectory()) {
    lab.files.mkdir(to, mode);
    for (const name of await readdir(from)) await copyEntryIn(lab, join(from, name), `${to}/${name}`, await lstat(join(from, name)));
  } else if (found.isFile()) lab.files.write(to, await readFile(from), mode);
  else throw new HostFileError(`${from}: neither a file, a directory nor a link`);
  if (!found.isSymbolicLink()) lab.files.setTimes(to, Number(found.mtimeMs));
}

/** A file or a directory out of the lab. */
export async function copyOut(lab: Lab, from: string, to: string): Promise<void> {
  const entry = lab.files.stat(from);
  try {
    await mkdir(dirname(to), { recursive: true });
    if (entry.kind === 'directory') {
      await mkdir(to, { recursive: true });
      for (const name of lab.files.list(from)) await copyOut(lab, `${from}/${name}`, join(to, name));
    } else if (entry.kind === 'symlink') await symlink(lab.files.readlink(from), to);
    else await writeFile(to, lab.readFile(from));
    if (entry.kind !== 'symlink') await setMeta(to, entry.mode, entry.mtime);
  } catch (e) {
    if (e instanceof HostFileError) throw e;
    throw HostFileError.from(e, to);
  }
}

async function setMeta(path: string, mode: number, mtime: number): Promise<void> {
  await chmod(path, mode);
  await utimes(path, mtime / 1000, mtime / 1000);
}
