/**
 * What execve tells whoever watches, event by event (uapi/trace.ts). Takes the place of include/trace/events/sched.h.
 * Each function looks first whether anybody listens; none changes anything.
 */
import { hex } from '../../uapi/bytes.ts';
import { ENOEXEC, type Errno, type Status } from '../../uapi/errno.ts';
import { S_IFBLK, S_IFCHR, S_IFDIR, S_IFIFO, S_IFLNK, S_IFMT, S_IFREG, S_IFSOCK } from '../../uapi/stat.ts';
import type { LinuxBinfmt, LinuxBinprm } from '../include/binfmts.ts';
import type { Path } from '../include/fs.ts';
import type { Task } from '../include/sched.ts';
import { CURRENT_LINUX, versions } from '../init/version.ts';
import { emit, tracing } from '../kernel/trace.ts';
import { d_path } from './d_path.ts';
import { d_inode } from './dcache.ts';
import type { WalkStep } from './namei_walk.ts';

export type CheckStep = 'type' | 'noexec' | 'permission' | 'writers';

export function exec_begin(task: Task, path: string, argv: readonly string[], envp: readonly string[]): void {
  if (!tracing(task)) return;
  const cwd = d_path(task, task.fs.pwd);
  emit(task, { ev: 'exec_begin', path, argv: [...argv], envc: envp.length, cwd, rule: 'X1' });
}

/** A callback for the path walk, if anybody listens. */
export function path_walk(task: Task, path: string, level: number): ((step: WalkStep) => void) | undefined {
  if (!tracing(task)) return undefined;
  return (s) => emit(task, { ev: 'exec_walk', level, path, step: s.step, what: walked(task, s), ...failed(s.errno), rule: 'X1' });
}

const failed = (status: Status | undefined): { errno?: string } => (status ? { errno: status.code } : {});

function walked(task: Task, s: WalkStep): string {
  const place = d_path(task, s.path);
  switch (s.step) {
    case 'symlink':
      return `${s.name} is a link to ${s.target}`;
    case 'mount':
      return `${place} is a mount of ${s.path.mnt.mnt_sb.s_type.name}`;
    case 'permission':
      return `no search permission on ${place}`;
    case 'component':
      return s.errno ? `${s.name} in ${place}: ${s.errno.message}` : place;
  }
}

export function exec_check(task: Task, path: Path, step: CheckStep, status: Status, level: number): void {
  if (!tracing(task)) return;
  const what = CHECKED[step](path, status !== 0);
  emit(task, { ev: 'exec_walk', level, path: d_path(task, path), step, what, ...failed(status), rule: step === 'writers' ? 'X5' : 'X1' });
}

const CHECKED: Readonly<Record<CheckStep, (path: Path, refused: boolean) => string>> = {
  type: (path) => FILE_TYPES[d_inode(path.dentry).i_mode & S_IFMT] ?? 'something else',
  noexec: (_path, refused) => (refused ? 'nothing is executed from this mount' : 'the mount allows execution'),
  permission: (path, refused) =>
    `mode ${(d_inode(path.dentry).i_mode & 0o7777).toString(8).padStart(4, '0')} ${refused ? 'forbids' : 'allows'} it`,
  writers: (_path, refused) => (refused ? 'somebody has the file open for writing' : 'nobody writes to it'),
};

const FILE_TYPES: Readonly<Record<number, string>> = {
  [S_IFREG]: 'regular file',
  [S_IFDIR]: 'directory',
  [S_IFLNK]: 'symbolic link',
  [S_IFCHR]: 'character device',
  [S_IFBLK]: 'block device',
  [S_IFIFO]: 'fifo',
  [S_IFSOCK]: 'socket',
};

export function exec_args(bprm: LinuxBinprm, status: Status): void {
  const { task, argv, envp, room, filename: path } = bprm;
  if (!tracing(task)) return;
  const what = `${some(argv, 'argument')}, ${some(envp, 'environment string')}; ${status === 0 ? `room for ${room} more bytes` : 'too much'}`;
  emit(task, { ev: 'exec_walk', level: 0, path, step: 'args', what, ...failed(status), rule: 'X3' });
}

const some = ({ length }: readonly string[], name: string): string => `${length} ${name}${length === 1 ? '' : 's'}`;

/** What the formats would do with a file, asked before one of them does it. */
export interface Level {
  readonly argv_before: readonly string[];
  readonly takers: readonly { readonly name: LinuxBinfmt['name']; readonly does: string }[];
}

export function begin_level(bprm: LinuxBinprm): Level | null {
  const { task, depth: level, interp: name, file } = bprm;
  if (!tracing(task)) return null;
  const where = { name, file: d_path(task, file.f_path), size: file.f_inode.i_size };
  emit(task, { ev: 'binprm_read', level, ...where, window: hex(bprm.buf), rule: 'D4' });
  const takers = task.kernel.formats.flatMap((fmt) => {
    const does = fmt.would_take(bprm);
    return does === null ? [] : [{ name: fmt.name, does }];
  });
  return { argv_before: [...bprm.argv], takers };
}

export function binfmt_probe(bprm: LinuxBinprm, level: Level | null, fmt: LinuxBinfmt, retval: Status): void {
  if (level === null) return;
  const { task, why, rule } = bprm;
  const verdict = retval === ENOEXEC ? 'next' : retval !== 0 ? 'failed' : bprm.interpreter === null ? 'taken' : 'rewrite';
  emit(task, { ev: 'binfmt_probe', level: bprm.depth, fmt: fmt.name, verdict, ...failed(retval), why, rule });
  if (verdict === 'next') return;
  if (verdict === 'rewrite') binprm_rewrite(bprm, level, fmt);
  if (level.takers.length > 1) order_decided(bprm, level, fmt);
}

function binprm_rewrite(bprm: LinuxBinprm, { argv_before }: Level, fmt: LinuxBinfmt): void {
  const { task, depth, interp: interpreter, rule, rewritten_by } = bprm;
  const argv_after = [...bprm.argv];
  emit(task, {
    ev: 'binprm_rewrite',
    level: depth,
    fmt: fmt.name,
    interpreter,
    argv_before,
    argv_after,
    ...(fmt.name === 'misc' ? rewritten_by : null),
    rule,
  });
}

function order_decided(bprm: LinuxBinprm, { takers }: Level, fmt: LinuxBinfmt): void {
  const also = takers.filter((t) => t.name !== fmt.name).map((t) => t.name);
  const order = versions[CURRENT_LINUX].formats;
  const first = [...takers].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name))[0];
  const current_linux = `${first?.name}: ${first?.does}`;
  emit(bprm.task, { ev: 'order_decided', level: bprm.depth, taken_by: fmt.name, also, current_linux, rule: 'D1' });
}

export function sched_process_exec(bprm: LinuxBinprm): void {
  const { task, filename, image } = bprm;
  if (image === null || !tracing(task)) return;
  const exe = d_path(task, image.exe.f_path);
  const { argv, auxv, fatal_signal } = image;
  const dies = fatal_signal === 0 ? null : { fatal_signal };
  emit(task, { ev: 'sched_process_exec', filename, exe, comm: task.comm, argv: [...argv], auxv: { ...auxv }, ...dies, rule: 'X6' });
}

export function exec_fail(task: Task, path: string, errno: Errno, bprm?: LinuxBinprm): void {
  if (!tracing(task)) return;
  const message = bprm?.why || errno.message;
  emit(task, { ev: 'exec_fail', path, errno: errno.code, message, level: bprm?.depth ?? 0, rule: bprm?.rule ?? 'X1' });
}
