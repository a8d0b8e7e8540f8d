/**
 * Executes a file. Follows fs/exec.c, top-down: the system call, the file, the strings, the walk through the formats, and the
 * moment when the old program is gone. Rule numbers (X…, D…) are those of docs/linux-exec.md.
 */
import { decode, encode, hex } from '../../uapi/bytes.ts';
import { E2BIG, EACCES, EAGAIN, EINVAL, ELOOP, ENOEXEC, ENOSYS, type Errno, ETXTBSY, IS_ERR, type Status } from '../../uapi/errno.ts';
import { AT_EMPTY_PATH, AT_EXECVE_CHECK, AT_FDCWD, AT_SYMLINK_NOFOLLOW, O_LARGEFILE, O_RDONLY } from '../../uapi/fcntl.ts';
import { MS_NOSUID } from '../../uapi/mount.ts';
import { S_IFMT, S_ISGID, S_ISLNK, S_ISREG, S_ISUID } from '../../uapi/stat.ts';
import type { Bytes, Fd, PathName } from '../../uapi/types.ts';
import type { LinuxBinprm } from '../include/binfmts.ts';
import type { Cred, Mount, OpenFile, Path } from '../include/fs.ts';
import type { Image, Task } from '../include/sched.ts';
import { is_rlimit_overlimit } from '../kernel/cred.ts';
import { panic } from '../kernel/panic.ts';
import { flush_signal_handlers } from '../kernel/signal.ts';
import { from_kgid, from_kuid, INVALID_ID, in_userns, make_kuid } from '../kernel/user_namespace.ts';
import { d_inode } from './dcache.ts';
import * as trace from './exec_trace.ts';
import { do_close_on_exec, fd_install } from './file.ts';
import { fput, get_file } from './file_table.ts';
import { allow_write_access, deny_write_access } from './inode.ts';
import { getname, inode_permission, MAY_EXEC, path_lookupat } from './namei_walk.ts';
import { dentry_open, path_noexec } from './open.ts';
import { kernel_read } from './read_write.ts';

/** Longest single string, with its NUL. */
const MAX_ARG_STRLEN = 131072;
/** Room that a program always gets for its strings, and the most it gets (X3). */
const ARG_MAX = 131072;
const THREE_QUARTERS_OF_STK_LIM = 6 * 1024 * 1024;
const TASK_COMM_LEN = 16;
const NO_BYTES: Bytes = new Uint8Array(0);
const S_IXGRP = 0o010;
/** In f_flags of a file opened to be executed. */
const __FMODE_EXEC = 0o40;

// The system call

/**
 * execve(2) and execveat(2). Answers 0 with the new program installed in `task`, for the caller to start it; 0 with nothing
 * changed under AT_EXECVE_CHECK; or an errno, with nothing changed.
 * @linux fs/exec.c do_execveat_common #P[no security modules]
 */
export function do_execveat_common(
  task: Task,
  dfd: Fd,
  filename: PathName,
  argv: readonly string[],
  envp: readonly string[],
  flags: number,
): Status {
  trace.exec_begin(task, filename, argv, envp);
  const bprm = alloc_bprm(task, dfd, filename, envp, flags);
  if (IS_ERR(bprm)) {
    trace.exec_fail(task, filename, bprm);
    return bprm;
  }
  const retval = copy_all_strings(bprm, argv) || bprm_execve(bprm, flags);
  free_bprm(bprm);
  if (retval !== 0) trace.exec_fail(task, filename, retval, bprm);
  return retval;
}

/**
 * As execve, of a file that a directory's descriptor and a path name, or a descriptor alone.
 * @linux fs/exec.c SYSCALL_DEFINE5(execveat) #Y
 */
export function sys_execveat(
  task: Task,
  dfd: Fd,
  filename: PathName,
  argv: readonly string[],
  envp: readonly string[],
  flags: number,
): Status {
  return task.kernel.version.execveat ? do_execveat_common(task, dfd, filename, argv, envp, flags) : ENOSYS;
}

/**
 * Opens the file and begins the record of this exec: X1's first eight stages, and the name that it goes by (X7).
 * @linux fs/exec.c alloc_bprm #Y
 */
function alloc_bprm(task: Task, dfd: Fd, filename: PathName, envp: readonly string[], flags: number): LinuxBinprm | Errno {
  const bad_name = getname(filename, (flags & AT_EMPTY_PATH) !== 0);
  if (bad_name !== 0) return bad_name;
  if (task.nproc_exceeded && is_rlimit_overlimit(task, task.cred.uid)) return EAGAIN;
  task.nproc_exceeded = false;
  const file = do_open_execat(task, dfd, filename, flags, 0);
  if (IS_ERR(file)) return file;

  const by_descriptor = dfd !== AT_FDCWD && !filename.startsWith('/');
  const name = !by_descriptor ? filename : filename === '' ? `/dev/fd/${dfd}` : `/dev/fd/${dfd}/${filename}`;
  return {
    task,
    filename: name,
    interp: name,
    file,
    buf: NO_BYTES,
    interpreter: null,
    executable: null,
    have_execfd: false,
    execfd_creds: false,
    execfd: null,
    preserve_argv0: false,
    interp_flags_inaccessible: by_descriptor && get_close_on_exec(task, dfd),
    comm_from_dentry: by_descriptor && filename === '' && task.kernel.version.empty_path_comm === 'name of the image',
    argv: [],
    envp,
    cred: task.cred,
    secureexec: false,
    depth: 0,
    room: 0,
    image: null,
    why: '',
    rule: 'X1',
    rewritten_by: null,
  };
}

function get_close_on_exec(task: Task, fd: Fd): boolean {
  return task.files.fd.get(fd)?.close_on_exec === true;
}

/**
 * @linux fs/exec.c free_bprm #Y
 */
function free_bprm(bprm: LinuxBinprm): void {
  do_close_execat(bprm.file);
  if (bprm.executable !== null) fput(bprm.executable);
}

// The file

/**
 * An interpreter, by the name that a script, a rule or an ELF file gives it; "" is the working directory. `level` is for the trace.
 * @linux fs/exec.c open_exec #Y
 */
export function open_exec(task: Task, name: PathName, level: number): OpenFile | Errno {
  return do_open_execat(task, AT_FDCWD, name, AT_EMPTY_PATH, level);
}

/**
 * Opens a file to execute it, and keeps writers away from it until do_close_execat.
 * @linux fs/exec.c do_open_execat #Y
 */
function do_open_execat(task: Task, dfd: Fd, name: PathName, flags: number, level: number): OpenFile | Errno {
  const check = task.kernel.version.execve_check ? AT_EXECVE_CHECK : 0;
  if ((flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | check)) !== 0) return EINVAL;

  const path = path_lookupat(task, dfd, name, {
    follow: (flags & AT_SYMLINK_NOFOLLOW) === 0,
    empty: (flags & AT_EMPTY_PATH) !== 0,
    walk: trace.path_walk(task, name, level),
  });
  if (IS_ERR(path)) return path;
  for (const [step, check_path] of MAY_EXECUTE) {
    const refused = check_path(task, path);
    trace.exec_check(task, path, step, refused, level);
    if (refused !== 0) return refused;
  }
  const file = dentry_open(task, path, O_RDONLY | O_LARGEFILE | __FMODE_EXEC);
  if (IS_ERR(file)) allow_write_access(d_inode(path.dentry));
  return file;
}

/** What is asked of the file that the walk found, in this order (X1, stages 5 to 8). */
const MAY_EXECUTE = [
  ['type', (_task, path) => may_execute_type(d_inode(path.dentry).i_mode)],
  ['noexec', (_task, path) => (path_noexec(path) ? EACCES : 0)],
  ['permission', (task, path) => inode_permission(task, d_inode(path.dentry), MAY_EXEC)],
  ['writers', (_task, path) => deny_write_access(d_inode(path.dentry))],
] as const satisfies readonly (readonly [trace.CheckStep, (task: Task, path: Path) => Status])[];

/** A symlink is only seen here when it was not to be followed. */
function may_execute_type(mode: number): Status {
  if (S_ISREG(mode)) return 0;
  return S_ISLNK(mode & S_IFMT) ? ELOOP : EACCES;
}

/**
 * @linux fs/exec.c do_close_execat #Y
 */
export function do_close_execat(file: OpenFile): void {
  allow_write_access(file.f_inode);
  fput(file);
}

// The strings

/**
 * Takes the strings of the caller: all of them have to fit, with their pointers (X3), and there is at least an argv[0] (X4).
 * @linux fs/exec.c do_execveat_common #Y
 */
function copy_all_strings(bprm: LinuxBinprm, argv: readonly string[]): Status {
  const retval =
    bprm_stack_limits(bprm, argv.length) ||
    take_room(bprm, bprm.filename) ||
    first_error(bprm.envp, (string) => take_room(bprm, string)) ||
    first_error(argv, (string) => take_room(bprm, string));
  bprm.argv = [...argv];
  trace.exec_args(bprm, retval);
  if (retval !== 0) return because(bprm, 'X3', 'the arguments and the environment do not fit', retval);
  return argv.length === 0 && bprm.task.kernel.version.fixes_empty_argv ? copy_string_kernel(bprm, '') : 0;
}

/**
 * A quarter of the stack, within bounds, less the pointers. Older kernels had no upper bound and counted whole pages of strings, of
 * which one pointer at the end is not theirs.
 * @linux fs/exec.c bprm_stack_limits #Y
 */
function bprm_stack_limits(bprm: LinuxBinprm, argc: number): Status {
  const { kernel, rlim } = bprm.task;
  const pointer = kernel.host === 'armv7l' || kernel.host === 'i686' ? 4 : 8;
  const quarter = Math.floor(rlim.RLIMIT_STACK.rlim_cur / 4);
  const bounded = kernel.version.arg_limit === 'bounded, with pointers';
  const limit = Math.max(ARG_MAX, bounded ? Math.min(THREE_QUARTERS_OF_STK_LIM, quarter) : quarter);
  bprm.room = limit - pointer * (bounded ? Math.max(argc, 1) + bprm.envp.length : 1);
  return bprm.room <= 0 ? E2BIG : 0;
}

function take_room(bprm: LinuxBinprm, string: string): Status {
  const size = size_of(string);
  if (size > MAX_ARG_STRLEN || size > bprm.room) return E2BIG;
  bprm.room -= size;
  return 0;
}

/** Bytes of a string with its NUL; most are ASCII and need no encoding to be counted. */
function size_of(string: string): number {
  return (is_ascii(string) ? string.length : encode(string).length) + 1;
}

function is_ascii(string: string): boolean {
  for (let i = 0; i < string.length; i++) if (string.charCodeAt(i) > 0x7f) return false;
  return true;
}

function first_error<T>(items: readonly T[], attempt: (item: T) => Status): Status {
  for (const item of items) {
    const retval = attempt(item);
    if (retval !== 0) return retval;
  }
  return 0;
}

/**
 * Pushes a string in front of argv.
 * @linux fs/exec.c copy_string_kernel #Y
 */
export function copy_string_kernel(bprm: LinuxBinprm, string: string): Status {
  const retval = take_room(bprm, string);
  if (retval === 0) bprm.argv.unshift(string);
  return retval;
}

/**
 * Drops argv[0]; its room can be used again.
 * @linux fs/exec.c remove_arg_zero #Y
 */
export function remove_arg_zero(bprm: LinuxBinprm): void {
  const zero = bprm.argv.shift();
  if (zero !== undefined) bprm.room += size_of(zero);
}

/**
 * The name of the file that is tried next.
 * @linux fs/exec.c bprm_change_interp #Y
 */
export function bprm_change_interp(bprm: LinuxBinprm, interp: string): void {
  bprm.interp = interp;
}

// The walk through the formats

/**
 * @linux fs/exec.c bprm_execve #P[no security modules]
 */
function bprm_execve(bprm: LinuxBinprm, flags: number): Status {
  if ((flags & AT_EXECVE_CHECK) !== 0) return 0;
  return exec_binprm(bprm);
}

/**
 * Level by level, until a format has loaded the file itself. A format that names an interpreter instead sends us round again.
 * @linux fs/exec.c exec_binprm #Y
 */
function exec_binprm(bprm: LinuxBinprm): Status {
  const { version } = bprm.task.kernel;
  for (bprm.depth = 0; ; bprm.depth++) {
    // Only now: the interpreter that would be one too many has been opened already (D5).
    if (bprm.depth > version.max_rewrites) return because(bprm, 'D5', 'too many interpreters of interpreters', version.too_deep);
    const retval = search_binary_handler(bprm);
    if (retval !== 0) return retval;
    if (bprm.interpreter === null) break;

    const exec = bprm.file;
    bprm.file = bprm.interpreter;
    bprm.interpreter = null;
    allow_write_access(exec.f_inode);
    const lost = keep_executable(bprm, exec);
    if (lost !== 0) return lost;
  }
  trace.sched_process_exec(bprm);
  return 0;
}

/** The file of a level that was rewritten is let go, or kept for its interpreter (flags O and C, rule D7). */
function keep_executable(bprm: LinuxBinprm, exec: OpenFile): Status {
  if (bprm.have_execfd && bprm.executable === null) {
    bprm.executable = exec;
    return 0;
  }
  fput(exec);
  if (!bprm.have_execfd || bprm.task.kernel.version.execfd_then_rewrite === 'works') return 0;
  return because(bprm, 'D7', 'a file whose descriptor is kept (O, C) was to be followed by one more interpreter', ENOEXEC);
}

/**
 * Offers the file to each registered format in list order; ENOEXEC passes it on, anything else is the answer (D4).
 * @linux fs/exec.c search_binary_handler #Y
 */
function search_binary_handler(bprm: LinuxBinprm): Status {
  const unreadable = prepare_binprm(bprm);
  if (unreadable !== 0) return unreadable;
  const level = trace.begin_level(bprm);
  for (const fmt of bprm.task.kernel.formats) {
    const retval = fmt.load_binary(bprm);
    trace.binfmt_probe(bprm, level, fmt, retval);
    if (retval !== ENOEXEC) return retval;
  }
  return because(bprm, 'D6', request_module(bprm), ENOEXEC);
}

/**
 * What else is done for a file that no format recognised: until 6.13 a module was asked for that might, by bytes 2 and 3; here none ever
 * comes, and the formats would answer a second time as they did (D6).
 * @linux kernel/module/kmod.c __request_module #P[modprobe is not started: there is no module for it to find]
 */
function request_module({ buf, task }: LinuxBinprm): string {
  const nobody = 'no format recognised the file';
  if (!task.kernel.version.module_request || buf.subarray(0, 4).every(printable)) return nobody;
  const [low = 0, high = 0] = buf.subarray(2);
  return `${nobody}, nor is there a module binfmt-${hex(Uint8Array.of(high, low))}`;
}

const printable = (byte: number): boolean => byte === 0x09 || byte === 0x0a || (byte >= 0x20 && byte <= 0x7e);

/**
 * Reads the window: the first bytes of the file, zeros where it is shorter.
 * @linux fs/exec.c prepare_binprm #Y
 */
function prepare_binprm(bprm: LinuxBinprm): Status {
  const size = bprm.task.kernel.version.BINPRM_BUF_SIZE;
  const head = kernel_read(bprm.file, 0, size);
  if (IS_ERR(head)) return head;
  bprm.buf = head.length === size ? head : zero_filled(head, size);
  return 0;
}

/** Of the largest size. An exec never sleeps, so that it serves them all. */
const window: Bytes = new Uint8Array(256);

function zero_filled(head: Bytes, size: number): Bytes {
  window.set(head);
  return window.subarray(0, size).fill(0, head.length);
}

/** Notes why a format answers as it does, for those who watch, and answers. */
export function because<S extends Status>(bprm: LinuxBinprm, rule: string, why: string, answer: S): S {
  bprm.rule = rule;
  bprm.why = why;
  return answer;
}

// The point of no return

/**
 * A format has accepted the file: from here on the old program is gone, and what fails kills the task (D8).
 * @linux fs/exec.c begin_new_exec #P[one thread; no ptrace]
 */
export function begin_new_exec(bprm: LinuxBinprm): Status {
  const { task } = bprm;
  const numbered = task.kernel.version.execfd_number;
  let retval: Status = 0;
  bprm_creds_from_file(bprm);

  task.exec_id++;
  task.did_exec = true;
  mmput(task.image);
  task.image = null;
  flush_signal_handlers(task);
  if (numbered === 'before close-on-exec') retval = install_execfd(bprm);
  do_close_on_exec(task);
  if (numbered === 'after close-on-exec') retval = install_execfd(bprm);
  task.comm = new_comm(bprm);
  task.cred = bprm.cred;
  return retval;
}

/** The open file that flag O promised gets the lowest free number (M9). */
function install_execfd(bprm: LinuxBinprm): Status {
  if (bprm.executable === null) return 0;
  const fd = fd_install(bprm.task, bprm.executable, false);
  if (IS_ERR(fd)) return fd;
  bprm.execfd = fd;
  bprm.executable = null;
  return 0;
}

/** The last component of the name given to execve, cut to 15 bytes (X6, X7). */
function new_comm(bprm: LinuxBinprm): string {
  const name = bprm.comm_from_dentry ? bprm.file.f_path.dentry.d_name : bprm.filename.slice(bprm.filename.lastIndexOf('/') + 1);
  return name.length < TASK_COMM_LEN && is_ascii(name) ? name : decode(encode(name).subarray(0, TASK_COMM_LEN - 1));
}

/**
 * Credentials come from the final file, or under flag C from the file that the rule matched (X6, M10).
 * @linux fs/exec.c bprm_creds_from_file #P[capabilities are held all together or none; no file capabilities]
 */
function bprm_creds_from_file(bprm: LinuxBinprm): void {
  const old = bprm.task.cred;
  const file = bprm.execfd_creds && bprm.executable !== null ? bprm.executable : bprm.file;
  const { euid, egid } = bprm_fill_uid(bprm.task, file);
  const cap_effective = euid === make_kuid(old.user_ns, 0);
  bprm.cred = { ...old, euid, suid: euid, fsuid: euid, egid, sgid: egid, fsgid: egid, cap_effective };
  bprm.secureexec = euid !== old.uid || egid !== old.gid;
}

/**
 * The set-user-id and set-group-id bits, where they count.
 * @linux fs/exec.c bprm_fill_uid #Y
 */
function bprm_fill_uid(task: Task, file: OpenFile): Pick<Cred, 'euid' | 'egid'> {
  const { cred } = task;
  const { i_mode, i_uid, i_gid } = file.f_inode;
  const known = from_kuid(cred.user_ns, i_uid) !== INVALID_ID && from_kgid(cred.user_ns, i_gid) !== INVALID_ID;
  if (!known || cred.no_new_privs || !mnt_may_suid(task, file.f_path.mnt)) return cred;
  const group_bits = S_ISGID | S_IXGRP;
  return {
    euid: (i_mode & S_ISUID) !== 0 ? i_uid : cred.euid,
    egid: (i_mode & group_bits) === group_bits ? i_gid : cred.egid,
  };
}

/**
 * Set-id bits count only on mounts of one's own namespace that allow them.
 * @linux fs/namespace.c mnt_may_suid #Y
 */
function mnt_may_suid(task: Task, mnt: Mount): boolean {
  if ((mnt.mnt_flags & MS_NOSUID) !== 0 || mnt.mnt_ns !== task.nsproxy.mnt_ns) return false;
  return in_userns(mnt.mnt_sb.s_user_ns, task.cred.user_ns);
}

// A program's own file

/**
 * The image takes the file as its own: /proc/PID/exe, closed to writers while it runs (X5).
 * @linux kernel/fork.c set_mm_exe_file #Y
 */
export function set_mm_exe_file(file: OpenFile): OpenFile {
  deny_exe_writers(file);
  return get_file(file);
}

/**
 * fork: the child runs the same image, so its file is used once more.
 * @linux kernel/fork.c dup_mm_exe_file #Y
 */
export function dup_mm_exe_file(image: Image | null): void {
  if (image !== null) set_mm_exe_file(image.exe);
}

/**
 * The image ends, by exit or by exec: its file is let go.
 * @linux kernel/fork.c mmput #P[only the file]
 */
export function mmput(image: Image | null): void {
  if (image !== null) do_close_execat(image.exe);
}

/**
 * Once more, for one more user. Cannot fail: the file is denied to writers already.
 * @linux include/linux/fs.h exe_file_deny_write_access #Y
 */
export function deny_exe_writers(file: OpenFile): void {
  if (deny_write_access(file.f_inode) === ETXTBSY) panic(`${file.f_path.dentry.d_name} is written while it runs`);
}
