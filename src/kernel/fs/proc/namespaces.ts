/** /proc/PID/ns: a file for each namespace a task is in. Follows fs/proc/namespaces.c and fs/nsfs.c. */
import { EACCES, EINVAL, type Errno } from '../../../uapi/errno.ts';
import { S_IFLNK, S_IFREG } from '../../../uapi/stat.ts';
import type { FileSystemType, Path } from '../../include/fs.ts';
import type { Kernel, Task } from '../../include/sched.ts';
import { ptrace_may_access } from '../../kernel/lab.ts';
import { NsFile, type NsRef } from '../../kernel/nsproxy.ts';
import { d_inode } from '../dcache.ts';
import { alloc_pseudo_path } from '../libfs.ts';
import type { Entry } from './generic.ts';

const NSFS_MAGIC = 0x6e736673;
/** Numbers of the kinds of which a machine has one. */
const SINGLE = {
  cgroup: 4026531835,
  ipc: 4026531839,
  net: 4026531833,
  pid: 4026531836,
  pid_for_children: 4026531836,
  time: 4026531834,
  time_for_children: 4026531834,
} as const;
const FIRST_DYNAMIC = 4026532000;

type Kind = 'mnt' | 'user' | 'uts' | keyof typeof SINGLE;
const KINDS: readonly Kind[] = ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'pid_for_children', 'time', 'time_for_children', 'user', 'uts'];

function ref_of(task: Task, kind: Kind): NsRef {
  if (kind === 'mnt') return { kind, ns: task.nsproxy.mnt_ns };
  if (kind === 'uts') return { kind, ns: task.nsproxy.uts_ns };
  if (kind === 'user') return { kind, ns: task.cred.user_ns };
  return { kind: 'single', type: kind.replace('_for_children', ''), ns: { ns_id: SINGLE[kind] } };
}

const inum = (id: number): number => (id < FIRST_DYNAMIC - 1000 ? FIRST_DYNAMIC + id : id);
const label = (ref: NsRef): string => `${ref.kind === 'single' ? ref.type : ref.kind}:[${inum(ref.ns.ns_id)}]`;

const nsfs: FileSystemType = { name: 'nsfs', nodev: true, mount: () => EINVAL };

/** One place per namespace, so that two tasks in it have the same st_ino. */
const places = new WeakMap<object, Path>();
function place_of(kernel: Kernel, ref: NsRef): Path {
  const key = ref.kind === 'single' ? single_key(kernel, ref.type) : ref.ns;
  const known = places.get(key);
  if (known !== undefined) return known;
  const path = alloc_pseudo_path(kernel, nsfs, NSFS_MAGIC, () => label(ref), S_IFREG | 0o444, kernel.init_task.cred);
  const open = (file: { private_data?: unknown }): 0 => {
    file.private_data = new NsFile(ref);
    return 0;
  };
  path.dentry.d_inode = { ...d_inode(path.dentry), i_ino: inum(ref.ns.ns_id), i_fop: { open } };
  places.set(key, path);
  return path;
}

const keys = new WeakMap<Kernel, Map<string, object>>();
function single_key(kernel: Kernel, type: string): object {
  const known = keys.get(kernel) ?? new Map<string, object>();
  keys.set(kernel, known);
  const key = known.get(type) ?? {};
  known.set(type, key);
  return key;
}

/** @linux fs/proc/namespaces.c proc_ns_dir_operations #P[new ones of mnt, user and uts only] */
export function ns_directory(target: Task): Entry {
  return {
    kind: 'dir',
    mode: 0o511,
    list: () => KINDS.map((name) => ({ name, type: S_IFLNK })),
    find: (name) => {
      const kind = KINDS.find((k) => k === name);
      return kind && ns_link(target, kind);
    },
  };
}

function ns_link(target: Task, kind: Kind): Entry {
  const allowed = (task: Task): 0 | Errno => (ptrace_may_access(task, target) ? 0 : EACCES);
  return {
    kind: 'link',
    text: (task) => allowed(task) || label(ref_of(target, kind)),
    jump: (task) => allowed(task) || place_of(task.kernel, ref_of(target, kind)),
  };
}
