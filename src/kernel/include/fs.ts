/**
 * The nouns of the VFS. Follows include/linux/fs.h, dcache.h, mount.h.
 * An absent operation is the kernel's NULL pointer: the VFS answers for it.
 */
import type { Errno, Status } from '../../uapi/errno.ts';
import type { Dirent, StatFs } from '../../uapi/stat.ts';
import type { Bytes, MaybeAsync, Mode } from '../../uapi/types.ts';
import type { WaitQueue } from '../kernel/sched/wait.ts';
import type { Task, UserNamespace } from './sched.ts';

export interface FileSystemType {
  readonly name: string;
  /** Shown as "nodev" in /proc/filesystems. */
  readonly nodev: boolean;
  /** The file system's own permission and option checks, then its superblock (a shared one for binfmt_misc and proc). */
  mount(task: Task, source: string, flags: number, data: string): SuperBlock | Errno;
}

export interface SuperBlock {
  readonly s_type: FileSystemType;
  readonly s_dev: number;
  readonly s_magic: number;
  /** Set once, right after creation. */
  s_root: Dentry;
  readonly s_user_ns: UserNamespace;
  /** MS_RDONLY here makes every mount of it read-only. */
  s_flags: number;
  /** Files of this superblock can never be executed (SB_I_NOEXEC). */
  readonly s_noexec: boolean;
  /** Mounts plus open files; `kill_sb` runs when it falls to 0. */
  s_active: number;
  kill_sb?(): void;
  statfs?(): StatFs;
  /** Source and options as /proc/mounts shows them, beyond the mount's own flags. */
  show_options?(): string;
  /** New options of a mounted file system; absent: any are accepted. */
  remount?(data: string): Status;
}

export interface Inode {
  readonly i_sb: SuperBlock;
  readonly i_ino: number;
  i_mode: Mode;
  i_uid: number;
  i_gid: number;
  i_nlink: number;
  readonly i_size: number;
  /** 512-byte units; absent: none are used. */
  readonly i_blocks?: number;
  /** Device number of a device node. */
  readonly i_rdev: number;
  /** Milliseconds since the epoch. */
  i_atime: number;
  i_mtime: number;
  i_ctime: number;
  /** Open-for-write count; negative: execution denies writing (ETXTBSY both ways). */
  i_writecount: number;
  readonly i_op: InodeOperations;
  readonly i_fop: FileOperations;
  /** The pipe of a fifo, while somebody has it open. */
  i_pipe?: unknown;
  /** Open files of it; an inode without names goes when the last is closed. */
  i_count?: number;
}

/** What a directory or link inode can do; names are single components. Permissions were checked before. */
export interface InodeOperations {
  lookup?(dir: Inode, name: string, task: Task): Inode | Errno;
  create?(dir: Inode, name: string, mode: Mode, task: Task): Inode | Errno;
  mkdir?(dir: Inode, name: string, mode: Mode, task: Task): Inode | Errno;
  mknod?(dir: Inode, name: string, mode: Mode, rdev: number, task: Task): Inode | Errno;
  symlink?(dir: Inode, name: string, target: string, task: Task): Inode | Errno;
  link?(dir: Inode, name: string, inode: Inode): Status;
  unlink?(dir: Inode, name: string): Status;
  rmdir?(dir: Inode, name: string): Status;
  rename?(old_dir: Inode, old_name: string, new_dir: Inode, new_name: string): Status;
  readlink?(inode: Inode, task: Task): string | Errno;
  /** A link that jumps without a text: /proc/PID/{exe,cwd,root,fd/N}. Asked before readlink when following. */
  get_link?(inode: Inode, task: Task): Path | Errno;
  /** Own permission check; default is generic_permission. */
  permission?(inode: Inode, mask: number, task: Task): Status;
  /** chmod, chown, truncate, utimes; absent: generic setattr. */
  setattr?(inode: Inode, attr: SetAttr): Status;
  /** The last name and the last open file are gone: give the storage back. */
  evict?(inode: Inode): void;
  /** Names that lookup finds are not kept in the dentry cache (proc). */
  readonly nocache?: boolean;
}

export interface SetAttr {
  readonly mode?: Mode;
  readonly uid?: number;
  readonly gid?: number;
  readonly size?: number;
  readonly atime?: number;
  readonly mtime?: number;
}

/** What an open file can do. Offsets and counts in bytes; the VFS moves f_pos. */
export interface FileOperations {
  open?(file: OpenFile, task: Task): MaybeAsync<Status>;
  release?(file: OpenFile): void;
  read?(file: OpenFile, count: number, pos: number, task: Task): MaybeAsync<Bytes | Errno>;
  write?(file: OpenFile, data: Bytes, pos: number, task: Task): MaybeAsync<number | Errno>;
  /** Names of a directory without "." and "..", in the file system's order. */
  iterate?(file: OpenFile, task: Task): readonly Dirent[];
  /** Ready events now (POLLIN …), and which queues tell when that changes. */
  poll?(file: OpenFile): { readonly events: number; readonly queues: readonly WaitQueue[] };
  ioctl?(file: OpenFile, request: string, arg: unknown, task: Task): unknown;
  /** Not seekable: lseek answers ESPIPE, read and write get pos 0. */
  readonly stream?: boolean;
  /** Writes take no notice of the position and leave it where it is (binfmt_misc). */
  readonly keeps_pos?: boolean;
  llseek?(file: OpenFile, offset: number, whence: number): number | Errno;
  /** The kernel's own reading of a regular file (execve): never sleeps, nobody asks. The bytes are neither to be changed nor kept. */
  kernel_read?(file: OpenFile, pos: number, count: number): Bytes;
}

/** A name in a directory. `d_inode` null: a negative dentry. */
export interface Dentry {
  d_name: string;
  d_parent: Dentry;
  d_inode: Inode | null;
  readonly d_sb: SuperBlock;
  readonly d_children: Map<string, Dentry>;
  /** Unlinked: getcwd says ENOENT, /proc shows " (deleted)". */
  d_deleted: boolean;
}

export interface Mount {
  readonly mnt_id: number;
  readonly mnt_sb: SuperBlock;
  readonly mnt_root: Dentry;
  mnt_parent: Mount;
  mnt_mountpoint: Dentry;
  /** MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC of this mount. */
  mnt_flags: number;
  readonly mnt_source: string;
  /** null once unmounted (lazily or with its namespace). */
  mnt_ns: MntNamespace | null;
  /** Open files in it: umount answers EBUSY while there are any. */
  mnt_count: number;
  /** Those of them that are open for writing: they keep it from becoming read-only. */
  mnt_writers: number;
  /** Flags that a less privileged mount namespace may not take away, and MNT_LOCKED. */
  mnt_locked: number;
}

export interface MntNamespace {
  readonly ns_id: number;
  root: Mount;
  readonly user_ns: UserNamespace;
  /** In mount order; the root first. */
  readonly mounts: Mount[];
}

export interface Path {
  readonly mnt: Mount;
  readonly dentry: Dentry;
}

/** struct file. Shared by every descriptor that was duplicated from it. */
export interface OpenFile {
  readonly f_path: Path;
  readonly f_inode: Inode;
  readonly f_op: FileOperations;
  f_flags: number;
  f_pos: number;
  /** References: descriptors plus kernel users (an image's exe, a rule with F). */
  f_count: number;
  /** Credentials of the opener. */
  readonly f_cred: Cred;
  private_data?: unknown;
}

/** struct cred. Replaced as a whole, never changed in place. Ids are as the initial user namespace sees them (kuid). */
export interface Cred {
  readonly uid: number;
  readonly euid: number;
  readonly suid: number;
  readonly fsuid: number;
  readonly gid: number;
  readonly egid: number;
  readonly sgid: number;
  readonly fsgid: number;
  readonly groups: readonly number[];
  readonly user_ns: UserNamespace;
  /** Capabilities held in `user_ns`: all or none is modelled (euid 0 there, or the namespace's creator). */
  readonly cap_effective: boolean;
  readonly no_new_privs: boolean;
}
