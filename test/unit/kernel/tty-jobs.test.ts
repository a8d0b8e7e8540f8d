import { describe, expect, it } from 'vitest';
import { new_tty, spawn_init } from '../../../src/kernel/index.ts';
import { decode, encode } from '../../../src/uapi/bytes.ts';
import { IS_ERR } from '../../../src/uapi/errno.ts';
import { O_NONBLOCK, O_RDWR } from '../../../src/uapi/fcntl.ts';
import * as S from '../../../src/uapi/signal.ts';
import { POLLIN, type Program, type Syscalls } from '../../../src/uapi/syscalls.ts';
import { ECHO, ICANON, TOSTOP, VMIN, VTIME } from '../../../src/uapi/termios.ts';
import type { ExitCode } from '../../../src/uapi/types.ts';
import { machine, program, until } from '../../support/kernel.ts';

const say = (sys: Syscalls, text: string) => sys.write(1, encode(text));
function fork(sys: Syscalls, fn: (sys: Syscalls) => Promise<ExitCode>): number {
  const pid = sys.clone(0, fn);
  if (IS_ERR(pid)) throw new Error(pid.code);
  return pid;
}
/** A shell's way with a job: its own group in the foreground, wait for it, take the terminal back. */
async function job(sys: Syscalls, fn: (sys: Syscalls) => Promise<ExitCode>): Promise<number> {
  const pid = fork(sys, async (c) => {
    c.setpgid(0, 0);
    return fn(c);
  });
  sys.setpgid(pid, pid);
  sys.rt_sigaction(S.SIGTTOU, { handler: 'SIG_IGN' });
  sys.ioctl(0, 'TIOCSPGRP', pid);
  const w = await sys.wait4(pid, S.WUNTRACED);
  sys.ioctl(0, 'TIOCSPGRP', sys.getpgid(0) as number);
  return IS_ERR(w) ? -1 : w.status;
}

const LOOPS: Readonly<Record<string, (sys: Syscalls) => Promise<ExitCode>>> = {
  'that writes without end': async (c) => {
    for (;;) await c.write(1, encode('y\n'));
  },
  'of sched_yield': async (c) => {
    await say(c, 'on');
    for (;;) await c.sched_yield();
  },
  'that sleeps': async (c) => {
    await say(c, 'on');
    for (;;) await c.nanosleep(1e6);
  },
  'that reads the terminal': async (c) => {
    await say(c, 'on');
    for (;;) await c.read(0, 100);
  },
  'of failing execs': async (c) => {
    await say(c, 'on');
    for (;;) await c.execve('/nowhere', [], []);
  },
  'of short children': async (c) => {
    await say(c, 'on');
    for (;;) {
      fork(c, async () => 0);
      await c.wait4(-1, 0);
    }
  },
};

describe('^C', () => {
  it.each(Object.keys(LOOPS))('ends a loop %s, and the shell goes on', async (name) => {
    const t = machine().terminal(async (sys) => {
      const status = await job(sys, LOOPS[name] ?? (async () => 1));
      await say(sys, `status ${status}`);
      return 0;
    });
    await until(() => t.screen().length >= 2, 'output');
    t.type('\x03');
    await t.until('status 2');
    expect(await t.exited).toBe(0);
  });

  it('ends a flood into a terminal that does not drain, and drops what it had not shown', async () => {
    const m = machine({ entries: [program('/bin/flood', 'flood')], applets: { flood: () => flood } });
    const flood: Program = async (sys) => {
      const status = await job(sys, LOOPS['that writes without end'] ?? (async () => 1));
      await say(sys, `status ${status}`);
      return 0;
    };
    let shown = '';
    let drain = (): void => undefined;
    const tty = new_tty(m.kernel, {
      write: (data) => {
        shown += decode(data);
        return new Promise((resolve) => {
          drain = resolve;
        });
      },
    });
    const exited = new Promise((resolve) => spawn_init(m.kernel, '/bin/flood', ['flood'], [], { tty, on_exit: resolve }));
    await until(() => tty.output.room() === 0, 'a full buffer');
    tty.receive(encode('\x03'));
    await until(() => {
      drain();
      return shown.includes('status 2');
    }, 'the prompt');
    expect(shown.length).toBeLessThan(10_000);
    expect(shown).toMatch(/\^Cstatus 2$/);
    expect(await exited).toBe(0);
  });
});

describe('job control', () => {
  it('^Z stops the foreground group; in the foreground again it goes on', async () => {
    const t = machine().terminal(async (sys) => {
      let pid = 0;
      const status = await job(sys, async (c) => {
        pid = c.getpid();
        await say(c, 'on');
        await c.read(0, 10);
        return 5;
      });
      await say(sys, `stopped ${S.WSTOPSIG(status)}`);
      sys.ioctl(0, 'TIOCSPGRP', pid);
      sys.kill(-pid, S.SIGCONT);
      const w = await sys.wait4(pid, 0);
      return IS_ERR(w) ? 1 : S.WEXITSTATUS(w.status);
    });
    await t.until('on');
    t.type('\x1a');
    await t.until(`stopped ${S.SIGTSTP}`);
    t.type('x\n');
    expect(await t.exited).toBe(5);
  });

  it('a background group that reads is stopped by SIGTTIN', async () => {
    const t = machine().terminal(async (sys) => {
      const pid = fork(sys, async (c) => {
        c.setpgid(0, 0);
        await c.read(0, 10);
        return 0;
      });
      sys.setpgid(pid, pid);
      const w = await sys.wait4(pid, S.WUNTRACED);
      return IS_ERR(w) ? 1 : S.WSTOPSIG(w.status);
    });
    expect(await t.exited).toBe(S.SIGTTIN);
  });

  it('a background group that writes is stopped by SIGTTOU under TOSTOP only', async () => {
    const t = machine().terminal(async (sys) => {
      const background = async (text: string): Promise<number> => {
        const pid = fork(sys, async (c) => {
          c.setpgid(0, 0);
          await say(c, text);
          return 0;
        });
        sys.setpgid(pid, pid);
        const w = await sys.wait4(pid, S.WUNTRACED);
        return IS_ERR(w) ? 1 : w.status;
      };
      expect(await background('seen')).toBe(0);
      const termios = sys.ioctl(0, 'TCGETS');
      if (IS_ERR(termios)) return 1;
      sys.ioctl(0, 'TCSETS', { ...termios, c_lflag: termios.c_lflag | TOSTOP });
      return S.WSTOPSIG(await background('unseen'));
    });
    expect(await t.exited).toBe(S.SIGTTOU);
    expect(t.screen()).toBe('seen');
  });
});

describe('a terminal', () => {
  it('has a size, and SIGWINCH tells the foreground of a change', async () => {
    const t = machine().terminal(async (sys) => {
      let changed = false;
      sys.rt_sigaction(S.SIGWINCH, {
        handler: () => {
          changed = true;
        },
      });
      await say(sys, 'on');
      while (!changed) await sys.nanosleep(1000);
      const size = sys.ioctl(0, 'TIOCGWINSZ');
      return IS_ERR(size) ? 1 : size.ws_col;
    });
    await t.until('on');
    t.tty.resize(30, 100);
    expect(await t.exited).toBe(100);
  });

  it('hangs up: the session gets SIGHUP, who ignores it reads the end and cannot write', async () => {
    const m = machine();
    const seen: string[] = [];
    const t = m.terminal(async (sys) => {
      sys.rt_sigaction(S.SIGHUP, { handler: 'SIG_IGN' });
      await say(sys, 'on');
      const data = await sys.read(0, 10);
      seen.push(IS_ERR(data) ? data.code : `${data.length}`, String(await sys.write(1, encode('x'))));
      return 0;
    });
    await t.until('on');
    t.tty.hangup();
    expect(await t.exited).toBe(0);
    expect(seen).toEqual(['0', 'EIO']);
    const u = m.terminal(async (sys) => {
      await say(sys, 'on');
      await sys.read(0, 10);
      return 0;
    });
    await u.until('on');
    u.tty.hangup();
    expect(await u.exited).toBe(128 + S.SIGHUP);
  });

  it('when the session leader ends, its jobs are hung up', async () => {
    const m = machine();
    const t = m.terminal(async (sys) => {
      fork(sys, async (c) => {
        for (;;) await c.nanosleep(1e6);
      });
      return 0;
    });
    await t.exited;
    await until(() => m.kernel.tasks.size === 1, 'the job to end');
  });

  it('VMIN and VTIME decide when a raw read returns', async () => {
    const t = machine().terminal(async (sys) => {
      const termios = sys.ioctl(0, 'TCGETS');
      if (IS_ERR(termios)) return 1;
      const raw = (min: number, time: number): void => {
        const c_cc = termios.c_cc.map((c, i) => (i === VMIN ? min : i === VTIME ? time : c));
        sys.ioctl(0, 'TCSETS', { ...termios, c_lflag: termios.c_lflag & ~(ICANON | ECHO), c_cc });
      };
      const read = async (): Promise<void> => {
        const data = await sys.read(0, 10);
        await say(sys, IS_ERR(data) ? data.code : `[${decode(data)}]`);
      };
      raw(0, 0);
      await read();
      raw(0, 1);
      await read();
      raw(3, 0);
      await say(sys, 'three');
      await read();
      raw(3, 1);
      await say(sys, 'timed');
      await read();
      return 0;
    });
    await t.until('[][]three');
    t.type('a');
    t.type('bc');
    await t.until('timed');
    t.type('x');
    await t.until('[x]');
    expect(t.screen()).toBe('[][]three[abc]timed[x]');
    expect(await t.exited).toBe(0);
  });

  it('is /dev/tty to its session and /dev/pts/0 to all; poll and O_NONBLOCK see what was typed', async () => {
    const t = machine().terminal(async (sys) => {
      expect(sys.readlink('/proc/self/fd/0')).toBe('/dev/pts/0');
      const fd = await sys.open('/dev/tty', O_RDWR | O_NONBLOCK);
      if (IS_ERR(fd)) throw new Error(fd.code);
      expect(String(await sys.read(fd, 1))).toBe('EAGAIN');
      await say(sys, 'on');
      const fds = [{ fd, events: POLLIN, revents: 0 }];
      expect(await sys.poll(fds, 1000)).toBe(1);
      expect(decode((await sys.read(fd, 10)) as Uint8Array)).toBe('hi\n');
      expect(sys.ioctl(0, 'TIOCGSID')).toBe(sys.getpid());
      const alone = fork(sys, async (c) => {
        c.setsid();
        return String(await c.open('/dev/tty', O_RDWR)) === 'ENXIO' ? 0 : 1;
      });
      expect(await sys.wait4(alone, 0)).toEqual({ pid: alone, status: 0 });
      return 0;
    });
    await t.until('on');
    t.type('hi\n');
    expect([await t.exited, t.screen()]).toEqual([0, 'onhi\r\n']);
  });
});
