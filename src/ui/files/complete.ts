/** What a path that is being typed may become: the names in its directory, those of directories with a slash. */
import type { LabHost } from '../host.ts';

/** More than these are no help. */
const MOST = 200;

export async function complete(machine: Pick<LabHost, 'list' | 'stat'>, typed: string): Promise<string[]> {
  const cut = typed.lastIndexOf('/') + 1;
  if (cut === 0) return [];
  const [directory, begun] = [typed.slice(0, cut), typed.slice(cut)];
  const names = await machine.list(directory).catch((): readonly string[] => []);
  const fitting = [...names].sort().filter((name) => name.startsWith(begun));
  return Promise.all(fitting.slice(0, MOST).map((name) => whole(machine, directory + name)));
}

async function whole(machine: Pick<LabHost, 'stat'>, path: string): Promise<string> {
  const info = await machine.stat(path).catch(() => null);
  return info?.kind === 'directory' ? `${path}/` : path;
}
