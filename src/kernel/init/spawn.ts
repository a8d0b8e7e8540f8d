/** How the lab starts a program: a session of its own below process 1. Follows init/main.c run_init_process. */

import { type Errno, IS_ERR, type Status } from '../../uapi/errno.ts';
import { AT_FDCWD, O_RDWR } from '../../uapi/fcntl.ts';
import { S_IFCHR } from '../../uapi/stat.ts';
import { devpts_fs_type } from '../drivers/tty/devpts.ts';
import { operations, type TtyStruct, tty_open } from '../drivers/tty/tty_io.ts';
import { proc_set_tty } from '../drivers/tty/tty_jobctrl.ts';
import { do_execveat_common } from '../fs/exec.ts';
import { fd_install } from '../fs/file.ts';
import { alloc_file, get_file } from '../fs/file_table.ts';
import { do_chdir } from '../fs/fs_struct.ts';
import { alloc_pseudo_path } from '../fs/libfs.ts';
import { path_lookupat } from '../fs/namei.ts';
import type { Cred, OpenFile, Path } from '../include/fs.ts';
import type { Kernel, Task } from '../include/sched.ts';
import { do_exit } from '../kernel/exit.ts';
import { copy_process } from '../kernel/fork.ts';
import { run_image } from '../kernel/run.ts';

export interface SpawnOptions {
  /** Descriptors 0, 1, 2; the task takes the references over. Either these or a terminal. */
  readonly stdio?: readonly OpenFile[];
  readonly tty?: TtyStruct;
  readonly cwd?: string;
  readonly cred?: Cred;
  /** Told the wait status. */
  readonly on_exit?: (status: number) => void;
}

/**
 * A task running `path`, leader of its own session; the errno of what failed otherwise.
 * @linux init/main.c run_init_process #P[a child of process 1, not process 1 itself]
 */
export function spawn_init(
  kernel: Kernel,
  path: string,
  argv: readonly string[],
  envp: readonly string[],
  options: SpawnOptions,
): Task | Errno {
  const task = copy_process(kernel.init_task);
  if (IS_ERR(task)) return task;
  const status = prepare(task, options) || do_execveat_common(task, AT_FDCWD, path, argv, envp, 0);
  if (status !== 0) {
    do_exit(task, 0);
    return status;
  }
  task.on_exit = options.on_exit ?? null;
  run_image(task);
  return task;
}

function prepare(task: Task, options: SpawnOptions): Status {
  task.session = task.pgrp = task.pid;
  task.state = 'running';
  if (options.cred !== undefined) task.cred = options.cred;
  for (const file of options.tty ? tty_stdio(task, options.tty) : (options.stdio ?? [])) {
    const fd = fd_install(task, file, false);
    if (IS_ERR(fd)) return fd;
  }
  return options.cwd === undefined ? 0 : do_chdir(task, options.cwd);
}

/** The terminal as descriptors 0, 1 and 2, and as the session's own. */
function tty_stdio(task: Task, tty: TtyStruct): OpenFile[] {
  tty.owner = task.cred.uid;
  const file = alloc_file(tty_path(task, tty), operations, O_RDWR, task.cred);
  tty_open(file, task, tty);
  proc_set_tty(task, tty);
  return [file, get_file(file), get_file(file)];
}

/** /dev/pts/N where it is mounted; a place without a name elsewhere. */
function tty_path(task: Task, tty: TtyStruct): Path {
  const path = path_lookupat(task, AT_FDCWD, `/dev/${tty.name}`, { follow: true });
  if (!IS_ERR(path)) return path;
  return alloc_pseudo_path(task.kernel, devpts_fs_type, 0, () => `/${tty.index}`, S_IFCHR | 0o620, task.cred);
}
