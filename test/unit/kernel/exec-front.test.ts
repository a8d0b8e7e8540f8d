/** The front end of execve: checks in order, room for strings, writers, names. Rules X1–X9. */
import { describe, expect, it } from 'vitest';
import { do_sys_open } from '../../../src/kernel/fs/open.ts';
import type { Task } from '../../../src/kernel/include/sched.ts';
import { new_cred } from '../../../src/kernel/kernel/cred.ts';
import { do_exit } from '../../../src/kernel/kernel/exit.ts';
import { encode } from '../../../src/uapi/bytes.ts';
import { IS_ERR } from '../../../src/uapi/errno.ts';
import * as F from '../../../src/uapi/fcntl.ts';
import type { RootEntry } from '../../../src/uapi/rootfs.ts';
import { argvOf, exec, fork } from '../../support/exec.ts';
import { machine, program } from '../../support/kernel.ts';

const text = (path: string, content: string, mode = 0o755): RootEntry => ({ kind: 'file', path, mode, data: encode(content) });
const link = (path: string, target: string): RootEntry => ({ kind: 'symlink', path, mode: 0o777, target });
const elf = (path: string, mode = 0o755, uid = 0): RootEntry => ({ ...program(path, 'show'), mode, uid });
const MODES = [0o644, 0o000, 0o001, 0o010, 0o100, 0o111, 0o744, 0o711];

const entries: RootEntry[] = [
  elf('/bin/p'),
  text('/t', 'text\n'),
  text('/empty', ''),
  text('/t-nox', 'text\n', 0o644),
  text('/script', '#!/bin/p -x\n'),
  { kind: 'fifo', path: '/fifo', mode: 0o777 },
  { kind: 'dir', path: '/closed', mode: 0o700 },
  elf('/closed/p'),
  ...MODES.map((mode) => elf(`/m${mode.toString(8)}`, mode)),
  elf('/mine', 0o077, 1000),
  link('/l1', '/bin/p'),
  ...Array.from({ length: 41 }, (_, i) => link(`/l${i + 2}`, `/l${i + 1}`)),
  link('/loop', '/loop'),
  link('/dangling', '/nowhere'),
];
const make = () => machine({ version: '6.18', entries, applets: { show: () => async () => 0 } });
const m = make();

function user(uid: number): Task {
  const task = fork(m);
  task.cred = new_cred(m.kernel.init_user_ns, uid, uid, []);
  return task;
}
const as = (uid: number, path: string): string => exec(m, path, { task: user(uid) });
function open(task: Task, path: string, flags: number): number {
  const fd = do_sys_open(task, F.AT_FDCWD, path, flags, 0);
  if (typeof fd !== 'number') throw new Error(path);
  return fd;
}

describe('the file', () => {
  it('is looked at in the order of X1', () => {
    const answers: Record<string, string> = {
      '': 'ENOENT',
      '/bin/p': 'ok',
      '/nowhere': 'ENOENT',
      '/dangling': 'ENOENT',
      '/bin/p/x': 'ENOTDIR',
      '/bin/p/': 'ENOTDIR',
      '/l40': 'ok',
      '/l41': 'ELOOP',
      '/loop': 'ELOOP',
      '/': 'EACCES',
      '/bin': 'EACCES',
      '/fifo': 'EACCES',
      '/dev/null': 'EACCES',
      '/proc/filesystems': 'EACCES',
      '/t': 'ENOEXEC',
      '/empty': 'ENOEXEC',
      '/t-nox': 'EACCES',
      [`/${'n'.repeat(255)}`]: 'ENOENT',
      [`/${'n'.repeat(256)}`]: 'ENAMETOOLONG',
      [`${'/'.repeat(4089)}/bin/p`]: 'ok',
      [`${'/'.repeat(4090)}/bin/p`]: 'ENAMETOOLONG',
    };
    expect(Object.fromEntries(Object.keys(answers).map((path) => [path, exec(m, path)]))).toEqual(answers);
  });

  it('needs an x bit of any class for root, of the right class for others', () => {
    const root = MODES.filter((mode) => exec(m, `/m${mode.toString(8)}`) === 'ok').map((mode) => mode.toString(8));
    const other = MODES.filter((mode) => as(1000, `/m${mode.toString(8)}`) === 'ok').map((mode) => mode.toString(8));
    expect(root).toEqual(['1', '10', '100', '111', '744', '711']);
    expect(other).toEqual(['1', '111', '711']);
    expect(as(1000, '/mine')).toBe('EACCES');
    expect([as(1000, '/closed/p'), as(1000, '/closed/nothing')]).toEqual(['EACCES', 'EACCES']);
  });

  it('must not be open for writing; the x bit is asked first', () => {
    const writer = fork(m);
    open(writer, '/t', F.O_WRONLY);
    open(writer, '/t-nox', F.O_RDWR);
    expect([exec(m, '/t'), exec(m, '/t-nox')]).toEqual(['ETXTBSY', 'EACCES']);
    do_exit(writer, 0);
    expect(exec(m, '/t')).toBe('ENOEXEC');
  });

  it('cannot be opened for writing while it runs, in the child of a fork too; its script can', () => {
    const task = fork(m);
    const other = fork(m);
    const write = (path: string): string => {
      const fd = do_sys_open(other, F.AT_FDCWD, path, F.O_WRONLY, 0);
      return IS_ERR(fd) ? fd.code : 'ok';
    };
    expect(exec(m, '/script', { task })).toBe('ok');
    expect([write('/bin/p'), write('/script')]).toEqual(['ETXTBSY', 'ok']);
    do_exit(task, 0);
    expect(write('/bin/p')).toBe('ok');
    do_exit(other, 0);
  });

  it('leaves no trace behind after many failures and successes', () => {
    const inode = fork(m);
    for (let i = 0; i < 50; i++) for (const path of ['/t', '/script', '/t-nox', '/bin/p', '/loop']) exec(m, path);
    const fd = do_sys_open(inode, F.AT_FDCWD, '/bin/p', F.O_RDWR, 0);
    expect(IS_ERR(fd)).toBe(false);
    do_exit(inode, 0);
  });
});

describe('strings', () => {
  const args = (n: number, size: number): string[] => Array.from({ length: n }, () => 'x'.repeat(size));

  it('of 131071 bytes are accepted, one more is E2BIG, after the file was found good', () => {
    expect(exec(m, '/bin/p', { argv: ['p', 'x'.repeat(131071)] })).toBe('ok');
    expect(exec(m, '/bin/p', { argv: ['p', 'x'.repeat(131072)] })).toBe('E2BIG');
    expect(exec(m, '/nowhere', { argv: ['p', 'x'.repeat(131072)] })).toBe('ENOENT');
    expect(exec(m, '/t-nox', { argv: ['p', 'x'.repeat(131072)] })).toBe('EACCES');
    expect(exec(m, '/t', { envp: ['x'.repeat(131072)] })).toBe('E2BIG');
  });

  it('get a quarter of the stack, between 128 KiB and 6 MiB', () => {
    const most = (stack: number): number => {
      let [low, high] = [0, 10_000];
      while (high - low > 1) {
        const mid = (low + high) >> 1;
        const task = fork(m);
        task.rlim.RLIMIT_STACK = { rlim_cur: stack, rlim_max: stack };
        if (exec(m, '/bin/p', { task, argv: ['p', ...args(mid, 999)] }) === 'ok') low = mid;
        else high = mid;
        do_exit(task, 0);
      }
      return low;
    };
    expect([most(8 << 20), most(256 << 10), most(64 << 20)]).toEqual([2080, 130, 6241]);
  });

  it('count the ones that a script pushes', () => {
    const room = Math.floor((2 << 20) / 1009) - 2;
    const filled = ['p', ...args(room, 1000)];
    const rest = (2 << 20) - 8 * (filled.length + 1) - filled.reduce((n, a) => n + a.length + 1, 0);
    const exact = [...filled, 'y'.repeat(rest - '/bin/p'.length - 2)];
    expect(exec(m, '/bin/p', { argv: exact })).toBe('ok');
    expect(exec(m, '/bin/p', { argv: [...exact.slice(0, -1), `${exact.at(-1)}y`] })).toBe('E2BIG');
    expect(exec(m, '/script', { argv: exact.slice(0, -1) })).toBe('ok');
    expect(exec(m, '/script', { argv: exact })).toBe('E2BIG');
  });

  it('that are missing become one empty argv[0]', () => {
    expect(argvOf(m, '/bin/p', { argv: [] })).toEqual(['']);
    expect(argvOf(m, '/script', { argv: [] })).toEqual(['/bin/p', '-x', '/script']);
  });
});

describe('execveat', () => {
  it('refuses unknown flags before it looks at anything else', () => {
    expect(exec(m, 'p', { dfd: 99, flags: 0x40000 })).toBe('EINVAL');
    expect(exec(m, 'p', { dfd: 99 })).toBe('EBADF');
    const old = machine({ version: '6.18', entries });
    Object.assign(old.kernel, { version: { ...old.kernel.version, execve_check: false } });
    expect(exec(old, '/t', { flags: F.AT_EXECVE_CHECK })).toBe('EINVAL');
  });

  it('with AT_EXECVE_CHECK answers without a look at the content, and changes nothing', () => {
    const task = fork(m);
    const check = (path: string): string => exec(m, path, { task, flags: F.AT_EXECVE_CHECK });
    expect(['/t', '/empty', '/bin/p', '/t-nox', '/bin', '/nowhere'].map(check)).toEqual(['ok', 'ok', 'ok', 'EACCES', 'EACCES', 'ENOENT']);
    expect(task.image).toBe(m.kernel.init_task.image);
  });

  it('makes a name of the descriptor, and a rewrite fails if that closes on exec', () => {
    const task = fork(m);
    const root = open(task, '/', F.O_RDONLY | F.O_DIRECTORY);
    expect(argvOf(m, 'script', { task, dfd: root })).toEqual(['/bin/p', '-x', `/dev/fd/${root}/script`]);
    expect(task.comm).toBe('script');
    const closing = fork(m);
    const fd = open(closing, '/', F.O_RDONLY | F.O_DIRECTORY | F.O_CLOEXEC);
    expect(exec(m, 'script', { task: closing, dfd: fd })).toBe('ENOENT');
    expect(exec(m, 'bin/p', { task: closing, dfd: fd })).toBe('ok');
  });
});

describe('a successful exec', () => {
  it('cuts comm to 15 bytes, closes descriptors, resets caught signals, keeps ignored ones', () => {
    const task = fork(m);
    const kept = open(task, '/t', F.O_RDONLY);
    const closed = open(task, '/t', F.O_RDONLY | F.O_CLOEXEC);
    task.sighand[2] = { handler: () => undefined };
    task.sighand[3] = { handler: 'SIG_IGN' };
    const generation = task.exec_id;
    expect(exec(m, '/bin/p', { task })).toBe('ok');
    expect([task.files.fd.has(kept), task.files.fd.has(closed)]).toEqual([true, false]);
    expect([task.sighand[2]?.handler, task.sighand[3]?.handler]).toEqual(['SIG_DFL', 'SIG_IGN']);
    expect([task.comm, task.did_exec, task.exec_id > generation]).toEqual(['p', true, true]);
  });
});
