/** Memory file systems as plain data, and back. Contents are shared with the running machine: whoever writes first copies. */
import { S_ISDIR, S_ISREG } from '../../uapi/stat.ts';
import type { Bytes, Mode } from '../../uapi/types.ts';
import type { Inode, SuperBlock } from '../include/fs.ts';
import type { Kernel } from '../include/sched.ts';
import { panic } from '../kernel/panic.ts';
import { ramfsInfo, ramfsRemake } from './ramfs.ts';
import { charge, type RamOptions, type RamSuper, ram_inode } from './ramfs_inode.ts';
import { type Link, node_of, type RamNode } from './ramfs_store.ts';

export interface FrozenNode {
  readonly ino: number;
  readonly mode: Mode;
  readonly uid: number;
  readonly gid: number;
  readonly nlink: number;
  readonly rdev: number;
  readonly atime: number;
  readonly mtime: number;
  readonly ctime: number;
  /** End of the hole behind the stored bytes. */
  readonly hole_end: number;
  /** Of a file: its bytes in chunks that nobody writes any more, all but the last of the same size. */
  readonly chunks: readonly Bytes[] | null;
  readonly symlink: string | null;
  /** The names in a directory, in its order. */
  readonly names: readonly (readonly [name: string, ino: number])[];
}

/** One file system; the first node is its root. */
export interface FrozenSuper {
  readonly type: string;
  readonly s_flags: number;
  readonly options: RamOptions;
  readonly last_ino: number;
  readonly nodes: readonly FrozenNode[];
}

/** All that has a name in `sb`, and of the nameless files those numbered in `pinned`; null if `sb` is not kept in memory. */
export function freeze_super(sb: SuperBlock, pinned: ReadonlySet<number>): FrozenSuper | null {
  const info = ramfsInfo(sb);
  if (!info) return null;
  const nodes = new Map<number, FrozenNode>();
  freeze_links(info, nodes);
  for (const ino of pinned) {
    const node = info.store.node(ino);
    if (node && !nodes.has(ino)) nodes.set(ino, freeze_node(info, node, last.get(node)?.names ?? NO_NAMES));
  }
  const size = info.max_pages === Number.MAX_SAFE_INTEGER ? null : info.max_pages * 4096;
  const options = { ...info.options, size };
  return { type: sb.s_type.name, s_flags: sb.s_flags, options, last_ino: info.store.ino, nodes: [...nodes.values()] };
}

/** A directory's names follow it; however deep the tree, the stack is not. */
function freeze_links(info: RamSuper, nodes: Map<number, FrozenNode>): void {
  for (const todo = [info.store.root]; todo.length > 0; ) {
    const link = todo.pop() as Link;
    const node = node_of(link);
    if (nodes.has(node.ino)) continue;
    nodes.set(node.ino, freeze_node(info, node, names_of(node, link)));
    if (S_ISDIR(node.mode)) for (const [name, child] of link.children) if (child && name !== '.' && name !== '..') todo.push(child);
  }
}

type Names = FrozenNode['names'];
const NO_NAMES: Names = [];

/** The last frozen state of each node: while nothing is different, snapshots share it. */
const last = new WeakMap<RamNode, FrozenNode>();

/** The list from last time where it is still true. */
function names_of(node: RamNode, { children }: Link): Names {
  const old = last.get(node)?.names;
  if (!S_ISDIR(node.mode)) return old ?? NO_NAMES;
  let i = 0;
  let same = old?.length === children.size - 2;
  for (const [name, child] of children) {
    if (!same) break;
    if (name !== '.' && name !== '..') same = old?.[i]?.[0] === name && old[i++]?.[1] === child?.ino;
  }
  if (old && same) return old;
  return [...children].flatMap(([name, child]) => (child && name !== '.' && name !== '..' ? [[name, child.ino] as const] : []));
}

function freeze_node(info: RamSuper, node: RamNode, names: Names): FrozenNode {
  const { ino, mode, uid, gid, nlink, rdev } = node;
  const times = { atime: node.atime.getTime(), mtime: node.mtime.getTime(), ctime: node.ctime.getTime() };
  const hole_end = info.inodes.get(node)?.hole_end ?? 0;
  const chunks = S_ISREG(mode) ? node.content.freeze() : null;
  const now = { ino, mode, uid, gid, nlink, rdev, ...times, hole_end, chunks, symlink: node.symlink ?? null, names };
  const old = last.get(node);
  if (old && is_same(old, now)) return old;
  last.set(node, now);
  return now;
}

function is_same(a: FrozenNode, b: FrozenNode): boolean {
  const owned = a.ino === b.ino && a.mode === b.mode && a.uid === b.uid && a.gid === b.gid && a.nlink === b.nlink && a.rdev === b.rdev;
  const timed = a.atime === b.atime && a.mtime === b.mtime && a.ctime === b.ctime;
  return owned && timed && a.hole_end === b.hole_end && a.chunks === b.chunks && a.symlink === b.symlink && a.names === b.names;
}

/** The file system that `frozen` tells of, for a new machine. */
export function thaw_super(kernel: Kernel, frozen: FrozenSuper): SuperBlock {
  const sb = ramfsRemake(kernel, frozen.type, frozen.s_flags, frozen.options);
  const info = ramfsInfo(sb) ?? panic('a memory file system without its store');
  const known = new Map(frozen.nodes.map((n, i) => [n.ino, { frozen: n, node: i === 0 ? node_of(info.store.root) : new_node(info, n) }]));
  const [root] = frozen.nodes;
  if (root) thaw_names(info.store.root, root, known);
  info.store.ino = frozen.last_ino;
  for (const { frozen: f, node } of known.values()) thaw_attributes(info, node, f);
  return sb;
}

/** The file of that number, with or without a name. */
export function super_inode(sb: SuperBlock, ino: number): Inode | null {
  const info = ramfsInfo(sb);
  const node = info?.store.node(ino);
  return info && node ? ram_inode(info, node) : null;
}

type Known = ReadonlyMap<number, { readonly frozen: FrozenNode; readonly node: RamNode }>;

function new_node(info: RamSuper, frozen: FrozenNode): RamNode {
  info.store.ino = frozen.ino - 1;
  return info.store.createNode(frozen.mode);
}

function thaw_names(root: Link, frozen: FrozenNode, known: Known): void {
  for (const todo = [{ dir: root, names: frozen.names }]; todo.length > 0; ) {
    const { dir, names } = todo.pop() as (typeof todo)[number];
    for (const [name, ino] of names) {
      const child = known.get(ino);
      if (!child) continue;
      const link = dir.createChild(name, child.node);
      if (S_ISDIR(child.frozen.mode)) todo.push({ dir: link, names: child.frozen.names });
    }
  }
}

/** Last of all, since memfs changes counts and times while names are made. */
function thaw_attributes(info: RamSuper, node: RamNode, frozen: FrozenNode): void {
  const inode = ram_inode(info, node);
  node.mode = frozen.mode;
  node.rdev = frozen.rdev;
  if (frozen.symlink !== null) node.symlink = frozen.symlink;
  if (frozen.chunks && charge(inode, size_of(frozen.chunks))) node.content.thaw(frozen.chunks);
  inode.hole_end = frozen.hole_end;
  node.uid = frozen.uid;
  node.gid = frozen.gid;
  node.nlink = frozen.nlink;
  node.atime = new Date(frozen.atime);
  node.mtime = new Date(frozen.mtime);
  node.ctime = new Date(frozen.ctime);
  last.set(node, frozen);
}

const size_of = (chunks: readonly Bytes[]): number => chunks.reduce((sum, chunk) => sum + chunk.length, 0);
