/** Names that were looked up. Follows fs/dcache.c. */
import type { Dentry, Inode, Path, SuperBlock } from '../include/fs.ts';

/**
 * @linux fs/dcache.c d_alloc #Y
 */
export function d_alloc(parent: Dentry, name: string, inode: Inode | null): Dentry {
  return { d_name: name, d_parent: parent, d_inode: inode, d_sb: parent.d_sb, d_children: new Map(), d_deleted: false };
}

/**
 * A dentry that is its own parent: the root of a superblock, or an object without a path (a pipe, then `name` says so).
 * @linux fs/dcache.c d_alloc_anon #Y
 */
export function d_alloc_root(sb: SuperBlock, inode: Inode, name: string): Dentry {
  const root: Omit<Dentry, 'd_parent'> & { d_parent?: Dentry } = {
    d_name: name,
    d_inode: inode,
    d_sb: sb,
    d_children: new Map(),
    d_deleted: false,
  };
  root.d_parent = root as Dentry;
  return root as Dentry;
}

/**
 * The root dentry of a superblock.
 * @linux fs/dcache.c d_make_root #Y
 */
export function d_make_root(sb: SuperBlock, inode: Inode): Dentry {
  return d_alloc_root(sb, inode, '');
}

/** @linux include/linux/dcache.h IS_ROOT #Y */
export const IS_ROOT = (dentry: Dentry): boolean => dentry.d_parent === dentry;

/**
 * Puts a name that exists into the cache.
 * @linux fs/dcache.c d_add #P[only names that exist are kept]
 */
export function d_add(parent: Dentry, name: string, inode: Inode): Dentry {
  const dentry = d_alloc(parent, name, inode);
  parent.d_children.set(name, dentry);
  return dentry;
}

/**
 * The name is gone; who still holds the dentry sees it as deleted.
 * @linux fs/dcache.c d_delete #Y
 */
export function d_delete(dentry: Dentry): void {
  dentry.d_deleted = true;
  d_drop(dentry);
}

/**
 * Forgets a name without calling it deleted.
 * @linux fs/dcache.c d_drop #Y
 */
export function d_drop(dentry: Dentry): void {
  const siblings = dentry.d_parent.d_children;
  if (siblings.get(dentry.d_name) === dentry) siblings.delete(dentry.d_name);
}

/**
 * After a rename: the dentry goes on under its new name, the one that was there is deleted.
 * @linux fs/dcache.c d_move #Y
 */
export function d_move(dentry: Dentry, new_parent: Dentry, new_name: string): void {
  const victim = new_parent.d_children.get(new_name);
  if (victim) d_delete(victim);
  d_drop(dentry);
  dentry.d_parent = new_parent;
  dentry.d_name = new_name;
  new_parent.d_children.set(new_name, dentry);
}

/**
 * True when `dentry` is `ancestor` or lies below it.
 * @linux fs/dcache.c is_subdir #Y
 */
export function is_subdir(dentry: Dentry, ancestor: Dentry): boolean {
  let d = dentry;
  while (d !== ancestor && !IS_ROOT(d)) d = d.d_parent;
  return d === ancestor;
}

/** @linux include/linux/path.h path_equal #Y */
export function path_equal(a: Path, b: Path): boolean {
  return a.mnt === b.mnt && a.dentry === b.dentry;
}

/**
 * The inode of a dentry that is known to be positive, as every dentry of a `Path` is.
 * @linux include/linux/dcache.h d_inode #Y
 */
export function d_inode(dentry: Dentry): Inode {
  return dentry.d_inode as Inode;
}
