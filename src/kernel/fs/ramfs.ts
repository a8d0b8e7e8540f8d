/**
 * File systems in memory: the root, tmpfs, ramfs. Follows fs/ramfs/inode.c and mm/shmem.c.
 * The store is memfs' core: one Superblock a file system, its Nodes are the inodes and its Links the names.
 * memfs stores and nothing else: walking, permissions, times and limits are ours.
 */
import { type FsEvent, type Link, type Node, Superblock } from '@jsonjoy.com/fs-core';
import { Buffer } from 'buffer';
import { encode } from '../../uapi/bytes.ts';
import { EEXIST, EFBIG, EINVAL, ENOENT, ENOSPC, ENOTEMPTY, type Errno, IS_ERR, type Status } from '../../uapi/errno.ts';
import { NAME_MAX } from '../../uapi/fcntl.ts';
import { MS_RDONLY } from '../../uapi/mount.ts';
import { type Dirent, S_IFDIR, S_IFLNK, S_IFMT, S_IFREG, S_ISDIR, type StatFs, TMPFS_MAGIC } from '../../uapi/stat.ts';
import type { Bytes, Mode } from '../../uapi/types.ts';
import type { FileOperations, FileSystemType, Inode, InodeOperations, SetAttr, SuperBlock } from '../include/fs.ts';
import type { Kernel, Task, UserNamespace } from '../include/sched.ts';
import { setattr_copy } from './attr.ts';
import { d_delete, d_make_root } from './dcache.ts';
import { inode_init_owner } from './inode.ts';
import { alloc_super } from './super.ts';

const RAMFS_MAGIC = 0x858458f6;
const PAGE = 4096;
const pages = (bytes: number): number => Math.ceil(bytes / PAGE);

/** What memfs asks of its host: it must not see the real one's user. */
const nobody = { getuid: () => 0, getgid: () => 0, cwd: () => '/', platform: 'linux', emitWarning: () => undefined, env: {} };

/** Pages that all memory file systems of a machine hold: what kernel.limits.max_bytes bounds. */
const used_pages = new WeakMap<Kernel, number>();

/** One mounted memory file system. */
export interface RamSuper {
  readonly kernel: Kernel;
  readonly store: Superblock;
  readonly inodes: WeakMap<Node, RamInode>;
  readonly kind: Kind;
  /** As it was mounted. */
  readonly options: RamOptions;
  max_pages: number;
  used: number;
  sb: SuperBlock;
}
const infos = new WeakMap<SuperBlock, RamSuper>();

/** How the directories of a type look in stat: as on a disk (the root), as tmpfs does, or without a size. */
interface Kind {
  readonly dir_size: (names: number) => number;
  readonly dir_blocks: number;
}
const KINDS = {
  rootfs: { dir_size: () => PAGE, dir_blocks: 8 },
  tmpfs: { dir_size: (names: number) => 40 + 20 * names, dir_blocks: 0 },
  ramfs: { dir_size: () => 0, dir_blocks: 0 },
} satisfies Record<string, Kind>;

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
    readonly node: Node,
  ) {
    this.i_ino = node.ino;
    const type = node.mode & S_IFMT;
    this.i_op = type === S_IFDIR ? dir_inode_operations : type === S_IFLNK ? symlink_inode_operations : file_inode_operations;
    this.i_fop = type === S_IFDIR ? dir_operations : type === S_IFREG ? file_operations : no_operations;
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

/** The first `n` bytes of `data` in memfs' type; nothing is copied. */
const as_buffer = (data: Bytes, n: number): Buffer => Buffer.from(data.buffer as ArrayBuffer, data.byteOffset, n);

const ram = (inode: Inode): RamInode => inode as RamInode;

function iget(info: RamSuper, link: Link): RamInode {
  const inode = ramfsInode(info, link.getNode());
  if (S_ISDIR(inode.i_mode)) inode.link = link;
  return inode;
}

/** The one inode of a node. */
export function ramfsInode(info: RamSuper, node: Node): RamInode {
  let inode = info.inodes.get(node);
  if (!inode) info.inodes.set(node, (inode = new RamInode(info, node)));
  return inode;
}

function dir_link(dir: Inode): Link {
  return ram(dir).link as Link;
}

function touch(inode: RamInode): void {
  stamp(inode.node, new Date(inode.info.kernel.clock.now()));
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

function free_pages(info: RamSuper): number {
  const machine = pages(info.kernel.limits.max_bytes) - (used_pages.get(info.kernel) ?? 0);
  return Math.max(0, Math.min(machine, info.max_pages - info.used));
}

/** The largest size this node can have now. */
function size_limit(inode: RamInode): number {
  return (free_pages(inode.info) + pages(inode.node.getSize())) * PAGE;
}

/**
 * @linux mm/shmem.c shmem_setattr #Y
 */
function resize(inode: RamInode, size: number): Status {
  if (size > Number.MAX_SAFE_INTEGER) return EFBIG;
  const stored = Math.min(size, inode.node.getSize());
  charge(inode, stored);
  if (stored < inode.node.getSize()) inode.node.truncate(stored);
  inode.hole_end = size > stored ? size : 0;
  touch(inode);
  return 0;
}

// Files

const no_operations: FileOperations = {};

const file_operations: FileOperations = {
  read: (file, count, pos) => read(ram(file.f_inode), count, pos),
  write: (file, data, pos) => write(ram(file.f_inode), data, pos),
  kernel_read: (file, pos, count) => read(ram(file.f_inode), count, pos),
};

/** A copy of a piece of the file, the caller's to keep; holes read as zeros. */
function read(inode: RamInode, count: number, pos: number): Bytes {
  const n = Math.max(0, Math.min(count, inode.i_size - pos));
  const out = new Uint8Array(n);
  const end = Math.min(pos + n, inode.node.getSize());
  if (pos < end) out.set(inode.node.buf.subarray(pos, end));
  return out;
}

function write(inode: RamInode, data: Bytes, pos: number): number | Errno {
  if (data.length === 0) return 0;
  const n = Math.min(data.length, size_limit(inode) - pos);
  if (n <= 0) return ENOSPC;
  const { node } = inode;
  charge(inode, Math.max(node.getSize(), pos + n));
  node.write(as_buffer(data, n), 0, n, pos);
  touch(inode);
  return n;
}

const setattr = (inode: Inode, attr: SetAttr): Status => {
  const status = attr.size === undefined ? 0 : resize(ram(inode), attr.size);
  if (status === 0) setattr_copy(inode, attr);
  return status;
};

/** @linux fs/inode.c evict #Y */
function evict(inode: Inode): void {
  const { info, node } = ram(inode);
  if (info.store.inodes[node.ino] !== node) return;
  charge(ram(inode), 0);
  node.truncate(0);
  info.store.deleteNode(node);
  info.store.releasedInos.length = 0; // as tmpfs: numbers are not used again
}

const file_inode_operations: InodeOperations = { setattr, evict };
const symlink_inode_operations: InodeOperations = { setattr, evict, readlink: (inode) => ram(inode).node.symlink };

// Directories

const dir_inode_operations: InodeOperations = {
  setattr,
  evict,
  lookup: (dir, name) => {
    const link = dir_link(dir).children.get(name);
    return link ? iget(ram(dir).info, link) : ENOENT;
  },
  create: (dir, name, mode, task) => make(dir, name, mode, task),
  mkdir: (dir, name, mode, task) => make(dir, name, S_IFDIR | mode, task),
  mknod: (dir, name, mode, rdev, task) => {
    const inode = make(dir, name, mode, task);
    if (!IS_ERR(inode)) inode.node.rdev = rdev;
    return inode;
  },
  symlink: (dir, name, target, task) => {
    const inode = make(dir, name, S_IFLNK | 0o777, task);
    if (!IS_ERR(inode)) inode.node.symlink = target;
    return inode;
  },
  link,
  unlink,
  rmdir,
  rename,
};

const dir_operations: FileOperations = {
  iterate: (file) => {
    const out: Dirent[] = [];
    for (const [name, link] of dir_link(file.f_inode).children) {
      if (name === '.' || name === '..' || !link) continue;
      out.push({ d_name: name, d_ino: link.ino, d_type: link.getNode().mode & S_IFMT });
    }
    return out;
  },
};

/**
 * A new node under a new name.
 * @linux fs/ramfs/inode.c ramfs_mknod #Y
 */
function make(dir: Inode, name: string, mode: Mode, task: Task): RamInode | Errno {
  const owner = inode_init_owner(task.cred, dir, mode);
  return add(dir_link(dir), name, owner.mode, owner.uid, owner.gid, ram(dir).info);
}

function add(parent: Link, name: string, mode: Mode, uid: number, gid: number, info: RamSuper): RamInode | Errno {
  if (parent.children.has(name)) return EEXIST;
  const node = info.store.createNode(mode); // owned by 0, as `nobody` says
  if (uid !== 0) node.uid = uid;
  if (gid !== 0) node.gid = gid;
  const inode = iget(info, parent.createChild(name, node));
  const now = new Date(info.kernel.clock.now());
  stamp(node, now);
  node.atime = now;
  stamp(parent.getNode(), now);
  return inode;
}

/** Content changed at `now`; memfs puts the host's time into ctime when mtime is set, so that comes second. */
function stamp(node: Node, now: Date): void {
  node.mtime = now;
  node.ctime = now;
}

/** @linux fs/libfs.c simple_link #Y */
function link(dir: Inode, name: string, inode: Inode): Status {
  inode.i_nlink++;
  dir_link(dir).createChild(name, ram(inode).node);
  return changed(dir, inode);
}

/** @linux fs/libfs.c simple_unlink #Y */
function unlink(dir: Inode, name: string): Status {
  const child = dir_link(dir).children.get(name);
  if (!child) return ENOENT;
  const inode = iget(ram(dir).info, child);
  dir_link(dir).deleteChild(child);
  inode.i_nlink = S_ISDIR(inode.i_mode) ? 0 : inode.i_nlink - 1;
  return changed(dir, inode);
}

/** @linux fs/libfs.c simple_rmdir #Y */
function rmdir(dir: Inode, name: string): Status {
  const child = dir_link(dir).children.get(name);
  if (child && child.children.size > 2) return ENOTEMPTY;
  return unlink(dir, name);
}

/** @linux fs/libfs.c simple_rename #P[no RENAME_EXCHANGE] */
function rename(old_dir: Inode, old_name: string, new_dir: Inode, new_name: string): Status {
  const child = dir_link(old_dir).children.get(old_name);
  if (!child) return ENOENT;
  if (dir_link(new_dir).children.has(new_name)) {
    const status = rmdir(new_dir, new_name);
    if (status !== 0) return status;
  }
  dir_link(old_dir).deleteChild(child);
  child.name = new_name;
  dir_link(new_dir).setChild(new_name, child);
  child.syncSteps();
  ram(old_dir).i_ctime = ram(old_dir).info.kernel.clock.now();
  touch(ram(old_dir));
  return changed(new_dir, iget(ram(old_dir).info, child));
}

/** A name came or went: the directory was modified, the inode changed. */
function changed(dir: Inode, inode: Inode): 0 {
  touch(ram(dir));
  inode.i_ctime = ram(dir).info.kernel.clock.now();
  return 0;
}

// File system types

export interface RamOptions {
  readonly mode: Mode;
  readonly size: number | null;
  readonly uid: number;
  readonly gid: number;
}

/** A new memory file system of `type`; `s_flags` may hold MS_RDONLY. */
function fill_super(
  kernel: Kernel,
  type: FileSystemType,
  kind: Kind,
  user_ns: UserNamespace,
  s_flags: number,
  options: RamOptions,
): SuperBlock {
  const store = new Superblock({ process: nobody });
  const max_pages = options.size === null ? Number.MAX_SAFE_INTEGER : pages(options.size);
  const partial: Omit<RamSuper, 'sb'> & { sb?: SuperBlock } = {
    kernel,
    store,
    inodes: new WeakMap(),
    kind,
    options,
    max_pages,
    used: 0,
  };
  const info = partial as RamSuper;
  const show_options = type === tmpfs_fs_type ? (): string => show_tmpfs(info, options.mode) : (): string => '';
  const magic = type === ramfs_fs_type ? RAMFS_MAGIC : TMPFS_MAGIC;
  const make_root = (sb: SuperBlock): SuperBlock['s_root'] => {
    info.sb = sb;
    infos.set(sb, info);
    return d_make_root(sb, root_inode(info, options));
  };
  const remount = type === tmpfs_fs_type ? (data: string): Status => remount_tmpfs(info, data) : undefined;
  return alloc_super(
    kernel,
    {
      s_type: type,
      s_magic: magic,
      s_user_ns: user_ns,
      s_flags: s_flags & MS_RDONLY,
      kill_sb: () => release_all(info),
      statfs: () => statfs(info, magic),
      show_options,
      ...(remount ? { remount } : {}),
    },
    make_root,
  );
}

function root_inode(info: RamSuper, options: RamOptions): RamInode {
  const inode = iget(info, info.store.root);
  inode.i_mode = S_IFDIR | options.mode;
  inode.i_uid = options.uid;
  inode.i_gid = options.gid;
  inode.i_nlink = 2;
  inode.i_atime = info.kernel.clock.now();
  touch(inode);
  return inode;
}

function release_all(info: RamSuper): void {
  used_pages.set(info.kernel, (used_pages.get(info.kernel) ?? 0) - info.used);
  info.used = 0;
}

/** @linux mm/shmem.c shmem_statfs #Y */
function statfs(info: RamSuper, f_type: number): StatFs {
  const free = free_pages(info);
  const f_blocks = info.used + free;
  const files = Object.keys(info.store.inodes).length;
  const f_files = Math.max(f_blocks, files);
  return {
    f_type,
    f_bsize: PAGE,
    f_blocks,
    f_bfree: free,
    f_bavail: free,
    f_files,
    f_ffree: f_files - files,
    f_namelen: NAME_MAX,
    f_flags: 0,
  };
}

/** @linux mm/shmem.c shmem_show_options #P[size, mode] */
function show_tmpfs(info: RamSuper, mode: Mode): string {
  const size = info.max_pages === Number.MAX_SAFE_INTEGER ? '' : `,size=${info.max_pages * 4}k`;
  return size + (mode === 0o1777 ? '' : `,mode=${mode.toString(8).padStart(3, '0')}`);
}

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

/**
 * Options of a tmpfs: `mode=`, `size=` (bytes, k, m, g, %), `uid=`, `gid=`; counts of inodes are read and not enforced.
 * @linux mm/shmem.c shmem_parse_one #P[no huge=, mpol=, quota]
 */
function parse_tmpfs(kernel: Kernel, data: string, defaults: RamOptions): RamOptions | Errno {
  let options = defaults;
  for (const item of data.split(',')) {
    const [key = '', value = ''] = item.split('=', 2);
    if (item === '' || key === 'inode64' || key === 'inode32') continue;
    if (key === 'mode' && /^[0-7]+$/.test(value)) options = { ...options, mode: Number.parseInt(value, 8) & 0o7777 };
    else if ((key === 'uid' || key === 'gid') && /^\d+$/.test(value)) options = { ...options, [key]: Number(value) };
    else if (key === 'size') {
      const size = parse_size(kernel, value);
      if (IS_ERR(size)) return size;
      options = { ...options, size };
    } else if (!(key === 'nr_inodes' || key === 'nr_blocks') || !/^\d+[kmg]?$/i.test(value)) return EINVAL;
  }
  return options;
}

function parse_size(kernel: Kernel, text: string): number | null | Errno {
  const m = /^(\d+)([kmgt%]?)$/i.exec(text);
  if (!m) return EINVAL;
  const n = Number(m[1]);
  if (m[2] === '%') return Math.floor((kernel.limits.max_bytes * n) / 100);
  return n === 0 ? null : n * (UNITS[(m[2] ?? '').toLowerCase()] ?? 1);
}

function remount_tmpfs(info: RamSuper, data: string): Status {
  const options = parse_tmpfs(info.kernel, data, { mode: 0, size: null, uid: 0, gid: 0 });
  if (IS_ERR(options)) return options;
  if (!/(^|,)size=/.test(data)) return 0;
  const max = options.size === null ? Number.MAX_SAFE_INTEGER : pages(options.size);
  if (max < info.used) return EINVAL;
  info.max_pages = max;
  return 0;
}

export const tmpfs_fs_type: FileSystemType = {
  name: 'tmpfs',
  nodev: true,
  mount(task, _source, flags, data) {
    const { fsuid: uid, fsgid: gid, user_ns } = task.cred;
    const options = parse_tmpfs(task.kernel, data, { mode: 0o1777, size: null, uid, gid });
    return IS_ERR(options) ? options : fill_super(task.kernel, tmpfs_fs_type, KINDS.tmpfs, user_ns, flags, options);
  },
};

export const ramfs_fs_type: FileSystemType = {
  name: 'ramfs',
  nodev: true,
  mount(task, _source, flags, data) {
    const mode = /(?:^|,)mode=([0-7]+)(?:,|$)/.exec(data)?.[1] ?? '755';
    const { fsuid: uid, fsgid: gid, user_ns } = task.cred;
    const options = { mode: Number.parseInt(mode, 8) & 0o7777, size: null, uid, gid };
    return fill_super(task.kernel, ramfs_fs_type, KINDS.ramfs, user_ns, flags, options);
  },
};

/** A file system as it was mounted once, empty, without a task: the way back from a snapshot. */
export function ramfsRemake(kernel: Kernel, type: string, s_flags: number, options: RamOptions): SuperBlock {
  const [fs_type, kind] = REMADE[type as keyof typeof REMADE] ?? REMADE.ramfs;
  return fill_super(kernel, fs_type, kind, kernel.init_user_ns, s_flags, options);
}

/** The machine's first file system; programs cannot mount another. */
export const rootfs_fs_type: FileSystemType = {
  name: 'rootfs',
  nodev: true,
  mount: (task) => new_rootfs(task.kernel),
};

const REMADE = {
  rootfs: [rootfs_fs_type, KINDS.rootfs],
  tmpfs: [tmpfs_fs_type, KINDS.tmpfs],
  ramfs: [ramfs_fs_type, KINDS.ramfs],
} as const;

/**
 * A root file system, before there is a task.
 * @linux init/do_mounts.c rootfs_init_fs_context #Y
 */
export function new_rootfs(kernel: Kernel): SuperBlock {
  const options = { mode: 0o755, size: null, uid: 0, gid: 0 };
  return fill_super(kernel, rootfs_fs_type, KINDS.rootfs, kernel.init_user_ns, 0, options);
}

// For boot, and for the library

/** Makes a name without asking anybody; `data` is read from now on, and copied before it would be written. Answers the inode that is there now. */
export function ramfsPopulate(dir: Inode, name: string, mode: Mode, uid: number, gid: number, data: Bytes | null): Inode | Errno {
  const { info } = ram(dir);
  const inode = add(dir_link(dir), name, mode, uid, gid, info);
  if (IS_ERR(inode) || data === null) return inode;
  if (!charge(inode, data.length)) return ENOSPC;
  share(inode.node, data);
  return inode;
}

/**
 * Gives a node its content without copying: with no capacity of its own, memfs copies before the first write.
 * (memfs' own setBuffer would copy now: hundreds of files at every boot.)
 */
export function share(node: Node, data: Bytes): void {
  const inner = node as unknown as { buf: Buffer; size: number; capacity: number };
  inner.buf = as_buffer(data, data.length);
  inner.size = data.length;
  inner.capacity = 0;
}

/** What is behind `sb`, if memory is. */
export const ramfsInfo = (sb: SuperBlock): RamSuper | undefined => infos.get(sb);

/** Target of a link, or device number, that `ramfsPopulate` made. */
export function ramfsSet(inode: Inode, value: { readonly symlink?: string; readonly rdev?: number }): void {
  if (value.symlink !== undefined) ram(inode).node.symlink = value.symlink;
  if (value.rdev !== undefined) ram(inode).node.rdev = value.rdev;
}

/**
 * The memfs Superblock that stores `sb`, for memfs' own `fs` facade. Names that the facade removes or moves
 * leave the dentry cache too.
 */
export function ramfsStore(sb: SuperBlock): Superblock | undefined {
  const info = infos.get(sb);
  if (info && !watched.has(sb)) {
    watched.add(sb);
    info.store.changes.listen((event) => forget(sb, event));
  }
  return info?.store;
}
const watched = new WeakSet<SuperBlock>();

/** memfs' FsEventType, which is only there for the compiler. */
const EVENT_DELETE = 1;
const EVENT_MOVE = 4;

function forget(sb: SuperBlock, event: FsEvent): void {
  if (event.type !== EVENT_DELETE && event.type !== EVENT_MOVE) return;
  let dentry: SuperBlock['s_root'] | undefined = sb.s_root;
  for (const step of event.oldSteps ?? event.steps) if (step !== '') dentry = dentry?.d_children.get(step);
  if (dentry && dentry !== sb.s_root) d_delete(dentry);
}
