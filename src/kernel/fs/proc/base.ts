/** /proc/PID: what there is to know about one task. Follows fs/proc/base.c. */
import { concat, encode } from '../../../uapi/bytes.ts';
import { EACCES, EINVAL, ENOENT, type Errno, type Status } from '../../../uapi/errno.ts';
import { S_IFDIR } from '../../../uapi/stat.ts';
import type { Bytes } from '../../../uapi/types.ts';
import type { Path } from '../../include/fs.ts';
import type { Task } from '../../include/sched.ts';
import { ns_capable } from '../../kernel/cred.ts';
import { ptrace_may_access } from '../../kernel/lab.ts';
import { type IdMap, map_show, map_write, setgroups_write } from '../../kernel/user_namespace.ts';
import { mountinfo_lines, mounts_lines } from '../namespace.ts';
import { limits, stat, status } from './array.ts';
import { auxv_bytes } from './auxv.ts';
import { fd_directory, fdinfo_directory, textOf } from './fd.ts';
import { directory, type Entry, file, names, ownedBy, type Table } from './generic.ts';
import { ns_directory } from './namespaces.ts';
import { task_maps } from './task_mmu.ts';

const strings = (list: readonly string[]): Bytes => concat(list.map((s) => encode(`${s}\0`)));
/** A guest program that asks for itself is answered by qemu-user, which shows the guest's arguments. */
const own_argv = ({ image }: Task): readonly string[] => image?.guest_args?.argv ?? image?.argv ?? [];
const NOTHING = new Uint8Array(0);

/** The entries of one task; those that show secrets ask who reads. */
function tgid_base(target: Task): Table {
  const guarded = (show: () => Bytes | string | Errno, mode: number): Entry =>
    file((task) => (ptrace_may_access(task, target) ? show() : EACCES), mode);
  return {
    auxv: guarded(() => (target.image ? auxv_bytes(target.image.auxv) : NOTHING), 0o400),
    cmdline: file((task) => strings(task === target ? own_argv(target) : (target.image?.argv ?? []))),
    comm: file(
      () => `${target.comm}\n`,
      0o644,
      (text, _file, task) => set_comm(target, text, task),
    ),
    cwd: magic_link(target, () => target.fs.pwd),
    environ: guarded(() => (target.image ? strings(target.image.envp) : NOTHING), 0o400),
    exe: magic_link(target, () => target.image?.exe.f_path ?? ENOENT),
    fd: fd_directory(target),
    fdinfo: fdinfo_directory(target),
    gid_map: id_map(target, 'gid_map'),
    limits: file(() => limits(target)),
    maps: guarded(() => task_maps(target), 0o444),
    mountinfo: file(() => mountinfo_lines(target.nsproxy.mnt_ns, target.fs.root)),
    mounts: file(() => mounts_lines(target.nsproxy.mnt_ns, target.fs.root)),
    ns: ns_directory(target),
    root: magic_link(target, () => target.fs.root),
    setgroups: setgroups_file(target),
    stat: file(() => stat(target)),
    statm: file(() => '0 0 0 0 0 0 0\n'),
    status: file((task) => status(target, task.cred.user_ns)),
    uid_map: id_map(target, 'uid_map'),
  };
}

/** @linux fs/proc/base.c proc_pid_link_inode_operations #Y */
function magic_link(target: Task, where: () => Path | Errno): Entry {
  const jump = (task: Task): Path | Errno => (ptrace_may_access(task, target) ? where() : EACCES);
  return { kind: 'link', text: (task) => textOf(task, jump(task)), jump };
}

function id_map(target: Task, which: IdMap): Entry {
  return file(
    (task) => map_show(target.cred.user_ns, which, task.cred.user_ns),
    0o644,
    (text, f) => map_write(f, target.cred.user_ns, which, text),
  );
}

/** @linux fs/proc/base.c proc_setgroups_operations #Y */
function setgroups_file(target: Task): Entry {
  const { user_ns } = target.cred;
  return {
    kind: 'text',
    mode: 0o644,
    show: () => (user_ns.setgroups_allowed ? 'allow\n' : 'deny\n'),
    may_write: (task) => (ns_capable(task.cred, user_ns) ? 0 : EACCES),
    store: (text) => setgroups_write(user_ns, text),
  };
}

/** @linux fs/proc/base.c comm_write #Y */
function set_comm(target: Task, text: string, task: Task): Status {
  if (target !== task) return EINVAL;
  target.comm = text.split('\n', 1).join('').slice(0, 15);
  return 0;
}

/**
 * The directory of a task. It belongs to the task's user, and is empty once the task is gone.
 * @linux fs/proc/base.c proc_pid_instantiate #P[the entries that have something true to say]
 */
export function pid_directory(target: Task): Entry {
  const owner = { uid: target.cred.euid, gid: target.cred.egid };
  const table = tgid_base(target);
  const gone = (): boolean => target.state === 'dead';
  const entry: Entry = {
    kind: 'dir',
    mode: 0o555,
    list: () => (gone() ? [] : [...names(table), { name: 'task', type: S_IFDIR }]),
    find: (name) => {
      if (gone()) return undefined;
      return name === 'task' ? task_directory(target, table) : Object.hasOwn(table, name) ? table[name] : undefined;
    },
  };
  return ownedBy(entry, owner);
}

/** The one thread that each task has. */
function task_directory(target: Task, table: Table): Entry {
  return directory({ [target.pid]: directory(table) });
}
