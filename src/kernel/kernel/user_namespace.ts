/** User namespaces and the mapping of ids between them. Follows kernel/user_namespace.c. */
import { EINVAL, EPERM, type Errno, EUSERS, type Status } from '../../uapi/errno.ts';
import type { Cred, OpenFile } from '../include/fs.ts';
import type { Kernel, UidGidExtent, UserNamespace } from '../include/sched.ts';
import { ns_capable } from './cred.ts';

/** No such id: what a mapping answers when it has none. */
export const INVALID_ID = -1;
/** What an unmapped id looks like from inside (/proc/sys/kernel/overflowuid). */
export const OVERFLOW_ID = 65534;

const ALL_IDS: readonly UidGidExtent[] = [{ first: 0, lower_first: 0, count: 0xffffffff }];
const MAX_EXTENTS = 340;
const MAX_LEVEL = 32;

export type IdMap = 'uid_map' | 'gid_map';

function map_down(map: readonly UidGidExtent[], id: number): number {
  const extent = map.find((e) => id >= e.first && id < e.first + e.count);
  return extent ? id - extent.first + extent.lower_first : INVALID_ID;
}

function map_up(map: readonly UidGidExtent[], kid: number): number {
  const extent = map.find((e) => kid >= e.lower_first && kid < e.lower_first + e.count);
  return extent ? kid - extent.lower_first + extent.first : INVALID_ID;
}

/**
 * The kernel's id for a user id as `ns` says it; INVALID_ID if `ns` does not map it.
 * @linux kernel/user_namespace.c make_kuid #Y
 */
export function make_kuid(ns: UserNamespace, uid: number): number {
  return map_down(ns.uid_map, uid);
}
/** @linux kernel/user_namespace.c make_kgid #Y */
export function make_kgid(ns: UserNamespace, gid: number): number {
  return map_down(ns.gid_map, gid);
}
/**
 * A kernel id as `ns` says it; INVALID_ID if `ns` has no word for it.
 * @linux kernel/user_namespace.c from_kuid #Y
 */
export function from_kuid(ns: UserNamespace, kuid: number): number {
  return map_up(ns.uid_map, kuid);
}
/** @linux kernel/user_namespace.c from_kgid #Y */
export function from_kgid(ns: UserNamespace, kgid: number): number {
  return map_up(ns.gid_map, kgid);
}
/**
 * As from_kuid, with 65534 for what has no mapping: what stat and getuid show.
 * @linux kernel/user_namespace.c from_kuid_munged #Y
 */
export function from_kuid_munged(ns: UserNamespace, kuid: number): number {
  const uid = from_kuid(ns, kuid);
  return uid === INVALID_ID ? OVERFLOW_ID : uid;
}
/** @linux kernel/user_namespace.c from_kgid_munged #Y */
export function from_kgid_munged(ns: UserNamespace, kgid: number): number {
  const gid = from_kgid(ns, kgid);
  return gid === INVALID_ID ? OVERFLOW_ID : gid;
}

/**
 * The namespace that every machine starts with.
 * @linux kernel/user.c init_user_ns #Y
 */
export function new_init_user_ns(ns_id: number): UserNamespace {
  return {
    ns_id,
    parent: null,
    level: 0,
    owner: 0,
    uid_map: ALL_IDS,
    gid_map: ALL_IDS,
    setgroups_allowed: true,
    binfmt_misc: null,
  };
}

/**
 * A child of the caller's namespace, and the caller's credentials as its all-capable creator.
 * @linux kernel/user_namespace.c create_user_ns #P[no per-user limit]
 */
export function create_user_ns(kernel: Kernel, cred: Cred): Cred | Errno {
  const parent = cred.user_ns;
  if (parent.level > MAX_LEVEL) return EUSERS;
  if (from_kuid(parent, cred.euid) === INVALID_ID || from_kgid(parent, cred.egid) === INVALID_ID) return EPERM;
  const user_ns: UserNamespace = {
    ns_id: kernel.next_id(),
    parent,
    level: parent.level + 1,
    owner: cred.euid,
    uid_map: [],
    gid_map: [],
    setgroups_allowed: parent.setgroups_allowed,
    binfmt_misc: null,
  };
  return { ...cred, user_ns, cap_effective: true };
}

/**
 * True when `child` is `ancestor` or lies below it.
 * @linux kernel/user_namespace.c in_userns #Y
 */
export function in_userns(ancestor: UserNamespace, child: UserNamespace): boolean {
  let ns: UserNamespace | null = child;
  while (ns !== null && ns.level > ancestor.level) ns = ns.parent;
  return ns === ancestor;
}

/**
 * A write to /proc/PID/uid_map or gid_map: allowed once, for a whole map at a time.
 * @linux kernel/user_namespace.c map_write #P[no check of file capabilities of uid 0's mapping]
 */
export function map_write(file: OpenFile, ns: UserNamespace, which: IdMap, text: string): Status {
  const opener = file.f_cred.user_ns;
  if (ns.parent === null) return EPERM;
  if (opener !== ns && opener !== ns.parent) return EPERM;
  if (ns[which].length > 0) return EPERM;
  if (!ns_capable(file.f_cred, ns)) return EPERM;
  const extents = parse_extents(text);
  if (extents === null) return EINVAL;
  if (!new_idmap_permitted(file.f_cred, ns, ns.parent, which, extents)) return EPERM;
  const lower: UidGidExtent[] = [];
  for (const e of extents) {
    const first = map_range_down(ns.parent[which], e.lower_first, e.count);
    if (first === INVALID_ID) return EPERM;
    lower.push({ ...e, lower_first: first });
  }
  ns[which] = lower;
  return 0;
}

function map_range_down(map: readonly UidGidExtent[], id: number, count: number): number {
  const extent = map.find((e) => id >= e.first && id + count <= e.first + e.count);
  return extent ? id - extent.first + extent.lower_first : INVALID_ID;
}

function parse_extents(text: string): UidGidExtent[] | null {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  if (lines.length === 0 || lines.length > MAX_EXTENTS) return null;
  const extents: UidGidExtent[] = [];
  for (const line of lines) {
    const m = /^[ \t]*(\d+)[ \t]+(\d+)[ \t]+(\d+)[ \t]*$/.exec(line);
    if (m === null) return null;
    const e = { first: Number(m[1]), lower_first: Number(m[2]), count: Number(m[3]) };
    if (!is_range(e.first, e.count) || !is_range(e.lower_first, e.count) || extents.some((o) => overlaps(o, e))) return null;
    extents.push(e);
  }
  return extents;
}

const is_range = (first: number, count: number): boolean => count > 0 && first + count <= 0xffffffff;

function overlaps(a: UidGidExtent, b: UidGidExtent): boolean {
  const meet = (x: number, y: number): boolean => x < y + b.count && y < x + a.count;
  return meet(a.first, b.first) || meet(a.lower_first, b.lower_first);
}

/**
 * Without privilege over the parent one may map only oneself, and gids only after giving up setgroups.
 * @linux kernel/user_namespace.c new_idmap_permitted #Y
 */
function new_idmap_permitted(
  cred: Cred,
  ns: UserNamespace,
  parent: UserNamespace,
  which: IdMap,
  extents: readonly UidGidExtent[],
): boolean {
  const only = extents[0];
  if (extents.length === 1 && only?.count === 1 && ns.owner === cred.euid) {
    if (which === 'uid_map' && make_kuid(parent, only.lower_first) === cred.euid) return true;
    if (which === 'gid_map' && !ns.setgroups_allowed && make_kgid(parent, only.lower_first) === cred.egid) return true;
  }
  return ns_capable(cred, parent);
}

/**
 * The text of /proc/PID/uid_map as a reader in `reader` sees it.
 * @linux kernel/user_namespace.c uid_m_show #Y
 */
export function map_show(ns: UserNamespace, which: IdMap, reader: UserNamespace): string {
  const lower_ns = reader === ns && ns.parent !== null ? ns.parent : reader;
  const pad = (n: number): string => String(n === INVALID_ID ? 0xffffffff : n).padStart(10);
  const row = (e: UidGidExtent): string => `${pad(e.first)} ${pad(map_up(lower_ns[which], e.lower_first))} ${pad(e.count)}\n`;
  return ns[which].map(row).join('');
}

/**
 * A write to /proc/PID/setgroups: "deny" while no gid map is set; "allow" only confirms.
 * @linux kernel/user_namespace.c proc_setgroups_write #Y
 */
export function setgroups_write(ns: UserNamespace, text: string): Status {
  const word = /^(allow|deny)\s*$/.exec(text)?.[1];
  if (word === undefined) return EINVAL;
  if (word === 'allow') return ns.setgroups_allowed ? 0 : EPERM;
  if (ns.gid_map.length > 0) return EPERM;
  ns.setgroups_allowed = false;
  return 0;
}

/** @linux kernel/user_namespace.c userns_may_setgroups #Y */
export function userns_may_setgroups(ns: UserNamespace): boolean {
  return ns.gid_map.length > 0 && ns.setgroups_allowed;
}
