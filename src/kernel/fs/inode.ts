/** What all inodes have in common: owners, times, writers. Follows fs/inode.c, fs/attr.c, security/commoncap.c. */
import { ETXTBSY, type Status } from '../../uapi/errno.ts';
import { MS_NOATIME, MS_RDONLY } from '../../uapi/mount.ts';
import { S_ISDIR, S_ISGID } from '../../uapi/stat.ts';
import type { Mode } from '../../uapi/types.ts';
import type { Cred, Inode, Path } from '../include/fs.ts';
import type { Kernel, UserNamespace } from '../include/sched.ts';
import { in_group_p } from '../kernel/cred.ts';
import { from_kgid, from_kuid, INVALID_ID } from '../kernel/user_namespace.ts';
import { d_inode } from './dcache.ts';

/** @linux include/linux/fs.h privileged_wrt_inode_uidgid #Y */
export function privileged_wrt_inode_uidgid(ns: UserNamespace, inode: Inode): boolean {
  if (ns.parent === null) return true;
  return from_kuid(ns, inode.i_uid) !== INVALID_ID && from_kgid(ns, inode.i_gid) !== INVALID_ID;
}

/**
 * Whether the capabilities of `cred` reach `inode`: held in its user namespace, which must know the owner.
 * @linux kernel/capability.c capable_wrt_inode_uidgid #P[capabilities are held all together or none]
 */
export function capable_wrt_inode_uidgid(cred: Cred, inode: Inode): boolean {
  return cred.cap_effective && privileged_wrt_inode_uidgid(cred.user_ns, inode);
}

/** @linux fs/inode.c inode_owner_or_capable #Y */
export function inode_owner_or_capable(cred: Cred, inode: Inode): boolean {
  return cred.fsuid === inode.i_uid || capable_wrt_inode_uidgid(cred, inode);
}

export interface NewOwner {
  readonly uid: number;
  readonly gid: number;
  readonly mode: Mode;
}

/**
 * Owner and mode of a new inode: the caller's, but a set-gid directory hands down its group, and itself to directories.
 * @linux fs/inode.c inode_init_owner #Y
 */
export function inode_init_owner(cred: Cred, dir: Inode, mode: Mode): NewOwner {
  const uid = cred.fsuid;
  if ((dir.i_mode & S_ISGID) === 0) return { uid, gid: cred.fsgid, mode };
  return { uid, gid: dir.i_gid, mode: S_ISDIR(mode) ? mode | S_ISGID : mode_strip_sgid(cred, dir, mode) };
}

/**
 * Nobody makes set-gid programs for a group that is not theirs.
 * @linux fs/inode.c mode_strip_sgid #Y
 */
function mode_strip_sgid(cred: Cred, dir: Inode, mode: Mode): Mode {
  if ((mode & (S_ISGID | 0o010)) !== (S_ISGID | 0o010)) return mode;
  return in_group_p(cred, dir.i_gid) || capable_wrt_inode_uidgid(cred, dir) ? mode : mode & ~S_ISGID;
}

/**
 * Takes the right to write; ETXTBSY while the file is being executed.
 * @linux include/linux/fs.h get_write_access #Y
 */
export function get_write_access(inode: Inode): Status {
  if (inode.i_writecount < 0) return ETXTBSY;
  inode.i_writecount++;
  return 0;
}
/** @linux include/linux/fs.h put_write_access #Y */
export function put_write_access(inode: Inode): void {
  inode.i_writecount--;
}
/**
 * Keeps writers away; ETXTBSY while there is one.
 * @linux include/linux/fs.h deny_write_access #Y
 */
export function deny_write_access(inode: Inode): Status {
  if (inode.i_writecount > 0) return ETXTBSY;
  inode.i_writecount--;
  return 0;
}
/** @linux include/linux/fs.h allow_write_access #Y */
export function allow_write_access(inode: Inode): void {
  inode.i_writecount++;
}

/**
 * One more open file.
 * @linux fs/inode.c ihold #P[only open files count; names are i_nlink]
 */
export function ihold(inode: Inode): void {
  inode.i_count = (inode.i_count ?? 0) + 1;
}
/** @linux fs/inode.c iput #Y */
export function iput(inode: Inode): void {
  inode.i_count = (inode.i_count ?? 0) - 1;
  iput_final(inode);
}
/**
 * Lets the file system take back an inode that neither a name nor an open file holds.
 * @linux fs/inode.c iput_final #Y
 */
export function iput_final(inode: Inode): void {
  if (inode.i_nlink === 0 && (inode.i_count ?? 0) === 0) inode.i_op.evict?.(inode);
}

const DAY = 24 * 60 * 60 * 1000;

/**
 * A read happened. Times of access are kept as relatime does: when not newer than a change, or a day old.
 * @linux fs/inode.c touch_atime #Y
 */
export function touch_atime(kernel: Kernel, path: Path): void {
  const inode = d_inode(path.dentry);
  const flags = path.mnt.mnt_flags | path.dentry.d_sb.s_flags;
  if ((flags & (MS_NOATIME | MS_RDONLY)) !== 0) return;
  const now = kernel.clock.now();
  const stale = inode.i_atime <= inode.i_mtime || inode.i_atime <= inode.i_ctime || now - inode.i_atime >= DAY;
  if (stale) inode.i_atime = now;
}

/**
 * Content changed.
 * @linux fs/inode.c file_update_time #Y
 */
export function file_update_time(kernel: Kernel, inode: Inode): void {
  const now = kernel.clock.now();
  inode.i_mtime = now;
  inode.i_ctime = now;
}
