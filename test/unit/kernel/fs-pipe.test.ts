import { describe, expect, it } from 'vitest';
import { d_path } from '../../../src/kernel/fs/d_path.ts';
import { close_fd, do_fcntl, fget } from '../../../src/kernel/fs/file.ts';
import { do_sys_open } from '../../../src/kernel/fs/open.ts';
import { do_pipe2 } from '../../../src/kernel/fs/pipe.ts';
import { vfs_llseek, vfs_read, vfs_write } from '../../../src/kernel/fs/read_write.ts';
import { do_poll } from '../../../src/kernel/fs/select.ts';
import type { OpenFile } from '../../../src/kernel/include/fs.ts';
import type { Task } from '../../../src/kernel/include/sched.ts';
import { decode, encode } from '../../../src/uapi/bytes.ts';
import * as E from '../../../src/uapi/errno.ts';
import * as F from '../../../src/uapi/fcntl.ts';
import { SIGPIPE, SIGTERM, sigmask } from '../../../src/uapi/signal.ts';
import { POLLERR, POLLHUP, POLLIN, POLLNVAL, POLLOUT } from '../../../src/uapi/syscalls.ts';
import { machine } from '../../support/vfs.ts';

function file(task: Task, fd: number): OpenFile {
  const f = fget(task, fd);
  if (E.IS_ERR(f)) throw new Error(f.code);
  return f;
}
const write = (task: Task, fd: number, data: string | number) =>
  vfs_write(task, file(task, fd), typeof data === 'string' ? encode(data) : new Uint8Array(data));
const read = (task: Task, fd: number, n = 1e6) => vfs_read(task, file(task, fd), n);
const text = async (data: unknown) => {
  const d = await data;
  return E.IS_ERR(d) ? d : decode(d as Uint8Array);
};
function pipe(task: Task, flags = 0): readonly [number, number] {
  const ends = do_pipe2(task, flags);
  if (E.IS_ERR(ends)) throw new Error(ends.code);
  return ends;
}
/** Default actions would need a scheduler: these tests let a handler catch what is sent. */
function catches(task: Task, sig: number): void {
  (task.sighand as { [n: number]: unknown })[sig] = { handler: () => undefined };
}
const settled = async (p: unknown): Promise<boolean> => {
  const no = {};
  return (await Promise.race([p, new Promise((r) => setTimeout(() => r(no), 5))])) !== no;
};

describe('a pipe', () => {
  it('hands over what is written, at most as much as was asked for', async () => {
    const { root } = machine();
    const [r, w] = pipe(root);
    expect([r, w]).toEqual([0, 1]);
    expect(write(root, w, 'hello')).toBe(5);
    expect(write(root, w, ' world')).toBe(6);
    expect(await text(read(root, r, 7))).toBe('hello w');
    expect(await text(read(root, r))).toBe('orld');
  });
  it('makes a reader wait for data, and tells it when the last writer has gone', async () => {
    const { root } = machine();
    const [r, w] = pipe(root);
    const first = read(root, r);
    expect(await settled(first)).toBe(false);
    write(root, w, 'x');
    expect(await text(first)).toBe('x');
    const second = read(root, r);
    close_fd(root, w);
    expect(await text(second)).toBe('');
  });
  it('holds 64 KiB; a longer write goes on as it is read', async () => {
    const { root } = machine();
    const [r, w] = pipe(root);
    const long = write(root, w, 100_000);
    expect(await settled(long)).toBe(false);
    expect(((await read(root, r, 65536)) as Uint8Array).length).toBe(65536);
    expect(await long).toBe(100_000);
    expect(((await read(root, r, 65536)) as Uint8Array).length).toBe(100_000 - 65536);
  });
  it('loses, tears and doubles nothing when both ends keep waiting for each other', async () => {
    const m = machine();
    const reader = m.fork(m.root);
    const [r, w] = pipe(m.root);
    const ends = m.fork(m.root);
    const sizes = [1, 70_000, 4096, 200_000, 3, 65536, 65537, 131072];
    const sent = sizes.map((n, i) => new Uint8Array(n).fill(i + 1));
    const got: number[] = [];
    const reading = (async () => {
      reader.files = ends.files;
      for (let n = 0; ; n++) {
        const data = await vfs_read(reader, file(reader, r), n % 3 === 0 ? 100_000 : 30_000);
        if (E.IS_ERR(data) || data.length === 0) return;
        got.push(...data);
      }
    })();
    for (const data of sent) expect(await vfs_write(m.root, file(m.root, w), data)).toBe(data.length);
    close_fd(m.root, w);
    close_fd(ends, w);
    await reading;
    expect(got.length).toBe(sizes.reduce((a, b) => a + b));
    expect(got.every((v, i) => i === 0 || v >= (got[i - 1] as number))).toBe(true);
  });
  it('does not tear writes of up to PIPE_BUF bytes', async () => {
    const { root } = machine();
    const [r, w] = pipe(root);
    do_fcntl(root, w, F.F_SETFL, F.O_NONBLOCK);
    expect(write(root, w, 65536 - 4000)).toBe(65536 - 4000);
    expect(write(root, w, 4096)).toBe(E.EAGAIN);
    expect(write(root, w, 4097)).toBe(4000);
    expect(write(root, w, 5000)).toBe(E.EAGAIN);
    await read(root, r, 10);
    expect(write(root, w, 11)).toBe(E.EAGAIN);
    expect(write(root, w, 10)).toBe(10);
  });
  it('breaks without readers: EPIPE and SIGPIPE, also for a writer that waits', async () => {
    const m = machine();
    const task = m.fork(m.root);
    catches(task, SIGPIPE);
    const [r, w] = pipe(task);
    const waiting = write(task, w, 70_000);
    close_fd(task, r);
    expect(await waiting).toBe(65536);
    expect(write(task, w, 'x')).toBe(E.EPIPE);
    expect(task.pending & sigmask(SIGPIPE)).not.toBe(0);
  });
  it('lets a signal interrupt the sleep', async () => {
    const m = machine();
    const [r] = pipe(m.root);
    const waiting = read(m.root, r);
    m.root.pending |= sigmask(SIGTERM);
    m.root.signal_wait.wake_up();
    expect(await waiting).toBe(E.ERESTARTSYS);
  });
  it('answers EAGAIN instead of waiting when it is non-blocking, and ESPIPE to lseek', () => {
    const { root } = machine();
    const [r, w] = pipe(root, F.O_NONBLOCK);
    expect(read(root, r)).toBe(E.EAGAIN);
    expect(vfs_llseek(root, file(root, r), 0, F.SEEK_CUR)).toBe(E.ESPIPE);
    expect(write(root, r, 'x')).toBe(E.EBADF);
    expect(read(root, w)).toBe(E.EBADF);
    expect(d_path(root, file(root, r).f_path)).toMatch(/^pipe:\[\d+\]$/);
  });
});

describe('a fifo', () => {
  const fifo = () => machine([{ path: '/p', kind: 'fifo', mode: 0o666 }]);
  const open = (task: Task, flags: number) => do_sys_open(task, F.AT_FDCWD, '/p', flags, 0);
  it('opens when both ends have come', async () => {
    const { root } = fifo();
    const r = open(root, F.O_RDONLY);
    expect(await settled(r)).toBe(false);
    const w = open(root, F.O_WRONLY);
    expect([await r, w]).toEqual([1, 0]);
    write(root, 0, 'through');
    close_fd(root, 0);
    expect(await text(read(root, 1))).toBe('through');
    expect(await text(read(root, 1))).toBe('');
  });
  it('wakes a reader even if the writer has gone again before it looks', async () => {
    const { root } = fifo();
    const r = open(root, F.O_RDONLY);
    const w = (await open(root, F.O_WRONLY)) as number;
    close_fd(root, w);
    expect(await r).not.toBeInstanceOf(E.Errno);
  });
  it('without waiting opens for reading, and for writing only with a reader', () => {
    const { root } = fifo();
    expect(open(root, F.O_WRONLY | F.O_NONBLOCK)).toBe(E.ENXIO);
    expect(open(root, F.O_RDONLY | F.O_NONBLOCK)).toBe(0);
    expect(open(root, F.O_WRONLY | F.O_NONBLOCK)).toBe(1);
  });
  it('opened for both never waits', () => {
    expect(open(fifo().root, F.O_RDWR)).toBe(0);
  });
  it('gives up its open when a signal comes', async () => {
    const { root } = fifo();
    const r = open(root, F.O_RDONLY);
    root.pending |= sigmask(SIGTERM);
    root.signal_wait.wake_up();
    expect(await r).toBe(E.ERESTARTSYS);
    root.pending = 0;
    expect(open(root, F.O_WRONLY | F.O_NONBLOCK)).toBe(E.ENXIO);
  });
});

describe('poll', () => {
  it('tells what is ready, and asks nobody for errors', async () => {
    const { root } = machine([{ path: '/f', kind: 'file', mode: 0o644 }]);
    const [r, w] = pipe(root);
    const f = do_sys_open(root, F.AT_FDCWD, '/f', 0, 0) as number;
    const fds = [
      { fd: r, events: POLLIN, revents: 0 },
      { fd: w, events: POLLOUT, revents: 0 },
      { fd: f, events: POLLIN | POLLOUT, revents: 0 },
      { fd: 77, events: POLLIN, revents: 0 },
      { fd: -1, events: POLLIN, revents: 9 },
    ];
    expect(do_poll(root, fds, 0)).toBe(3);
    expect(fds.map((p) => p.revents)).toEqual([0, POLLOUT, POLLIN | POLLOUT, POLLNVAL, 0]);
    close_fd(root, r);
    expect(do_poll(root, fds.slice(1, 2), 0)).toBe(1);
    expect(fds[1]?.revents).toBe(POLLOUT | POLLERR);
  });
  it('sleeps until something is ready or the time is over', async () => {
    const { root } = machine();
    const [r, w] = pipe(root);
    const fds = [{ fd: r, events: POLLIN, revents: 0 }];
    expect(await do_poll(root, fds, 5)).toBe(0);
    const waiting = do_poll(root, fds, -1);
    expect(await settled(waiting)).toBe(false);
    write(root, w, 'x');
    expect(await waiting).toBe(1);
    await read(root, r);
    const end = do_poll(root, fds, 1000);
    close_fd(root, w);
    expect(await end).toBe(1);
    expect(fds[0]?.revents).toBe(POLLHUP);
  });
});
