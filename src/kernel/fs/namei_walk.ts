/** From a pathname to a place: the walk, its permissions and its links. Follows the first half of fs/namei.c. */

import { encode } from '../../uapi/bytes.ts';
import { EACCES, ELOOP, ENAMETOOLONG, ENOENT, ENOTDIR, EROFS, type Errno, IS_ERR, type Status } from '../../uapi/errno.ts';
import { AT_FDCWD, NAME_MAX, PATH_MAX } from '../../uapi/fcntl.ts';
import { MS_RDONLY } from '../../uapi/mount.ts';
import { S_ISDIR, S_ISLNK, S_ISREG } from '../../uapi/stat.ts';
import type { Fd, PathName } from '../../uapi/types.ts';
import type { Cred, Dentry, Inode, Mount, Path } from '../include/fs.ts';
import type { Task } from '../include/sched.ts';
import { in_group_p } from '../kernel/cred.ts';
import { d_add, d_alloc, d_inode, path_equal } from './dcache.ts';
import { fget } from './file.ts';
import { capable_wrt_inode_uidgid, touch_atime } from './inode.ts';
import { follow_down, mnt_has_parent } from './mount.ts';

export const MAY_EXEC = 1;
export const MAY_WRITE = 2;
export const MAY_READ = 4;

const MAXSYMLINKS = 40;

/** What a walk tells who watches it. */
export interface WalkStep {
  readonly step: 'component' | 'symlink' | 'mount' | 'permission';
  /** The component that was looked up. */
  readonly name: string;
  /** Where the walk is now; for a symlink, the directory it is followed from. */
  readonly path: Path;
  /** Text of the link. */
  readonly target?: string;
  readonly errno?: Errno;
}

export interface LookupFlags {
  /** Follow a symlink in the last component too. */
  readonly follow?: boolean;
  /** "" names the descriptor itself (AT_EMPTY_PATH). */
  readonly empty?: boolean;
  /** The last component must be a directory. */
  readonly directory?: boolean;
  readonly walk?: ((step: WalkStep) => void) | undefined;
}

export type LastType = 'norm' | 'root' | 'dot' | 'dotdot';

/** Where the last component would be: what creating, removing and renaming start from. */
export interface ParentPath {
  /** The directory. */
  readonly path: Path;
  readonly last: string;
  readonly type: LastType;
  /** The name ended in slashes. */
  readonly slash: boolean;
}

/** struct nameidata: a walk under way. */
export interface NameiData {
  readonly task: Task;
  readonly root: Path;
  path: Path;
  last: string;
  type: LastType;
  slash: boolean;
  total_link_count: number;
  readonly walk: ((step: WalkStep) => void) | undefined;
}

// Permissions

/**
 * The permission bits of the one class that applies; capabilities override, but execution needs an x bit somewhere.
 * @linux fs/namei.c generic_permission #P[no ACL; capabilities are held all together or none]
 */
export function generic_permission(cred: Cred, inode: Inode, mask: number): Status {
  const { i_mode } = inode;
  const shift = cred.fsuid === inode.i_uid ? 6 : in_group_p(cred, inode.i_gid) ? 3 : 0;
  if ((mask & ~(i_mode >> shift) & 7) === 0) return 0;
  if (!capable_wrt_inode_uidgid(cred, inode)) return EACCES;
  return S_ISDIR(i_mode) || (mask & MAY_EXEC) === 0 || (i_mode & 0o111) !== 0 ? 0 : EACCES;
}

/**
 * Whether `task` may do `mask` to an inode; writing needs a superblock that is not read-only.
 * @linux fs/namei.c inode_permission #Y
 */
export function inode_permission(task: Task, inode: Inode, mask: number): Status {
  if ((mask & MAY_WRITE) !== 0 && (inode.i_sb.s_flags & MS_RDONLY) !== 0) {
    if (S_ISREG(inode.i_mode) || S_ISDIR(inode.i_mode) || S_ISLNK(inode.i_mode)) return EROFS;
  }
  const { permission } = inode.i_op;
  return permission ? permission(inode, mask, task) : generic_permission(task.cred, inode, mask);
}

/**
 * EROFS where neither mount nor superblock takes changes.
 * @linux fs/namespace.c mnt_want_write #Y
 */
export function mnt_want_write(mnt: Mount): Status {
  return ((mnt.mnt_flags | mnt.mnt_sb.s_flags) & MS_RDONLY) !== 0 ? EROFS : 0;
}

// Names

/**
 * ENOENT for "" (unless it is allowed), ENAMETOOLONG for what does not fit in PATH_MAX with its NUL.
 * @linux fs/namei.c getname_flags #Y
 */
export function getname(name: PathName, empty: boolean): Status {
  if (name === '') return empty ? 0 : ENOENT;
  return bytes_over(name, PATH_MAX - 1) ? ENAMETOOLONG : 0;
}

/** True when `text` has more than `max` bytes. Chars are at most three bytes each, so short ones need no counting. */
export function bytes_over(text: string, max: number): boolean {
  return text.length * 3 > max && (text.length > max || encode(text).length > max);
}

/**
 * The dentry of a name in a directory, from the cache or the file system; null if there is none.
 * @linux fs/namei.c __lookup_hash #Y
 */
export function lookup_one(task: Task, dir: Dentry, name: string): Dentry | null | Errno {
  const cached = dir.d_children.get(name);
  if (cached) return cached;
  const inode_dir = d_inode(dir);
  const { lookup, nocache } = inode_dir.i_op;
  if (!lookup) return ENOTDIR;
  if (dir.d_deleted) return ENOENT;
  if (bytes_over(name, NAME_MAX)) return ENAMETOOLONG;
  const inode = lookup(inode_dir, name, task);
  if (inode === ENOENT && !nocache) return null;
  if (IS_ERR(inode)) return inode;
  return nocache ? d_alloc(dir, name, inode) : d_add(dir, name, inode);
}

// The walk

/**
 * Begins a walk of `name`: at the root, the working directory or the directory behind `dfd`.
 * @linux fs/namei.c path_init #Y
 */
export function path_init(task: Task, dfd: Fd, name: PathName, walk?: (step: WalkStep) => void): NameiData | Errno {
  const { root } = task.fs;
  const path = name.startsWith('/') ? root : start_of(task, dfd, name);
  if (IS_ERR(path)) return path;
  return { task, root, path, last: '', type: 'root', slash: false, total_link_count: 0, walk };
}

function start_of(task: Task, dfd: Fd, name: PathName): Path | Errno {
  if (dfd === AT_FDCWD) return task.fs.pwd;
  const file = fget(task, dfd);
  if (IS_ERR(file)) return file;
  return name !== '' && !S_ISDIR(file.f_inode.i_mode) ? ENOTDIR : file.f_path;
}

/**
 * Walks all components but the last, which is left in nd.last; links on the way are followed.
 * @linux fs/namei.c link_path_walk #Y
 */
export function link_path_walk(nd: NameiData, name: PathName): Status {
  if (name.startsWith('/')) nd.path = nd.root;
  nd.type = 'root';
  nd.last = '';
  nd.slash = false;
  let at = skip_slashes(name, 0);
  while (at < name.length) {
    const denied = may_lookup(nd);
    if (denied !== 0) return denied;
    const slash = name.indexOf('/', at);
    const end = slash === -1 ? name.length : slash;
    set_last(nd, name.slice(at, end));
    at = skip_slashes(name, end);
    nd.slash = slash !== -1;
    if (at === name.length) return 0;
    const status = walk_component(nd, true);
    if (status !== 0) return status;
    if (!S_ISDIR(d_inode(nd.path.dentry).i_mode)) return ENOTDIR;
  }
  return 0;
}

function skip_slashes(name: string, from: number): number {
  let i = from;
  while (name.charCodeAt(i) === 47) i++;
  return i;
}

function set_last(nd: NameiData, name: string): void {
  nd.last = name;
  nd.type = name === '.' ? 'dot' : name === '..' ? 'dotdot' : 'norm';
}

/** @linux fs/namei.c may_lookup #Y */
function may_lookup(nd: NameiData): Status {
  const inode = d_inode(nd.path.dentry);
  if (!S_ISDIR(inode.i_mode)) return ENOTDIR;
  const denied = inode_permission(nd.task, inode, MAY_EXEC);
  if (denied !== 0) nd.walk?.({ step: 'permission', name: nd.path.dentry.d_name, path: nd.path, errno: denied });
  return denied;
}

/**
 * One step: nd.path becomes what nd.last names in it.
 * @linux fs/namei.c walk_component #Y
 */
export function walk_component(nd: NameiData, follow: boolean): Status {
  if (nd.type === 'dotdot') follow_dotdot(nd);
  if (nd.type !== 'norm') return 0;
  const name = nd.last;
  const dentry = lookup_one(nd.task, nd.path.dentry, name);
  if (dentry === null || IS_ERR(dentry)) {
    const errno = dentry ?? ENOENT;
    nd.walk?.({ step: 'component', name, path: nd.path, errno });
    return errno;
  }
  if (follow && S_ISLNK(d_inode(dentry).i_mode)) return follow_link(nd, dentry);
  step_into(nd, dentry);
  return 0;
}

/**
 * Moves to a child, and through what is mounted there.
 * @linux fs/namei.c step_into #Y
 */
export function step_into(nd: NameiData, dentry: Dentry): void {
  const path = { mnt: nd.path.mnt, dentry };
  nd.path = follow_down(path);
  nd.walk?.({ step: 'component', name: dentry.d_name, path });
  if (nd.path.mnt !== path.mnt) nd.walk?.({ step: 'mount', name: dentry.d_name, path: nd.path });
}

/**
 * Up: not beyond the task's root, and out of a mount through its mountpoint.
 * @linux fs/namei.c follow_dotdot #Y
 */
function follow_dotdot(nd: NameiData): void {
  let at = nd.path;
  while (at.dentry === at.mnt.mnt_root && !path_equal(at, nd.root) && mnt_has_parent(at.mnt)) {
    at = { mnt: at.mnt.mnt_parent, dentry: at.mnt.mnt_mountpoint };
  }
  if (!path_equal(at, nd.root) && at.dentry !== at.mnt.mnt_root) at = { mnt: at.mnt, dentry: at.dentry.d_parent };
  nd.path = follow_down(at);
}

/**
 * Goes where a link in nd.path points, to the very end.
 * @linux fs/namei.c pick_link #Y
 */
function follow_link(nd: NameiData, link: Dentry): Status {
  const target = get_link(nd, link);
  if (typeof target !== 'string') return target;
  const status = link_path_walk(nd, target);
  return status === 0 ? walk_last(nd, true) : status;
}

/** The last component of a link's text; slashes behind it ask for a directory. */
function walk_last(nd: NameiData, follow: boolean): Status {
  const slash = nd.slash;
  const status = walk_component(nd, follow || slash);
  if (status !== 0) return status;
  return slash && !S_ISDIR(d_inode(nd.path.dentry).i_mode) ? ENOTDIR : 0;
}

/**
 * The text of a link, or 0 when it was a magic one and nd.path is there already.
 * @linux fs/namei.c get_link #P[no fs.protected_symlinks]
 */
export function get_link(nd: NameiData, link: Dentry): string | Status {
  if (nd.total_link_count++ >= MAXSYMLINKS) return ELOOP;
  const inode = d_inode(link);
  touch_atime(nd.task.kernel, { mnt: nd.path.mnt, dentry: link });
  if (inode.i_op.get_link) return jump(nd, link, inode.i_op.get_link(inode, nd.task));
  const target = inode.i_op.readlink?.(inode, nd.task) ?? ELOOP;
  if (IS_ERR(target)) return target;
  nd.walk?.({ step: 'symlink', name: link.d_name, path: nd.path, target });
  return target === '' ? ENOENT : target;
}

/** @linux fs/namei.c nd_jump_link #Y */
function jump(nd: NameiData, link: Dentry, to: Path | Errno): Status {
  if (IS_ERR(to)) return to;
  nd.path = to;
  nd.walk?.({ step: 'symlink', name: link.d_name, path: to });
  return 0;
}

// What others call

/**
 * The place that `name` names.
 * @linux fs/namei.c path_lookupat #Y
 */
export function path_lookupat(task: Task, dfd: Fd, name: PathName, flags: LookupFlags): Path | Errno {
  const bad = getname(name, flags.empty === true);
  if (bad !== 0) return bad;
  const nd = path_init(task, dfd, name, flags.walk);
  if (IS_ERR(nd)) return nd;
  const status = link_path_walk(nd, name) || walk_last(nd, flags.follow === true);
  if (status !== 0) return status;
  return flags.directory && !S_ISDIR(d_inode(nd.path.dentry).i_mode) ? ENOTDIR : nd.path;
}

/**
 * The directory that `name`'s last component is, or would be, in.
 * @linux fs/namei.c filename_parentat #Y
 */
export function filename_parentat(task: Task, dfd: Fd, name: PathName): ParentPath | Errno {
  const bad = getname(name, false);
  if (bad !== 0) return bad;
  const nd = path_init(task, dfd, name);
  if (IS_ERR(nd)) return nd;
  const status = link_path_walk(nd, name);
  if (status !== 0) return status;
  return { path: nd.path, last: nd.last, type: nd.type, slash: nd.slash };
}
