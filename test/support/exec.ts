/** Synchronous execs on a booted machine: the kernel's own function, on fresh tasks. */
import { do_execveat_common } from '../../src/kernel/fs/exec.ts';
import type { Task } from '../../src/kernel/include/sched.ts';
import { do_exit } from '../../src/kernel/kernel/exit.ts';
import { copy_process } from '../../src/kernel/kernel/fork.ts';
import { IS_ERR } from '../../src/uapi/errno.ts';
import { AT_FDCWD } from '../../src/uapi/fcntl.ts';
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
