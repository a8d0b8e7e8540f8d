/** Directories in memory: names that come, go and move. Follows fs/ramfs/inode.c and fs/libfs.c. */
import { EEXIST, ENOENT, ENOTEMPTY, type Errno, IS_ERR, type Status } from '../../uapi/errno.ts';
import { type Dirent, S_IFDIR, S_IFLNK, S_IFMT, S_ISDIR } from '../../uapi/stat.ts';
import type { Mode } from '../../uapi/types.ts';
import type { FileOperations, Inode, InodeOperations } from '../include/fs.ts';
import type { Task } from '../include/sched.ts';
import { inode_init_owner } from './inode.ts';
import { evict, setattr } from './ramfs_file.ts';
import { type RamInode, type RamSuper, ram, ram_iget, stamp, touch } from './ramfs_inode.ts';
import { type Link, node_of } from './ramfs_store.ts';

export const dir_inode_operations: InodeOperations = {
  setattr,
  evict,
  lookup: (dir, name) => {
    const link = dir_link(dir).children.get(name);
    return link ? ram_iget(ram(dir).info, link) : ENOENT;
  },
  create: (dir, name, mode, task) => make(dir, name, mode, task),
  mkdir: (dir, name, mode, task) => make(dir, name, S_IFDIR | mode, task),
  mknod: (dir, name, mode, rdev, task) => {
    const inode = make(dir, name, mode, task);
    if (!IS_ERR(inode)) inode.node.rdev = rdev;
    return inode;
  },
  symlink: (dir, name, target, task) => {
    const inode = make(dir, name, S_IFLNK | 0o777, task);
    if (!IS_ERR(inode)) inode.node.symlink = target;
    return inode;
  },
  link,
  unlink,
  rmdir,
  rename,
};

export const dir_operations: FileOperations = {
  iterate: (file) => {
    const out: Dirent[] = [];
    for (const [name, link] of dir_link(file.f_inode).children) {
      if (name === '.' || name === '..' || !link) continue;
      out.push({ d_name: name, d_ino: link.ino, d_type: link.getNode().mode & S_IFMT });
    }
    return out;
  },
};

/**
 * A new node under a new name.
 * @linux fs/ramfs/inode.c ramfs_mknod #Y
 */
function make(dir: Inode, name: string, mode: Mode, task: Task): RamInode | Errno {
  const owner = inode_init_owner(task.cred, dir, mode);
  return ram_add(dir_link(dir), name, owner.mode, owner.uid, owner.gid, ram(dir).info);
}

export function ram_add(parent: Link, name: string, mode: Mode, uid: number, gid: number, info: RamSuper): RamInode | Errno {
  if (parent.children.has(name)) return EEXIST;
  const node = info.store.createNode(mode); // owned by 0, as `nobody` says
  if (uid !== 0) node.uid = uid;
  if (gid !== 0) node.gid = gid;
  const inode = ram_iget(info, parent.createChild(name, node));
  const now = new Date(info.kernel.clock.now());
  stamp(node, now);
  node.atime = now;
  stamp(node_of(parent), now);
  return inode;
}

/** @linux fs/libfs.c simple_link #Y */
function link(dir: Inode, name: string, inode: Inode): Status {
  inode.i_nlink++;
  dir_link(dir).createChild(name, ram(inode).node);
  return changed(dir, inode);
}

/** @linux fs/libfs.c simple_unlink #Y */
function unlink(dir: Inode, name: string): Status {
  const child = dir_link(dir).children.get(name);
  if (!child) return ENOENT;
  const inode = ram_iget(ram(dir).info, child);
  dir_link(dir).deleteChild(child);
  inode.i_nlink = S_ISDIR(inode.i_mode) ? 0 : inode.i_nlink - 1;
  return changed(dir, inode);
}

/** @linux fs/libfs.c simple_rmdir #Y */
function rmdir(dir: Inode, name: string): Status {
  const child = dir_link(dir).children.get(name);
  if (child && child.children.size > 2) return ENOTEMPTY;
  return unlink(dir, name);
}

/** @linux fs/libfs.c simple_rename #P[no RENAME_EXCHANGE] */
function rename(old_dir: Inode, old_name: string, new_dir: Inode, new_name: string): Status {
  const child = dir_link(old_dir).children.get(old_name);
  if (!child) return ENOENT;
  if (dir_link(new_dir).children.has(new_name)) {
    const status = rmdir(new_dir, new_name);
    if (status !== 0) return status;
  }
  dir_link(old_dir).deleteChild(child);
  child.name = new_name;
  dir_link(new_dir).setChild(new_name, child);
  child.syncSteps();
  ram(old_dir).i_ctime = ram(old_dir).info.kernel.clock.now();
  touch(ram(old_dir));
  return changed(new_dir, ram_iget(ram(old_dir).info, child));
}

/** A name came or went: the directory was modified, the inode changed. */
function changed(dir: Inode, inode: Inode): 0 {
  touch(ram(dir));
  inode.i_ctime = ram(dir).info.kernel.clock.now();
  return 0;
}

export function dir_link(dir: Inode): Link {
  return ram(dir).link as Link;
}
