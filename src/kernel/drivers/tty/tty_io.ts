/** Terminals as files: /dev/pts/N, /dev/tty, /dev/console. Follows drivers/tty/tty_io.c. */
import { EIO, ENXIO, type Status } from '../../../uapi/errno.ts';
import { O_NOCTTY } from '../../../uapi/fcntl.ts';
import { SIGCONT, SIGHUP, SIGWINCH } from '../../../uapi/signal.ts';
import { makedev } from '../../../uapi/stat.ts';
import type { Termios, Winsize } from '../../../uapi/termios.ts';
import type { Bytes, Pid } from '../../../uapi/types.ts';
import { cdev_add } from '../../fs/char_dev.ts';
import type { FileOperations, OpenFile } from '../../include/fs.ts';
import type { Kernel, Task } from '../../include/sched.ts';
import { WaitQueue } from '../../kernel/sched/wait.ts';
import { kill_pgrp, send_sig } from '../../kernel/signal.ts';
import type { HostSink } from '../char/host_pipe.ts';
import { type NTtyData, n_tty_poll, n_tty_read, n_tty_write, new_n_tty } from './n_tty.ts';
import { n_tty_receive_buf } from './n_tty_receive.ts';
import { TtyOutput } from './tty_buffer.ts';
import { tty_ioctl } from './tty_ioctl.ts';
import { proc_set_tty } from './tty_jobctrl.ts';
import { tty_std_termios } from './tty_termios.ts';

const UNIX98_PTY_SLAVE_MAJOR = 136;
const TTYAUX_MAJOR = 5;

/** struct tty_struct with its line discipline: one terminal, whose glass is the host's `sink`. */
export class TtyStruct {
  readonly index: number;
  termios: Termios = tty_std_termios();
  winsize: Winsize = { ws_row: 24, ws_col: 80 };
  /** Foreground group. */
  pgrp: Pid | null = null;
  session: Pid | null = null;
  hung_up = false;
  /** kuid of who logged in there. */
  owner = 0;
  readonly read_wait = new WaitQueue();
  readonly write_wait = new WaitQueue();
  readonly disc_data: NTtyData = new_n_tty();
  readonly output: TtyOutput;

  constructor(
    readonly kernel: Kernel,
    sink: HostSink,
    index: number,
  ) {
    this.index = index;
    this.output = new TtyOutput(sink, this.write_wait);
  }

  /** "pts/0": its name below /dev. */
  get name(): string {
    return `pts/${this.index}`;
  }
  get rdev(): number {
    return makedev(UNIX98_PTY_SLAVE_MAJOR, this.index);
  }

  /** Keys that were pressed. */
  receive(data: Bytes): void {
    if (!this.hung_up) n_tty_receive_buf(this, data);
  }

  /**
   * The window has another size.
   * @linux drivers/tty/tty_io.c tty_do_resize #Y
   */
  resize(ws_row: number, ws_col: number): void {
    if (this.winsize.ws_row === ws_row && this.winsize.ws_col === ws_col) return;
    this.winsize = { ws_row, ws_col };
    if (this.pgrp !== null) kill_pgrp(this.kernel, this.pgrp, SIGWINCH);
  }

  /**
   * The line is gone: readers find the end, writers EIO, the session is hung up.
   * @linux drivers/tty/tty_io.c __tty_hangup #Y
   */
  hangup(): void {
    if (this.hung_up) return;
    this.hung_up = true;
    const { session, pgrp } = this;
    this.session = this.pgrp = null;
    for (const t of [...this.kernel.tasks.values()]) {
      if (t.session !== session || t.tty !== this) continue;
      t.tty = null;
      if (t.pid !== session) continue;
      send_sig(t, SIGHUP);
      send_sig(t, SIGCONT);
    }
    if (pgrp !== null) kill_pgrp(this.kernel, pgrp, SIGHUP);
    this.output.close();
    this.read_wait.wake_up();
    this.write_wait.wake_up();
  }
}

/** The terminals of each machine by number. */
const ttys = new WeakMap<Kernel, TtyStruct[]>();
export const ttys_of = (kernel: Kernel): readonly TtyStruct[] => ttys.get(kernel) ?? [];

/**
 * A new terminal of `kernel`, /dev/pts/N with the next free N.
 * @linux drivers/tty/pty.c pty_unix98_install #P[the host is the master]
 */
export function new_tty(kernel: Kernel, sink: HostSink): TtyStruct {
  const all = ttys_of(kernel);
  const free = all.findIndex((tty) => tty.hung_up);
  const tty = new TtyStruct(kernel, sink, free < 0 ? all.length : free);
  ttys.set(
    kernel,
    [...all.filter((other) => other.index !== tty.index), tty].sort((a, b) => a.index - b.index),
  );
  return tty;
}

/**
 * The device numbers of terminals.
 * @linux drivers/tty/tty_io.c tty_init #P[pts, /dev/tty, /dev/console]
 */
export function tty_init(kernel: Kernel): void {
  cdev_add(kernel, UNIX98_PTY_SLAVE_MAJOR, 0, 256, (n) => tty_fops(() => ttys_of(kernel)[n]));
  cdev_add(
    kernel,
    TTYAUX_MAJOR,
    0,
    1,
    tty_fops((task) => task.tty as TtyStruct | null),
  );
  cdev_add(
    kernel,
    TTYAUX_MAJOR,
    1,
    1,
    tty_fops(() => ttys_of(kernel)[0]),
  );
}

/**
 * Which terminal an open file is.
 * @linux include/linux/tty.h file_tty #Y
 */
export function file_tty(file: OpenFile): TtyStruct {
  return file.private_data as TtyStruct;
}

function tty_fops(find: (task: Task) => TtyStruct | null | undefined): FileOperations {
  return { ...operations, open: (file, task) => tty_open(file, task, find(task) ?? null) };
}

/**
 * A session leader without a terminal gets the one that it opens, unless it says O_NOCTTY.
 * @linux drivers/tty/tty_io.c tty_open #Y
 */
export function tty_open(file: OpenFile, task: Task, tty: TtyStruct | null): Status {
  if (tty === null) return ENXIO;
  if (tty.hung_up) return EIO;
  file.private_data = tty;
  const wants = (file.f_flags & O_NOCTTY) === 0 && task.session === task.pid && task.tty === null && tty.session === null;
  if (wants) proc_set_tty(task, tty);
  return 0;
}

/** What every terminal can do, opened by whichever name. */
export const operations: FileOperations = {
  stream: true,
  read: (file, count, _pos, task) => n_tty_read(file_tty(file), file, count, task),
  write: (file, data, _pos, task) => n_tty_write(file_tty(file), file, data, task),
  poll: (file) => n_tty_poll(file_tty(file)),
  ioctl: (file, request, arg, task) => tty_ioctl(file_tty(file), request, arg, task),
};
