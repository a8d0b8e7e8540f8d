/**
 * What a task executes: the frames of a program. Linux jumps to an entry point; we call a function, take its result for
 * exit's, and see to it that nothing it throws ever reaches the kernel.
 */
import { encode } from '../../uapi/bytes.ts';
import { IS_ERR } from '../../uapi/errno.ts';
import { SIGABRT } from '../../uapi/signal.ts';
import type { Program, Syscalls } from '../../uapi/syscalls.ts';
import type { ExitCode } from '../../uapi/types.ts';
import { fget } from '../fs/file.ts';
import { vfs_write } from '../fs/read_write.ts';
import type { Image, Task } from '../include/sched.ts';
import { syscalls_of } from './entry.ts';
import { do_exit } from './exit.ts';
import { isCurrent, isUnwind } from './unwind.ts';

/**
 * Starts the image that execve has installed.
 * @linux fs/binfmt_elf.c start_thread #P[an applet instead of an entry point]
 */
export function run_image(task: Task): void {
  const { image } = task;
  if (image === null) return;
  task.preempt_disabled = false;
  if (image.fatal_signal !== 0) do_exit(task, image.fatal_signal);
  else runFrames(task, (sys) => start_program(task, image, sys));
}

async function start_program(task: Task, image: Image, sys: Syscalls): Promise<ExitCode> {
  if (image.applet === null) return refuse(task, `${task.comm}: machine code is not supported yet\n`);
  const load = Object.hasOwn(task.kernel.programs, image.applet) ? task.kernel.programs[image.applet] : undefined;
  if (load === undefined) return refuse(task, `${task.comm}: this machine has no program called ${image.applet}\n`);
  const exec_id = task.exec_id;
  const loading = load();
  const main: Program = loading instanceof Promise ? await loading : loading;
  const { argv, envp } = image.guest_args ?? image;
  return isCurrent(task, exec_id) ? main(sys, argv, envp) : 0;
}

function refuse(task: Task, message: string): ExitCode {
  complain(task, message);
  return 1;
}

/** Runs `fn` as the code of `task`, from the next turn on. */
export function runFrames(task: Task, fn: (sys: Syscalls) => Promise<ExitCode>): void {
  const exec_id = task.exec_id;
  const sys = syscalls_of(task);
  const start = async (): Promise<void> => {
    await undefined;
    if (!isCurrent(task, exec_id)) return;
    const code = await fn(sys);
    if (isCurrent(task, exec_id)) do_exit(task, (code & 0xff) << 8);
  };
  start().catch((thrown: unknown) => {
    if (!isUnwind(thrown) && isCurrent(task, exec_id)) abort(task, thrown);
  });
}

/** A program broke: that is its end, by SIGABRT as a C++ program's would be, and nobody else's. */
function abort(task: Task, thrown: unknown): void {
  complain(task, `${task.comm}: ${describe(thrown)}\n`);
  do_exit(task, SIGABRT);
}

function describe(thrown: unknown): string {
  if (!(thrown instanceof Error)) return `unexpected exception: ${String(thrown)}`;
  const { message, stack = message } = thrown;
  // Firefox leaves the message out of the stack.
  return `unexpected exception: ${stack.includes(message) ? stack : `${thrown.name}: ${message}\n${stack}`}`;
}

/** Best effort: the descriptor may be closed, or its reader slow. */
function complain(task: Task, message: string): void {
  const file = fget(task, 2);
  if (!IS_ERR(file)) void vfs_write(task, file, encode(message));
}
