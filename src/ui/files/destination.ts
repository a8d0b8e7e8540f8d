/** Where the shell of the terminal in front is: files go there. */
import { decode } from '../../uapi/bytes.ts';
import type { LabHost } from '../host.ts';
import { parseStat, placeId } from '../panels/world/tasks.ts';

export interface Destination {
  /** As the shell calls it. */
  readonly shown: string;
  /** The same place for the machine's first process. */
  readonly path: string;
  /** Whose place it is, in words; empty: nobody's. */
  readonly whose: string;
}

type Machine = Pick<LabHost, 'readFile' | 'readlink'>;

export const HOME: Destination = { shown: '/root', path: '/root', whose: '' };

/** `shell` is the terminal's login shell; what stands in its foreground counts before it. /root if neither is anywhere. */
export async function destination(machine: Machine, shell: number | null): Promise<Destination> {
  if (shell === null) return HOME;
  const stat = await machine.readFile(`/proc/${shell}/stat`).catch(() => null);
  if (stat === null) return HOME;
  const { tpgid } = parseStat(decode(stat));
  return (await whereIs(machine, tpgid)) ?? (await whereIs(machine, shell)) ?? HOME;
}

/** Elsewhere than in the first process's files, the way leads through /proc. */
async function whereIs(machine: Machine, pid: number): Promise<Destination | null> {
  const cwd = await link(machine, pid, 'cwd');
  if (!cwd.startsWith('/') || cwd.endsWith(' (deleted)')) return null;
  if ((await placeOf(machine, pid)) === (await placeOf(machine, 1))) return { shown: cwd, path: cwd, whose: 'where the shell in front is' };
  return { shown: cwd, path: `/proc/${pid}/cwd`, whose: `where process ${pid} in front is, in a root of its own` };
}

const link = (machine: Machine, pid: number, name: string): Promise<string> => machine.readlink(`/proc/${pid}/${name}`).catch(() => '');

async function placeOf(machine: Machine, pid: number): Promise<string> {
  return placeId({ mnt: await link(machine, pid, 'ns/mnt'), root: await link(machine, pid, 'root') });
}
