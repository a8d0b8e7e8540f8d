/** poll(2). Follows fs/select.c. */
import { type Errno, IS_ERR } from '../../uapi/errno.ts';
import { O_PATH } from '../../uapi/fcntl.ts';
import { POLLERR, POLLHUP, POLLIN, POLLNVAL, POLLOUT, type PollFd } from '../../uapi/syscalls.ts';
import type { MaybeAsync } from '../../uapi/types.ts';
import type { OpenFile } from '../include/fs.ts';
import type { Task } from '../include/sched.ts';
import { WaitQueue, wait_event_interruptible } from '../kernel/sched/wait.ts';
import { signal_pending } from '../kernel/signal.ts';
import { fget } from './file.ts';

/** What files without a poll of their own answer: ready for everything. */
const DEFAULT_POLLMASK = POLLIN | POLLOUT;

/**
 * Waits until one of the descriptors has an event, or `timeout` milliseconds (negative: for ever).
 * @linux fs/select.c do_sys_poll #Y
 */
export function do_poll(task: Task, fds: PollFd[], timeout: number): MaybeAsync<number | Errno> {
  let expired = timeout === 0;
  const look = (): number | undefined => {
    const ready = poll_all(task, fds);
    return ready > 0 || expired ? ready : undefined;
  };
  const timer = new WaitQueue();
  const { clock } = task.kernel;
  let handle: unknown;
  const queues = [...queues_of(task, fds), timer];
  const result = wait_event_interruptible(task, queues, look, signal_pending, () => clock.clearTimeout(handle));
  if (!(result instanceof Promise) || timeout < 0) return result;
  const expire = (): void => {
    expired = true;
    timer.wake_up();
  };
  handle = clock.setTimeout(expire, timeout);
  return result;
}

function poll_all(task: Task, fds: PollFd[]): number {
  let ready = 0;
  for (const entry of fds) {
    entry.revents = entry.fd < 0 ? 0 : do_pollfd(task, entry);
    if (entry.revents !== 0) ready++;
  }
  return ready;
}

/** Errors and hangups are told unasked. @linux fs/select.c do_pollfd #Y */
function do_pollfd(task: Task, entry: PollFd): number {
  const file = fget(task, entry.fd);
  if (IS_ERR(file) || (file.f_flags & O_PATH) !== 0) return POLLNVAL;
  return vfs_poll(file).events & (entry.events | POLLERR | POLLHUP);
}

/** @linux include/linux/poll.h vfs_poll #Y */
function vfs_poll(file: OpenFile): { readonly events: number; readonly queues: readonly WaitQueue[] } {
  return file.f_op.poll?.(file) ?? { events: DEFAULT_POLLMASK, queues: [] };
}

function queues_of(task: Task, fds: readonly PollFd[]): WaitQueue[] {
  return fds.flatMap((entry) => {
    const file = fget(task, entry.fd);
    return IS_ERR(file) ? [] : [...vfs_poll(file).queues];
  });
}
