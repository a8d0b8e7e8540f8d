/** Credentials: who a task is and what it may. Follows kernel/cred.c, kernel/capability.c, the setuid family of kernel/sys.c. */
import { EINVAL, EPERM, type Status } from '../../uapi/errno.ts';
import { RLIM_INFINITY } from '../../uapi/syscalls.ts';
import type { Cred } from '../include/fs.ts';
import type { Task, UserNamespace } from '../include/sched.ts';
import { from_kgid_munged, from_kuid_munged, INVALID_ID, make_kgid, make_kuid, userns_may_setgroups } from './user_namespace.ts';

/**
 * Root of the initial namespace.
 * @linux kernel/cred.c init_cred #Y
 */
export function root_cred(user_ns: UserNamespace): Cred {
  return new_cred(user_ns, 0, 0, []);
}

/** A user of the machine as login gives it: all four ids the same. */
export function new_cred(user_ns: UserNamespace, uid: number, gid: number, groups: readonly number[]): Cred {
  const ids = { uid, euid: uid, suid: uid, fsuid: uid, gid, egid: gid, sgid: gid, fsgid: gid };
  return { ...ids, groups, user_ns, cap_effective: uid === 0, no_new_privs: false };
}

/**
 * Whether `cred` has its capabilities over `target`: held there, or its creator's user in the parent.
 * @linux security/commoncap.c cap_capable #P[capabilities are held all together or none]
 */
export function ns_capable(cred: Cred, target: UserNamespace): boolean {
  for (let ns: UserNamespace | null = target; ns !== null; ns = ns.parent) {
    if (ns === cred.user_ns) return cred.cap_effective;
    if (ns.level <= cred.user_ns.level) return false;
    if (ns.parent === cred.user_ns && ns.owner === cred.euid) return true;
  }
  return false;
}

/**
 * Capable over the whole machine.
 * @linux kernel/capability.c capable #P[all or none]
 */
export function capable(task: Task): boolean {
  return ns_capable(task.cred, task.kernel.init_user_ns);
}

/** @linux kernel/groups.c in_group_p #Y */
export function in_group_p(cred: Cred, kgid: number): boolean {
  return cred.fsgid === kgid || cred.groups.includes(kgid);
}

export const getuid = (task: Task): number => from_kuid_munged(task.cred.user_ns, task.cred.uid);
export const geteuid = (task: Task): number => from_kuid_munged(task.cred.user_ns, task.cred.euid);
export const getgid = (task: Task): number => from_kgid_munged(task.cred.user_ns, task.cred.gid);
export const getegid = (task: Task): number => from_kgid_munged(task.cred.user_ns, task.cred.egid);
export const getgroups = (task: Task): number[] => task.cred.groups.map((g) => from_kgid_munged(task.cred.user_ns, g));

/**
 * Root's capabilities follow its uids: gone when the last root id goes, asleep while the effective one is another's.
 * @linux security/commoncap.c cap_emulate_setxuid #P[all or none]
 */
function cap_emulate_setxuid(old: Cred, now: Cred): Cred {
  const root = make_kuid(old.user_ns, 0);
  const had = [old.uid, old.euid, old.suid].includes(root);
  const has = [now.uid, now.euid, now.suid].includes(root);
  if (had && (!has || (old.euid === root && now.euid !== root))) return { ...now, cap_effective: false };
  if (has && old.euid !== root && now.euid === root) return { ...now, cap_effective: true };
  return now;
}

/**
 * @linux kernel/sys.c __sys_setuid #Y
 */
export function sys_setuid(task: Task, uid: number): Status {
  const old = task.cred;
  const kuid = make_kuid(old.user_ns, uid);
  if (kuid === INVALID_ID) return EINVAL;
  const all = ns_capable(old, old.user_ns);
  if (!all && kuid !== old.uid && kuid !== old.suid) return EPERM;
  const now = { ...old, euid: kuid, fsuid: kuid, ...(all ? { uid: kuid, suid: kuid } : {}) };
  flag_nproc_exceeded(task, now);
  task.cred = cap_emulate_setxuid(old, now);
  return 0;
}

/**
 * Whoever becomes a user that has too many tasks already hears of it when it executes something (X1).
 * @linux kernel/sys.c flag_nproc_exceeded #Y
 */
function flag_nproc_exceeded(task: Task, { uid }: Cred): void {
  if (uid !== task.cred.uid) task.nproc_exceeded = uid !== 0 && is_rlimit_overlimit(task, uid);
}

/** @linux kernel/ucount.c is_rlimit_overlimit #P[RLIMIT_NPROC alone] */
export function is_rlimit_overlimit({ kernel, rlim }: Task, uid: number): boolean {
  const limit = rlim.RLIMIT_NPROC.rlim_cur;
  return limit !== RLIM_INFINITY && [...kernel.tasks.values()].filter((t) => t.cred.uid === uid).length > limit;
}

/**
 * @linux kernel/sys.c __sys_setgid #Y
 */
export function sys_setgid(task: Task, gid: number): Status {
  const old = task.cred;
  const kgid = make_kgid(old.user_ns, gid);
  if (kgid === INVALID_ID) return EINVAL;
  const all = ns_capable(old, old.user_ns);
  if (!all && kgid !== old.gid && kgid !== old.sgid) return EPERM;
  task.cred = { ...old, egid: kgid, fsgid: kgid, ...(all ? { gid: kgid, sgid: kgid } : {}) };
  return 0;
}

/**
 * -1 leaves an id as it is; without privilege each must be one of the three that are held.
 * @linux kernel/sys.c __sys_setresuid #Y
 */
export function sys_setresuid(task: Task, ruid: number, euid: number, suid: number): Status {
  const old = task.cred;
  const held = [old.uid, old.euid, old.suid];
  const ids = wanted([ruid, euid, suid], held, (id) => make_kuid(old.user_ns, id));
  if (ids === null) return EINVAL;
  if (!ns_capable(old, old.user_ns) && ids.some((id) => !held.includes(id))) return EPERM;
  const [uid = 0, e = 0, s = 0] = ids;
  const now = { ...old, uid, euid: e, suid: s, fsuid: e };
  flag_nproc_exceeded(task, now);
  task.cred = cap_emulate_setxuid(old, now);
  return 0;
}

/** @linux kernel/sys.c __sys_setresgid #Y */
export function sys_setresgid(task: Task, rgid: number, egid: number, sgid: number): Status {
  const old = task.cred;
  const held = [old.gid, old.egid, old.sgid];
  const ids = wanted([rgid, egid, sgid], held, (id) => make_kgid(old.user_ns, id));
  if (ids === null) return EINVAL;
  if (!ns_capable(old, old.user_ns) && ids.some((id) => !held.includes(id))) return EPERM;
  const [gid = 0, e = 0, s = 0] = ids;
  task.cred = { ...old, gid, egid: e, sgid: s, fsgid: e };
  return 0;
}

function wanted(ids: readonly number[], held: readonly number[], make: (id: number) => number): number[] | null {
  const out = ids.map((id, i) => (id === -1 ? (held[i] ?? INVALID_ID) : make(id)));
  return out.includes(INVALID_ID) ? null : out;
}

/** @linux kernel/groups.c SYSCALL_DEFINE2(setgroups) #Y */
export function sys_setgroups(task: Task, groups: readonly number[]): Status {
  const cred = task.cred;
  if (!ns_capable(cred, cred.user_ns) || !userns_may_setgroups(cred.user_ns)) return EPERM;
  if (groups.length > 65536) return EINVAL;
  const kgids = groups.map((g) => make_kgid(cred.user_ns, g));
  if (kgids.includes(INVALID_ID)) return EINVAL;
  task.cred = { ...cred, groups: kgids.sort((a, b) => a - b) };
  return 0;
}
