/** Inodes of the memory file systems, and the room they take. */
import { encode } from '../../uapi/bytes.ts';
import { S_IFLNK, S_IFMT, S_ISDIR } from '../../uapi/stat.ts';
import type { Mode } from '../../uapi/types.ts';
import type { FileOperations, Inode, InodeOperations, SuperBlock } from '../include/fs.ts';
import type { Kernel } from '../include/sched.ts';
import { type Link, node_of, type RamNode, type RamStore } from './ramfs_store.ts';

export const PAGE = 4096;
export const pages = (bytes: number): number => Math.ceil(bytes / PAGE);

/** Pages that all memory file systems of a machine hold: what kernel.limits.max_bytes bounds. */
const used_pages = new WeakMap<Kernel, number>();

/** As it was mounted. */
export interface RamOptions {
  readonly mode: Mode;
  readonly size: number | null;
  readonly uid: number;
  readonly gid: number;
}

/** How the directories of a type look in stat: as on a disk (the root), as tmpfs does, or without a size. */
export interface Kind {
  readonly dir_size: (names: number) => number;
  readonly dir_blocks: number;
}

/** What can be done with an inode, by its type. */
export type Operations = (mode: Mode) => { readonly i_op: InodeOperations; readonly i_fop: FileOperations };

/** One mounted memory file system. */
export interface RamSuper {
  readonly kernel: Kernel;
  readonly store: RamStore;
  readonly inodes: WeakMap<RamNode, RamInode>;
  readonly operations: Operations;
  readonly kind: Kind;
  readonly options: RamOptions;
  max_pages: number;
  used: number;
  sb: SuperBlock;
}

/** An inode over a memfs node. Mode, owner, times and size live in the node, so that both sides agree. */
export class RamInode implements Inode {
  i_writecount = 0;
  i_count = 0;
  i_pipe?: unknown;
  /** Directories only: the one link that names it. */
  link: Link | null = null;
  /** End of a hole behind the stored bytes: the size that truncate gave without storing anything. */
  hole_end = 0;
  readonly i_ino: number;
  readonly i_op: InodeOperations;
  readonly i_fop: FileOperations;

  constructor(
    readonly info: RamSuper,
    readonly node: RamNode,
  ) {
    this.i_ino = node.ino;
    ({ i_op: this.i_op, i_fop: this.i_fop } = info.operations(node.mode));
  }
  get i_sb(): SuperBlock {
    return this.info.sb;
  }
  get i_mode(): Mode {
    return this.node.mode;
  }
  set i_mode(mode: Mode) {
    this.node.mode = mode;
  }
  get i_uid(): number {
    return this.node.uid;
  }
  set i_uid(uid: number) {
    this.node.uid = uid;
  }
  get i_gid(): number {
    return this.node.gid;
  }
  set i_gid(gid: number) {
    this.node.gid = gid;
  }
  get i_nlink(): number {
    return this.node.nlink;
  }
  set i_nlink(nlink: number) {
    this.node.nlink = nlink;
  }
  get i_rdev(): number {
    return this.node.rdev;
  }
  get i_size(): number {
    if (this.link) return this.info.kind.dir_size(this.link.children.size - 2);
    if ((this.node.mode & S_IFMT) === S_IFLNK) return encode(this.node.symlink).length;
    return Math.max(this.node.getSize(), this.hole_end);
  }
  get i_blocks(): number {
    return this.link ? this.info.kind.dir_blocks : pages(this.node.getSize()) * 8;
  }
  get i_atime(): number {
    return this.node.atime.getTime();
  }
  set i_atime(ms: number) {
    this.node.atime = new Date(ms);
  }
  get i_mtime(): number {
    return this.node.mtime.getTime();
  }
  set i_mtime(ms: number) {
    const { ctime } = this.node;
    this.node.mtime = new Date(ms);
    this.node.ctime = ctime; // memfs stamps the host's time on it
  }
  get i_ctime(): number {
    return this.node.ctime.getTime();
  }
  set i_ctime(ms: number) {
    this.node.ctime = new Date(ms);
  }
}

export const ram = (inode: Inode): RamInode => inode as RamInode;

export function ram_iget(info: RamSuper, link: Link): RamInode {
  const inode = ram_inode(info, node_of(link));
  if (S_ISDIR(inode.i_mode)) inode.link = link;
  return inode;
}

/** The one inode of a node. */
export function ram_inode(info: RamSuper, node: RamNode): RamInode {
  let inode = info.inodes.get(node);
  if (!inode) info.inodes.set(node, (inode = new RamInode(info, node)));
  return inode;
}

export function touch(inode: RamInode): void {
  stamp(inode.node, new Date(inode.info.kernel.clock.now()));
}

/** Content changed at `now`; memfs puts the host's time into ctime when mtime is set, so that comes second. */
export function stamp(node: RamNode, now: Date): void {
  node.mtime = now;
  node.ctime = now;
}

// Room

/** Books the pages that a node of `size` bytes takes instead of those it has; false when the machine or the mount is full. */
export function charge(inode: RamInode, size: number): boolean {
  const { info, node } = inode;
  const delta = pages(size) - pages(node.getSize());
  if (delta > free_pages(info)) return false;
  info.used += delta;
  used_pages.set(info.kernel, (used_pages.get(info.kernel) ?? 0) + delta);
  return true;
}

export function free_pages(info: RamSuper): number {
  const machine = pages(info.kernel.limits.max_bytes) - (used_pages.get(info.kernel) ?? 0);
  return Math.max(0, Math.min(machine, info.max_pages - info.used));
}

/** The largest size this node can have now. */
export function size_limit(inode: RamInode): number {
  return (free_pages(inode.info) + pages(inode.node.getSize())) * PAGE;
}

export function release_all(info: RamSuper): void {
  used_pages.set(info.kernel, (used_pages.get(info.kernel) ?? 0) - info.used);
  info.used = 0;
}
