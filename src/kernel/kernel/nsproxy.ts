/** Joining and leaving namespaces. Follows kernel/nsproxy.c, fs/nsfs.c and unshare of kernel/fork.c. */
import { EINVAL, EPERM, type Errno, IS_ERR, type Status } from '../../uapi/errno.ts';
import * as M from '../../uapi/mount.ts';
import type { Fd } from '../../uapi/types.ts';
import { fget } from '../fs/file.ts';
import { copy_mnt_ns, mnt_ns_root, put_mnt_ns } from '../fs/namespace.ts';
import type { MntNamespace, OpenFile } from '../include/fs.ts';
import type { NsProxy, Task, UserNamespace, UtsNamespace } from '../include/sched.ts';
import { ns_capable } from './cred.ts';
import { create_user_ns } from './user_namespace.ts';
import { copy_utsname } from './utsname.ts';

/** Kinds whose separation nothing here could show: a new one changes nothing. */
const HARMLESS = M.CLONE_NEWIPC | M.CLONE_NEWNET | M.CLONE_NEWCGROUP;
const PRIVILEGED = M.CLONE_NEWNS | M.CLONE_NEWUTS | HARMLESS;
const KNOWN = PRIVILEGED | M.CLONE_NEWUSER;

/** What a descriptor of /proc/PID/ns/KIND stands for. */
export type NsRef =
  | { readonly kind: 'mnt'; readonly ns: MntNamespace }
  | { readonly kind: 'uts'; readonly ns: UtsNamespace }
  | { readonly kind: 'user'; readonly ns: UserNamespace }
  | { readonly kind: 'single'; readonly type: string; readonly ns: { readonly ns_id: number } };

const FLAG_OF: Readonly<Record<string, number>> = {
  ipc: M.CLONE_NEWIPC,
  net: M.CLONE_NEWNET,
  pid: M.CLONE_NEWPID,
  cgroup: M.CLONE_NEWCGROUP,
  mnt: M.CLONE_NEWNS,
  uts: M.CLONE_NEWUTS,
  user: M.CLONE_NEWUSER,
};
const flag_of = (ref: NsRef): number => FLAG_OF[ref.kind === 'single' ? ref.type : ref.kind] ?? 0;

/** Tells a namespace file from others. */
export class NsFile {
  constructor(readonly ref: NsRef) {}
}

/** Users of a mount namespace; the last to leave takes its mounts down. */
const users = new WeakMap<MntNamespace, number>();
function get_mnt_ns(ns: MntNamespace): void {
  users.set(ns, (users.get(ns) ?? 0) + 1);
}
function leave_mnt_ns(ns: MntNamespace): void {
  const left = (users.get(ns) ?? 1) - 1;
  users.set(ns, left);
  if (left === 0) put_mnt_ns(ns);
}

/**
 * A child starts in its parent's namespaces.
 * @linux include/linux/nsproxy.h get_nsproxy #Y
 */
export function get_nsproxy(nsproxy: NsProxy): NsProxy {
  get_mnt_ns(nsproxy.mnt_ns);
  return nsproxy;
}
/** @linux kernel/nsproxy.c exit_task_namespaces #Y */
export function put_nsproxy(task: Task): void {
  leave_mnt_ns(task.nsproxy.mnt_ns);
}

function switch_mnt_ns(task: Task, mnt_ns: MntNamespace): void {
  get_mnt_ns(mnt_ns);
  leave_mnt_ns(task.nsproxy.mnt_ns);
  task.nsproxy = { ...task.nsproxy, mnt_ns };
}

const known_flags = ({ kernel }: Task): number => (kernel.version.user_namespaces ? KNOWN : PRIVILEGED);

/**
 * New namespaces for the caller. The user namespace comes first: the others then belong to it.
 * @linux kernel/fork.c ksys_unshare #P[NEWPID is refused with EINVAL; IPC, network and cgroup namespaces change nothing]
 */
export function sys_unshare(task: Task, flags: number): Status {
  if (flags & ~known_flags(task)) return EINVAL;
  const old = task.cred;
  if (flags & M.CLONE_NEWUSER) {
    const cred = create_user_ns(task.kernel, old);
    if (IS_ERR(cred)) return cred;
    task.cred = cred;
  }
  const status = copy_namespaces(task, flags);
  if (status !== 0) task.cred = old;
  return status;
}

/**
 * The part of unshare and clone that needs CAP_SYS_ADMIN.
 * @linux kernel/nsproxy.c unshare_nsproxy_namespaces #Y
 */
function copy_namespaces(task: Task, flags: number): Status {
  if (!(flags & PRIVILEGED)) return 0;
  const { user_ns } = task.cred;
  if (!ns_capable(task.cred, user_ns)) return EPERM;
  if (flags & M.CLONE_NEWUTS) {
    task.nsproxy = { ...task.nsproxy, uts_ns: copy_utsname(task.kernel, task.nsproxy.uts_ns, user_ns) };
  }
  if (flags & M.CLONE_NEWNS) switch_mnt_ns(task, copy_mnt_ns(task, user_ns));
  return 0;
}

/**
 * Enters the namespace that a /proc/PID/ns descriptor holds.
 * @linux kernel/nsproxy.c SYSCALL_DEFINE2(setns) #P[no pidfd]
 */
export function sys_setns(task: Task, fd: Fd, nstype: number): Status {
  const file: OpenFile | Errno = fget(task, fd);
  if (IS_ERR(file)) return file;
  const held = file.private_data;
  if (!(held instanceof NsFile)) return EINVAL;
  if (nstype !== 0 && nstype !== flag_of(held.ref)) return EINVAL;
  return install(task, held.ref);
}

function install(task: Task, ref: NsRef): Status {
  if (ref.kind === 'user') return userns_install(task, ref.ns);
  if (ref.kind === 'single') return ns_capable(task.cred, task.cred.user_ns) ? 0 : EPERM;
  if (!ns_capable(task.cred, ref.ns.user_ns) || !ns_capable(task.cred, task.cred.user_ns)) return EPERM;
  if (ref.kind === 'mnt') mntns_install(task, ref.ns);
  else task.nsproxy = { ...task.nsproxy, uts_ns: ref.ns };
  return 0;
}

/** @linux fs/namespace.c mntns_install #Y */
function mntns_install(task: Task, mnt_ns: MntNamespace): void {
  switch_mnt_ns(task, mnt_ns);
  const root = mnt_ns_root(mnt_ns);
  task.fs = { ...task.fs, root, pwd: root };
}

/** @linux kernel/user_namespace.c userns_install #Y */
function userns_install(task: Task, user_ns: UserNamespace): Status {
  if (user_ns === task.cred.user_ns) return EINVAL;
  if (!ns_capable(task.cred, user_ns)) return EPERM;
  task.cred = { ...task.cred, user_ns, cap_effective: true };
  return 0;
}
