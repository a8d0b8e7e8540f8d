/**
 * A path walked in another process's root. Links are followed here and not by the kernel: behind /proc/PID/root an absolute
 * link would lead into the root of whoever reads.
 */
import type { FileInfo } from '../../host.ts';
import type { FileReader } from './sight.ts';

/** As many as the kernel follows. */
const MOST_LINKS = 40;

export interface LookedUp {
  /** Without links, seen from `root`; the part that is missing, if one is. */
  readonly path: string;
  readonly info: FileInfo | null;
}

export function lookUp(files: FileReader, root: string, path: string): LookedUp {
  const rest = parts(path);
  let at: string[] = [];
  let info = see(files, root, at);
  for (let links = 0, name = rest.shift(); name !== undefined; name = rest.shift()) {
    if (name === '..') {
      at.pop();
      continue;
    }
    info = see(files, root, [...at, name]);
    if (info === null) return { path: `/${[...at, name].join('/')}`, info };
    if (info.kind !== 'symlink') at.push(name);
    else {
      if (++links > MOST_LINKS) return { path: `/${[...at, name].join('/')}`, info: null };
      const target = files.readlink(`${root}/${[...at, name].join('/')}`);
      if (target.startsWith('/')) at = [];
      rest.unshift(...parts(target));
    }
  }
  return { path: `/${at.join('/')}`, info: see(files, root, at) };
}

const parts = (path: string): string[] => path.split('/').filter((p) => p !== '' && p !== '.');

function see(files: FileReader, root: string, at: readonly string[]): FileInfo | null {
  try {
    return files.stat(`${root}/${at.join('/')}`);
  } catch {
    return null;
  }
}
