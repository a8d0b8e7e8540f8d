/** procfs: its superblock and the top directory. Follows fs/proc/root.c. */
import { PROC_SUPER_MAGIC } from '../../../uapi/stat.ts';
import type { FileSystemType, SuperBlock } from '../../include/fs.ts';
import type { Kernel } from '../../include/sched.ts';
import { d_make_root } from '../dcache.ts';
import { alloc_super } from '../super.ts';
import { directory, type Entry, make_inode } from './generic.ts';

export const proc_root: Entry = directory({});

const supers = new WeakMap<Kernel, SuperBlock>();

/**
 * One instance serves every mount, as for mounts in one pid namespace.
 * @linux fs/proc/root.c proc_fs_type #P[one instance; mount options are ignored]
 */
export const proc_fs_type: FileSystemType = {
  name: 'proc',
  nodev: true,
  mount: ({ kernel }) => {
    const old = supers.get(kernel);
    if (old !== undefined && kernel.superblocks.has(old)) return old;
    const options = { s_type: proc_fs_type, s_magic: PROC_SUPER_MAGIC, s_user_ns: kernel.init_user_ns, s_noexec: true };
    const sb = alloc_super(kernel, options, (s) => d_make_root(s, make_inode(kernel, s, proc_root, '')));
    supers.set(kernel, sb);
    return sb;
  },
};
