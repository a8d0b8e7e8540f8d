/** /dev/pts: one device node for each terminal. Follows fs/devpts/inode.c. */
import { S_IFCHR } from '../../../uapi/stat.ts';
import { chrdev_lookup } from '../../fs/char_dev.ts';
import { d_make_root } from '../../fs/dcache.ts';
import { type Entry, makeInode, ownedBy } from '../../fs/proc/generic.ts';
import { alloc_super } from '../../fs/super.ts';
import type { FileSystemType, SuperBlock } from '../../include/fs.ts';
import type { Kernel, Task } from '../../include/sched.ts';
import { type TtyStruct, ttys_of } from './tty_io.ts';

const DEVPTS_SUPER_MAGIC = 0x1cd1;
const TTY_GID = 5;

function node(tty: TtyStruct): Entry {
  const fop = chrdev_lookup(tty.kernel, tty.rdev) ?? {};
  return ownedBy({ kind: 'other', mode: S_IFCHR | 0o620, rdev: tty.rdev, fop }, { uid: tty.owner, gid: TTY_GID });
}

const live = (kernel: Kernel): TtyStruct[] => ttys_of(kernel).filter((tty) => !tty.hung_up);

const root: Entry = {
  kind: 'dir',
  mode: 0o755,
  list: (task) => live(task.kernel).map((tty) => ({ name: String(tty.index), type: S_IFCHR })),
  find: (name, task) => {
    const tty = live(task.kernel).find((t) => String(t.index) === name);
    return tty && node(tty);
  },
};

const supers = new WeakMap<Kernel, SuperBlock>();
function devpts_super(task: Task): SuperBlock {
  const { kernel } = task;
  const old = supers.get(kernel);
  if (old !== undefined && kernel.superblocks.has(old)) return old;
  const options = { s_type: devpts_fs_type, s_magic: DEVPTS_SUPER_MAGIC, s_user_ns: kernel.init_user_ns, s_noexec: true };
  const show_options = (): string => ',gid=5,mode=620,ptmxmode=000';
  const sb = alloc_super(kernel, { ...options, show_options }, (s) => d_make_root(s, makeInode(kernel, s, root, '')));
  supers.set(kernel, sb);
  return sb;
}

/** @linux fs/devpts/inode.c devpts_fs_type #P[no ptmx: terminals are made by the host] */
export const devpts_fs_type: FileSystemType = { name: 'devpts', nodev: true, mount: devpts_super };
