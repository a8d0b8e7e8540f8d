/** Small parts for file systems: inodes that live only in memory, and objects without a name. Follows fs/libfs.c. */
import { MS_NODEV, MS_NOSUID } from '../../uapi/mount.ts';
import type { Mode } from '../../uapi/types.ts';
import type { Cred, FileOperations, FileSystemType, Inode, InodeOperations, Mount, Path, SuperBlock } from '../include/fs.ts';
import type { Kernel } from '../include/sched.ts';
import { d_alloc_root, d_make_root } from './dcache.ts';
import { alloc_vfsmnt } from './mount.ts';
import { alloc_super } from './super.ts';

export interface InodeInit {
  readonly i_ino: number;
  readonly i_mode: Mode;
  readonly i_uid?: number;
  readonly i_gid?: number;
  readonly i_nlink?: number;
  readonly i_size?: number;
  readonly i_rdev?: number;
  readonly i_op?: InodeOperations;
  readonly i_fop?: FileOperations;
}

/**
 * An inode that no store keeps, all times now.
 * @linux fs/inode.c new_inode #Y
 */
export function new_inode(kernel: Kernel, i_sb: SuperBlock, init: InodeInit): Inode {
  const now = kernel.clock.now();
  const fixed = { i_uid: 0, i_gid: 0, i_nlink: 1, i_size: 0, i_rdev: 0, i_op: {}, i_fop: {} };
  return { ...fixed, i_atime: now, i_mtime: now, i_ctime: now, i_writecount: 0, ...init, i_sb };
}

/** One internal mount of a type and a machine: pipes and the like live there, and no path leads to it. */
const pseudo_mounts = new WeakMap<Kernel, Map<FileSystemType, Mount>>();

/** @linux fs/libfs.c init_pseudo #Y */
function pseudo_mount(kernel: Kernel, type: FileSystemType, s_magic: number): Mount {
  const mounts = pseudo_mounts.get(kernel) ?? new Map<FileSystemType, Mount>();
  pseudo_mounts.set(kernel, mounts);
  const known = mounts.get(type);
  if (known) return known;
  const root = (sb: SuperBlock) => d_make_root(sb, new_inode(kernel, sb, { i_ino: 1, i_mode: 0o040555 }));
  const sb = alloc_super(kernel, { s_type: type, s_magic, s_user_ns: kernel.init_user_ns, s_noexec: true }, root);
  const mnt = alloc_vfsmnt(kernel, sb, sb.s_root, { flags: MS_NOSUID | MS_NODEV, source: type.name });
  mounts.set(type, mnt);
  return mnt;
}

/**
 * A place for an object without a name; `name` makes what /proc shows for it ("pipe:[42]").
 * @linux fs/file_table.c alloc_file_pseudo #Y
 */
export function alloc_pseudo_path(
  kernel: Kernel,
  type: FileSystemType,
  s_magic: number,
  name: (ino: number) => string,
  i_mode: Mode,
  cred: Cred,
): Path {
  const mnt = pseudo_mount(kernel, type, s_magic);
  const i_ino = kernel.next_id();
  const inode = new_inode(kernel, mnt.mnt_sb, { i_ino, i_mode, i_uid: cred.fsuid, i_gid: cred.fsgid });
  return { mnt, dentry: d_alloc_root(mnt.mnt_sb, inode, name(i_ino)) };
}
