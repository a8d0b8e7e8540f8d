/** Files and links in memory: their bytes, their attributes, their end. Follows mm/shmem.c. */
import { EFBIG, ENOSPC, type Errno, type Status } from '../../uapi/errno.ts';
import type { Bytes } from '../../uapi/types.ts';
import type { FileOperations, Inode, InodeOperations, SetAttr } from '../include/fs.ts';
import { setattr_copy } from './attr.ts';
import { charge, type RamInode, ram, size_limit, touch } from './ramfs_inode.ts';

export const file_operations: FileOperations = {
  read: (file, count, pos) => read(ram(file.f_inode), count, pos),
  write: (file, data, pos) => write(ram(file.f_inode), data, pos),
  kernel_read: (file, pos, count) => view(ram(file.f_inode), count, pos),
};

/** A copy of a piece of the file, the caller's to keep; holes read as zeros. */
function read(inode: RamInode, count: number, pos: number): Bytes {
  const n = readable(inode, count, pos);
  return zero_filled(inode.node.content.read(pos, pos + n), n);
}

/** The same for the kernel itself, which may see the stored bytes. */
function view(inode: RamInode, count: number, pos: number): Bytes {
  const n = readable(inode, count, pos);
  return zero_filled(inode.node.content.view(pos, pos + n), n);
}

const readable = (inode: RamInode, count: number, pos: number): number => Math.max(0, Math.min(count, inode.i_size - pos));

function zero_filled(stored: Bytes, n: number): Bytes {
  if (stored.length === n) return stored;
  const out = new Uint8Array(n);
  out.set(stored);
  return out;
}

function write(inode: RamInode, data: Bytes, pos: number): number | Errno {
  if (data.length === 0) return 0;
  const n = Math.min(data.length, size_limit(inode) - pos);
  if (n <= 0) return ENOSPC;
  const { node } = inode;
  charge(inode, Math.max(node.getSize(), pos + n));
  node.content.write(n === data.length ? data : data.subarray(0, n), pos);
  node.changes.emit(['modify']);
  touch(inode);
  return n;
}

/**
 * @linux mm/shmem.c shmem_setattr #Y
 */
function resize(inode: RamInode, size: number): Status {
  if (size > Number.MAX_SAFE_INTEGER) return EFBIG;
  const stored = Math.min(size, inode.node.getSize());
  charge(inode, stored);
  if (stored < inode.node.getSize()) inode.node.content.truncate(stored);
  inode.hole_end = size > stored ? size : 0;
  touch(inode);
  return 0;
}

export const setattr = (inode: Inode, attr: SetAttr): Status => {
  const status = attr.size === undefined ? 0 : resize(ram(inode), attr.size);
  if (status === 0) setattr_copy(inode, attr);
  return status;
};

/** @linux fs/inode.c evict #Y */
export function evict(inode: Inode): void {
  const { info, node } = ram(inode);
  if (info.store.inodes[node.ino] !== node) return;
  charge(ram(inode), 0);
  node.truncate(0);
  info.store.deleteNode(node);
  info.store.releasedInos.length = 0; // as tmpfs: numbers are not used again
}

export const file_inode_operations: InodeOperations = { setattr, evict };
export const symlink_inode_operations: InodeOperations = { setattr, evict, readlink: (inode) => ram(inode).node.symlink };
