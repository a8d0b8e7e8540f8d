import { describe, expect, it } from 'vitest';
import { new_cred } from '../../../src/kernel/index.ts';
import { decode, encode } from '../../../src/uapi/bytes.ts';
import { IS_ERR } from '../../../src/uapi/errno.ts';
import { O_RDONLY, O_WRONLY } from '../../../src/uapi/fcntl.ts';
import { CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWUSER, CLONE_NEWUTS } from '../../../src/uapi/mount.ts';
import type { Program, Syscalls } from '../../../src/uapi/syscalls.ts';
import type { ExitCode } from '../../../src/uapi/types.ts';
import { machine } from '../../support/kernel.ts';

type Line = string | number;
/** Runs `main` as `uid`; what it passes to `say` is the answer. */
async function told(uid: number, main: (sys: Syscalls, say: (line: unknown) => void) => Promise<void>): Promise<Line[]> {
  const m = machine();
  const out: Line[] = [];
  const say = (line: unknown): void => void out.push(typeof line === 'number' ? line : String(line));
  const prog: Program = async (sys) => {
    await main(sys, say);
    return 0;
  };
  const r = await m.exec(prog, { cred: new_cred(m.kernel.init_user_ns, uid, uid, []), cwd: '/' });
  expect(r).toEqual({ stdout: '', stderr: '', status: 0 });
  return out;
}
async function put(sys: Syscalls, path: string, text: string): Promise<string> {
  const fd = await sys.open(path, O_WRONLY);
  if (IS_ERR(fd)) return fd.code;
  const n = await sys.write(fd, encode(text));
  sys.close(fd);
  return IS_ERR(n) ? n.code : 'ok';
}
async function get(sys: Syscalls, path: string): Promise<string> {
  const fd = await sys.open(path, O_RDONLY);
  const data = IS_ERR(fd) ? fd : await sys.read(fd, 1000);
  return IS_ERR(data) ? data.code : decode(data);
}
async function in_child(sys: Syscalls, fn: (sys: Syscalls) => Promise<ExitCode>): Promise<void> {
  const pid = sys.clone(0, fn);
  if (!IS_ERR(pid)) await sys.wait4(pid, 0);
}

describe('a user namespace', () => {
  it('shows 65534 until it has a map, and its creator is all-capable in it', async () => {
    expect(
      await told(1000, async (sys, say) => {
        say(sys.unshare(CLONE_NEWUTS));
        say(sys.unshare(CLONE_NEWUSER));
        say(sys.getuid());
        say(sys.sethostname('x'));
        say(sys.unshare(CLONE_NEWUTS));
        say(sys.sethostname('mine'));
        say(sys.uname().nodename);
      }),
    ).toEqual(['EPERM', 0, 65534, 'EPERM', 0, 0, 'mine']);
  });

  it('an unprivileged creator maps only itself, and gids after denying setgroups', async () => {
    expect(
      await told(1000, async (sys, say) => {
        sys.unshare(CLONE_NEWUSER);
        say(await put(sys, '/proc/self/uid_map', '0 0 1'));
        say(await put(sys, '/proc/self/uid_map', '0 1000 2'));
        say(await put(sys, '/proc/self/uid_map', '0 1000 1'));
        say(await put(sys, '/proc/self/uid_map', '0 1000 1'));
        say(await put(sys, '/proc/self/gid_map', '0 1000 1'));
        say(await put(sys, '/proc/self/setgroups', 'deny'));
        say(await put(sys, '/proc/self/gid_map', '0 1000 1\n'));
        say(await put(sys, '/proc/self/setgroups', 'allow'));
        say(await get(sys, '/proc/self/uid_map'));
        say(await get(sys, '/proc/self/setgroups'));
        say(`${sys.getuid()} ${sys.getgid()}`);
        say(sys.setgroups([0]));
        say(sys.setuid(5));
      }),
    ).toEqual([
      ...['EPERM', 'EPERM', 'ok', 'EPERM', 'EPERM', 'ok', 'ok', 'EPERM'],
      '         0       1000          1\n',
      'deny\n',
      '0 0',
      'EPERM',
      'EINVAL',
    ]);
  });

  it('root maps ranges; broken maps are EINVAL', async () => {
    expect(
      await told(0, async (sys, say) => {
        sys.unshare(CLONE_NEWUSER);
        for (const text of ['', '0 0', '0 0 0', '0 0 2\n1 5 1', '0 0 1\n5 0 1', 'a b c', '-1 0 1']) {
          say(await put(sys, '/proc/self/uid_map', text));
        }
        await in_child(sys, async () => 0);
        say(await put(sys, '/proc/self/uid_map', '0 100000 1000\n1000 0 1\n'));
        say(sys.getuid());
      }),
    ).toEqual([...Array(7).fill('EINVAL'), 'EPERM', 65534]);
  });

  it('a parent with privilege maps any range', async () => {
    expect(
      await told(0, async (sys, say) => {
        const p = sys.pipe2(0);
        const q = sys.pipe2(0);
        if (IS_ERR(p) || IS_ERR(q)) return;
        const pid = sys.clone(CLONE_NEWUSER, async (c) => {
          await c.read(p[0], 1);
          say(`${c.getuid()} ${c.setuid(7)} ${c.getuid()}`);
          await c.write(q[1], encode('x'));
          await c.read(p[0], 1);
          return 0;
        });
        say(await put(sys, `/proc/${pid}/uid_map`, '0 100000 1000\n1000 0 1\n'));
        await sys.write(p[1], encode('x'));
        await sys.read(q[0], 1);
        say(await get(sys, `/proc/${pid}/uid_map`));
        say(/Uid:\t(\d+)/.exec(await get(sys, `/proc/${pid}/status`))?.[1]);
        await sys.write(p[1], encode('x'));
        await sys.wait4(-1, 0);
      }),
    ).toEqual(['ok', '1000 0 7', '         0     100000       1000\n      1000          0          1\n', '100007']);
  });

  it('owns the mount namespace that is made with it: mounting works there and stays there', async () => {
    expect(
      await told(1000, async (sys, say) => {
        await in_child(sys, async (c) => {
          say(c.mount('none', '/tmp', 'tmpfs', 0));
          say(c.unshare(CLONE_NEWUSER | CLONE_NEWNS));
          say(c.mount('none', '/tmp', 'tmpfs', 0));
          say((await get(c, '/proc/self/mounts')).includes('/tmp tmpfs'));
          return 0;
        });
        say((await get(sys, '/proc/self/mounts')).includes('/tmp tmpfs'));
      }),
    ).toEqual(['EPERM', 0, 0, 'true', 'false']);
  });

  it('setns enters the namespaces of another task; a new pid namespace is refused', async () => {
    expect(
      await told(0, async (sys, say) => {
        const p = sys.pipe2(0);
        if (IS_ERR(p)) return;
        const pid = sys.clone(CLONE_NEWUTS | CLONE_NEWNS, async (c) => {
          c.sethostname('inner');
          c.mount('none', '/tmp', 'tmpfs', 0);
          await c.write(p[1], encode('x'));
          for (;;) await c.nanosleep(1e6);
        });
        if (IS_ERR(pid)) return;
        await sys.read(p[0], 1);
        const enter = async (kind: string, type: number): Promise<void> => {
          const fd = await sys.open(`/proc/${pid}/ns/${kind}`, O_RDONLY);
          if (IS_ERR(fd)) return say(fd.code);
          say(sys.setns(fd, type));
        };
        say(sys.readlink('/proc/self/ns/uts') === sys.readlink(`/proc/${pid}/ns/uts`));
        await enter('uts', CLONE_NEWNS);
        await enter('uts', CLONE_NEWUTS);
        await enter('mnt', 0);
        await enter('user', 0);
        say(sys.uname().nodename);
        say((await get(sys, '/proc/self/mounts')).includes('/tmp tmpfs'));
        say(sys.unshare(CLONE_NEWPID));
        sys.kill(pid, 9);
        await sys.wait4(pid, 0);
      }),
    ).toEqual(['false', 'EINVAL', 0, 0, 'EINVAL', 'inner', 'true', 'EINVAL']);
  });
});

describe('credentials', () => {
  it('setuid and setresuid follow the rules of root and of others', async () => {
    expect(
      await told(0, async (sys, say) => {
        await in_child(sys, async (c) => {
          say(c.setresuid(-1, 1000, -1));
          say(c.sethostname('x'));
          say(c.setuid(0));
          say(c.sethostname('lab'));
          say(c.setuid(1000));
          say(c.setuid(0));
          return 0;
        });
        await in_child(sys, async (c) => {
          say(c.setgroups([5, 3]));
          say(c.getgroups().join());
          say(c.setresgid(7, 8, 9));
          say(c.setresuid(1, 2, 3));
          say(`${c.getuid()} ${c.geteuid()} ${c.getgid()} ${c.getegid()}`);
          say(c.setresuid(3, 1, 2));
          say(c.setresuid(0, -1, -1));
          return 0;
        });
      }),
    ).toEqual([0, 'EPERM', 0, 0, 0, 'EPERM', 0, '3,5', 0, 0, '1 2 7 8', 0, 'EPERM']);
  });
});
