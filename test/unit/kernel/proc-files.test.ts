import { describe, expect, it } from 'vitest';
import { decode, encode } from '../../../src/uapi/bytes.ts';
import { ENOENT, IS_ERR } from '../../../src/uapi/errno.ts';
import { AT_FDCWD, O_CREAT, O_RDONLY, O_WRONLY } from '../../../src/uapi/fcntl.ts';
import type { Syscalls } from '../../../src/uapi/syscalls.ts';
import { machine } from '../../support/kernel.ts';

async function slurp(sys: Syscalls, path: string): Promise<string> {
  const fd = await sys.open(path, O_RDONLY);
  if (IS_ERR(fd)) return fd.code;
  let text = '';
  for (;;) {
    const part = await sys.read(fd, 100);
    if (IS_ERR(part)) return part.code;
    if (part.length === 0) break;
    text += decode(part);
  }
  sys.close(fd);
  return text;
}
const cat = async (...paths: string[]): Promise<string[]> => {
  const out: string[] = [];
  await machine().exec(async (sys) => {
    for (const p of paths) out.push(await slurp(sys, p));
    return 0;
  });
  return out;
};

describe('/proc', () => {
  it('tells of the reading task', async () => {
    const [comm, cmdline, environ, status = '', stat = ''] = await cat(
      ...['comm', 'cmdline', 'environ', 'status', 'stat'].map((f) => `/proc/self/${f}`),
    );
    expect(comm).toBe('inline0\n');
    expect(cmdline).toBe('/bin/inline0\0');
    expect(environ).toMatch(/^HOME=\/root\0PATH=.*\0LC_ALL=C\0$/);
    expect(status).toMatch(/^Name:\tinline0\nUmask:\t0022\nState:\tR \(running\)\nTgid:\t2\n/);
    expect(status).toContain('Uid:\t0\t0\t0\t0\n');
    expect(stat).toMatch(/^2 \(inline0\) R 1 2 2 0 -1 /);
    expect(stat.trim().split(' ')).toHaveLength(52);
  });

  it('has links to the program, the directories and the open files', async () => {
    const out: unknown[] = [];
    await machine().exec(
      async (sys) => {
        for (const l of ['exe', 'cwd', 'root', 'fd/0', 'ns/user', 'ns/uts']) out.push(sys.readlink(`/proc/self/${l}`));
        const fd = await sys.open('/proc/self/exe', O_RDONLY);
        if (!IS_ERR(fd)) out.push(decode((await sys.read(fd, 4)) as Uint8Array));
        out.push(sys.readlink('/proc/self'), sys.readlink('/proc/thread-self'));
        return 0;
      },
      { cwd: '/tmp' },
    );
    expect(out).toEqual([
      '/bin/inline0',
      '/tmp',
      '/',
      expect.stringMatching(/^pipe:\[\d+\]$/),
      'user:[4026531837]',
      'uts:[4026531838]',
      '\x7fELF',
      '2',
      '2/task/2',
    ]);
  });

  it('lists tasks and machine files, and loses those that end', async () => {
    const r = await machine().exec(async (sys) => {
      const pid = sys.clone(0, async () => 0);
      if (IS_ERR(pid)) return 1;
      const names = async (): Promise<string[]> => {
        const fd = await sys.open('/proc', O_RDONLY);
        const list = IS_ERR(fd) ? [] : sys.getdents64(fd);
        return IS_ERR(list) ? [] : list.map((d) => d.d_name);
      };
      expect(await names()).toEqual(expect.arrayContaining(['1', '2', String(pid), 'self', 'mounts', 'sys', 'cpuinfo']));
      await sys.wait4(pid, 0);
      expect(await names()).not.toContain(String(pid));
      expect(sys.stat(`/proc/${pid}`)).toBe(ENOENT);
      return 0;
    });
    expect(r).toEqual({ stdout: '', stderr: '', status: 0 });
  });

  it('has an empty directory for binfmt_misc where nothing is mounted, and makes nothing in it', async () => {
    const r = await machine().exec(async (sys) => {
      sys.umount2('/proc/sys/fs/binfmt_misc', 0);
      const st = sys.stat('/proc/sys/fs/binfmt_misc');
      const made = await sys.openat(AT_FDCWD, '/proc/sys/fs/binfmt_misc/register', O_WRONLY | O_CREAT, 0o666);
      await sys.write(1, encode(`${IS_ERR(st) ? st.code : (st.st_mode & 0o7777).toString(8)} ${made}\n`));
      return 0;
    });
    expect(r.stdout).toBe('555 ENOENT\n');
  });

  it('names file systems, versions and the machine', async () => {
    const [filesystems, ostype, mounts, version] = await cat(
      '/proc/filesystems',
      '/proc/sys/kernel/ostype',
      '/proc/mounts',
      '/proc/version',
    );
    expect(filesystems).toContain('nodev\tbinfmt_misc\n');
    expect(ostype).toBe('Linux\n');
    expect(mounts).toContain('proc /proc proc rw,nosuid,nodev,noexec,relatime 0 0\n');
    expect(version).toMatch(/^Linux version \d/);
  });
});
