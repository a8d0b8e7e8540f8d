/**
 * A machine's state between commands as plain data (it can be structured-cloned), and a new machine from it: the files in
 * memory, the mounts of the first namespace, its rules of binfmt_misc, the host name. Tasks are no part of it, nor what only
 * they hold: their namespaces, open and nameless files, pipes, terminals.
 */
import { IS_ERR } from '../../uapi/errno.ts';
import { O_RDONLY } from '../../uapi/fcntl.ts';
import type { MiscRule } from '../fs/binfmt_misc_entry.ts';
import type { BinfmtMiscEntry } from '../fs/binfmt_misc_list.ts';
import { d_alloc } from '../fs/dcache.ts';
import { deny_exe_writers, do_close_execat, open_exec } from '../fs/exec.ts';
import { set_fs_pwd, set_fs_root } from '../fs/fs_struct.ts';
import { alloc_vfsmnt, attach_mnt, mnt_add_to_ns, mnt_has_parent } from '../fs/mount.ts';
import { lookup_one } from '../fs/namei_walk.ts';
import { dentry_open } from '../fs/open.ts';
import { type FrozenSuper, freeze_super, super_inode, thaw_super } from '../fs/ramfs_snapshot.ts';
import type { Dentry, Inode, MntNamespace, Mount, OpenFile, Path, SuperBlock } from '../include/fs.ts';
import type { Kernel, Task } from '../include/sched.ts';
import { panic } from '../kernel/panic.ts';

/** A file system whose files are made by the kernel: mounted anew. */
interface RemountedSuper {
  readonly type: string;
  readonly s_flags: number;
  readonly source: string;
  readonly nodes: null;
}
/** A dentry: the names from the root of its file system. */
type Steps = readonly string[];

interface FrozenMount {
  readonly super: number;
  readonly root: Steps;
  /** Index of the mount below, and where in it; the namespace's first mount has none. */
  readonly on: { readonly mount: number; readonly at: Steps } | null;
  readonly flags: number;
  readonly locked: number;
  readonly source: string;
}

interface FrozenRule extends MiscRule {
  readonly enabled: boolean;
  /** The file that flag F opened, by number: it may have no name any more. */
  readonly pinned: { readonly super: number; readonly ino: number } | null;
}

export interface MachineSnapshot {
  readonly hostname: string;
  readonly supers: readonly (FrozenSuper | RemountedSuper)[];
  readonly mounts: readonly FrozenMount[];
  readonly root: { readonly mount: number; readonly at: Steps };
  readonly binfmt_misc: { readonly enabled: boolean; readonly entries: readonly FrozenRule[] };
}

// Freezing

/** The state of `kernel` now. Contents of files are shared with it and copied by whoever writes first. */
export function freeze(kernel: Kernel): MachineSnapshot {
  const { nsproxy, fs } = kernel.init_task;
  const entries = kernel.init_user_ns.binfmt_misc?.entries.newest_first() ?? [];
  const mounts = nsproxy.mnt_ns.mounts.filter((m) => is_reachable(m, nsproxy.mnt_ns));
  const supers = [...new Set([...mounts.map((m) => m.mnt_sb), ...entries.flatMap((e) => pinned_super(e))])];
  return {
    hostname: nsproxy.uts_ns.nodename,
    supers: supers.map((sb) => freeze_super(sb, pinned_in(sb, entries)) ?? remounted(sb, mounts)),
    mounts: mounts.map((m) => freeze_mount(m, mounts, supers)),
    root: { mount: mounts.indexOf(fs.root.mnt), at: steps_to(fs.root.dentry) },
    binfmt_misc: {
      enabled: kernel.init_user_ns.binfmt_misc?.enabled ?? true,
      entries: entries.map((e) => freeze_rule(e, supers)),
    },
  };
}

/** Not under or of a directory that was removed: such a mount could not be found again by names. */
function is_reachable(mnt: Mount, ns: MntNamespace): boolean {
  if (is_removed(mnt.mnt_root)) return false;
  return mnt === ns.root || (mnt_has_parent(mnt) && !is_removed(mnt.mnt_mountpoint) && is_reachable(mnt.mnt_parent, ns));
}

const is_removed = (dentry: Dentry): boolean => dentry.d_deleted || (dentry.d_parent !== dentry && is_removed(dentry.d_parent));

function pinned_super({ interp_file }: BinfmtMiscEntry): SuperBlock[] {
  return interp_file === null ? [] : [interp_file.f_inode.i_sb];
}

function pinned_in(sb: SuperBlock, entries: readonly BinfmtMiscEntry[]): ReadonlySet<number> {
  const files = entries.flatMap((e) => (e.interp_file === null ? [] : [e.interp_file.f_inode]));
  return new Set(files.filter((inode) => inode.i_sb === sb).map((inode) => inode.i_ino));
}

function remounted(sb: SuperBlock, mounts: readonly Mount[]): RemountedSuper {
  const source = mounts.find((m) => m.mnt_sb === sb)?.mnt_source ?? sb.s_type.name;
  return { type: sb.s_type.name, s_flags: sb.s_flags, source, nodes: null };
}

function freeze_mount(mnt: Mount, mounts: readonly Mount[], supers: readonly SuperBlock[]): FrozenMount {
  const on = mnt_has_parent(mnt) ? { mount: mounts.indexOf(mnt.mnt_parent), at: steps_to(mnt.mnt_mountpoint) } : null;
  const { mnt_flags: flags, mnt_locked: locked, mnt_source: source } = mnt;
  return { super: supers.indexOf(mnt.mnt_sb), root: steps_to(mnt.mnt_root), on, flags, locked, source };
}

function steps_to(dentry: Dentry): string[] {
  return dentry.d_parent === dentry ? [] : [...steps_to(dentry.d_parent), dentry.d_name];
}

function freeze_rule({ interp_file, ...rule }: BinfmtMiscEntry, supers: readonly SuperBlock[]): FrozenRule {
  const inode = interp_file?.f_inode;
  return { ...rule, pinned: inode ? { super: supers.indexOf(inode.i_sb), ino: inode.i_ino } : null };
}

// Thawing

/** A frozen machine's mounts on their way into `kernel`: the root at once, what needs a task in `mount_all`. */
export class Thaw {
  readonly mnt_ns: MntNamespace;
  readonly root: Path;
  private readonly supers: (SuperBlock | null)[];
  private readonly mounts: (Mount | null)[];

  constructor(
    private readonly kernel: Kernel,
    private readonly snapshot: MachineSnapshot,
  ) {
    this.supers = snapshot.supers.map((s) => (s.nodes === null ? null : thaw_super(kernel, s)));
    this.mounts = snapshot.mounts.map((m, i) => (i === 0 || i === snapshot.root.mount ? this.mount(m) : null));
    const first = this.mounts[0] ?? panic('a snapshot without a root');
    this.mnt_ns = { ns_id: kernel.next_id(), root: first, user_ns: kernel.init_user_ns, mounts: [] };
    const mnt = this.mounts[snapshot.root.mount] ?? panic('a snapshot whose root is not in memory');
    this.root = { mnt, dentry: mnt.mnt_root };
  }

  /** Mounts everything where it was, then the rules. */
  mount_all(task: Task): void {
    const { supers, mounts, root, binfmt_misc } = this.snapshot;
    supers.forEach((s, i) => {
      if (s.nodes === null) this.supers[i] = this.remount(task, s);
    });
    mounts.forEach((m, i) => {
      this.mounts[i] ??= this.mount(m);
    });
    mounts.forEach((m, i) => {
      this.attach(task, m, this.mounts[i] ?? null);
    });
    const top = { mnt: this.root.mnt, dentry: this.walk(task, this.root.dentry.d_sb.s_root, root.at) };
    set_fs_root(task, top);
    set_fs_pwd(task, top);
    const misc = this.kernel.init_user_ns.binfmt_misc;
    if (!misc) return;
    misc.enabled = binfmt_misc.enabled;
    for (const rule of binfmt_misc.entries.toReversed()) misc.entries.add(this.rule(task, rule));
  }

  private mount({ super: n, flags, source, locked }: FrozenMount): Mount | null {
    const sb = this.supers[n];
    if (!sb) return null;
    const mnt = alloc_vfsmnt(this.kernel, sb, sb.s_root, { flags, source });
    mnt.mnt_locked = locked;
    return mnt;
  }

  private remount(task: Task, { type, s_flags, source }: RemountedSuper): SuperBlock {
    const sb = task.kernel.filesystems.find((t) => t.name === type)?.mount(task, source, s_flags, '');
    return sb === undefined || IS_ERR(sb) ? panic(`${type}: cannot be mounted again`) : sb;
  }

  private attach(task: Task, frozen: FrozenMount, mnt: Mount | null): void {
    const below = frozen.on && this.mounts[frozen.on.mount];
    if (!mnt) return;
    if (frozen.root.length > 0) (mnt as { mnt_root: Dentry }).mnt_root = this.walk(task, mnt.mnt_sb.s_root, frozen.root);
    if (below) attach_mnt(mnt, { mnt: below, dentry: this.walk(task, below.mnt_sb.s_root, frozen.on?.at ?? []) }, this.mnt_ns);
    else mnt_add_to_ns(mnt, this.mnt_ns);
  }

  private walk(task: Task, root: Dentry, steps: Steps): Dentry {
    let at = root;
    for (const name of steps) {
      const next = lookup_one(task, at, name);
      at = next === null || IS_ERR(next) ? panic(`snapshot: no ${steps.join('/')}`) : next;
    }
    return at;
  }

  private rule(task: Task, { pinned, ...rule }: FrozenRule): BinfmtMiscEntry {
    return { ...rule, interp_file: pinned && this.pin(task, rule.interpreter, pinned) };
  }

  /** The pinned file again: by its name where that still leads to it, else as the nameless file that it is. */
  private pin(task: Task, interpreter: string, pinned: { readonly super: number; readonly ino: number }): OpenFile | null {
    const sb = this.supers[pinned.super];
    const named = open_exec(task, interpreter, 0);
    if (!IS_ERR(named)) {
      if (named.f_inode.i_sb === sb && named.f_inode.i_ino === pinned.ino) return named;
      do_close_execat(named);
    }
    const inode = sb && super_inode(sb, pinned.ino);
    return inode ? this.pin_nameless(task, sb, inode, interpreter) : null;
  }

  private pin_nameless(task: Task, sb: SuperBlock, inode: Inode, interpreter: string): OpenFile | null {
    const mnt = this.mounts.find((m) => m?.mnt_sb === sb) ?? alloc_vfsmnt(this.kernel, sb, sb.s_root, { flags: 0, source: 'none' });
    const dentry = { ...d_alloc(sb.s_root, interpreter.slice(interpreter.lastIndexOf('/') + 1), inode), d_deleted: true };
    const file = dentry_open(task, { mnt, dentry }, O_RDONLY);
    if (IS_ERR(file)) return null;
    deny_exe_writers(file);
    return file;
  }
}
