/** lsns: the namespaces that processes are in. Follows util-linux 2.38.1. */
import { IS_ERR } from '../../uapi/errno.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { Failure } from '../lib/error.ts';
import { loadUsers } from '../lib/users.ts';
import { type Process, readProcesses } from '../ps/process.ts';

const TYPES = ['mnt', 'net', 'ipc', 'user', 'pid', 'uts', 'cgroup', 'time'];
const COLUMNS = ['NS', 'TYPE', 'NPROCS', 'PID', 'USER', 'COMMAND', 'PATH', 'PPID', 'UID'];
const RIGHT = new Set(['NS', 'NPROCS', 'PID', 'PPID', 'UID']);

export const main = command(
  {
    name: 'lsns',
    usage: ['[options] [<namespace>]'],
    summary: '\nList system namespaces.',
    follows: 'util-linux 2.38.1',
    shortName: true,
    options: [
      ['-l, --list', 'use list format output'],
      ['-n, --noheadings', "don't print headings"],
      ['-o, --output=LIST', 'define which output columns to use'],
      ['-p, --task=PID', 'print process namespaces'],
      ['-r, --raw', 'use the raw output format'],
      ['-t, --type=NAME', 'namespace type (mnt, net, ipc, user, pid, uts, cgroup, time)'],
      ['-u, --notruncate', "don't truncate text in columns"],
    ],
  },
  async (io, options, operands) => {
    const columns = columnsOf(options);
    const types = options.values('t');
    const unknown = types.find((type) => !TYPES.includes(type));
    if (unknown !== undefined) throw new Failure(`unknown namespace type: ${unknown}`);
    const all = await namespaces(io, types.length > 0 ? types : TYPES, options.value('p'));
    const found = operands[0] === undefined ? all : all.filter((ns) => String(ns.inode) === operands[0]);
    if (operands[0] !== undefined && found.length === 0) throw new Failure(`not found namespace: ${operands[0]}`);
    const users = await loadUsers(io.sys);
    const rows = found.map((ns) => columns.map((column) => cell(column, ns, (uid) => users.userName(uid))));
    io.stdout.put(render(columns, rows, options));
    return 0;
  },
);

interface Namespace {
  readonly inode: number;
  readonly type: string;
  /** The oldest first. */
  readonly members: Process[];
}

function columnsOf(options: Options): string[] {
  const asked = options.value('o');
  const names = asked === null ? COLUMNS.slice(0, 6) : asked.split(',').map((name) => name.toUpperCase());
  const unknown = names.find((name) => !COLUMNS.includes(name));
  if (unknown !== undefined) throw new Failure(`unknown column: ${unknown}`);
  return names;
}

async function namespaces(io: Io, types: readonly string[], pid: string | null): Promise<Namespace[]> {
  const processes = await readProcesses(io.sys);
  const out = new Map<string, Namespace>();
  for (const type of types)
    for (const process of processes) {
      const link = io.sys.readlink(`/proc/${process.pid}/ns/${type}`);
      const inode = IS_ERR(link) ? null : /\[(\d+)\]/.exec(link)?.[1];
      if (!inode) continue;
      const known = out.get(inode);
      if (known) known.members.push(process);
      else out.set(inode, { inode: Number(inode), type, members: [process] });
    }
  const list = [...out.values()].sort((a, b) => a.inode - b.inode);
  return pid === null ? list : list.filter((ns) => ns.members.some((p) => String(p.pid) === pid));
}

function cell(column: string, ns: Namespace, userName: (uid: number) => string): string {
  const [first] = ns.members as [Process];
  const values: Readonly<Record<string, string>> = {
    NS: String(ns.inode),
    TYPE: ns.type,
    NPROCS: String(ns.members.length),
    PID: String(first.pid),
    PPID: String(first.ppid),
    UID: String(first.euid),
    USER: userName(first.euid),
    COMMAND: first.argv.join(' ') || first.comm,
    PATH: `/proc/${first.pid}/ns/${ns.type}`,
  };
  return values[column] ?? '';
}

function render(columns: readonly string[], rows: readonly string[][], options: Options): string {
  const all = options.has('n') ? rows : [[...columns], ...rows];
  if (options.has('r')) return all.map((row) => `${row.join(' ')}\n`).join('');
  const widths = columns.map((_, i) => Math.max(...[columns, ...rows].map((row) => row[i]?.length ?? 0)));
  const shown = (text: string, i: number): string => {
    if (RIGHT.has(columns[i] ?? '')) return text.padStart(widths[i] ?? 0);
    return i === columns.length - 1 ? text : text.padEnd(widths[i] ?? 0);
  };
  return all.map((row) => `${row.map(shown).join(' ')}\n`).join('');
}
