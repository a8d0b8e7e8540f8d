/** Synchronous execs on a booted machine: the kernel's own function, on fresh tasks. */
import { do_execveat_common } from '../../src/kernel/fs/exec.ts';
import { close_fd, fget } from '../../src/kernel/fs/file.ts';
import { do_sys_open } from '../../src/kernel/fs/open.ts';
import { vfs_write } from '../../src/kernel/fs/read_write.ts';
import type { Task } from '../../src/kernel/include/sched.ts';
import { do_exit } from '../../src/kernel/kernel/exit.ts';
import { copy_process } from '../../src/kernel/kernel/fork.ts';
import { encode } from '../../src/uapi/bytes.ts';
import { IS_ERR } from '../../src/uapi/errno.ts';
import { AT_FDCWD, O_WRONLY } from '../../src/uapi/fcntl.ts';
import { SIGNAL_NAMES } from '../../src/uapi/signal.ts';
import type { Machine } from './kernel.ts';

/** A child of process 1, not running anything. */
export function fork(m: Machine): Task {
  const task = copy_process(m.kernel.init_task);
  if (IS_ERR(task)) throw new Error(task.code);
  return task;
}

export interface ExecOptions {
  readonly argv?: readonly string[];
  readonly envp?: readonly string[];
  readonly dfd?: number;
  readonly flags?: number;
  /** On this task, instead of a new one that is ended afterwards. */
  readonly task?: Task;
}

/** The errno's name, the deadly signal's, "ok", or "machine code" for a program without an applet. */
export function exec(m: Machine, path: string, options: ExecOptions = {}): string {
  const task = options.task ?? fork(m);
  const status = do_execveat_common(task, options.dfd ?? AT_FDCWD, path, options.argv ?? [path], options.envp ?? [], options.flags ?? 0);
  const said = status === 0 ? outcome(task) : status.code;
  if (options.task === undefined) do_exit(task, 0);
  return said;
}

function outcome(task: Task): string {
  const { image } = task;
  if (image === null) return 'ok';
  if (image.fatal_signal !== 0) return `SIG${SIGNAL_NAMES[image.fatal_signal]}`;
  return image.applet === null ? 'machine code' : 'ok';
}

/** The argv of a program that would run. */
export function argvOf(m: Machine, path: string, options: ExecOptions = {}): readonly string[] | string {
  const task = options.task ?? fork(m);
  const said = exec(m, path, { ...options, task });
  const argv = said === 'ok' ? (task.image?.argv ?? []) : said;
  if (options.task === undefined) do_exit(task, 0);
  return argv;
}

/** Where the machine mounts binfmt_misc. */
export const BM = '/proc/sys/fs/binfmt_misc';

/** One write to a control file, as `task`: the errno's name, or "ok". */
export function control(task: Task, path: string, text: string): string {
  const fd = do_sys_open(task, AT_FDCWD, path, O_WRONLY, 0);
  if (typeof fd !== 'number') return `open: ${IS_ERR(fd) ? fd.code : 'sleeps'}`;
  const file = fget(task, fd);
  const n = IS_ERR(file) ? file : vfs_write(task, file, encode(text));
  close_fd(task, fd);
  return IS_ERR(n) ? n.code : 'ok';
}

/** Registers a rule as root of the initial namespaces. */
export function register(m: Machine, line: string): string {
  return control(m.kernel.init_task, `${BM}/register`, line);
}
