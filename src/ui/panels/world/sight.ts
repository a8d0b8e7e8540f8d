/** What the panel sees of a machine: read file by file through its kernel, in one go and where the machine is. Nothing is judged here. */
import { elfInterpreter } from '../../../explain/elf.ts';
import { decode } from '../../../uapi/bytes.ts';
import type { FileInfo } from '../../host.ts';
import { interpreterOf } from './entry.ts';
import { lookUp } from './look-up.ts';
import { type MountLine, miscMounts, parseMountinfo } from './mountinfo.ts';

/** Files as the machine's first process sees them. Calls throw when the kernel refuses. */
export interface FileReader {
  /** The first `limit` bytes, or all. */
  read(path: string, limit?: number): Uint8Array;
  list(path: string): readonly string[];
  /** Of the link itself, if it is one. */
  stat(path: string): FileInfo;
  readlink(path: string): string;
}

/** One /proc/PID. */
export interface TaskSight {
  readonly pid: number;
  readonly stat: string;
  readonly cmdline: string;
  /** "mnt:[4026531841]" */
  readonly mnt: string;
  readonly user: string;
  readonly root: string;
  readonly cwd: string;
}

/** A mount namespace as seen from one root in it. */
export interface PlaceSight {
  readonly mnt: string;
  readonly root: string;
  /** The process through whose /proc/PID/root it is seen. */
  readonly pid: number;
  readonly mountinfo: string;
  /** What lies at the path of each interpreter, and of each loader that one of them names. */
  readonly found: Readonly<Record<string, Found>>;
}

/** What a path leads to, in one place. */
export interface Found {
  /** Without symbolic links; for a missing file, the part that is missing. */
  readonly path: string;
  readonly kind: FileInfo['kind'] | 'missing';
  readonly mode: number;
  /** A file's first bytes: as many as an ELF header has. */
  readonly head: Uint8Array;
  /** The loader that an ELF file names. */
  readonly loader: string | null;
}

/** One table of rules: one superblock of binfmt_misc. */
export interface TableSight {
  /** "0:38": which superblock it is, in every mountinfo. */
  readonly dev: string;
  /** Where it can be read and written from. */
  readonly directory: string;
  /** Its path in the place that it was seen in. */
  readonly mountpoint: string;
  readonly status: string;
  /** In the directory's order, which is the order of matching. */
  readonly entries: readonly { readonly name: string; readonly text: string }[];
}

export interface Sight {
  readonly tasks: readonly TaskSight[];
  /** Processes beyond those. */
  readonly more: number;
  readonly places: readonly PlaceSight[];
  readonly tables: readonly TableSight[];
}

/** Processes that are looked at; a fork bomb has more. */
const MOST_TASKS = 300;
const MOST_PLACES = 24;
/** Enough of a program to find the name of its loader. */
const HEAD = 4096;

export function takeSight(files: FileReader): Sight {
  const numbers = files.list('/proc').filter((name) => /^\d+$/.test(name));
  const pids = numbers.map(Number).sort((a, b) => a - b);
  const tasks = pids.slice(0, MOST_TASKS).flatMap((pid) => orNothing(() => seeTask(files, pid)));
  const mounts = placesOf(tasks).map((task) => ({ task, mountinfo: text(files, `/proc/${task.pid}/mountinfo`) }));
  const tables = seeTables(files, mounts);
  const interpreters = new Set(tables.flatMap((t) => t.entries.flatMap((e) => interpreterOf(e.text) ?? [])));
  const places = mounts.map(({ task, mountinfo }) => {
    return { mnt: task.mnt, root: task.root, pid: task.pid, mountinfo, found: findAll(files, task.pid, interpreters) };
  });
  const loaders = new Set(places.flatMap((p) => Object.values(p.found).flatMap((f) => f.loader ?? [])));
  for (const place of places) Object.assign(place.found, findAll(files, place.pid, loaders));
  return { tasks, more: Math.max(0, pids.length - MOST_TASKS), places, tables };
}

const text = (files: FileReader, path: string): string => decode(files.read(path));

/** Of a process that ends meanwhile, or that has ended and was not waited for, some files are empty and others refuse. */
function orNothing<T>(see: () => T): T[] {
  try {
    return [see()];
  } catch {
    return [];
  }
}

function seeTask(files: FileReader, pid: number): TaskSight {
  const at = `/proc/${pid}`;
  const link = (name: string): string => orNothing(() => files.readlink(`${at}/${name}`))[0] ?? '';
  return {
    pid,
    stat: text(files, `${at}/stat`),
    cmdline: text(files, `${at}/cmdline`),
    mnt: link('ns/mnt'),
    user: link('ns/user'),
    root: link('root'),
    cwd: link('cwd'),
  };
}

/** One process for each namespace and root that there is. */
function placesOf(tasks: readonly TaskSight[]): TaskSight[] {
  const first = new Map<string, TaskSight>();
  for (const task of tasks) {
    const key = `${task.mnt} ${task.root}`;
    if (task.mnt !== '' && task.root !== '' && !first.has(key)) first.set(key, task);
  }
  return [...first.values()].slice(0, MOST_PLACES);
}

function seeTables(files: FileReader, mounts: readonly { task: TaskSight; mountinfo: string }[]): TableSight[] {
  const tables = new Map<string, TableSight>();
  for (const { task, mountinfo } of mounts) {
    for (const mount of miscMounts(parseMountinfo(mountinfo))) {
      if (!tables.has(mount.dev)) for (const t of orNothing(() => seeTable(files, task.pid, mount))) tables.set(mount.dev, t);
    }
  }
  return [...tables.values()];
}

function seeTable(files: FileReader, pid: number, { dev, mountpoint }: MountLine): TableSight {
  const directory = pid === 1 ? mountpoint : `/proc/${pid}/root${mountpoint}`;
  const names = files.list(directory).filter((name) => name !== 'register' && name !== 'status');
  const entries = names.map((name) => ({ name, text: text(files, `${directory}/${name}`) }));
  return { dev, directory, mountpoint, status: text(files, `${directory}/status`).trim(), entries };
}

const findAll = (files: FileReader, pid: number, paths: Iterable<string>): Record<string, Found> =>
  Object.fromEntries([...paths].map((path) => [path, find(files, pid, path)]));

function find(files: FileReader, pid: number, path: string): Found {
  const nothing = { mode: 0, head: new Uint8Array(0), loader: null };
  if (!path.startsWith('/')) return { ...nothing, path, kind: 'missing' };
  const root = `/proc/${pid}/root`;
  const { path: end, info } = lookUp(files, root, path);
  if (info === null) return { ...nothing, path: end, kind: 'missing' };
  if (info.kind !== 'file') return { ...nothing, path: end, kind: info.kind };
  const head = files.read(root + end, HEAD);
  return { path: end, kind: 'file', mode: info.mode, head: head.slice(0, 64), loader: elfInterpreter(head) };
}
