/** df(1). */
import { IS_ERR } from '../../uapi/errno.ts';
import type { StatFs } from '../../uapi/stat.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { Failure } from '../lib/error.ts';
import { humanSize } from '../lib/humanize.ts';
import { canonical } from '../mount/canonical.ts';
import { type MountEntry, readMountinfo } from '../mount/mountinfo.ts';

export const main = command(
  {
    name: 'df',
    usage: ['[OPTION]... [FILE]...'],
    summary: 'Shows how much room file systems have.',
    options: [
      ['-a, --all', 'those without any, too'],
      ['-h, --human-readable', 'sizes in powers of 1024'],
      ['-H, --si', 'sizes in powers of 1000'],
      ['-i, --inodes', 'inodes instead of blocks'],
      ['-k', 'blocks of 1024 bytes'],
      ['-m', 'blocks of a mebibyte'],
      ['-P, --portability', 'the headers of POSIX'],
      ['-t, --type=TYPE', 'only file systems of this type'],
      ['-T, --print-type', 'their types, too'],
      ['-x, --exclude-type=TYPE', 'none of this type'],
    ],
  },
  async (io, options, operands) => {
    const table = await readMountinfo(io.sys);
    const mounts = operands.length === 0 ? listed(io, options, table) : await named(io, operands, table);
    const rows = mounts.flatMap((m) => row(io, options, m, operands.length > 0) ?? []);
    if (rows.length === 0) {
      if (io.status === 0) throw new Failure('no file systems processed');
      return undefined;
    }
    io.stdout.put(aligned([headings(options), ...rows], options));
    return undefined;
  },
);

/** Without -a only what is mounted last in its place, once for each file system. */
function listed(io: Io, options: Options, table: readonly MountEntry[]): MountEntry[] {
  const [only, not] = [options.values('t'), options.values('x')];
  const wanted = table.filter((m) => (only.length === 0 || only.includes(m.fstype)) && !not.includes(m.fstype));
  if (options.has('a')) return wanted;
  const last = wanted.filter((m) => wanted.findLast((n) => n.target === m.target) === m);
  return last.filter((m) => last.find((n) => n.device === m.device) === m && blocks(io, m) > 0);
}

function blocks(io: Io, m: MountEntry): number {
  const st = io.sys.statfs(m.target);
  return IS_ERR(st) ? 0 : st.f_blocks;
}

async function named(io: Io, operands: readonly string[], table: readonly MountEntry[]): Promise<MountEntry[]> {
  const out: MountEntry[] = [];
  for (const name of operands) {
    const st = io.sys.stat(name);
    if (IS_ERR(st)) await io.fail(io.quoteIfNeeded(name), st);
    else out.push(...holding(table, canonical(io.sys, name)));
  }
  return out;
}

function holding(table: readonly MountEntry[], path: string): MountEntry[] {
  const above = table.filter((m) => m.target === '/' || path === m.target || path.startsWith(`${m.target}/`));
  const longest = Math.max(...above.map((m) => m.target.length));
  return above.filter((m) => m.target.length === longest).slice(-1);
}

function headings(options: Options): string[] {
  const size = options.has('i')
    ? ['Inodes', 'IUsed', 'IFree', 'IUse%']
    : [options.last('h', 'H') ? 'Size' : options.has('m') ? '1M-blocks' : options.has('P') ? '1024-blocks' : '1K-blocks', 'Used'];
  const rest = options.has('i') ? [] : [options.last('h', 'H') ? 'Avail' : 'Available', options.has('P') ? 'Capacity' : 'Use%'];
  return ['Filesystem', ...(options.has('T') ? ['Type'] : []), ...size, ...rest, 'Mounted on'];
}

function row(io: Io, options: Options, m: MountEntry, asked: boolean): string[][] | null {
  const st = io.sys.statfs(m.target);
  if (IS_ERR(st) || (st.f_blocks === 0 && !asked && !options.has('a'))) return null;
  return [[m.source, ...(options.has('T') ? [m.fstype] : []), ...(options.has('i') ? inodes(st) : room(options, st)), m.target]];
}

function inodes(st: StatFs): string[] {
  const used = st.f_files - st.f_ffree;
  return st.f_files === 0 ? ['0', '0', '0', '-'] : [String(st.f_files), String(used), String(st.f_ffree), percent(used, st.f_ffree)];
}

function room(options: Options, st: StatFs): string[] {
  const used = st.f_blocks - st.f_bfree;
  const shown = (n: number): string => size(options, n * st.f_bsize);
  return [shown(st.f_blocks), shown(used), shown(st.f_bavail), st.f_blocks === 0 ? '-' : percent(used, st.f_bavail)];
}

function size(options: Options, bytes: number): string {
  const human = options.last('h', 'H');
  if (human) return humanSize(bytes, human === 'H' ? 1000 : 1024);
  return String(Math.ceil(bytes / (options.has('m') ? 1024 ** 2 : 1024)));
}

const percent = (used: number, free: number): string => `${used + free === 0 ? 0 : Math.ceil((used * 100) / (used + free))}%`;

function aligned(rows: readonly (readonly string[])[], options: Options): string {
  const last = (rows[0]?.length ?? 1) - 1;
  const least = options.last('h', 'H') ? [14, 5, 5, 5, 4] : [14, 5, 5, 5, 4];
  const texts = options.has('T') ? 2 : 1;
  const widths =
    rows[0]?.map((_, i) =>
      Math.max(i === 0 ? (least[0] as number) : i < texts ? 4 : (least[i - texts + 1] ?? 0), ...rows.map((r) => r[i]?.length ?? 0)),
    ) ?? [];
  const cell = (text: string, i: number): string =>
    i === last ? text : i < texts ? text.padEnd(widths[i] ?? 0) : text.padStart(widths[i] ?? 0);
  return rows.map((r) => `${r.map(cell).join(' ')}\n`).join('');
}
