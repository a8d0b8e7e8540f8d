/** Making, removing and renaming names. Follows the second half of fs/namei.c; the walk itself is in namei_walk.ts. */

import { encode } from '../../uapi/bytes.ts';
import {
  EBUSY,
  EEXIST,
  EINVAL,
  EISDIR,
  ELOOP,
  EMLINK,
  ENAMETOOLONG,
  ENOENT,
  ENOTDIR,
  ENOTEMPTY,
  EOVERFLOW,
  EPERM,
  type Errno,
  EXDEV,
  IS_ERR,
  type Status,
} from '../../uapi/errno.ts';
import { AT_EMPTY_PATH, AT_SYMLINK_FOLLOW, PATH_MAX } from '../../uapi/fcntl.ts';
import {
  S_IFBLK,
  S_IFCHR,
  S_IFDIR,
  S_IFIFO,
  S_IFMT,
  S_IFREG,
  S_IFSOCK,
  S_ISDIR,
  S_ISGID,
  S_ISLNK,
  S_ISREG,
  S_ISUID,
  S_ISVTX,
} from '../../uapi/stat.ts';
import type { Fd, Mode, PathName } from '../../uapi/types.ts';
import type { Cred, Dentry, Inode, Path } from '../include/fs.ts';
import type { Task } from '../include/sched.ts';
import { from_kgid, from_kuid, INVALID_ID } from '../kernel/user_namespace.ts';
import { d_add, d_delete, d_inode, d_move, IS_ROOT, is_subdir } from './dcache.ts';
import { capable_wrt_inode_uidgid, inode_owner_or_capable, iput_final } from './inode.ts';
import { is_local_mountpoint, mountsOn, umount_mnt } from './mount.ts';
import {
  filename_parentat,
  inode_permission,
  lookup_one,
  MAY_EXEC,
  MAY_READ,
  MAY_WRITE,
  mnt_want_write,
  type ParentPath,
  path_lookupat,
} from './namei_walk.ts';

export { path_lookupat } from './namei_walk.ts';

// Who may change a directory

/**
 * In a sticky directory only the owner of the file or of the directory removes or renames.
 * @linux fs/namei.c check_sticky #Y
 */
function check_sticky(cred: Cred, dir: Inode, inode: Inode): boolean {
  if ((dir.i_mode & S_ISVTX) === 0) return false;
  if (inode.i_uid === cred.fsuid || dir.i_uid === cred.fsuid) return false;
  return !capable_wrt_inode_uidgid(cred, inode);
}

/**
 * Whether `task` may make a name in `dir`.
 * @linux fs/namei.c may_create #Y
 */
export function may_create(task: Task, dir: Dentry): Status {
  if (dir.d_deleted) return ENOENT;
  const ns = dir.d_sb.s_user_ns;
  const { fsuid, fsgid } = task.cred;
  if (from_kuid(ns, fsuid) === INVALID_ID || from_kgid(ns, fsgid) === INVALID_ID) return EOVERFLOW;
  return inode_permission(task, d_inode(dir), MAY_WRITE | MAY_EXEC);
}

/**
 * Whether `task` may remove `victim`, as a directory or as anything else.
 * @linux fs/namei.c may_delete #Y
 */
function may_delete(task: Task, dir: Dentry, victim: Dentry, isdir: boolean): Status {
  const denied = inode_permission(task, d_inode(dir), MAY_WRITE | MAY_EXEC);
  if (denied !== 0) return denied;
  const inode = d_inode(victim);
  if (check_sticky(task.cred, d_inode(dir), inode)) return EPERM;
  if (isdir && !S_ISDIR(inode.i_mode)) return ENOTDIR;
  if (isdir && IS_ROOT(victim)) return EBUSY;
  if (!isdir && S_ISDIR(inode.i_mode)) return EISDIR;
  return dir.d_deleted ? ENOENT : 0;
}

// Making

/**
 * Where a new name goes: EEXIST if it is there, before any permission is looked at.
 * @linux fs/namei.c filename_create #Y
 */
function filename_create(task: Task, dfd: Fd, name: PathName, isdir: boolean): ParentPath | Errno {
  const parent = filename_parentat(task, dfd, name);
  if (IS_ERR(parent)) return parent;
  if (parent.type !== 'norm') return EEXIST;
  const dentry = lookup_one(task, parent.path.dentry, parent.last);
  if (IS_ERR(dentry)) return dentry;
  if (dentry !== null) return EEXIST;
  if (parent.slash && !isdir) return ENOENT;
  const ro = mnt_want_write(parent.path.mnt);
  return ro === 0 ? parent : ro;
}

/** Makes a name by `op` (absent: the file system cannot) and puts it into the cache. */
function make_name(task: Task, parent: ParentPath, op: ((dir: Inode) => Inode | Errno) | undefined): Status {
  const dir = parent.path.dentry;
  const denied = may_create(task, dir);
  if (denied !== 0) return denied;
  if (!op) return EPERM;
  const inode = op(d_inode(dir));
  if (IS_ERR(inode)) return inode;
  d_add(dir, parent.last, inode);
  return 0;
}

/** @linux fs/namei.c do_mkdirat #Y */
export function do_mkdirat(task: Task, dfd: Fd, name: PathName, mode: Mode): Status {
  const parent = filename_create(task, dfd, name, true);
  if (IS_ERR(parent)) return parent;
  const { mkdir } = d_inode(parent.path.dentry).i_op;
  const bits = mode & (0o777 | S_ISVTX) & ~task.fs.umask;
  return make_name(task, parent, mkdir && ((dir) => mkdir(dir, parent.last, bits, task)));
}

/** @linux fs/namei.c do_mknodat #Y */
export function do_mknodat(task: Task, dfd: Fd, name: PathName, mode: Mode, rdev: number): Status {
  const type = may_mknod(mode);
  if (IS_ERR(type)) return type;
  const parent = filename_create(task, dfd, name, false);
  if (IS_ERR(parent)) return parent;
  const device = type === S_IFCHR || type === S_IFBLK;
  const { create, mknod } = d_inode(parent.path.dentry).i_op;
  const bits = type | (mode & 0o7777 & ~task.fs.umask);
  if (type === S_IFREG) return make_name(task, parent, create && ((dir) => create(dir, parent.last, bits, task)));
  const denied = may_create(task, parent.path.dentry);
  if (denied !== 0) return denied;
  if (device && !(task.cred.cap_effective && task.cred.user_ns.parent === null)) return EPERM;
  return make_name(task, parent, mknod && ((dir) => mknod(dir, parent.last, bits, device ? rdev : 0, task)));
}

/** @linux fs/namei.c may_mknod #Y */
function may_mknod(mode: Mode): number | Errno {
  const type = mode & S_IFMT;
  if (type === 0) return S_IFREG;
  if (type === S_IFDIR) return EPERM;
  return [S_IFREG, S_IFCHR, S_IFBLK, S_IFIFO, S_IFSOCK].includes(type) ? type : EINVAL;
}

/** @linux fs/namei.c do_symlinkat #Y */
export function do_symlinkat(task: Task, target: string, dfd: Fd, name: PathName): Status {
  if (target === '') return ENOENT;
  if (encode(target).length >= PATH_MAX) return ENAMETOOLONG;
  const parent = filename_create(task, dfd, name, false);
  if (IS_ERR(parent)) return parent;
  const { symlink } = d_inode(parent.path.dentry).i_op;
  return make_name(task, parent, symlink && ((dir) => symlink(dir, parent.last, target, task)));
}

const LINK_MAX = 0xffffffff;

/**
 * A second name for an inode, not across mounts.
 * @linux fs/namei.c do_linkat #Y
 */
export function do_linkat(task: Task, olddfd: Fd, oldname: PathName, newdfd: Fd, newname: PathName, flags = 0): Status {
  const follow = (flags & AT_SYMLINK_FOLLOW) !== 0;
  const old = path_lookupat(task, olddfd, oldname, { follow, empty: (flags & AT_EMPTY_PATH) !== 0 });
  if (IS_ERR(old)) return old;
  const parent = filename_create(task, newdfd, newname, false);
  if (IS_ERR(parent)) return parent;
  if (old.mnt !== parent.path.mnt) return EXDEV;
  const inode = d_inode(old.dentry);
  if (!may_linkat(task, inode)) return EPERM;
  return vfs_link(task, inode, parent);
}

/**
 * fs.protected_hardlinks: others' files may be linked only if they are safe and could be read and written anyway.
 * @linux fs/namei.c may_linkat #Y
 */
function may_linkat(task: Task, inode: Inode): boolean {
  if (inode_owner_or_capable(task.cred, inode)) return true;
  const special = !S_ISREG(inode.i_mode) || (inode.i_mode & S_ISUID) !== 0 || (inode.i_mode & (S_ISGID | 0o010)) === (S_ISGID | 0o010);
  return !special && inode_permission(task, inode, MAY_READ | MAY_WRITE) === 0;
}

function vfs_link(task: Task, inode: Inode, parent: ParentPath): Status {
  const dir = parent.path.dentry;
  const denied = may_create(task, dir);
  if (denied !== 0) return denied;
  const { link } = d_inode(dir).i_op;
  if (dir.d_sb !== inode.i_sb) return EXDEV;
  if (!link || S_ISDIR(inode.i_mode)) return EPERM;
  if (inode.i_nlink === 0) return ENOENT;
  if (inode.i_nlink >= LINK_MAX) return EMLINK;
  const status = link(d_inode(dir), parent.last, inode);
  if (status === 0) d_add(dir, parent.last, inode);
  return status;
}

// Removing

/** The name to remove: EROFS first, then ENOENT. */
function victim_of(task: Task, parent: ParentPath): Dentry | Errno {
  const ro = mnt_want_write(parent.path.mnt);
  if (ro !== 0) return ro;
  return lookup_one(task, parent.path.dentry, parent.last) ?? ENOENT;
}

/** @linux fs/namei.c do_rmdir #Y */
export function do_rmdir(task: Task, dfd: Fd, name: PathName): Status {
  const parent = filename_parentat(task, dfd, name);
  if (IS_ERR(parent)) return parent;
  if (parent.type !== 'norm') return parent.type === 'dotdot' ? ENOTEMPTY : parent.type === 'dot' ? EINVAL : EBUSY;
  const victim = victim_of(task, parent);
  if (IS_ERR(victim)) return victim;
  return remove(task, parent.path.dentry, victim, true);
}

/** @linux fs/namei.c do_unlinkat #Y */
export function do_unlinkat(task: Task, dfd: Fd, name: PathName): Status {
  const parent = filename_parentat(task, dfd, name);
  if (IS_ERR(parent)) return parent;
  if (parent.type !== 'norm') return EISDIR;
  const victim = victim_of(task, parent);
  if (IS_ERR(victim)) return victim;
  if (parent.slash) return S_ISDIR(d_inode(victim).i_mode) ? EISDIR : ENOTDIR;
  return remove(task, parent.path.dentry, victim, false);
}

/**
 * @linux fs/namei.c vfs_unlink, vfs_rmdir #Y
 */
function remove(task: Task, dir: Dentry, victim: Dentry, isdir: boolean): Status {
  const denied = may_delete(task, dir, victim, isdir);
  if (denied !== 0) return denied;
  const op = isdir ? d_inode(dir).i_op.rmdir : d_inode(dir).i_op.unlink;
  if (!op) return EPERM;
  if (is_local_mountpoint(task.nsproxy.mnt_ns, victim)) return EBUSY;
  const status = op(d_inode(dir), victim.d_name);
  if (status === 0) forget_name(victim);
  return status;
}

/** The name is gone, and with it what other namespaces had mounted there. */
function forget_name(victim: Dentry): void {
  for (const mnt of mountsOn(victim)) umount_mnt(mnt);
  d_delete(victim);
  iput_final(d_inode(victim));
}

// Renaming

/** @linux fs/namei.c do_renameat2 #P[no RENAME_ flags] */
export function do_renameat(task: Task, olddfd: Fd, oldname: PathName, newdfd: Fd, newname: PathName): Status {
  const from = filename_parentat(task, olddfd, oldname);
  if (IS_ERR(from)) return from;
  const to = filename_parentat(task, newdfd, newname);
  if (IS_ERR(to)) return to;
  if (from.path.mnt !== to.path.mnt) return EXDEV;
  if (from.type !== 'norm' || to.type !== 'norm') return EBUSY;
  const ro = mnt_want_write(from.path.mnt);
  if (ro !== 0) return ro;
  const old = lookup_one(task, from.path.dentry, from.last) ?? ENOENT;
  if (IS_ERR(old)) return old;
  const target = lookup_one(task, to.path.dentry, to.last);
  if (IS_ERR(target)) return target;
  if (!S_ISDIR(d_inode(old).i_mode) && (from.slash || to.slash)) return ENOTDIR;
  if (is_subdir(to.path.dentry, old)) return EINVAL;
  if (target !== null && is_subdir(from.path.dentry, target)) return ENOTEMPTY;
  return vfs_rename(task, from.path, old, to, target);
}

/** @linux fs/namei.c vfs_rename #Y */
function vfs_rename(task: Task, from: Path, old: Dentry, to: ParentPath, target: Dentry | null): Status {
  const inode = d_inode(old);
  if (target !== null && d_inode(target) === inode) return 0;
  const isdir = S_ISDIR(inode.i_mode);
  const new_dir = to.path.dentry;
  const denied =
    may_delete(task, from.dentry, old, isdir) ||
    (target === null ? may_create(task, new_dir) : may_delete(task, new_dir, target, isdir)) ||
    may_change_parent(task, from.dentry, inode, new_dir, isdir);
  if (denied !== 0) return denied;
  const { rename } = d_inode(from.dentry).i_op;
  if (!rename) return EPERM;
  const ns = task.nsproxy.mnt_ns;
  if (is_local_mountpoint(ns, old) || (target !== null && is_local_mountpoint(ns, target))) return EBUSY;
  const status = rename(d_inode(from.dentry), old.d_name, d_inode(new_dir), to.last);
  if (status !== 0) return status;
  if (target !== null) forget_name(target);
  d_move(old, new_dir, to.last);
  return 0;
}

/** A directory that changes its parent gets its ".." rewritten: it must be writable. */
function may_change_parent(task: Task, from: Dentry, inode: Inode, to: Dentry, isdir: boolean): Status {
  return isdir && from !== to ? inode_permission(task, inode, MAY_WRITE) : 0;
}

// Reading links

/** @linux fs/stat.c do_readlinkat #Y */
export function do_readlinkat(task: Task, dfd: Fd, name: PathName): string | Errno {
  const path = path_lookupat(task, dfd, name, { empty: true });
  if (IS_ERR(path)) return path;
  const inode = d_inode(path.dentry);
  if (!S_ISLNK(inode.i_mode)) return name === '' ? ENOENT : EINVAL;
  return inode.i_op.readlink?.(inode, task) ?? ELOOP;
}
