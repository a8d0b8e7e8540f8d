/**
 * The table of rules, and the file system by which they come and go: register, status, and one file for each rule.
 * Follows fs/binfmt_misc.c; its executing half is in binfmt_misc_load.ts. Rules R1–R19, F1–F8 and N1–N13 of docs/linux-exec.md.
 */
import { decode, encode } from '../../uapi/bytes.ts';
import { EINVAL, ENAMETOOLONG, ENOENT, EPERM, type Errno, IS_ERR, type Status } from '../../uapi/errno.ts';
import { NAME_MAX } from '../../uapi/fcntl.ts';
import { MS_RDONLY } from '../../uapi/mount.ts';
import { BINFMTFS_MAGIC, type Dirent, S_IFDIR, S_IFREG } from '../../uapi/stat.ts';
import type { Bytes, Mode } from '../../uapi/types.ts';
import type { FileOperations, FileSystemType, Inode, InodeOperations, OpenFile, SetAttr, SuperBlock } from '../include/fs.ts';
import type { Kernel, Task, UserNamespace } from '../include/sched.ts';
import { capable } from '../kernel/cred.ts';
import { emit, tracing } from '../kernel/trace.ts';
import { make_kgid, make_kuid } from '../kernel/user_namespace.ts';
import { setattr_copy } from './attr.ts';
import { create_entry, entry_status, type MiscRule, parse_command } from './binfmt_misc_entry.ts';
import { type BinfmtMiscEntry, MiscList } from './binfmt_misc_list.ts';
import { d_delete, d_inode, d_make_root } from './dcache.ts';
import { do_close_execat, open_exec } from './exec.ts';
import { new_inode } from './libfs.ts';
import { bytes_over } from './namei_walk.ts';
import { alloc_super, simple_statfs } from './super.ts';

/** One table of rules: that of a user namespace, or before 6.7 of the machine. */
export interface BinfmtMisc {
  enabled: boolean;
  readonly entries: MiscList;
  /** Its files, while it is mounted. */
  sb: SuperBlock | null;
}

export function new_binfmt_misc(): BinfmtMisc {
  return { enabled: true, entries: new MiscList(), sb: null };
}

export const binfmt_misc_fs_type: FileSystemType = { name: 'binfmt_misc', nodev: true, mount: bm_get_tree };

/** What lies behind the files of one superblock. */
interface BinfmtMiscSuper {
  readonly kernel: Kernel;
  readonly misc: BinfmtMisc;
  readonly sb: SuperBlock;
  readonly status: Inode;
  readonly register: Inode;
  readonly inodes: Map<BinfmtMiscEntry, Inode>;
}

// Mounting

/**
 * Every mount in a user namespace shows that namespace's one superblock (N4); before 6.7 there is one for all.
 * @linux fs/binfmt_misc.c bm_get_tree #Y
 */
function bm_get_tree(task: Task, _source: string, flags: number, data: string): SuperBlock | Errno {
  const { kernel, cred } = task;
  const { version, init_user_ns } = kernel;
  if (data !== '') return EINVAL;
  if (!version.userns_mount && !capable(task)) return EPERM;
  const ns = version.instances === 'one' ? init_user_ns : cred.user_ns;
  const misc = (ns.binfmt_misc ??= new_binfmt_misc());
  if (misc.sb !== null) {
    kernel.superblocks.add(misc.sb);
    return misc.sb;
  }
  if (!version.status_survives_umount) misc.enabled = true;
  misc.sb = bm_fill_super(kernel, ns, misc, flags & MS_RDONLY);
  tell(task, 'binfmt_misc_control', '', 'mounted', 0, `an empty table of rules, switched ${misc.enabled ? 'on' : 'off'}`, 'N4');
  return misc.sb;
}

/**
 * @linux fs/binfmt_misc.c bm_fill_super #Y
 */
function bm_fill_super(kernel: Kernel, ns: UserNamespace, misc: BinfmtMisc, s_flags: number): SuperBlock {
  const options = {
    s_type: binfmt_misc_fs_type,
    s_magic: BINFMTFS_MAGIC,
    s_user_ns: ns,
    s_flags,
    s_noexec: kernel.version.misc_files_exec === 'never',
    kill_sb: () => kill_misc(kernel, misc),
    statfs: () => simple_statfs(sb),
  };
  const sb: SuperBlock = alloc_super(kernel, options, (self) => {
    const root: Inode = bm_get_inode(
      kernel,
      self,
      1,
      S_IFDIR | 0o755,
      bm_root_operations(() => files),
    );
    return d_make_root(self, root);
  });
  const files: BinfmtMiscSuper = {
    kernel,
    misc,
    sb,
    status: bm_get_inode(kernel, sb, 2, S_IFREG | 0o644, { i_fop: bm_status_operations(kernel, () => files) }),
    register: bm_get_inode(kernel, sb, 3, S_IFREG | 0o200, { i_fop: bm_register_operations(() => files) }),
    inodes: new Map(),
  };
  return sb;
}

/** After the last umount: the rules are gone, unless this kernel let them outlive it (N1, N6). */
function kill_misc(kernel: Kernel, misc: BinfmtMisc): void {
  if (kernel.version.entries_survive_umount && misc.entries.size > 0) return;
  for (const entry of misc.entries.newest_first()) if (misc.entries.delete(entry)) put_binfmt_handler(entry);
  misc.sb = null;
  tell(kernel.init_task, 'binfmt_misc_control', '', 'unmounted', 0, 'the last mount went, and every rule with it', 'N6');
}

/**
 * Files belong to uid 0 of the instance's user namespace.
 * @linux fs/binfmt_misc.c bm_get_inode #Y
 */
function bm_get_inode(
  kernel: Kernel,
  sb: SuperBlock,
  i_ino: number,
  i_mode: Mode,
  ops: { i_op?: InodeOperations; i_fop: FileOperations },
): Inode {
  const owner = { i_uid: make_kuid(sb.s_user_ns, 0), i_gid: make_kgid(sb.s_user_ns, 0) };
  const i_nlink = i_mode & S_IFDIR ? 2 : 1;
  return new_inode(kernel, sb, { i_ino, i_mode, i_nlink, ...owner, i_op: { setattr: simple_setattr }, ...ops });
}

/**
 * A size is noted and shown, and means nothing.
 * @linux fs/libfs.c simple_setattr #Y
 */
function simple_setattr(inode: Inode, attr: SetAttr): Status {
  setattr_copy(inode, attr);
  if (attr.size !== undefined) (inode as { i_size: number }).i_size = attr.size;
  return 0;
}

// The directory

function bm_root_operations(files: () => BinfmtMiscSuper): { i_op: InodeOperations; i_fop: FileOperations } {
  return {
    i_op: { lookup: (_dir, name) => bm_lookup(files(), name), setattr: simple_setattr },
    i_fop: { iterate: () => bm_readdir(files()) },
  };
}

function bm_lookup(files: BinfmtMiscSuper, name: string): Inode | Errno {
  if (name === 'status') return files.status;
  if (name === 'register') return files.register;
  const entry = files.misc.entries.named(name);
  return entry === undefined ? ENOENT : inode_of(files, entry);
}

function inode_of(files: BinfmtMiscSuper, entry: BinfmtMiscEntry): Inode {
  const known = files.inodes.get(entry);
  if (known !== undefined) return known;
  const ops = { i_fop: bm_entry_operations(files, entry) };
  const inode = bm_get_inode(files.kernel, files.sb, files.kernel.next_id(), S_IFREG | 0o644, ops);
  files.inodes.set(entry, inode);
  return inode;
}

/** Newest first, then the two fixed files. */
function bm_readdir(files: BinfmtMiscSuper): readonly Dirent[] {
  const name = (d_name: string, inode: Inode): Dirent => ({ d_name, d_ino: inode.i_ino, d_type: S_IFREG });
  const entries = files.misc.entries.newest_first().map((e) => name(e.name, inode_of(files, e)));
  return [...entries, name('register', files.register), name('status', files.status)];
}

// register

function bm_register_operations(files: () => BinfmtMiscSuper): FileOperations {
  return {
    write: (file, data, _pos, task) => bm_register_write(files(), file, data, task),
    llseek: (file) => file.f_pos,
    keeps_pos: true,
  };
}

/**
 * One write, one rule (R1–R18). A write that fails changes nothing.
 * @linux fs/binfmt_misc.c bm_register_write #Y
 */
function bm_register_write(files: BinfmtMiscSuper, file: OpenFile, data: Bytes, task: Task): number | Errno {
  const told = (ret: number | Errno, why: string, rule: string): number | Errno =>
    tell(task, 'binfmt_misc_register', 'register', data, ret, why, rule);

  const rule = create_entry(data, task.kernel.version);
  if ('errno' in rule) return told(rule.errno, rule.why, rule.rule);
  const interp_file = rule.flags.has('F') ? open_pinned(task, file, rule.interpreter) : null;
  if (IS_ERR(interp_file)) return told(interp_file, `F: ${rule.interpreter} cannot be opened`, 'R14');
  const refused = check_name(files, rule.name, task);
  if (refused !== 0) {
    if (interp_file !== null) do_close_execat(interp_file);
    return told(refused, refused === ENAMETOOLONG ? 'the name is longer than 255 bytes' : 'a file of that name exists', 'R4');
  }
  add_entry(files, rule, interp_file);
  return told(data.length, `rule ${rule.name} is the first to be asked now`, 'R16');
}

/** The interpreter of a rule with F, seen from where the writer stands, with the rights of whoever opened `register` (R14). */
function open_pinned(task: Task, register: OpenFile, interpreter: string): OpenFile | Errno {
  const { cred } = task;
  if (task.kernel.version.F_opens_with === 'opener of register') task.cred = register.f_cred;
  const file = open_exec(task, interpreter, 0);
  task.cred = cred;
  return file;
}

function check_name(files: BinfmtMiscSuper, name: string, task: Task): Status {
  if (bytes_over(name, NAME_MAX)) return ENAMETOOLONG;
  return IS_ERR(bm_lookup(files, name)) ? 0 : task.kernel.version.duplicate_name;
}

function add_entry(files: BinfmtMiscSuper, rule: MiscRule, interp_file: OpenFile | null): void {
  const { name, match, interpreter, flags } = rule;
  files.misc.entries.add({ name, match, interpreter, flags, enabled: true, interp_file });
}

// Entries

function bm_entry_operations(files: BinfmtMiscSuper, entry: BinfmtMiscEntry): FileOperations {
  return {
    ...text_operations(files.kernel, () => entry_status(entry, entry.enabled)),
    write: (_file, data, _pos, task) => bm_entry_write(files, entry, data, task),
    keeps_pos: true,
  };
}

/**
 * @linux fs/binfmt_misc.c bm_entry_write #Y
 */
function bm_entry_write(files: BinfmtMiscSuper, entry: BinfmtMiscEntry, data: Bytes, task: Task): number | Errno {
  const command = parse_command(data);
  if (command === 'enable') entry.enabled = true;
  if (command === 'disable') entry.enabled = false;
  if (command === 'remove') remove_binfmt_handler(files, entry);
  return told_command(task, entry.name, data, command);
}

/**
 * The rule is gone, and its file; who has the file open can go on reading it (F5).
 * @linux fs/binfmt_misc.c remove_binfmt_handler #Y
 */
function remove_binfmt_handler(files: BinfmtMiscSuper, entry: BinfmtMiscEntry): void {
  if (!files.misc.entries.delete(entry)) return;
  const inode = files.inodes.get(entry);
  files.inodes.delete(entry);
  if (inode !== undefined) inode.i_nlink = 0;
  const root = d_inode(files.sb.s_root);
  root.i_mtime = root.i_ctime = files.kernel.clock.now();
  const dentry = files.sb.s_root.d_children.get(entry.name);
  if (dentry !== undefined) d_delete(dentry);
  put_binfmt_handler(entry);
}

/**
 * @linux fs/binfmt_misc.c put_binfmt_handler #P[a pinned interpreter is let go with the rule, not with its last open file]
 */
function put_binfmt_handler(entry: BinfmtMiscEntry): void {
  if (entry.interp_file !== null) do_close_execat(entry.interp_file);
}

// status

function bm_status_operations(kernel: Kernel, files: () => BinfmtMiscSuper): FileOperations {
  return {
    ...text_operations(kernel, () => (files().misc.enabled ? 'enabled\n' : 'disabled\n')),
    write: (_file, data, _pos, task) => bm_status_write(files(), data, task),
    keeps_pos: true,
  };
}

/**
 * Switches all matching on or off, or removes every rule; rules keep their own state (F4).
 * @linux fs/binfmt_misc.c bm_status_write #Y
 */
function bm_status_write(files: BinfmtMiscSuper, data: Bytes, task: Task): number | Errno {
  const command = parse_command(data);
  if (command === 'enable') files.misc.enabled = true;
  if (command === 'disable') files.misc.enabled = false;
  if (command === 'remove') for (const entry of files.misc.entries.newest_first()) remove_binfmt_handler(files, entry);
  const told = told_command(task, 'status', data, command);
  return command === 'remove' && task.kernel.version.flush_returns === 3 ? 3 : told;
}

function told_command(task: Task, file: string, data: Bytes, command: ReturnType<typeof parse_command>): number | Errno {
  const [ret, why] = IS_ERR(command) ? [command, 'neither 0 nor 1 nor -1'] : [data.length, command];
  return tell(task, 'binfmt_misc_control', file, data, ret, why, 'F4');
}

/** Files that are made as they are read; only old kernels can read them for themselves, to execute them. */
function text_operations({ version }: Kernel, text: () => string): Pick<FileOperations, 'read' | 'kernel_read'> {
  const read = (_file: OpenFile, count: number, pos: number): Bytes => read_from_text(text(), count, pos);
  if (version.misc_files_exec !== 'as text') return { read };
  return { read, kernel_read: (file, pos, count) => read(file, count, pos) };
}

/**
 * @linux fs/libfs.c simple_read_from_buffer #Y
 */
function read_from_text(text: string, count: number, pos: number): Bytes {
  return encode(text).slice(pos, pos + count);
}

/** Tells those who watch, and answers. */
function tell<R extends number | Errno>(
  task: Task,
  ev: 'binfmt_misc_register' | 'binfmt_misc_control',
  file: string,
  data: Bytes | string,
  ret: R,
  why: string,
  rule: string,
): R {
  if (tracing(task))
    emit(task, { ev, file, data: typeof data === 'string' ? data : decode(data), ret: IS_ERR(ret) ? ret.code : ret, why, rule });
  return ret;
}
