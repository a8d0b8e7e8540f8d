/** procfs: its superblock and the top directory. Follows fs/proc/root.c. */
import { PROC_SUPER_MAGIC, S_IFDIR } from '../../../uapi/stat.ts';
import type { FileSystemType, SuperBlock } from '../../include/fs.ts';
import type { Kernel, Task } from '../../include/sched.ts';
import { d_make_root } from '../dcache.ts';
import { alloc_super } from '../super.ts';
import { pid_directory } from './base.ts';
import { type Entry, in_table, makeInode, names, pinDirectories, type Table } from './generic.ts';
import { machine_files } from './machine.ts';
import { proc_sys } from './proc_sysctl.ts';

const link = (text: (task: Task) => string): Entry => ({ kind: 'link', text });

const TABLE: Table = {
  ...machine_files,
  mounts: link(() => 'self/mounts'),
  self: link((task) => String(task.pid)),
  sys: proc_sys,
  'thread-self': link((task) => `${task.pid}/task/${task.pid}`),
};

/** Tasks by number, and the machine's own files. */
export const proc_root: Entry = {
  kind: 'dir',
  mode: 0o555,
  table: TABLE,
  list: ({ kernel }) => [...[...kernel.tasks.keys()].map((pid) => ({ name: String(pid), type: S_IFDIR })), ...names(TABLE)],
  find: (name, { kernel }) => in_table(TABLE, name) ?? pid_lookup(kernel, name),
};

/** @linux fs/proc/base.c proc_pid_lookup #Y */
function pid_lookup(kernel: Kernel, name: string): Entry | undefined {
  const task = /^[1-9]\d*$/.test(name) ? kernel.tasks.get(Number(name)) : undefined;
  return task && pid_directory(task);
}

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
    const sb = alloc_super(kernel, options, (s) => d_make_root(s, makeInode(kernel, s, proc_root, '')));
    pinDirectories(kernel, sb.s_root, proc_root);
    supers.set(kernel, sb);
    return sb;
  },
};
