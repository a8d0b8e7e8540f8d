/** Memory file systems as plain data, and back. Contents are shared with the running machine: whoever writes first copies. */
import { S_ISDIR, S_ISREG } from '../../uapi/stat.ts';
import type { Bytes, Mode } from '../../uapi/types.ts';
import type { Inode, SuperBlock } from '../include/fs.ts';
import type { Kernel } from '../include/sched.ts';
import { panic } from '../kernel/panic.ts';
import { charge, type RamInode, type RamOptions, type RamSuper, ramfsInfo, ramfsInode, ramfsRemake, share } from './ramfs.ts';

type Node = RamInode['node'];
type Link = RamSuper['store']['root'];

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
  readonly data: Bytes | null;
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
  freeze_link(info, info.store.root, nodes);
  for (const ino of pinned) {
    const node = info.store.inodes[ino];
    if (node && !nodes.has(ino)) nodes.set(ino, freeze_node(info, node, []));
  }
  const size = info.max_pages === Number.MAX_SAFE_INTEGER ? null : info.max_pages * 4096;
  const options = { ...info.options, size };
  return { type: sb.s_type.name, s_flags: sb.s_flags, options, last_ino: info.store.ino, nodes: [...nodes.values()] };
}

function freeze_link(info: RamSuper, link: Link, nodes: Map<number, FrozenNode>): void {
  const node = link.getNode();
  if (nodes.has(node.ino)) return;
  const children = [...link.children].filter((c): c is [string, Link] => c[0] !== '.' && c[0] !== '..' && c[1] !== undefined);
  nodes.set(
    node.ino,
    freeze_node(
      info,
      node,
      children.map(([name, child]) => [name, child.ino]),
    ),
  );
  for (const [, child] of children) freeze_link(info, child, nodes);
}

function freeze_node(info: RamSuper, node: Node, names: FrozenNode['names']): FrozenNode {
  const { ino, mode, uid, gid, nlink, rdev } = node;
  const times = { atime: node.atime.getTime(), mtime: node.mtime.getTime(), ctime: node.ctime.getTime() };
  const hole_end = info.inodes.get(node)?.hole_end ?? 0;
  const data = S_ISREG(mode) ? shared_content(node) : null;
  return { ino, mode, uid, gid, nlink, rdev, ...times, hole_end, data, symlink: node.symlink ?? null, names };
}

/** The node's bytes, which the node itself copies from now on before it changes them. A buffer with room to grow is cut to size once. */
function shared_content(node: Node): Bytes {
  const { buffer, byteOffset } = node.buf;
  const size = node.getSize();
  const data = new Uint8Array(buffer, byteOffset, size);
  const exact = buffer.byteLength === size ? data : data.slice();
  share(node, exact);
  return exact;
}

/** The file system that `frozen` tells of, for a new machine. */
export function thaw_super(kernel: Kernel, frozen: FrozenSuper): SuperBlock {
  const sb = ramfsRemake(kernel, frozen.type, frozen.s_flags, frozen.options);
  const info = ramfsInfo(sb) ?? panic('a memory file system without its store');
  const known = new Map(frozen.nodes.map((n, i) => [n.ino, { frozen: n, node: i === 0 ? info.store.root.getNode() : new_node(info, n) }]));
  const [root] = frozen.nodes;
  if (root) thaw_names(info.store.root, root, known);
  info.store.ino = frozen.last_ino;
  for (const { frozen: f, node } of known.values()) thaw_attributes(info, node, f);
  return sb;
}

/** The file of that number, with or without a name. */
export function super_inode(sb: SuperBlock, ino: number): Inode | null {
  const info = ramfsInfo(sb);
  const node = info?.store.inodes[ino];
  return info && node ? ramfsInode(info, node) : null;
}

type Known = ReadonlyMap<number, { readonly frozen: FrozenNode; readonly node: Node }>;

function new_node(info: RamSuper, frozen: FrozenNode): Node {
  info.store.ino = frozen.ino - 1;
  return info.store.createNode(frozen.mode);
}

function thaw_names(dir: Link, frozen: FrozenNode, known: Known): void {
  for (const [name, ino] of frozen.names) {
    const child = known.get(ino);
    if (!child) continue;
    const link = dir.createChild(name, child.node);
    if (S_ISDIR(child.frozen.mode)) thaw_names(link, child.frozen, known);
  }
}

/** Last of all, since memfs changes counts and times while names are made. */
function thaw_attributes(info: RamSuper, node: Node, frozen: FrozenNode): void {
  const inode = ramfsInode(info, node);
  node.mode = frozen.mode;
  node.rdev = frozen.rdev;
  if (frozen.symlink !== null) node.symlink = frozen.symlink;
  if (frozen.data && charge(inode, frozen.data.length)) share(node, frozen.data);
  inode.hole_end = frozen.hole_end;
  node.uid = frozen.uid;
  node.gid = frozen.gid;
  node.nlink = frozen.nlink;
  node.atime = new Date(frozen.atime);
  node.mtime = new Date(frozen.mtime);
  node.ctime = new Date(frozen.ctime);
}
