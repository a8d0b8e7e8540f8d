/** Standard input and output of what the lab starts without a terminal: pipes whose other end is the host. */
import { EAGAIN, EINVAL, EPIPE, type Errno } from '../../../uapi/errno.ts';
import { O_NONBLOCK, O_RDONLY, O_WRONLY } from '../../../uapi/fcntl.ts';
import { SIGPIPE } from '../../../uapi/signal.ts';
import { PIPEFS_MAGIC, S_IFIFO } from '../../../uapi/stat.ts';
import { POLLERR, POLLHUP, POLLIN, POLLOUT } from '../../../uapi/syscalls.ts';
import type { Bytes, MaybeAsync } from '../../../uapi/types.ts';
import { d_inode } from '../../fs/dcache.ts';
import { alloc_file } from '../../fs/file_table.ts';
import { alloc_pseudo_path } from '../../fs/libfs.ts';
import type { FileOperations, FileSystemType, OpenFile } from '../../include/fs.ts';
import type { Kernel, Task } from '../../include/sched.ts';
import { WaitQueue, wait_event_interruptible } from '../../kernel/sched/wait.ts';
import { send_sig, signal_pending } from '../../kernel/signal.ts';

/** Where bytes come from; an empty array is the end. Asked again only after it has answered. */
export interface HostSource {
  read(count: number): MaybeAsync<Bytes>;
}
/** Where bytes go; while a promise is open, writers wait. A rejection means that nobody reads any more. */
export interface HostSink {
  write(data: Bytes): MaybeAsync<void>;
  /** The last descriptor is closed and everything is written. */
  close?(): void;
}

/**
 * The read end of a pipe that the host fills. What arrives for a reader that was interrupted is kept for the next one.
 */
export function new_host_source(kernel: Kernel, source: HostSource): OpenFile {
  return host_file(kernel, O_RDONLY, source_operations(source));
}

/** The write end of a pipe that the host empties: one chunk is under way, the next writer waits. */
export function new_host_sink(kernel: Kernel, sink: HostSink): OpenFile {
  return host_file(kernel, O_WRONLY, sink_operations(sink));
}

function source_operations(source: HostSource): FileOperations {
  const arrived = new WaitQueue();
  let buffer: Bytes = new Uint8Array(0);
  let state: 'idle' | 'asked' | 'ended' = 'idle';
  const accept = (data: Bytes): void => {
    state = data.length === 0 ? 'ended' : 'idle';
    buffer = data;
    arrived.wake_up();
  };
  const ask = (count: number): void => {
    if (state !== 'idle') return;
    state = 'asked';
    const answer = source.read(count);
    if (answer instanceof Promise) answer.then(accept, () => accept(new Uint8Array(0)));
    else accept(answer);
  };
  const take = (count: number): Bytes | undefined => {
    if (buffer.length === 0) return state === 'ended' ? new Uint8Array(0) : undefined;
    const part = buffer.slice(0, count);
    buffer = buffer.subarray(count);
    return part;
  };
  return {
    stream: true,
    read: (file, count, _pos, task) => {
      if (buffer.length === 0) ask(count);
      const now = take(count);
      if (now === undefined && file.f_flags & O_NONBLOCK) return EAGAIN;
      return now ?? wait_event_interruptible(task, [arrived], () => take_or_ask(count), signal_pending);
    },
    poll: () => {
      if (buffer.length === 0) ask(65536);
      return { events: buffer.length > 0 ? POLLIN : state === 'ended' ? POLLHUP : 0, queues: [arrived] };
    },
  };

  function take_or_ask(count: number): Bytes | undefined {
    const part = take(count);
    if (part === undefined) ask(count);
    return part;
  }
}

function sink_operations(sink: HostSink): FileOperations {
  const drained = new WaitQueue();
  let state: 'idle' | 'writing' | 'broken' = 'idle';
  let users = 1;
  const settle = (next: 'idle' | 'broken') => (): void => {
    state = next;
    if (users === 0) sink.close?.();
    drained.wake_up();
  };
  const put = (data: Bytes, task: Task): number | Errno | undefined => {
    if (state === 'writing') return undefined;
    if (state === 'broken') return broken_pipe(task);
    const written = sink.write(data.slice());
    if (written instanceof Promise) {
      state = 'writing';
      written.then(settle('idle'), settle('broken'));
    }
    return data.length;
  };
  return {
    stream: true,
    write: (file, data, _pos, task) => {
      if (data.length === 0) return 0;
      const now = put(data, task);
      if (now === undefined && file.f_flags & O_NONBLOCK) return EAGAIN;
      return now ?? wait_event_interruptible(task, [drained], () => put(data, task), signal_pending);
    },
    poll: () => ({ events: state === 'writing' ? 0 : state === 'broken' ? POLLOUT | POLLERR : POLLOUT, queues: [drained] }),
    open: () => {
      users++;
      return 0;
    },
    release: () => {
      users--;
      if (users === 0 && state !== 'writing') sink.close?.();
    },
  };
}

function broken_pipe(task: Task): Errno {
  send_sig(task, SIGPIPE, task);
  return EPIPE;
}

const hostpipe_fs_type: FileSystemType = { name: 'pipefs', nodev: true, mount: () => EINVAL };

function host_file(kernel: Kernel, flags: number, operations: FileOperations): OpenFile {
  const { cred } = kernel.init_task;
  const path = alloc_pseudo_path(kernel, hostpipe_fs_type, PIPEFS_MAGIC, (ino) => `pipe:[${ino}]`, S_IFIFO | 0o600, cred);
  path.dentry.d_inode = { ...d_inode(path.dentry), i_fop: operations };
  return alloc_file(path, operations, flags, cred);
}
