/** findmnt: finds mounts, as a table, a list or a tree. Follows util-linux 2.38.1. */
import { command, type Io, type Options } from '../lib/command.ts';
import { Failure } from '../lib/error.ts';
import { canonical } from '../mount/canonical.ts';
import { allOptions, type MountEntry, readMountinfo } from '../mount/mountinfo.ts';
import { typeFilter } from './mount.ts';

const COLUMNS: Readonly<Record<string, (m: MountEntry) => string>> = {
  TARGET: (m) => m.target,
  SOURCE: sourceText,
  FSTYPE: (m) => m.fstype,
  OPTIONS: allOptions,
  'VFS-OPTIONS': (m) => m.vfsOptions,
  'FS-OPTIONS': (m) => m.fsOptions,
  PROPAGATION: (m) => m.propagation.map((p) => p.replace(/:.*/, '').replace('master', 'slave')).join(',') || 'private',
  'MAJ:MIN': (m) => m.device,
  ID: (m) => String(m.id),
  PARENT: (m) => String(m.parent),
  FSROOT: (m) => m.root,
};
const DEFAULT = ['TARGET', 'SOURCE', 'FSTYPE', 'OPTIONS'];

export const main = command(
  {
    name: 'findmnt',
    usage: [
      '[options]',
      '[options] <device> | <mountpoint>',
      '[options] <device> <mountpoint>',
      '[options] [--source <device>] [--target <path> | --mountpoint <dir>]',
    ],
    summary: '\nFind a (mounted) filesystem.',
    follows: 'util-linux 2.38.1',
    shortName: true,
    options: [
      ['-k, --kernel', 'search in kernel table of mounted filesystems (default)'],
      ['-S, --source=STRING', 'the device to find'],
      ['-T, --target=PATH', 'the path to the filesystem to use'],
      ['-M, --mountpoint=DIR', 'the mountpoint directory'],
      ['-t, --types=LIST', 'limit the set of filesystems by FS types'],
      ['-O, --options=LIST', 'limit the set of filesystems by mount options'],
      ['-o, --output=LIST', 'the output columns to be shown'],
      ['-f, --first-only', 'print the first found filesystem only'],
      ['-n, --noheadings', "don't print column headings"],
      ['-l, --list', 'use list format output'],
      ['-r, --raw', 'use raw output format'],
      ['-P, --pairs', 'use key="value" output format'],
      ['-J, --json', 'use JSON output format'],
      ['-u, --notruncate', "don't truncate text in columns"],
      ['-V', 'show the version and exit'],
    ],
  },
  async (io, options, operands) => {
    if (options.has('V')) {
      io.stdout.put('findmnt from util-linux 2.38.1, modelled in binfmt-lab\n');
      return 0;
    }
    const columns = columnsOf(options);
    const table = await readMountinfo(io.sys);
    const found = select(io, options, operands, table);
    const shown = options.has('f') ? found.slice(0, 1) : found;
    if (shown.length === 0) return 1;
    const everything = shown.length === table.length && !options.has('l');
    io.stdout.put(render(options, columns, shown, everything ? tree(shown) : shown.map((m) => [m, ''])));
    return 0;
  },
);

function columnsOf(options: Options): string[] {
  const asked = options.value('o');
  const names = asked === null ? DEFAULT : asked.split(',').map((n) => n.toUpperCase());
  const unknown = names.find((n) => COLUMNS[n] === undefined);
  if (unknown !== undefined) throw new Failure(`unknown column: ${unknown}`);
  return names;
}

/** A bind mount's directory stands behind the source in brackets. */
function sourceText(m: MountEntry): string {
  return m.root === '/' ? m.source : `${m.source}[${m.root}]`;
}

function select(io: Io, options: Options, operands: readonly string[], table: readonly MountEntry[]): MountEntry[] {
  const types = typeFilter(options.value('t'));
  const wanted = (options.value('O') ?? '').split(',').filter((o) => o !== '');
  const has = (m: MountEntry): boolean => wanted.every((o) => allOptions(m).split(',').includes(o));
  const list = table.filter((m) => types(m.fstype) && has(m));
  const source = options.value('S') ?? (operands.length === 2 ? operands[0] : undefined);
  const mountpoint = options.value('M') ?? (operands.length === 2 ? operands[1] : undefined);
  const target = options.value('T');
  const one = operands.length === 1 ? operands[0] : undefined;
  const isAt = (m: MountEntry, path: string): boolean => m.target === canonical(io.sys, path);
  const isFrom = (m: MountEntry, name: string): boolean =>
    m.source === name || sourceText(m) === name || m.source === canonical(io.sys, name);
  let found = list;
  if (source !== undefined && source !== null) found = found.filter((m) => isFrom(m, source));
  if (mountpoint !== undefined && mountpoint !== null) found = found.filter((m) => isAt(m, mountpoint));
  if (target !== null) found = holding(found, canonical(io.sys, target));
  if (one !== undefined) found = found.filter((m) => isAt(m, one) || isFrom(m, one));
  return found;
}

/** The mount in which a path lies. */
function holding(list: readonly MountEntry[], path: string): MountEntry[] {
  const above = list.filter((m) => m.target === '/' || path === m.target || path.startsWith(`${m.target}/`));
  const longest = Math.max(...above.map((m) => m.target.length));
  return above.filter((m) => m.target.length === longest).slice(-1);
}

type Row = [MountEntry, string];

/** Mounts below their parents, with the lines that show it. */
function tree(list: readonly MountEntry[]): Row[] {
  const ids = new Set(list.map((m) => m.id));
  const out: Row[] = [];
  const walk = (m: MountEntry, prefix: string, branch: string): void => {
    out.push([m, prefix + branch]);
    const children = list.filter((c) => c.parent === m.id && c !== m);
    const inner = prefix + (branch === '' ? '' : branch === '├─' ? '│ ' : '  ');
    children.forEach((c, i) => {
      walk(c, inner, i === children.length - 1 ? '└─' : '├─');
    });
  };
  for (const m of list) if (!ids.has(m.parent) || m.parent === m.id) walk(m, '', '');
  return out;
}

function render(options: Options, columns: readonly string[], list: readonly MountEntry[], rows: readonly Row[]): string {
  const value = (m: MountEntry, column: string): string => COLUMNS[column]?.(m) ?? '';
  if (options.has('P')) return list.map((m) => `${columns.map((c) => `${c}="${value(m, c)}"`).join(' ')}\n`).join('');
  if (options.has('J')) return json(columns, list, value);
  const heading = options.has('n') ? [] : [[...columns]];
  if (options.has('r'))
    return [...heading, ...list.map((m) => columns.map((c) => value(m, c)))].map((cells) => `${cells.join(' ')}\n`).join('');
  const cells = rows.map(([m, branch]) => columns.map((c) => (c === 'TARGET' ? branch : '') + value(m, c)));
  return aligned([...heading, ...cells]);
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((r) => r[i]?.length ?? 0))) ?? [];
  return rows.map((r) => `${r.map((cell, i) => (i === r.length - 1 ? cell : cell.padEnd(widths[i] ?? 0))).join(' ')}\n`).join('');
}

function json(columns: readonly string[], list: readonly MountEntry[], value: (m: MountEntry, c: string) => string): string {
  const one = (m: MountEntry): string => {
    const fields = columns.map((c) => `         "${c.toLowerCase()}": ${JSON.stringify(value(m, c))}`);
    return `      {\n${fields.join(',\n')}\n      }`;
  };
  return `{\n   "filesystems": [\n${list.map(one).join(',')}\n   ]\n}\n`.replaceAll('},      {', '},{');
}
