/** Superblocks: made once, alive while mounted or in use. Follows fs/super.c. */

import { NAME_MAX } from '../../uapi/fcntl.ts';
import type { StatFs } from '../../uapi/stat.ts';
import type { FileSystemType, SuperBlock } from '../include/fs.ts';
import type { Kernel, UserNamespace } from '../include/sched.ts';

export interface SuperOptions {
  readonly s_type: FileSystemType;
  readonly s_magic: number;
  readonly s_user_ns: UserNamespace;
  readonly s_flags?: number;
  readonly s_noexec?: boolean;
  readonly kill_sb?: () => void;
  readonly statfs?: () => StatFs;
  readonly show_options?: () => string;
  readonly remount?: SuperBlock['remount'];
}

/** A superblock that still lacks its root: the caller sets `s_root` before anyone sees it. */
type Rootless = Omit<SuperBlock, 's_root'> & { s_root?: SuperBlock['s_root'] };

/**
 * A new superblock, not yet active: each mount and each open file counts as a user.
 * `make_root` gives its root dentry (dcache.ts d_make_root).
 * @linux fs/super.c alloc_super #Y
 */
export function alloc_super(kernel: Kernel, options: SuperOptions, make_root: (sb: SuperBlock) => SuperBlock['s_root']): SuperBlock {
  const { kill_sb, remount, ...rest } = options;
  const rootless: Rootless = { s_flags: 0, s_noexec: false, s_dev: kernel.next_dev(), s_active: 0, ...rest };
  const sb = rootless as SuperBlock;
  if (remount) sb.remount = remount;
  sb.kill_sb = () => {
    kernel.superblocks.delete(sb);
    kill_sb?.();
  };
  sb.s_root = make_root(sb);
  kernel.superblocks.add(sb);
  return sb;
}

/** @linux fs/super.c atomic_inc(&sb->s_active) #Y */
export function activate_super(sb: SuperBlock): void {
  sb.s_active++;
}

/**
 * Drops one user; the last one ends the superblock.
 * @linux fs/super.c deactivate_super #Y
 */
export function deactivate_super(sb: SuperBlock): void {
  sb.s_active--;
  if (sb.s_active === 0) sb.kill_sb?.();
}

/**
 * What statfs says of a file system without blocks.
 * @linux fs/libfs.c simple_statfs #Y
 */
export function simple_statfs(sb: SuperBlock): StatFs {
  return {
    f_type: sb.s_magic,
    f_bsize: 4096,
    f_blocks: 0,
    f_bfree: 0,
    f_bavail: 0,
    f_files: 0,
    f_ffree: 0,
    f_namelen: NAME_MAX,
    f_flags: 0,
  };
}
