/** mount(2) and umount2(2). Follows the system calls of fs/namespace.c. */
import { EBUSY, EINVAL, ELOOP, ENODEV, ENOENT, ENOTDIR, EPERM, IS_ERR, type Status } from '../../uapi/errno.ts';
import { AT_FDCWD } from '../../uapi/fcntl.ts';
import {
  MNT_DETACH,
  MNT_FORCE,
  MS_BIND,
  MS_MOVE,
  MS_NOATIME,
  MS_NODEV,
  MS_NOEXEC,
  MS_NOSUID,
  MS_PRIVATE,
  MS_RDONLY,
  MS_REC,
  MS_REMOUNT,
  MS_SHARED,
  MS_SLAVE,
  MS_UNBINDABLE,
  UMOUNT_NOFOLLOW,
} from '../../uapi/mount.ts';
import { S_ISDIR, S_ISLNK } from '../../uapi/stat.ts';
import type { PathName } from '../../uapi/types.ts';
import type { Dentry, Mount, Path, SuperBlock } from '../include/fs.ts';
import type { Task } from '../include/sched.ts';
import { ns_capable } from '../kernel/cred.ts';
import { d_inode, is_subdir } from './dcache.ts';
import { alloc_vfsmnt, attach_mnt, follow_down, MNT_LOCKED, mnt_children, mnt_has_parent, umount_mnt, unhash_mnt } from './mount.ts';
import { path_lookupat } from './namei_walk.ts';
import { clone_mnt, copy_children } from './namespace.ts';
import { activate_super, deactivate_super } from './super.ts';

/** The flags that a mount keeps for itself. */
const MNT_FLAGS = MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_NOATIME;
const PROPAGATION = MS_SHARED | MS_PRIVATE | MS_SLAVE | MS_UNBINDABLE;
/** UMOUNT flags beside those of uapi/mount.ts. */
const MNT_EXPIRE = 4;

/** CAP_SYS_ADMIN over the namespace whose tree is changed. @linux fs/namespace.c may_mount #Y */
function may_mount(task: Task): boolean {
  return ns_capable(task.cred, task.nsproxy.mnt_ns.user_ns);
}

const is_mounted_here = (task: Task, mnt: Mount): boolean => mnt.mnt_ns === task.nsproxy.mnt_ns;
const path_mounted = (path: Path): boolean => path.dentry === path.mnt.mnt_root;

/**
 * mount(2): the flags say which of the kinds it is.
 * @linux fs/namespace.c path_mount #P[all propagation is private]
 */
export function do_mount(task: Task, source: string, target: PathName, fstype: string, flags: number, data: string): Status {
  const path = path_lookupat(task, AT_FDCWD, target, { follow: true });
  if (IS_ERR(path)) return path;
  if (!may_mount(task)) return EPERM;
  if ((flags & MS_REMOUNT) !== 0) return do_remount(task, path, flags, data);
  if ((flags & PROPAGATION) !== 0 && (flags & MS_BIND) === 0) return do_change_type(task, path, flags);
  return mount_on(task, follow_down(path), source, fstype, flags, data);
}

/** The kinds that put a mount on top of all that is at `path`. */
function mount_on(task: Task, path: Path, source: string, fstype: string, flags: number, data: string): Status {
  if ((flags & MS_BIND) !== 0) return do_loopback(task, path, source, (flags & MS_REC) !== 0);
  if ((flags & MS_MOVE) !== 0) return do_move_mount(task, path, source);
  return do_new_mount(task, path, source, fstype, flags, data);
}

/** @linux fs/namespace.c do_new_mount #Y */
function do_new_mount(task: Task, path: Path, source: string, fstype: string, flags: number, data: string): Status {
  const type = task.kernel.filesystems.find((t) => t.name === fstype);
  if (!type) return ENODEV;
  const sb = type.mount(task, source, flags, data);
  if (IS_ERR(sb)) return sb;
  activate_super(sb); // so that a refusal below ends a new one
  const status = may_add(task, path, sb.s_root, sb);
  if (status === 0) {
    const options = { flags: flags & MNT_FLAGS, source };
    attach_mnt(alloc_vfsmnt(task.kernel, sb, sb.s_root, options), path, task.nsproxy.mnt_ns);
  }
  deactivate_super(sb);
  return status;
}

/** Removed, or in a mount that was taken off. @linux fs/namespace.c do_lock_mount #Y */
const is_gone = (path: Path): boolean => path.dentry.d_deleted || path.mnt.mnt_ns === null;

/**
 * Whether a tree that begins at `root` fits on `path`.
 * @linux fs/namespace.c do_add_mount, graft_tree #Y
 */
function may_add(task: Task, path: Path, root: Dentry, sb: SuperBlock | null): Status {
  if (is_gone(path)) return ENOENT;
  if (!is_mounted_here(task, path.mnt)) return EINVAL;
  if (sb !== null && path.mnt.mnt_sb === sb && path_mounted(path)) return EBUSY;
  if (S_ISLNK(d_inode(root).i_mode)) return EINVAL;
  return S_ISDIR(d_inode(root).i_mode) === S_ISDIR(d_inode(path.dentry).i_mode) ? 0 : ENOTDIR;
}

/**
 * A bind mount: the same tree, or with MS_REC also what is mounted in it, seen at a second place.
 * @linux fs/namespace.c do_loopback #Y
 */
function do_loopback(task: Task, path: Path, source: string, recurse: boolean): Status {
  if (source === '') return EINVAL;
  const old = path_lookupat(task, AT_FDCWD, source, { follow: true });
  if (IS_ERR(old)) return old;
  const { mnt_ns } = task.nsproxy;
  if (is_gone(path)) return ENOENT;
  if (!is_mounted_here(task, path.mnt)) return EINVAL;
  if (!is_mounted_here(task, old.mnt) && old.mnt.mnt_sb.s_type.name !== 'nsfs') return EINVAL;
  if (!recurse && has_locked_children(old)) return EINVAL;
  const status = may_add(task, path, old.dentry, null);
  if (status !== 0) return status;
  const copy = clone_mnt(task.kernel, old.mnt, old.dentry);
  if (recurse) copy_detached(task, old, copy);
  attach_mnt(copy, path, mnt_ns);
  return 0;
}

/** Copies the submounts of `old` below `copy`, which is not attached yet: the new tree must not contain itself. */
function copy_detached(task: Task, old: Path, copy: Mount): void {
  copy_children(task.kernel, old.mnt, old.dentry, copy, task.nsproxy.mnt_ns, () => undefined);
}

/** @linux fs/namespace.c has_locked_children #Y */
function has_locked_children(path: Path): boolean {
  return mnt_children(path.mnt).some((m) => (m.mnt_locked & MNT_LOCKED) !== 0 && is_subdir(m.mnt_mountpoint, path.dentry));
}

/**
 * make-private and its kin: every mount here is private, so there is nothing to change.
 * @linux fs/namespace.c do_change_type #N[no propagation between namespaces]
 */
function do_change_type(task: Task, path: Path, flags: number): Status {
  const type = flags & PROPAGATION;
  if ((type & (type - 1)) !== 0) return EINVAL;
  return path_mounted(path) && is_mounted_here(task, path.mnt) ? 0 : EINVAL;
}

/** @linux fs/namespace.c do_move_mount #Y */
function do_move_mount(task: Task, path: Path, source: string): Status {
  if (source === '') return EINVAL;
  const old = path_lookupat(task, AT_FDCWD, source, { follow: true });
  if (IS_ERR(old)) return old;
  if (!is_mounted_here(task, old.mnt) || !is_mounted_here(task, path.mnt)) return EINVAL;
  if (!path_mounted(old) || !mnt_has_parent(old.mnt) || (old.mnt.mnt_locked & MNT_LOCKED) !== 0) return EINVAL;
  if (S_ISDIR(d_inode(old.dentry).i_mode) !== S_ISDIR(d_inode(path.dentry).i_mode)) return EINVAL;
  for (let m = path.mnt; ; m = m.mnt_parent) {
    if (m === old.mnt) return ELOOP;
    if (!mnt_has_parent(m)) break;
  }
  unhash_mnt(old.mnt);
  attach_mnt(old.mnt, path, task.nsproxy.mnt_ns);
  return 0;
}

/**
 * New flags for one mount (with MS_BIND), or for the superblock too.
 * @linux fs/namespace.c do_remount, do_reconfigure_mnt #Y
 */
function do_remount(task: Task, path: Path, flags: number, data: string): Status {
  const { mnt } = path;
  if (!is_mounted_here(task, mnt) || !path_mounted(path)) return EINVAL;
  const wanted = flags & MNT_FLAGS;
  if ((mnt.mnt_locked & ~MNT_LOCKED & ~wanted) !== 0) return EPERM;
  const becomes_ro = (wanted & MS_RDONLY) !== 0;
  if ((flags & MS_BIND) === 0) {
    const status = reconfigure_super(task, mnt.mnt_sb, becomes_ro, data);
    if (status !== 0) return status;
  } else if (becomes_ro && (mnt.mnt_flags & MS_RDONLY) === 0 && mnt.mnt_writers > 0) return EBUSY;
  mnt.mnt_flags = wanted;
  return 0;
}

/** @linux fs/super.c reconfigure_super #Y */
function reconfigure_super(task: Task, sb: SuperBlock, ro: boolean, data: string): Status {
  if (!ns_capable(task.cred, sb.s_user_ns)) return EPERM;
  if (ro && (sb.s_flags & MS_RDONLY) === 0 && has_writers(task, sb)) return EBUSY;
  const status = sb.remount?.(data) ?? 0;
  if (status === 0) sb.s_flags = ro ? sb.s_flags | MS_RDONLY : sb.s_flags & ~MS_RDONLY;
  return status;
}

function has_writers(task: Task, sb: SuperBlock): boolean {
  const seen = new Set([...task.kernel.tasks.values(), task].map((t) => t.nsproxy.mnt_ns));
  return [...seen].some((ns) => ns.mounts.some((m) => m.mnt_sb === sb && m.mnt_writers > 0));
}

// umount

/** @linux fs/namespace.c ksys_umount #P[no MNT_EXPIRE] */
export function do_umount(task: Task, target: PathName, flags: number): Status {
  if ((flags & ~(MNT_FORCE | MNT_DETACH | MNT_EXPIRE | UMOUNT_NOFOLLOW)) !== 0) return EINVAL;
  const found = path_lookupat(task, AT_FDCWD, target, { follow: (flags & UMOUNT_NOFOLLOW) === 0 });
  if (IS_ERR(found)) return found;
  if (!may_mount(task)) return EPERM;
  const path = follow_down(found);
  const { mnt } = path;
  if (!path_mounted(path) || !is_mounted_here(task, mnt)) return EINVAL;
  if ((mnt.mnt_locked & MNT_LOCKED) !== 0 || (flags & MNT_EXPIRE) !== 0) return EINVAL;
  if ((flags & MNT_FORCE) !== 0 && !ns_capable(task.cred, task.kernel.init_user_ns)) return EPERM;
  return umount_at(task, mnt, (flags & MNT_DETACH) !== 0);
}

function umount_at(task: Task, mnt: Mount, detach: boolean): Status {
  if (mnt === task.fs.root.mnt && !detach) return reconfigure_super(task, mnt.mnt_sb, true, '');
  if (mnt === task.nsproxy.mnt_ns.root) return EINVAL;
  if (detach) umount_tree(mnt);
  else if (is_busy(task, mnt)) return EBUSY;
  else umount_mnt(mnt);
  return 0;
}

/** @linux fs/namespace.c umount_tree #Y */
function umount_tree(mnt: Mount): void {
  for (const child of mnt_children(mnt)) umount_tree(child);
  umount_mnt(mnt);
}

/**
 * Something is mounted in it, open in it, or stands in it.
 * @linux fs/pnode.c propagate_mount_busy #Y
 */
function is_busy(task: Task, mnt: Mount): boolean {
  if (mnt.mnt_count > 0 || mnt_children(mnt).length > 0) return true;
  const stands = (t: Task): boolean => t.state !== 'zombie' && t.state !== 'dead' && (t.fs.pwd.mnt === mnt || t.fs.root.mnt === mnt);
  return stands(task) || [...task.kernel.tasks.values()].some(stands);
}
