/** Where a command's file is: PATH, and the table of those found before. */
import { IS_ERR } from '../uapi/errno.ts';
import { O_DIRECTORY, O_RDONLY, X_OK } from '../uapi/fcntl.ts';
import { S_ISDIR, S_ISREG } from '../uapi/stat.ts';
import type { Shell } from './shell.ts';

export function isExecutable(sh: Shell, path: string): boolean {
  const st = sh.sys.stat(path);
  return !IS_ERR(st) && !S_ISDIR(st.st_mode) && sh.sys.eaccess(path, X_OK) === 0;
}

function isFile(sh: Shell, path: string): boolean {
  const st = sh.sys.stat(path);
  return !IS_ERR(st) && S_ISREG(st.st_mode);
}

export function directoriesOf(path: string): string[] {
  return path.split(':').map((d) => (d === '' ? '.' : d));
}

function join(dir: string, name: string): string {
  return dir.endsWith('/') ? dir + name : `${dir}/${name}`;
}

/** The first executable; if there is none, the first file of that name, whose execution will then fail. */
export function searchPath(sh: Shell, name: string, path = sh.get('PATH') ?? ''): string | undefined {
  let refused: string | undefined;
  for (const dir of directoriesOf(path)) {
    const file = join(dir, name);
    if (isExecutable(sh, file)) return file;
    if (refused === undefined && isFile(sh, file)) refused = file;
  }
  return refused;
}

export function searchAll(sh: Shell, name: string): string[] {
  return directoriesOf(sh.get('PATH') ?? '')
    .map((d) => join(d, name))
    .filter((f) => isExecutable(sh, f));
}

/** Looks in the hash table first and remembers what PATH gives. */
export function findCommand(sh: Shell, name: string): string | undefined {
  if (name.includes('/')) return name;
  if (name === '') return undefined;
  const known = sh.hash.get(name);
  if (known && (!sh.options.shopt('checkhash') || isExecutable(sh, known.path)) && isFile(sh, known.path)) {
    known.hits++;
    return known.path;
  }
  const file = searchPath(sh, name);
  if (file?.startsWith('/') && sh.options.get('hashall')) sh.hash.set(name, { path: file, hits: 1 });
  return file;
}

export async function commandsOnPath(sh: Shell): Promise<string[]> {
  const names = new Set<string>();
  for (const dir of directoriesOf(sh.get('PATH') ?? '')) {
    const fd = await sh.sys.open(dir, O_RDONLY | O_DIRECTORY);
    if (IS_ERR(fd)) continue;
    for (;;) {
      const entries = sh.sys.getdents64(fd);
      if (IS_ERR(entries) || entries.length === 0) break;
      for (const e of entries) if (!S_ISDIR(e.d_type) && isExecutable(sh, join(dir, e.d_name))) names.add(e.d_name);
    }
    sh.sys.close(fd);
  }
  return [...names].sort();
}
