/**
 * File systems in memory: the root, tmpfs, ramfs. Follows fs/ramfs/inode.c and mm/shmem.c.
 * The store is memfs' core (ramfs_store.ts), which stores and nothing else: walking, permissions, times and limits are ours.
 */
import { ENOSPC, type Errno, IS_ERR, type Status } from '../../uapi/errno.ts';
import { NAME_MAX } from '../../uapi/fcntl.ts';
import { MS_RDONLY } from '../../uapi/mount.ts';
import { S_IFDIR, S_IFLNK, S_IFMT, S_IFREG, type StatFs, TMPFS_MAGIC } from '../../uapi/stat.ts';
import type { Bytes, Mode } from '../../uapi/types.ts';
import type { FileOperations, FileSystemType, Inode, SuperBlock } from '../include/fs.ts';
import type { Kernel, UserNamespace } from '../include/sched.ts';
import { d_delete, d_make_root } from './dcache.ts';
import { dir_inode_operations, dir_link, dir_operations, ram_add } from './ramfs_dir.ts';
import { file_inode_operations, file_operations, symlink_inode_operations } from './ramfs_file.ts';
import {
  charge,
  free_pages,
  type Kind,
  type Operations,
  PAGE,
  pages,
  type RamInode,
  type RamOptions,
  type RamSuper,
  ram,
  ram_iget,
  release_all,
  touch,
} from './ramfs_inode.ts';
import { parse_tmpfs, remount_tmpfs, show_tmpfs } from './ramfs_options.ts';
import { type FsEvent, RamStore } from './ramfs_store.ts';
import { alloc_super } from './super.ts';

const RAMFS_MAGIC = 0x858458f6;
const infos = new WeakMap<SuperBlock, RamSuper>();

const KINDS = {
  rootfs: { dir_size: () => PAGE, dir_blocks: 8 },
  tmpfs: { dir_size: (names: number) => 40 + 20 * names, dir_blocks: 0 },
  ramfs: { dir_size: () => 0, dir_blocks: 0 },
} satisfies Record<string, Kind>;

const no_operations: FileOperations = {};

const operations: Operations = (mode) => {
  const type = mode & S_IFMT;
  if (type === S_IFDIR) return { i_op: dir_inode_operations, i_fop: dir_operations };
  if (type === S_IFREG) return { i_op: file_inode_operations, i_fop: file_operations };
  return { i_op: type === S_IFLNK ? symlink_inode_operations : file_inode_operations, i_fop: no_operations };
};

/** A new memory file system of `type`; `s_flags` may hold MS_RDONLY. */
function fill_super(
  kernel: Kernel,
  type: FileSystemType,
  kind: Kind,
  user_ns: UserNamespace,
  s_flags: number,
  options: RamOptions,
): SuperBlock {
  const store = new RamStore();
  const max_pages = options.size === null ? Number.MAX_SAFE_INTEGER : pages(options.size);
  const partial: Omit<RamSuper, 'sb'> & { sb?: SuperBlock } = {
    kernel,
    store,
    inodes: new WeakMap(),
    operations,
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
  const inode = ram_iget(info, info.store.root);
  inode.i_mode = S_IFDIR | options.mode;
  inode.i_uid = options.uid;
  inode.i_gid = options.gid;
  inode.i_nlink = 2;
  inode.i_atime = info.kernel.clock.now();
  touch(inode);
  return inode;
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
  const inode = ram_add(dir_link(dir), name, mode, uid, gid, info);
  if (IS_ERR(inode) || data === null) return inode;
  if (!charge(inode, data.length)) return ENOSPC;
  inode.node.content.share(data);
  return inode;
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
export function ramfsStore(sb: SuperBlock): RamStore | undefined {
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
