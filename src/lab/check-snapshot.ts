/** Snapshots that come from outside (a stored record, a message) are looked at before a machine is made of them. */
import { CHUNK } from '../kernel/fs/ramfs_content.ts';
import type { MachineSnapshot } from '../kernel/index.ts';
import { HOSTS } from '../uapi/host.ts';
import { S_ISDIR } from '../uapi/stat.ts';
import { both, bytes, type Check, count, listOf, nullOr, number, once, oneOf, row, setOf, shape, such, text, truth } from './check.ts';
import { LabError } from './error.ts';
import type { LabSnapshot } from './lab.ts';
import { isTrusted } from './trusted.ts';

type Super = MachineSnapshot['supers'][number];
type Frozen = Extract<Super, { readonly options: unknown }>;

const IN_MEMORY = ['rootfs', 'tmpfs', 'ramfs'];
const MADE_ANEW = ['proc', 'devpts', 'binfmt_misc'];
const NAME_MAX = 255;

const name = such('file name', (n) => n !== '' && n !== '.' && n !== '..' && !/[/\0]/.test(n) && n.length <= NAME_MAX);
const steps = listOf(name);

/** Snapshots of a row share most of them. */
const node = once(
  shape({
    ...{ ino: count, mode: count, uid: count, gid: count, nlink: count, rdev: count },
    ...{ atime: number, mtime: number, ctime: number, hole_end: count },
    chunks: nullOr(both(listOf(bytes), ofOneSize)),
    symlink: nullOr(text),
    names: listOf(row(name, count)),
  }),
);

const memory = both(
  shape({
    type: oneOf(...IN_MEMORY),
    s_flags: count,
    options: shape({ mode: count, size: nullOr(count), uid: count, gid: count }),
    last_ino: count,
    nodes: listOf(node),
  }),
  isTree,
);
const remounted = shape({ type: oneOf(...MADE_ANEW), s_flags: count, source: text });
const superblock: Check = (value) => ((value as Super | null)?.nodes === null ? remounted(value) : memory(value));

const mount = shape({
  super: count,
  root: steps,
  on: nullOr(shape({ mount: count, at: steps })),
  ...{ flags: count, locked: count, source: text },
});

const match: Check = (value) =>
  (value as { kind?: unknown } | null)?.kind === 'extension'
    ? shape({ extension: text })(value)
    : shape({ kind: oneOf('magic'), offset: count, magic: bytes, mask: nullOr(bytes) })(value);

const rule = shape({
  ...{ name: text, match, interpreter: text, enabled: truth },
  flags: setOf(oneOf('P', 'O', 'C', 'F')),
  pinned: nullOr(shape({ super: count, ino: count })),
});

const machine = both(
  shape({
    hostname: text,
    supers: listOf(superblock),
    mounts: listOf(mount),
    root: shape({ mount: count, at: steps }),
    binfmt_misc: shape({ enabled: truth, entries: listOf(rule) }),
  }),
  hangsTogether,
);

export const snapshotShape = shape({ kernel: text, host: oneOf(...HOSTS), machine });

/** The value as a snapshot; a LabError says what is wrong with it. */
export function checkedSnapshot(value: unknown): LabSnapshot {
  if (typeof value === 'object' && value !== null && isTrusted(value)) return value as LabSnapshot;
  const problem = snapshotShape(value);
  if (problem !== null) throw new LabError(`this is no snapshot: snapshot${problem}`);
  return value as LabSnapshot;
}

/** The kernel's chunks: whole but for the last. */
function ofOneSize(value: unknown): string | null {
  const chunks = value as readonly Uint8Array[];
  const wrong = chunks.findIndex((c, i) => (i < chunks.length - 1 ? c.length !== CHUNK : c.length === 0 || c.length > CHUNK));
  return wrong < 0 ? null : `[${wrong}] has a wrong size`;
}

/** The root first; every number once; a directory has one name, and the root none. */
function isTree(value: unknown): string | null {
  const { nodes } = value as Frozen;
  const byNumber = new Map(nodes.map((n) => [n.ino, n]));
  const [root] = nodes;
  if (!root || !S_ISDIR(root.mode)) return '.nodes has no root';
  if (byNumber.size !== nodes.length) return '.nodes has a number twice';
  const named = new Set([root.ino]);
  for (const [name, ino] of nodes.flatMap((n) => (S_ISDIR(n.mode) ? n.names : []))) {
    const child = byNumber.get(ino);
    if (!child) return `.nodes has nothing for ${name}`;
    if (S_ISDIR(child.mode) && named.has(ino)) return `.nodes has a directory twice: ${name}`;
    named.add(ino);
  }
  return null;
}

/** Numbers lead to something, and every mount stands, in the end, on the first. */
function hangsTogether(value: unknown): string | null {
  const { supers, mounts, root, binfmt_misc } = value as MachineSnapshot;
  const inMemory = (n: number): boolean => supers[n] !== undefined && supers[n].nodes !== null;
  const [base] = mounts;
  const top = mounts[root.mount];
  if (!base || base.on !== null || !inMemory(base.super)) return '.mounts has no first mount in memory';
  if (!top || !inMemory(top.super)) return '.root is no mount in memory';
  if (mounts.some((m) => supers[m.super] === undefined)) return '.mounts has one of an unknown file system';
  const lost = mounts.findIndex((_, i) => !standsOn(mounts, i));
  if (lost >= 0) return `.mounts[${lost}] stands on nothing`;
  const rules = binfmt_misc.entries.map((e) => e.name);
  if (new Set(rules).size < rules.length) return '.binfmt_misc.entries has a name twice';
  const unpinned = binfmt_misc.entries.findIndex((e) => e.pinned !== null && !inMemory(e.pinned.super));
  return unpinned < 0 ? null : `.binfmt_misc.entries[${unpinned}] holds a file of an unknown file system`;
}

function standsOn(mounts: MachineSnapshot['mounts'], start: number): boolean {
  let at = start;
  for (let depth = 0; depth <= mounts.length; depth++) {
    const on = mounts[at]?.on;
    if (on === undefined) return false;
    if (on === null) return at === 0;
    at = on.mount;
  }
  return false;
}
