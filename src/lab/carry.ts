/** A user's files, from one machine to another: what a change of host or kernel can leave in place. */
import { LabError } from './error.ts';
import type { LabFiles } from './files.ts';

const CARRIED = ['/root', '/home', '/tmp', '/opt', '/usr/local'];

/** Files, directories and links with their modes and times; what stands there already is replaced. */
export function carry(from: LabFiles, to: LabFiles): void {
  for (const path of CARRIED) copy(from, to, path);
}

function copy(from: LabFiles, to: LabFiles, path: string): void {
  const info = absentIsNull(() => from.stat(path));
  if (info === null || info.kind === 'other') return;
  if (info.kind === 'directory') {
    to.mkdir(path, info.mode);
    for (const name of from.list(path)) copy(from, to, `${path}/${name}`);
  } else {
    if (absentIsNull(() => to.stat(path)) !== null) to.remove(path);
    if (info.kind === 'symlink') to.symlink(from.readlink(path), path);
    else to.write(path, from.read(path), info.mode);
  }
  to.setTimes(path, info.mtime);
}

function absentIsNull<T>(look: () => T): T | null {
  try {
    return look();
  } catch (e) {
    if (e instanceof LabError) return null;
    throw e;
  }
}
