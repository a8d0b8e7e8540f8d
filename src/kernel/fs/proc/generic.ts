/** Parts that file systems of the kernel's own data are built from. Follows fs/proc/generic.c and fs/seq_file.c. */
import { decode, encode } from '../../../uapi/bytes.ts';
import { EACCES, EIO, ENOENT, type Errno, IS_ERR, type Status } from '../../../uapi/errno.ts';
import { S_IFDIR, S_IFLNK, S_IFREG } from '../../../uapi/stat.ts';
import type { Bytes, Mode } from '../../../uapi/types.ts';
import type { Dentry, FileOperations, Inode, InodeOperations, OpenFile, Path, SuperBlock } from '../../include/fs.ts';
import type { Kernel, Task } from '../../include/sched.ts';
import { in_group_p } from '../../kernel/cred.ts';
import { d_add } from '../dcache.ts';
import { can_write } from '../file_table.ts';
import { new_inode } from '../libfs.ts';

/** What a name in such a directory is; `task` is who looks. */
export type Entry =
  | {
      readonly kind: 'text';
      readonly mode: Mode;
      readonly show: (task: Task) => string | Bytes | Errno;
      readonly store?: Store;
      /** May it be opened for writing? */
      readonly may_write?: (task: Task) => Status;
      /** The mode binds root too. */
      readonly strict?: boolean;
    }
  | {
      readonly kind: 'link';
      readonly text: (task: Task) => string | Errno;
      readonly jump?: (task: Task) => Path | Errno;
      readonly mode?: Mode;
      readonly size?: number;
    }
  | {
      readonly kind: 'dir';
      readonly mode?: Mode;
      readonly list: (task: Task) => readonly Name[];
      readonly find: (name: string, task: Task) => Entry | undefined;
      /** The names that never change. */
      readonly table?: Table;
    }
  | { readonly kind: 'other'; readonly mode: Mode; readonly rdev?: number; readonly fop: FileOperations };
/** Takes what was written, in one write. */
export type Store = (text: string, file: OpenFile, task: Task) => Status;
export interface Name {
  readonly name: string;
  readonly type: number;
}
export type Table = Readonly<Record<string, Entry>>;

const TYPE: Readonly<Record<Entry['kind'], number>> = { text: S_IFREG, link: S_IFLNK, dir: S_IFDIR, other: 0 };
export const type_of = (entry: Entry): number => (entry.kind === 'other' ? entry.mode & 0o170000 : TYPE[entry.kind]);

export const file = (show: (task: Task) => string | Bytes | Errno, mode = 0o444, store?: Store): Entry => ({
  kind: 'text',
  mode,
  show,
  ...(store ? { store } : {}),
});

/** A directory whose names never change. */
export function directory(table: Table, mode = 0o555): Entry {
  return { kind: 'dir', mode, list: () => names(table), find: (name) => in_table(table, name), table };
}
export const in_table = (table: Table, name: string): Entry | undefined => (Object.hasOwn(table, name) ? table[name] : undefined);
export const names = (table: Table): Name[] => Object.entries(table).map(([name, entry]) => ({ name, type: type_of(entry) }));

/** The same path has the same inode number at every look: a hash of it (FNV-1a). */
function ino_of(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** The inode of an entry; `key` is its path in the file system. */
export function makeInode(kernel: Kernel, sb: SuperBlock, entry: Entry, key: string, owner: Owner = { uid: 0, gid: 0 }): Inode {
  const common = { i_ino: ino_of(key), i_uid: owner.uid, i_gid: owner.gid };
  switch (entry.kind) {
    case 'text':
      return new_inode(kernel, sb, {
        ...common,
        i_mode: S_IFREG | entry.mode,
        i_op: entry.strict ? { permission: strict_permission } : {},
        i_fop: text_fops(entry),
      });
    case 'link':
      return new_inode(kernel, sb, { ...common, i_mode: S_IFLNK | (entry.mode ?? 0o777), i_size: entry.size ?? 0, i_op: link_iops(entry) });
    case 'other':
      return new_inode(kernel, sb, { ...common, i_mode: entry.mode, i_rdev: entry.rdev ?? 0, i_fop: entry.fop });
    case 'dir': {
      const i_op = dir_iops(kernel, sb, entry, key, owner);
      return new_inode(kernel, sb, {
        ...common,
        i_mode: S_IFDIR | (entry.mode ?? 0o555),
        i_nlink: 2,
        i_op,
        i_fop: dir_fops(entry, key),
      });
    }
  }
}

/** @linux fs/proc/proc_sysctl.c test_perm #Y */
function strict_permission(inode: Inode, mask: number, task: Task): Status {
  const { fsuid } = task.cred;
  const bits = fsuid === 0 ? inode.i_mode >> 6 : in_group_p(task.cred, 0) ? inode.i_mode >> 3 : inode.i_mode;
  return (mask & ~bits & 7) === 0 ? 0 : EACCES;
}

type Dir = Extract<Entry, { kind: 'dir' }>;
type Link = Extract<Entry, { kind: 'link' }>;

/** A directory asks anew each time; what an entry belongs to may be gone. Nothing can be made in it. */
function dir_iops(kernel: Kernel, sb: SuperBlock, dir: Dir, key: string, owner: Owner): InodeOperations {
  return {
    nocache: true,
    lookup: (_inode, name, task) => {
      const entry = dir.find(name, task);
      return entry === undefined ? ENOENT : makeInode(kernel, sb, entry, `${key}/${name}`, owner_of(entry) ?? owner);
    },
    create: () => ENOENT,
    mkdir: () => ENOENT,
    setattr: () => 0,
  };
}

/** Entries that belong to somebody else than their directory does. */
const owners = new WeakMap<Entry, Owner>();
export function ownedBy<E extends Entry>(entry: E, owner: Owner): E {
  owners.set(entry, owner);
  return entry;
}
const owner_of = (entry: Entry): Owner | undefined => owners.get(entry);

function dir_fops(dir: Dir, key: string): FileOperations {
  return {
    iterate: (_file, task) => dir.list(task).map(({ name, type }) => ({ d_name: name, d_ino: ino_of(`${key}/${name}`), d_type: type })),
  };
}

function link_iops(link: Link): InodeOperations {
  const { jump } = link;
  return {
    readlink: (_inode, task) => link.text(task),
    ...(jump ? { get_link: (_inode: Inode, task: Task) => jump(task) } : {}),
  };
}

/**
 * A text is made when reading begins, and again when it begins again.
 * @linux fs/seq_file.c seq_read #P[the whole text at once]
 */
function text_fops({ show, store, may_write }: Extract<Entry, { kind: 'text' }>): FileOperations {
  const render = (task: Task): Bytes | Errno => {
    const text = show(task);
    return typeof text === 'string' ? encode(text) : text;
  };
  return {
    open: (f, task) => (may_write && can_write(f) ? may_write(task) : 0),
    read: (f, count, pos, task) => {
      if (pos === 0 || f.private_data === undefined) {
        const text = render(task);
        if (IS_ERR(text)) return text;
        f.private_data = text;
      }
      return (f.private_data as Bytes).slice(pos, pos + count);
    },
    write: (f, data, _pos, task) => {
      if (store === undefined) return EIO;
      const status = store(decode(data), f, task);
      return status === 0 ? data.length : status;
    },
  };
}

/** Directories that are always there get dentries that stay, so that something can be mounted on them. */
export function pinDirectories(kernel: Kernel, at: Dentry, entry: Entry, key = ''): void {
  if (entry.kind !== 'dir') return;
  for (const [name, child] of Object.entries(entry.table ?? {})) {
    if (child.kind !== 'dir') continue;
    const dentry = d_add(at, name, makeInode(kernel, at.d_sb, child, `${key}/${name}`));
    pinDirectories(kernel, dentry, child, `${key}/${name}`);
  }
}
