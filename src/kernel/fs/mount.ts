/** The tree of mounts as path walking sees it. Follows fs/mount.h and the first part of fs/namespace.c. */
import type { Dentry, MntNamespace, Mount, Path, SuperBlock } from '../include/fs.ts';
import type { Kernel } from '../include/sched.ts';
import { activate_super, deactivate_super } from './super.ts';

/** In mnt_locked: this mount hides what its namespace's owner may not see. */
export const MNT_LOCKED = 1 << 23;

/** Who is mounted where: by the dentry covered, then by the parent mount. */
const mounted_on = new WeakMap<Dentry, Mount[]>();

export interface MountOptions {
  readonly flags: number;
  readonly source: string;
}

/**
 * A mount that is nowhere yet: its own parent.
 * @linux fs/namespace.c alloc_vfsmnt #Y
 */
export function alloc_vfsmnt(kernel: Kernel, sb: SuperBlock, root: Dentry, options: MountOptions): Mount {
  const loose: Omit<Mount, 'mnt_parent'> & { mnt_parent?: Mount } = {
    mnt_id: kernel.next_id(),
    mnt_sb: sb,
    mnt_root: root,
    mnt_mountpoint: root,
    mnt_flags: options.flags,
    mnt_source: options.source,
    mnt_ns: null,
    mnt_count: 0,
    mnt_writers: 0,
    mnt_locked: 0,
  };
  loose.mnt_parent = loose as Mount;
  activate_super(sb);
  return loose as Mount;
}

/** @linux fs/mount.h mnt_has_parent #Y */
export const mnt_has_parent = (mnt: Mount): boolean => mnt.mnt_parent !== mnt;

/**
 * Puts `mnt` on `at`, at the end of its namespace's list.
 * @linux fs/namespace.c attach_mnt #Y
 */
export function attach_mnt(mnt: Mount, at: Path, ns: MntNamespace): void {
  mnt.mnt_parent = at.mnt;
  mnt.mnt_mountpoint = at.dentry;
  const here = mounted_on.get(at.dentry);
  if (here) here.push(mnt);
  else mounted_on.set(at.dentry, [mnt]);
  mnt_add_to_ns(mnt, ns);
}

/** @linux fs/mount.h mnt_add_to_ns #Y */
export function mnt_add_to_ns(mnt: Mount, ns: MntNamespace): void {
  if (mnt.mnt_ns === ns) return;
  mnt.mnt_ns = ns;
  ns.mounts.push(mnt);
}

/**
 * Takes `mnt` off its mountpoint; it stays in its namespace's list.
 * @linux fs/namespace.c unhash_mnt #Y
 */
export function unhash_mnt(mnt: Mount): void {
  const here = mounted_on.get(mnt.mnt_mountpoint) ?? [];
  const i = here.indexOf(mnt);
  if (i !== -1) here.splice(i, 1);
  if (here.length === 0) mounted_on.delete(mnt.mnt_mountpoint);
  mnt.mnt_parent = mnt;
  mnt.mnt_mountpoint = mnt.mnt_root;
}

/**
 * Off its mountpoint and out of its namespace; one user less for the superblock.
 * @linux fs/namespace.c umount_mnt #Y
 */
export function umount_mnt(mnt: Mount): void {
  unhash_mnt(mnt);
  const mounts = mnt.mnt_ns?.mounts ?? [];
  const i = mounts.indexOf(mnt);
  if (i !== -1) mounts.splice(i, 1);
  mnt.mnt_ns = null;
  deactivate_super(mnt.mnt_sb);
}

/**
 * What is mounted on exactly this path.
 * @linux fs/namespace.c lookup_mnt #Y
 */
export function lookup_mnt(mnt: Mount, dentry: Dentry): Mount | undefined {
  return mounted_on.get(dentry)?.find((m) => m.mnt_parent === mnt);
}

/**
 * True when `ns` has something mounted on `dentry`, through whichever mount.
 * @linux fs/namespace.c is_local_mountpoint #Y
 */
export function is_local_mountpoint(ns: MntNamespace, dentry: Dentry): boolean {
  return mounted_on.get(dentry)?.some((m) => m.mnt_ns === ns) ?? false;
}

/** Mounts on `dentry` in any namespace: a removed name takes them along. */
export function mountsOn(dentry: Dentry): readonly Mount[] {
  return [...(mounted_on.get(dentry) ?? [])];
}

/**
 * The mounts directly on `mnt`, oldest first.
 * @linux fs/mount.h mnt_mounts #Y
 */
export function mnt_children(mnt: Mount): Mount[] {
  return (mnt.mnt_ns?.mounts ?? []).filter((m) => m.mnt_parent === mnt && m !== mnt);
}

/**
 * Down through everything that is stacked on a path.
 * @linux fs/namei.c follow_down #P[no automount]
 */
export function follow_down(path: Path): Path {
  let at = path;
  for (let m = lookup_mnt(at.mnt, at.dentry); m; m = lookup_mnt(at.mnt, at.dentry)) at = { mnt: m, dentry: m.mnt_root };
  return at;
}
