/** open(2): the walk that may end in creating. Follows the path_openat part of fs/namei.c and do_dentry_open of fs/open.c. */
import { EACCES, EEXIST, EINVAL, EISDIR, ELOOP, ENOENT, ENOTDIR, ENXIO, EROFS, type Errno, IS_ERR, type Status } from '../../uapi/errno.ts';
import {
  O_ACCMODE,
  O_CLOEXEC,
  O_CREAT,
  O_DIRECTORY,
  O_EXCL,
  O_LARGEFILE,
  O_NOCTTY,
  O_NOFOLLOW,
  O_PATH,
  O_RDONLY,
  O_TRUNC,
  O_WRONLY,
} from '../../uapi/fcntl.ts';
import { MS_NODEV } from '../../uapi/mount.ts';
import { S_IFBLK, S_IFCHR, S_IFDIR, S_IFIFO, S_IFLNK, S_IFMT, S_IFREG, S_IFSOCK, S_ISDIR, S_ISLNK, S_ISREG } from '../../uapi/stat.ts';
import type { Fd, MaybeAsync, Mode, PathName } from '../../uapi/types.ts';
import type { Dentry, FileOperations, Inode, OpenFile, Path } from '../include/fs.ts';
import type { Task } from '../include/sched.ts';
import { do_truncate_inode } from './attr.ts';
import { chrdev_lookup } from './char_dev.ts';
import { d_add, d_inode } from './dcache.ts';
import { alloc_file, can_write, file_free, fput } from './file_table.ts';
import { get_write_access, put_write_access } from './inode.ts';
import { may_create } from './namei.ts';
import {
  get_link,
  getname,
  inode_permission,
  link_path_walk,
  lookup_one,
  MAY_READ,
  MAY_WRITE,
  mnt_want_write,
  type NameiData,
  path_init,
  path_lookupat,
  step_into,
  walk_component,
} from './namei_walk.ts';
import { pipefifo_fops } from './pipe.ts';

const PATH_FLAGS = O_DIRECTORY | O_NOFOLLOW | O_PATH | O_CLOEXEC;
/** Flags of the opening itself, which F_GETFL does not show. */
const OPEN_ONLY = O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_CLOEXEC;

/**
 * The file that `name` names, opened; made if O_CREAT says so. Sleeps only for a fifo.
 * @linux fs/namei.c do_filp_open #P[no O_TMPFILE, O_DIRECT, openat2 resolve flags]
 */
export function do_filp_open(task: Task, dfd: Fd, name: PathName, flags: number, mode: Mode): MaybeAsync<OpenFile | Errno> {
  if ((flags & O_PATH) !== 0) return do_o_path(task, dfd, name, flags & PATH_FLAGS);
  if ((flags & O_CREAT) !== 0 && (flags & O_DIRECTORY) !== 0) return EINVAL;
  const bad = getname(name, false);
  if (bad !== 0) return bad;
  const nd = path_init(task, dfd, name);
  if (IS_ERR(nd)) return nd;
  const created = open_last_lookups(nd, name, flags, mode);
  if (IS_ERR(created)) return created;
  return do_open(task, nd.path, flags, created);
}

/** @linux fs/namei.c do_o_path #Y */
function do_o_path(task: Task, dfd: Fd, name: PathName, flags: number): OpenFile | Errno {
  const path = path_lookupat(task, dfd, name, { follow: (flags & O_NOFOLLOW) === 0, directory: (flags & O_DIRECTORY) !== 0 });
  return IS_ERR(path) ? path : alloc_file(path, {}, flags & ~O_CLOEXEC, task.cred);
}

/**
 * Walks to the last component and, round by round, through the links that it may be. Answers whether it was created.
 * @linux fs/namei.c open_last_lookups #Y
 */
function open_last_lookups(nd: NameiData, name: PathName, flags: number, mode: Mode): boolean | Errno {
  let text = name;
  for (;;) {
    const status = link_path_walk(nd, text);
    if (status !== 0) return status;
    const link = (flags & O_CREAT) !== 0 ? last_or_create(nd, flags, mode) : last_existing(nd, flags);
    if (typeof link === 'boolean' || IS_ERR(link)) return link;
    const target = get_link(nd, link);
    if (target === 0) return false;
    if (IS_ERR(target)) return target;
    text = target;
  }
}

/** Without O_CREAT: false when nd.path is there, or the link that is to be followed. */
function last_existing(nd: NameiData, flags: number): Dentry | false | Errno {
  const { slash } = nd;
  if (nd.type !== 'norm') return status_or(walk_component(nd, false), false);
  const dentry = lookup_one(nd.task, nd.path.dentry, nd.last) ?? ENOENT;
  if (IS_ERR(dentry)) return dentry;
  if (S_ISLNK(d_inode(dentry).i_mode) && (slash || (flags & O_NOFOLLOW) === 0)) return slash ? into_directory(nd) : dentry;
  step_into(nd, dentry);
  return slash && !S_ISDIR(d_inode(nd.path.dentry).i_mode) ? ENOTDIR : false;
}

/** A link with slashes behind it is followed to the end, and must be a directory there. */
function into_directory(nd: NameiData): false | Errno {
  const status = walk_component(nd, true);
  if (status !== 0) return status;
  return S_ISDIR(d_inode(nd.path.dentry).i_mode) ? false : ENOTDIR;
}

const status_or = <T>(status: Status, value: T): T | Errno => (status === 0 ? value : status);

/**
 * With O_CREAT: true when the file was made just now.
 * @linux fs/namei.c lookup_open #Y
 */
function last_or_create(nd: NameiData, flags: number, mode: Mode): Dentry | boolean | Errno {
  if (nd.slash && nd.type === 'norm') return EISDIR;
  if (nd.type !== 'norm') return (flags & O_EXCL) !== 0 ? EEXIST : EISDIR;
  const dentry = lookup_one(nd.task, nd.path.dentry, nd.last);
  if (IS_ERR(dentry)) return dentry;
  if (dentry === null) return create(nd, mode);
  if ((flags & O_EXCL) !== 0) return EEXIST;
  if (S_ISLNK(d_inode(dentry).i_mode) && (flags & O_NOFOLLOW) === 0) return dentry;
  step_into(nd, dentry);
  return S_ISDIR(d_inode(nd.path.dentry).i_mode) ? EISDIR : false;
}

function create(nd: NameiData, mode: Mode): true | Errno {
  const { task, path } = nd;
  const ro = mnt_want_write(path.mnt);
  if (ro !== 0) return ro;
  const denied = may_create(task, path.dentry);
  if (denied !== 0) return denied;
  const dir = d_inode(path.dentry);
  if (!dir.i_op.create) return EACCES;
  const inode = dir.i_op.create(dir, nd.last, S_IFREG | (mode & 0o7777 & ~task.fs.umask), task);
  if (IS_ERR(inode)) return inode;
  nd.path = { mnt: path.mnt, dentry: d_add(path.dentry, nd.last, inode) };
  return true;
}

/**
 * The checks on what was found, and the opening.
 * @linux fs/namei.c do_open #Y
 */
function do_open(task: Task, path: Path, flags: number, created: boolean): MaybeAsync<OpenFile | Errno> {
  const inode = d_inode(path.dentry);
  if ((flags & O_DIRECTORY) !== 0 && !S_ISDIR(inode.i_mode)) return ENOTDIR;
  if (!created) {
    const truncates = (flags & O_TRUNC) !== 0 && S_ISREG(inode.i_mode);
    if (truncates && mnt_want_write(path.mnt) !== 0) return EROFS;
    const denied = may_open(task, path, inode, flags);
    if (denied !== 0) return denied;
  }
  const file = vfs_open(task, path, flags);
  if ((flags & O_TRUNC) === 0 || created || !S_ISREG(inode.i_mode) || IS_ERR(file) || file instanceof Promise) return file;
  return truncated(task, file);
}

/** @linux fs/namei.c handle_truncate #Y */
function truncated(task: Task, file: OpenFile): OpenFile | Errno {
  const status = get_write_access(file.f_inode) || set_size_once(task, file.f_inode);
  if (status === 0) return file;
  fput(file);
  return status;
}

function set_size_once(task: Task, inode: Inode): Status {
  const status = do_truncate_inode(task, inode, 0);
  put_write_access(inode);
  return status;
}

/** @linux fs/namei.c may_open #Y */
function may_open(task: Task, path: Path, inode: Inode, flags: number): Status {
  const acc_mode = acc_mode_of(flags);
  switch (inode.i_mode & S_IFMT) {
    case S_IFLNK:
      return ELOOP;
    case S_IFDIR:
      if ((acc_mode & MAY_WRITE) !== 0) return EISDIR;
      break;
    case S_IFBLK:
    case S_IFCHR:
      if (!may_open_dev(path)) return EACCES;
  }
  return inode_permission(task, inode, acc_mode);
}

/** What the opener must be allowed to do: O_TRUNC writes whatever else is asked. */
function acc_mode_of(flags: number): number {
  const acc = flags & O_ACCMODE;
  const mode = acc === O_RDONLY ? MAY_READ : acc === O_WRONLY ? MAY_WRITE : MAY_READ | MAY_WRITE;
  return (flags & O_TRUNC) !== 0 ? mode | MAY_WRITE : mode;
}

/**
 * Device files open only where neither the mount nor an unprivileged superblock forbids it.
 * @linux fs/namei.c may_open_dev #Y
 */
function may_open_dev(path: Path): boolean {
  return (path.mnt.mnt_flags & MS_NODEV) === 0 && path.mnt.mnt_sb.s_user_ns.parent === null;
}

/**
 * Opens a place whose permissions were checked.
 * @linux fs/open.c do_dentry_open #Y
 */
export function vfs_open(task: Task, path: Path, flags: number): MaybeAsync<OpenFile | Errno> {
  const inode = d_inode(path.dentry);
  const f_op = fops_get(task, inode);
  if (IS_ERR(f_op)) return f_op;
  const file = alloc_file(path, f_op, (flags & ~OPEN_ONLY) | O_LARGEFILE, task.cred);
  const busy = can_write(file) && S_ISREG(inode.i_mode) ? write_access(path, inode) : 0;
  if (busy !== 0) return failed(file, busy, false);
  const opened = f_op.open ? f_op.open(file, task) : 0;
  if (opened instanceof Promise) return opened.then((status) => (status === 0 ? file : failed(file, status, true)));
  return opened === 0 ? file : failed(file, opened, true);
}

function write_access(path: Path, inode: Inode): Status {
  const busy = get_write_access(inode);
  if (busy !== 0) return busy;
  const ro = mnt_want_write(path.mnt);
  if (ro !== 0) put_write_access(inode);
  return ro;
}

/** Undoes a failed open; `counted`: it was a writer already. */
function failed(file: OpenFile, errno: Errno, counted: boolean): Errno {
  if (counted && can_write(file) && S_ISREG(file.f_inode.i_mode)) put_write_access(file.f_inode);
  file_free(file);
  return errno;
}

/** The operations behind an inode: the driver's for a device, the pipe's for a fifo. */
function fops_get(task: Task, inode: Inode): FileOperations | Errno {
  switch (inode.i_mode & S_IFMT) {
    case S_IFCHR:
      return chrdev_lookup(task.kernel, inode.i_rdev) ?? ENXIO;
    case S_IFBLK:
    case S_IFSOCK:
      return ENXIO;
    case S_IFIFO:
      return inode.i_fop.stream ? inode.i_fop : pipefifo_fops; // a pipe of the host has operations of its own
    case S_IFLNK:
      return ELOOP;
    default:
      return inode.i_fop;
  }
}
