import { describe, expect, it } from 'vitest';
import { new_host_sink, new_host_source, spawn_init } from '../../../src/kernel/index.ts';
import { decode, encode } from '../../../src/uapi/bytes.ts';
import { IS_ERR } from '../../../src/uapi/errno.ts';
import { O_NONBLOCK, O_RDONLY, O_WRONLY } from '../../../src/uapi/fcntl.ts';
import { SIGPIPE, SIGUSR1 } from '../../../src/uapi/signal.ts';
import { POLLIN, type Program } from '../../../src/uapi/syscalls.ts';
import { type Machine, machine, program, until } from '../../support/kernel.ts';

interface Ends {
  read?: (count: number) => Uint8Array | Promise<Uint8Array>;
  write?: (data: Uint8Array) => void | Promise<void>;
  close?: () => void;
}
function host(main: Program): Machine {
  return machine({ entries: [program('/bin/main', 'main')], applets: { main: () => main } });
}
function start(m: Machine, ends: Ends): { exited: Promise<number>; kill: (sig: number) => void } {
  const source = new_host_source(m.kernel, { read: ends.read ?? (() => new Uint8Array(0)) });
  const sink = new_host_sink(m.kernel, { write: ends.write ?? (() => undefined), ...(ends.close ? { close: ends.close } : {}) });
  let pid = 0;
  const exited = new Promise<number>((resolve) => {
    const task = spawn_init(m.kernel, '/bin/main', ['main'], [], { stdio: [source, sink], on_exit: resolve });
    if (!IS_ERR(task)) pid = task.pid;
  });
  const kill = (sig: number): void => void m.exec(async (sys) => sys.kill(pid, sig) as 0);
  return { exited, kill };
}

describe('a pipe from the host', () => {
  it('is asked once at a time; what an interrupted reader missed is there for the next', async () => {
    let asked = 0;
    let answer = (_: Uint8Array): void => undefined;
    const got: string[] = [];
    const m = host(async (sys) => {
      sys.rt_sigaction(SIGUSR1, { handler: () => undefined });
      const first = await sys.read(0, 10);
      got.push(IS_ERR(first) ? first.code : decode(first));
      const second = await sys.read(0, 3);
      got.push(IS_ERR(second) ? second.code : decode(second));
      const third = await sys.read(0, 10);
      got.push(IS_ERR(third) ? third.code : decode(third));
      return 0;
    });
    const read = (): Promise<Uint8Array> => {
      asked++;
      return new Promise((resolve) => {
        answer = resolve;
      });
    };
    const p = start(m, { read });
    await until(() => asked > 0, 'the first read');
    p.kill(SIGUSR1);
    await until(() => got.length > 0, 'the interruption');
    expect(asked).toBe(1);
    answer(encode('abcde'));
    expect(await p.exited).toBe(0);
    expect(got).toEqual(['EINTR', 'abc', 'de']);
    expect(asked).toBe(1);
  });

  it('can be polled, opened again as /dev/stdin is, and does not wait under O_NONBLOCK', async () => {
    let answer = (_: Uint8Array): void => undefined;
    const got: unknown[] = [];
    const m = host(async (sys) => {
      const again = await sys.open('/proc/self/fd/0', O_RDONLY | O_NONBLOCK);
      if (IS_ERR(again)) return 1;
      got.push(String(await sys.read(again, 10)));
      got.push(await sys.poll([{ fd: 0, events: POLLIN, revents: 0 }], -1));
      const data = await sys.read(again, 10);
      got.push(IS_ERR(data) ? data.code : decode(data));
      return 0;
    });
    let asked = false;
    const p = start(m, {
      read: () =>
        new Promise((resolve) => {
          answer = resolve;
          asked = true;
        }),
    });
    await until(() => asked, 'a read');
    answer(encode('x'));
    expect(await p.exited).toBe(0);
    expect(got).toEqual(['EAGAIN', 1, 'x']);
  });
});

describe('a pipe to the host', () => {
  it('lets one chunk under way and makes the next writer wait; closes when all is written', async () => {
    const seen: string[] = [];
    let drain = (): void => undefined;
    let closed = false;
    let writes = 0;
    const m = host(async (sys) => {
      for (; writes < 3; writes++) await sys.write(1, encode(`${writes}`));
      return 0;
    });
    const p = start(m, {
      write: (data) => {
        seen.push(decode(data));
        return new Promise<void>((resolve) => {
          drain = resolve;
        });
      },
      close: () => {
        closed = true;
      },
    });
    await until(() => seen.length === 1 && writes === 1, 'the first write');
    await new Promise((r) => setTimeout(r, 5));
    expect([seen, writes]).toEqual([['0'], 1]);
    drain();
    await until(() => seen.length === 2, 'the second write');
    drain();
    expect(await p.exited).toBe(0);
    expect(closed).toBe(false);
    drain();
    await new Promise((r) => setTimeout(r, 1));
    expect([seen, closed]).toEqual([['0', '1', '2'], true]);
  });

  it('that nobody reads any more ends its writer by SIGPIPE', async () => {
    const m = host(async (sys) => {
      for (;;) await sys.write(1, encode('y\n'));
    });
    const p = start(m, { write: () => Promise.reject(new Error('gone')) });
    expect(await p.exited).toBe(SIGPIPE);
  });

  it('can be opened again as /dev/stdout is', async () => {
    const seen: string[] = [];
    let closes = 0;
    const m = host(async (sys) => {
      const fd = await sys.open('/proc/self/fd/1', O_WRONLY);
      if (IS_ERR(fd)) return 1;
      await sys.write(fd, encode('again'));
      return 0;
    });
    const p = start(m, { write: (data) => void seen.push(decode(data)), close: () => void closes++ });
    expect(await p.exited).toBe(0);
    expect([seen, closes]).toEqual([['again'], 1]);
  });
});
