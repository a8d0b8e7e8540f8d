/** The mount table as libmount reads it: /proc/self/mountinfo. */
import { decode } from '../../uapi/bytes.ts';
import { IS_ERR } from '../../uapi/errno.ts';
import type { Syscalls } from '../../uapi/syscalls.ts';
import { readFile } from '../lib/stdio.ts';

export interface MountEntry {
  readonly id: number;
  readonly parent: number;
  /** "major:minor" */
  readonly device: string;
  /** The directory of the file system that is mounted. */
  readonly root: string;
  readonly target: string;
  readonly vfsOptions: string;
  /** "shared:1" and the like. */
  readonly propagation: readonly string[];
  readonly fstype: string;
  readonly source: string;
  readonly fsOptions: string;
}

export async function readMountinfo(sys: Syscalls): Promise<MountEntry[]> {
  const bytes = await readFile(sys, '/proc/self/mountinfo');
  if (IS_ERR(bytes)) return [];
  return decode(bytes)
    .split('\n')
    .filter((line) => line !== '')
    .map(parseLine);
}

function parseLine(line: string): MountEntry {
  const fields = line.split(' ');
  const dash = fields.indexOf('-');
  const f = (i: number): string => unmangle(fields[i] ?? '');
  return {
    id: Number(f(0)),
    parent: Number(f(1)),
    device: f(2),
    root: f(3),
    target: f(4),
    vfsOptions: f(5),
    propagation: fields.slice(6, dash),
    fstype: f(dash + 1),
    source: f(dash + 2),
    fsOptions: f(dash + 3),
  };
}

function unmangle(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/** Options of the mount and of the file system in one list: "rw,nosuid,relatime,size=…". */
export function allOptions(m: MountEntry): string {
  const readOnly = m.vfsOptions.split(',').includes('ro') || m.fsOptions.split(',').includes('ro');
  const rest = [...m.vfsOptions.split(','), ...m.fsOptions.split(',')].filter((o) => o !== 'rw' && o !== 'ro' && o !== '');
  return [readOnly ? 'ro' : 'rw', ...new Set(rest)].join(',');
}

/** The topmost mount at a directory. */
export function mountAt(table: readonly MountEntry[], target: string): MountEntry | undefined {
  return table.findLast((m) => m.target === target);
}
