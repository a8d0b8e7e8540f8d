/** `~`, `~+`, `~-`, `~user`. */
import type { Shell } from '../shell.ts';

export async function homeOf(sh: Shell, user: string): Promise<string | undefined> {
  if (user === '') return sh.get('HOME') ?? (await lookup(sh, (f) => f[2] === String(sh.sys.getuid())));
  if (user === '+') return sh.get('PWD');
  if (user === '-') return sh.get('OLDPWD');
  const entry = /^([+-]?)(\d+)$/.exec(user);
  if (entry) return directoryEntry(sh, entry[1] === '-', Number(entry[2]));
  return lookup(sh, (f) => f[0] === user);
}

function directoryEntry(sh: Shell, fromEnd: boolean, n: number): string | undefined {
  const all = [sh.get('PWD') ?? '', ...sh.directoryStack];
  return fromEnd ? all[all.length - 1 - n] : all[n];
}

async function lookup(sh: Shell, match: (fields: readonly string[]) => boolean): Promise<string | undefined> {
  const lines = await sh.passwd();
  return lines.map((line) => line.split(':')).find(match)?.[5];
}
