/** Pipes and fifos. Follows fs/pipe.c. */
import { EAGAIN, EINVAL, ENXIO, EPIPE, type Errno, IS_ERR, type Status } from '../../uapi/errno.ts';
import { O_ACCMODE, O_CLOEXEC, O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY } from '../../uapi/fcntl.ts';
import { SIGPIPE } from '../../uapi/signal.ts';
import { PIPEFS_MAGIC, S_IFIFO } from '../../uapi/stat.ts';
import { POLLERR, POLLHUP, POLLIN, POLLOUT } from '../../uapi/syscalls.ts';
import type { Bytes, Fd, MaybeAsync } from '../../uapi/types.ts';
import type { FileOperations, FileSystemType, OpenFile, Path } from '../include/fs.ts';
import type { Task } from '../include/sched.ts';
import { WaitQueue, wait_event_interruptible } from '../kernel/sched/wait.ts';
import { send_sig, signal_pending } from '../kernel/signal.ts';
import { close_fd, fd_install } from './file.ts';
import { alloc_file, can_read, can_write, fput } from './file_table.ts';
import { file_update_time } from './inode.ts';
import { alloc_pseudo_path } from './libfs.ts';

/** Bytes that a pipe holds: sixteen pages. */
export const PIPE_SIZE = 65536;
/** A write of at most so many bytes is not mixed with others'. */
export const PIPE_BUF = 4096;

/** struct pipe_inode_info. */
export class Pipe {
  /** Whole writes, oldest first; `offset` bytes of the first are read already. */
  private readonly bufs: Bytes[] = [];
  private offset = 0;
  length = 0;
  readers = 0;
  writers = 0;
  /** How often an end was opened: a fifo's open waits for the other to move. */
  r_counter = 0;
  w_counter = 0;
  readonly rd_wait = new WaitQueue();
  readonly wr_wait = new WaitQueue();

  get room(): number {
    return PIPE_SIZE - this.length;
  }

  push(data: Bytes): void {
    if (data.length === 0) return;
    this.bufs.push(data.slice());
    this.length += data.length;
  }

  /** Takes out up to `count` bytes. */
  pull(count: number): Bytes {
    const out = new Uint8Array(Math.min(count, this.length));
    for (let n = 0; n < out.length; ) {
      const first = this.bufs[0] as Bytes;
      const piece = first.subarray(this.offset, this.offset + out.length - n);
      out.set(piece, n);
      n += piece.length;
      this.offset += piece.length;
      if (this.offset < first.length) break;
      this.bufs.shift();
      this.offset = 0;
    }
    this.length -= out.length;
    return out;
  }
}

const pipe_of = (file: OpenFile): Pipe => file.f_inode.i_pipe as Pipe;
const nonblocking = (file: OpenFile): boolean => (file.f_flags & O_NONBLOCK) !== 0;

/**
 * What there is; nothing once the writers are gone; otherwise waits for them.
 * @linux fs/pipe.c pipe_read #Y
 */
function pipe_read(file: OpenFile, count: number, _pos: number, task: Task): MaybeAsync<Bytes | Errno> {
  const pipe = pipe_of(file);
  if (count === 0) return new Uint8Array(0);
  const take = (): Bytes | Errno | undefined => {
    if (pipe.length > 0) return taken(pipe, count);
    if (pipe.writers === 0) return new Uint8Array(0);
    return nonblocking(file) ? EAGAIN : undefined;
  };
  return wait_event_interruptible(task, [pipe.rd_wait], take, signal_pending);
}

function taken(pipe: Pipe, count: number): Bytes {
  const data = pipe.pull(count);
  pipe.wr_wait.wake_up();
  return data;
}

/**
 * Everything, waiting for room as often as needed; small writes go in one piece. Without readers SIGPIPE and EPIPE.
 * @linux fs/pipe.c pipe_write #Y
 */
function pipe_write(file: OpenFile, data: Bytes, _pos: number, task: Task): MaybeAsync<number | Errno> {
  const pipe = pipe_of(file);
  if (data.length === 0) return 0;
  const need = data.length <= PIPE_BUF ? data.length : 1;
  let written = 0;
  const put = (): number | Errno | undefined => {
    if (pipe.readers === 0) return EPIPE;
    while (written < data.length && pipe.room >= need) {
      const n = fill(pipe, data.subarray(written));
      written += n;
    }
    if (written === data.length) return written;
    if (nonblocking(file)) return written > 0 ? written : EAGAIN;
    return undefined;
  };
  const result = wait_event_interruptible(task, [pipe.wr_wait], put, signal_pending);
  const settle = (n: number | Errno): number | Errno => {
    if (n === EPIPE) send_sig(task, SIGPIPE); // also when a part was written before
    if (written > 0) file_update_time(task.kernel, file.f_inode);
    return IS_ERR(n) && written > 0 ? written : n;
  };
  return result instanceof Promise ? result.then(settle) : settle(result);
}

function fill(pipe: Pipe, data: Bytes): number {
  const n = Math.min(data.length, pipe.room);
  pipe.push(data.subarray(0, n));
  if (n > 0) pipe.rd_wait.wake_up();
  return n;
}

/** @linux fs/pipe.c pipe_poll #Y */
function pipe_poll(file: OpenFile): { events: number; queues: readonly WaitQueue[] } {
  const pipe = pipe_of(file);
  let events = 0;
  if (can_read(file)) events |= (pipe.length > 0 ? POLLIN : 0) | (pipe.writers === 0 && pipe.w_counter > 0 ? POLLHUP : 0);
  if (can_write(file)) events |= (pipe.room >= PIPE_BUF ? POLLOUT : 0) | (pipe.readers === 0 ? POLLERR : 0);
  return { events, queues: [pipe.rd_wait, pipe.wr_wait] };
}

/** @linux fs/pipe.c pipe_ioctl #P[FIONREAD] */
function pipe_ioctl(file: OpenFile, request: string): unknown {
  return request === 'FIONREAD' ? pipe_of(file).length : EINVAL;
}

function add_end(file: OpenFile, pipe: Pipe): void {
  if (can_read(file)) pipe.readers++;
  if (can_read(file)) pipe.r_counter++;
  if (can_write(file)) pipe.writers++;
  if (can_write(file)) pipe.w_counter++;
}

/**
 * An end is gone: who waits at the other has to look.
 * @linux fs/pipe.c pipe_release #Y
 */
function pipe_release(file: OpenFile): void {
  const pipe = pipe_of(file);
  if (can_read(file)) pipe.readers--;
  if (can_write(file)) pipe.writers--;
  if (pipe.readers === 0 && pipe.writers === 0) delete file.f_inode.i_pipe;
  pipe.rd_wait.wake_up();
  pipe.wr_wait.wake_up();
}

/**
 * Opening a fifo waits until the other end was opened too. Without waiting, reading succeeds and writing needs a reader.
 * @linux fs/pipe.c fifo_open #Y
 */
function fifo_open(file: OpenFile, task: Task): MaybeAsync<Status> {
  const pipe = (file.f_inode.i_pipe ??= new Pipe()) as Pipe;
  const mode = file.f_flags & O_ACCMODE;
  if (mode === O_ACCMODE) return EINVAL;
  if (mode === O_WRONLY && nonblocking(file) && pipe.readers === 0 && !is_pipe(file)) {
    if (pipe.writers === 0) delete file.f_inode.i_pipe;
    return ENXIO;
  }
  const { r_counter, w_counter } = pipe;
  add_end(file, pipe);
  pipe.rd_wait.wake_up();
  pipe.wr_wait.wake_up();
  if (mode === O_RDWR || nonblocking(file) || is_pipe(file)) return 0;
  const met =
    mode === O_RDONLY ? () => pipe.writers > 0 || pipe.w_counter !== w_counter : () => pipe.readers > 0 || pipe.r_counter !== r_counter;
  return until_met(file, task, pipe, met);
}

/** A pipe of pipe2, opened again through /proc/PID/fd: its other end was there already, and may be gone. */
const is_pipe = (file: OpenFile): boolean => file.f_inode.i_sb.s_magic === PIPEFS_MAGIC;

function until_met(file: OpenFile, task: Task, pipe: Pipe, met: () => boolean): MaybeAsync<Status> {
  const waited = wait_event_interruptible<Status>(task, [pipe.rd_wait, pipe.wr_wait], () => (met() ? 0 : undefined), signal_pending);
  const settle = (status: Status): Status => {
    if (status !== 0) pipe_release(file);
    return status;
  };
  return waited instanceof Promise ? waited.then(settle) : settle(waited);
}

export const pipefifo_fops: FileOperations = {
  stream: true,
  open: fifo_open,
  release: pipe_release,
  read: pipe_read,
  write: pipe_write,
  poll: pipe_poll,
  ioctl: pipe_ioctl,
};

const pipefs: FileSystemType = { name: 'pipefs', nodev: true, mount: () => EINVAL };

/**
 * Two open files on a new pipe: what is written to the second is read from the first.
 * @linux fs/pipe.c create_pipe_files #Y
 */
export function create_pipe_files(task: Task, flags: number): readonly [OpenFile, OpenFile] {
  const path = pipe_path(task);
  const pipe = new Pipe();
  const inode = path.dentry.d_inode;
  if (inode) inode.i_pipe = pipe;
  const read = alloc_file(path, pipefifo_fops, O_RDONLY | (flags & O_NONBLOCK), task.cred);
  const write = alloc_file(path, pipefifo_fops, O_WRONLY | (flags & O_NONBLOCK), task.cred);
  add_end(read, pipe);
  add_end(write, pipe);
  return [read, write];
}

function pipe_path(task: Task): Path {
  return alloc_pseudo_path(task.kernel, pipefs, PIPEFS_MAGIC, (ino) => `pipe:[${ino}]`, S_IFIFO | 0o600, task.cred);
}

/** [read end, write end]. @linux fs/pipe.c do_pipe2 #P[no O_DIRECT] */
export function do_pipe2(task: Task, flags: number): readonly [Fd, Fd] | Errno {
  if ((flags & ~(O_CLOEXEC | O_NONBLOCK)) !== 0) return EINVAL;
  const [read, write] = create_pipe_files(task, flags);
  const cloexec = (flags & O_CLOEXEC) !== 0;
  const r = fd_install(task, read, cloexec);
  if (IS_ERR(r)) {
    fput(write);
    return r;
  }
  const w = fd_install(task, write, cloexec);
  if (!IS_ERR(w)) return [r, w];
  close_fd(task, r);
  return w;
}
