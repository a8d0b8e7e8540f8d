import { describe, expect, it } from 'vitest';
import { new_cred } from '../../../src/kernel/index.ts';
import { encode } from '../../../src/uapi/bytes.ts';
import { EINTR, EPERM, ESRCH, IS_ERR } from '../../../src/uapi/errno.ts';
import * as S from '../../../src/uapi/signal.ts';
import type { Program, Syscalls, WaitResult } from '../../../src/uapi/syscalls.ts';
import type { ExitCode } from '../../../src/uapi/types.ts';
import { machine } from '../../support/kernel.ts';

/** Runs `main` and passes on what it throws. */
async function inside(main: Program, m = machine()): Promise<void> {
  let failure: unknown;
  const r = await m.exec(async (sys, argv, envp) => {
    try {
      return await main(sys, argv, envp);
    } catch (e) {
      if (e instanceof Error) failure = e;
      throw e;
    }
  });
  if (failure) throw failure;
  expect(r).toEqual({ stdout: '', stderr: '', status: 0 });
}
function fork(sys: Syscalls, fn: (sys: Syscalls) => Promise<ExitCode>): number {
  const pid = sys.clone(0, fn);
  if (IS_ERR(pid)) throw new Error(pid.code);
  return pid;
}
async function wait(sys: Syscalls, pid: number, options = 0): Promise<number> {
  const w = await sys.wait4(pid, options);
  if (IS_ERR(w)) throw new Error(w.code);
  return w.status;
}
const forever = async (sys: Syscalls): Promise<ExitCode> => {
  for (;;) await sys.nanosleep(1e6);
};

describe('signals', () => {
  it('end a sleeping task, and the parent learns which', async () => {
    await inside(async (sys) => {
      const pid = fork(sys, forever);
      await sys.nanosleep(1);
      expect(sys.kill(pid, S.SIGTERM)).toBe(0);
      expect(await wait(sys, pid)).toBe(S.SIGTERM);
      expect(sys.kill(pid, 0)).toBe(ESRCH);
      return 0;
    });
  });

  it('end a task that never sleeps but yields', async () => {
    await inside(async (sys) => {
      const pid = fork(sys, async (c) => {
        for (;;) await c.sched_yield();
      });
      await sys.nanosleep(1);
      sys.kill(pid, S.SIGKILL);
      expect(await wait(sys, pid)).toBe(S.SIGKILL);
      return 0;
    });
  });

  it('run a handler, interrupt a sleep with EINTR, restart it under SA_RESTART', async () => {
    await inside(async (sys) => {
      const got: number[] = [];
      sys.rt_sigaction(S.SIGUSR1, { handler: (s) => got.push(s) });
      const me = sys.getpid();
      const child = fork(sys, async (c) => {
        await c.nanosleep(2);
        c.kill(me, S.SIGUSR1);
        await c.nanosleep(5);
        c.kill(me, S.SIGUSR1);
        await c.nanosleep(5);
        return 7;
      });
      expect(await sys.wait4(child, 0)).toBe(EINTR);
      sys.rt_sigaction(S.SIGUSR1, { handler: (s) => got.push(s), restart: true });
      expect(await wait(sys, child)).toBe(7 << 8);
      expect(got).toEqual([S.SIGUSR1, S.SIGUSR1]);
      return 0;
    });
  });

  it('wait while blocked, and arrive when unblocked', async () => {
    await inside(async (sys) => {
      const got: number[] = [];
      sys.rt_sigaction(S.SIGINT, { handler: (s) => got.push(s) });
      expect(sys.rt_sigprocmask(S.SIG_BLOCK, S.sigmask(S.SIGINT))).toBe(0);
      sys.kill(sys.getpid(), S.SIGINT);
      expect(got).toEqual([]);
      sys.rt_sigprocmask(S.SIG_SETMASK, 0);
      expect(got).toEqual([S.SIGINT]);
      return 0;
    });
  });

  it('sigsuspend sleeps under its mask and answers EINTR after a handler', async () => {
    await inside(async (sys) => {
      let got = 0;
      sys.rt_sigaction(S.SIGCHLD, { handler: () => got++ });
      sys.rt_sigprocmask(S.SIG_BLOCK, S.sigmask(S.SIGCHLD));
      const child = fork(sys, async () => 0);
      expect(await sys.rt_sigsuspend(0)).toBe(EINTR);
      expect(got).toBe(1);
      expect(sys.rt_sigprocmask(S.SIG_BLOCK, 0)).toBe(S.sigmask(S.SIGCHLD));
      expect(await wait(sys, child)).toBe(0);
      return 0;
    });
  });

  it('stop and continue: WUNTRACED and WCONTINUED tell, and what slept goes on', async () => {
    await inside(async (sys) => {
      const child = fork(sys, async (c) => {
        await c.nanosleep(20);
        return 3;
      });
      await sys.nanosleep(1);
      sys.kill(child, S.SIGSTOP);
      const stopped = await wait(sys, child, S.WUNTRACED);
      expect([S.WIFSTOPPED(stopped), S.WSTOPSIG(stopped)]).toEqual([true, S.SIGSTOP]);
      await sys.nanosleep(30);
      expect(await sys.wait4(child, S.WNOHANG)).toEqual({ pid: 0, status: 0 });
      sys.kill(child, S.SIGCONT);
      expect(S.WIFCONTINUED(await wait(sys, child, S.WCONTINUED))).toBe(true);
      expect(await wait(sys, child)).toBe(3 << 8);
      return 0;
    });
  });

  it('a task that stops itself sleeps at its next call', async () => {
    await inside(async (sys) => {
      const child = fork(sys, async (c) => {
        c.kill(c.getpid(), S.SIGSTOP);
        await c.sched_yield();
        return 4;
      });
      expect(S.WIFSTOPPED(await wait(sys, child, S.WUNTRACED))).toBe(true);
      sys.kill(child, S.SIGCONT);
      expect(await wait(sys, child)).toBe(4 << 8);
      return 0;
    });
  });

  it('SIGKILL ends a stopped task; others wait until it continues', async () => {
    await inside(async (sys) => {
      const child = fork(sys, forever);
      await sys.nanosleep(1);
      sys.kill(child, S.SIGSTOP);
      sys.kill(child, S.SIGTERM);
      expect(S.WIFSTOPPED(await wait(sys, child, S.WUNTRACED))).toBe(true);
      sys.kill(child, S.SIGKILL);
      expect(await wait(sys, child)).toBe(S.SIGKILL);
      return 0;
    });
  });

  it('go to groups and to everybody', async () => {
    await inside(async (sys) => {
      const a = fork(sys, forever);
      const b = fork(sys, forever);
      expect(sys.setpgid(a, a)).toBe(0);
      expect(sys.setpgid(b, a)).toBe(0);
      expect(sys.kill(-a, S.SIGHUP)).toBe(0);
      expect(await wait(sys, -a)).toBe(S.SIGHUP);
      expect(await wait(sys, -a)).toBe(S.SIGHUP);
      const c = fork(sys, forever);
      expect(sys.kill(-1, S.SIGTERM)).toBe(0);
      expect(await wait(sys, c)).toBe(S.SIGTERM);
      return 0;
    });
  });

  it('need permission', async () => {
    const m = machine();
    await inside(async (sys) => {
      const child = fork(sys, async (c) => {
        c.setuid(1000);
        return c.kill(c.getppid(), S.SIGTERM) === EPERM ? 0 : 1;
      });
      expect(await wait(sys, child)).toBe(0);
      return 0;
    }, m);
    expect(new_cred(m.kernel.init_user_ns, 1000, 1000, []).cap_effective).toBe(false);
  });

  it('SIGPIPE ends a writer whose reader is gone; ignored, the call says EPIPE', async () => {
    await inside(async (sys) => {
      const child = fork(sys, async (c) => {
        const p = c.pipe2(0);
        if (IS_ERR(p)) return 1;
        c.close(p[0]);
        await c.write(p[1], encode('x'));
        return 2;
      });
      expect(await wait(sys, child)).toBe(S.SIGPIPE);
      const quiet = fork(sys, async (c) => {
        c.rt_sigaction(S.SIGPIPE, { handler: 'SIG_IGN' });
        const p = c.pipe2(0);
        if (IS_ERR(p)) return 1;
        c.close(p[0]);
        return String(await c.write(p[1], encode('x'))) === 'EPIPE' ? 0 : 3;
      });
      expect(await wait(sys, quiet)).toBe(0);
      return 0;
    });
  });

  it('alarm sends SIGALRM and tells what was left', async () => {
    await inside(async (sys) => {
      expect(sys.alarm(10)).toBe(0);
      expect(sys.alarm(0)).toBe(10);
      const child = fork(sys, async (c) => {
        c.alarm(0.01);
        return forever(c);
      });
      expect(await wait(sys, child)).toBe(S.SIGALRM);
      return 0;
    });
  });
});

describe('the end of a task', () => {
  it('never resumes it: code after the kill does not run', async () => {
    let resumed = false;
    await inside(async (sys) => {
      const child = fork(sys, async (c) => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        c.getpid();
        resumed = true;
        return 0;
      });
      await sys.nanosleep(1);
      sys.kill(child, S.SIGKILL);
      await wait(sys, child);
      await sys.nanosleep(10);
      return 0;
    });
    expect(resumed).toBe(false);
  });

  it('gives its children to process 1, which buries them', async () => {
    const m = machine();
    await inside(async (sys) => {
      const p = sys.pipe2(0);
      if (IS_ERR(p)) return 1;
      const child = fork(sys, async (c) => {
        fork(c, async (g) => {
          while (g.getppid() !== 1) await g.sched_yield();
          await g.write(p[1], encode('orphan'));
          return 0;
        });
        return 0;
      });
      await wait(sys, child);
      expect(await sys.read(p[0], 10)).toEqual(encode('orphan'));
      await sys.nanosleep(2);
      expect([...m.kernel.tasks.keys()]).toEqual([1, sys.getpid()]);
      return 0;
    }, m);
  });

  it('reports itself to a parent that ignores SIGCHLD with ECHILD only', async () => {
    await inside(async (sys) => {
      sys.rt_sigaction(S.SIGCHLD, { handler: 'SIG_IGN' });
      fork(sys, async () => 0);
      expect(String(await sys.wait4(-1, 0))).toBe('ECHILD');
      return 0;
    });
  });

  it('sends SIGHUP and SIGCONT to a stopped group that becomes an orphan', async () => {
    await inside(async (sys) => {
      const p = sys.pipe2(0);
      if (IS_ERR(p)) return 1;
      const child = fork(sys, async (c) => {
        const g = fork(c, async (grand) => {
          grand.rt_sigaction(S.SIGHUP, { handler: () => void grand.write(p[1], encode('HUP')) });
          for (;;) await grand.nanosleep(1e6);
        });
        c.setpgid(g, g);
        await c.nanosleep(1);
        c.kill(g, S.SIGTSTP);
        await wait(c, g, S.WUNTRACED);
        return 0;
      });
      await wait(sys, child);
      expect(await sys.read(p[0], 10)).toEqual(encode('HUP'));
      sys.kill(-1, S.SIGKILL);
      return 0;
    });
  });
});

describe('many tasks', () => {
  it('a fork bomb meets EAGAIN, and the machine goes on', async () => {
    const m = machine({ limits: { max_tasks: 60 } });
    let refused = 0;
    const bomb = async (sys: Syscalls): Promise<ExitCode> => {
      for (let i = 0; i < 3; i++) if (IS_ERR(sys.clone(0, bomb))) refused++;
      while (!IS_ERR((await sys.wait4(-1, 0)) as WaitResult));
      return 0;
    };
    await m.exec(async (sys) => {
      const b = sys.clone(0, bomb);
      await sys.nanosleep(5);
      if (!IS_ERR(b)) sys.kill(b, S.SIGKILL);
      return 0;
    });
    expect(refused).toBeGreaterThan(0);
  });

  it('a task that spins in sched_yield leaves the event loop its turns', async () => {
    const m = machine();
    let turns = 0;
    const timer = setInterval(() => turns++, 5);
    await m.exec(async (sys) => {
      const end = sys.clock_gettime(1) + 200;
      while (sys.clock_gettime(1) < end) await sys.sched_yield();
      return 0;
    });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(1);
  });
});
