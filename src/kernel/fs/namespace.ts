/** Mount namespaces: copying, leaving, the first one, and changing the root. Follows fs/namespace.c; mount(2) is in namespace_mount.ts. */
import { EBUSY, EINVAL, ENOENT, EPERM, IS_ERR, type Status } from '../../uapi/errno.ts';
import { AT_FDCWD } from '../../uapi/fcntl.ts';
import { MS_NODEV, MS_NOEXEC, MS_NOSUID, MS_RDONLY } from '../../uapi/mount.ts';
import type { PathName } from '../../uapi/types.ts';
import type { Dentry, MntNamespace, Mount, Path, SuperBlock } from '../include/fs.ts';
import type { Kernel, Task, UserNamespace } from '../include/sched.ts';
import { ns_capable } from '../kernel/cred.ts';
import { is_subdir, path_equal } from './dcache.ts';
import { set_fs_pwd, set_fs_root } from './fs_struct.ts';
import {
  alloc_vfsmnt,
  attach_mnt,
  follow_down,
  MNT_LOCKED,
  mnt_add_to_ns,
  mnt_children,
  mnt_has_parent,
  umount_mnt,
  unhash_mnt,
} from './mount.ts';
import { path_lookupat } from './namei_walk.ts';
import { new_rootfs } from './ramfs.ts';

export { d_path } from './d_path.ts';
export { do_mount, do_umount } from './namespace_mount.ts';
export { mountinfo_lines, mounts_lines } from './proc_namespace.ts';

function new_mnt_ns(kernel: Kernel, user_ns: UserNamespace, root: Mount): MntNamespace {
  const ns: MntNamespace = { ns_id: kernel.next_id(), root, user_ns, mounts: [] };
  mnt_add_to_ns(root, ns);
  return ns;
}

/**
 * The first namespace: an empty rootfs that nobody sees, and on it the root file system that boot fills. Tasks are rooted
 * in the latter, so that pivot_root has something to move.
 * @linux fs/namespace.c init_mount_tree #Y
 */
export function init_mount_tree(kernel: Kernel): { readonly mnt_ns: MntNamespace; readonly root: Path } {
  const bottom = mount_rootfs(kernel);
  const mnt_ns = new_mnt_ns(kernel, kernel.init_user_ns, bottom);
  const top = mount_rootfs(kernel);
  attach_mnt(top, { mnt: bottom, dentry: bottom.mnt_root }, mnt_ns);
  return { mnt_ns, root: { mnt: top, dentry: top.mnt_root } };
}

function mount_rootfs(kernel: Kernel): Mount {
  const sb: SuperBlock = new_rootfs(kernel);
  return alloc_vfsmnt(kernel, sb, sb.s_root, { flags: 0, source: 'rootfs' });
}

/**
 * Where a task that enters `ns` is rooted: on top of everything mounted at its root.
 * @linux fs/namespace.c mntns_install #Y
 */
export function mnt_ns_root(ns: MntNamespace): Path {
  return follow_down({ mnt: ns.root, dentry: ns.root.mnt_root });
}

// Copies

/**
 * A copy of one mount, nowhere yet.
 * @linux fs/namespace.c clone_mnt #Y
 */
export function clone_mnt(kernel: Kernel, old: Mount, root: Dentry): Mount {
  const mnt = alloc_vfsmnt(kernel, old.mnt_sb, root, { flags: old.mnt_flags, source: old.mnt_source });
  mnt.mnt_locked = old.mnt_locked & ~MNT_LOCKED;
  return mnt;
}

/**
 * Copies what is mounted below `old` (and below `below`) onto `copy`, and tells of each pair.
 * @linux fs/namespace.c copy_tree #Y
 */
export function copy_children(
  kernel: Kernel,
  old: Mount,
  below: Dentry,
  copy: Mount,
  ns: MntNamespace,
  seen: (o: Mount, c: Mount) => void,
): void {
  for (const child of mnt_children(old)) {
    if (!is_subdir(child.mnt_mountpoint, below)) continue;
    const twin = clone_mnt(kernel, child, child.mnt_root);
    twin.mnt_locked = child.mnt_locked;
    attach_mnt(twin, { mnt: copy, dentry: child.mnt_mountpoint }, ns);
    seen(child, twin);
    copy_children(kernel, child, child.mnt_root, twin, ns, seen);
  }
}

/**
 * A copy of the task's namespace, owned by `user_ns`; its root and working directory move into the copy.
 * The caller puts the result into its nsproxy.
 * @linux fs/namespace.c copy_mnt_ns #Y
 */
export function copy_mnt_ns(task: Task, user_ns: UserNamespace): MntNamespace {
  const { kernel, fs } = task;
  const old = task.nsproxy.mnt_ns;
  const twins = new Map<Mount, Mount>();
  const root = clone_mnt(kernel, old.root, old.root.mnt_root);
  twins.set(old.root, root);
  const ns = new_mnt_ns(kernel, user_ns, root);
  copy_children(kernel, old.root, old.root.mnt_root, root, ns, (o, c) => twins.set(o, c));
  if (user_ns !== old.user_ns) for (const m of ns.mounts) lock_mnt(m, m === root);
  const moved = (path: Path): Path => ({ mnt: twins.get(path.mnt) ?? path.mnt, dentry: path.dentry });
  task.fs = { ...fs, root: moved(fs.root), pwd: moved(fs.pwd) };
  return ns;
}

/**
 * What a less privileged namespace may not undo: the flags that are set, and that a mount hides something.
 * @linux fs/namespace.c lock_mnt_tree #Y
 */
function lock_mnt(mnt: Mount, is_root: boolean): void {
  mnt.mnt_locked |= mnt.mnt_flags & (MS_RDONLY | MS_NODEV | MS_NOSUID | MS_NOEXEC);
  if (!is_root) mnt.mnt_locked |= MNT_LOCKED;
}

/**
 * The last task left: everything is unmounted.
 * @linux fs/namespace.c put_mnt_ns #Y
 */
export function put_mnt_ns(ns: MntNamespace): void {
  for (const mnt of [...ns.mounts].reverse()) umount_mnt(mnt);
}

// The root

/**
 * `new_root` becomes the root of the namespace, the old root moves to `put_old`. Tasks that stood at the old root follow.
 * @linux fs/namespace.c SYSCALL_DEFINE2(pivot_root) #Y
 */
export function do_pivot_root(task: Task, new_root: PathName, put_old: PathName): Status {
  const { mnt_ns } = task.nsproxy;
  if (!ns_capable(task.cred, mnt_ns.user_ns)) return EPERM;
  const to = path_lookupat(task, AT_FDCWD, new_root, { follow: true, directory: true });
  if (IS_ERR(to)) return to;
  const old = path_lookupat(task, AT_FDCWD, put_old, { follow: true, directory: true });
  if (IS_ERR(old)) return old;
  const { root } = task.fs;
  const refused = may_pivot(mnt_ns, root, to, old);
  if (refused !== 0) return refused;
  swap_roots(mnt_ns, root, to, old);
  for (const t of task.kernel.tasks.values()) chroot_fs_refs(t, root, to);
  chroot_fs_refs(task, root, to);
  return 0;
}

function may_pivot(ns: MntNamespace, root: Path, to: Path, old: Path): Status {
  if (root.mnt.mnt_ns !== ns || to.mnt.mnt_ns !== ns || old.mnt.mnt_ns !== ns) return EINVAL;
  if ((to.mnt.mnt_locked & MNT_LOCKED) !== 0) return EINVAL;
  if (to.dentry.d_deleted) return ENOENT;
  if (to.mnt === root.mnt || old.mnt === root.mnt) return EBUSY;
  if (root.dentry !== root.mnt.mnt_root || !mnt_has_parent(root.mnt)) return EINVAL;
  if (to.dentry !== to.mnt.mnt_root || !mnt_has_parent(to.mnt)) return EINVAL;
  return is_path_reachable(old, to) && is_path_reachable(to, root) ? 0 : EINVAL;
}

/** @linux fs/namespace.c is_path_reachable #Y */
function is_path_reachable(path: Path, root: Path): boolean {
  let { mnt, dentry } = path;
  while (mnt !== root.mnt && mnt_has_parent(mnt)) {
    dentry = mnt.mnt_mountpoint;
    mnt = mnt.mnt_parent;
  }
  return mnt === root.mnt && is_subdir(dentry, root.dentry);
}

function swap_roots(ns: MntNamespace, root: Path, to: Path, old: Path): void {
  const at = { mnt: root.mnt.mnt_parent, dentry: root.mnt.mnt_mountpoint };
  const onto = path_equal(old, to) ? { mnt: to.mnt, dentry: to.mnt.mnt_root } : old;
  unhash_mnt(to.mnt);
  if ((root.mnt.mnt_locked & MNT_LOCKED) !== 0) to.mnt.mnt_locked |= MNT_LOCKED;
  root.mnt.mnt_locked &= ~MNT_LOCKED;
  unhash_mnt(root.mnt);
  attach_mnt(root.mnt, onto, ns);
  attach_mnt(to.mnt, at, ns);
}

/** @linux fs/fs_struct.c chroot_fs_refs #Y */
function chroot_fs_refs(task: Task, from: Path, to: Path): void {
  if (path_equal(task.fs.root, from)) set_fs_root(task, to);
  if (path_equal(task.fs.pwd, from)) set_fs_pwd(task, to);
}
