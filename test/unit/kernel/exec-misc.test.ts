/** binfmt_misc beyond what was recorded: credentials, pinned interpreters, namespaces. Rules M9–M12, R14, N4–N12. */
import { describe, expect, it } from 'vitest';
import { close_fd, fget } from '../../../src/kernel/fs/file.ts';
import { do_chroot } from '../../../src/kernel/fs/fs_struct.ts';
import { do_mount, do_umount } from '../../../src/kernel/fs/namespace.ts';
import { do_fchmodat, do_sys_open } from '../../../src/kernel/fs/open.ts';
import { iterate_dir } from '../../../src/kernel/fs/readdir.ts';
import { do_fstatat } from '../../../src/kernel/fs/stat.ts';
import type { Task } from '../../../src/kernel/include/sched.ts';
import { new_cred } from '../../../src/kernel/kernel/cred.ts';
import { do_exit } from '../../../src/kernel/kernel/exit.ts';
import { sys_unshare } from '../../../src/kernel/kernel/nsproxy.ts';
import { encode } from '../../../src/uapi/bytes.ts';
import { IS_ERR } from '../../../src/uapi/errno.ts';
import { AT_FDCWD, O_RDONLY, O_WRONLY } from '../../../src/uapi/fcntl.ts';
import { CLONE_NEWNS, CLONE_NEWUSER, MNT_DETACH, MS_BIND, MS_NOEXEC, MS_NOSUID, MS_REMOUNT } from '../../../src/uapi/mount.ts';
import type { RootEntry } from '../../../src/uapi/rootfs.ts';
import { argvOf, BM, control, exec, fork, register } from '../../support/exec.ts';
import { machine, program } from '../../support/kernel.ts';

const text = (path: string, content: string, mode = 0o755): RootEntry => ({ kind: 'file', path, mode, data: encode(content) });
const entries: RootEntry[] = [
  program('/i', 'show'),
  { ...program('/i-suid', 'show'), mode: 0o4755 },
  text('/f', 'FOO\n'),
  text('/f-suid', 'FOO\n', 0o4755),
  text('/f-unreadable', 'FOO\n', 0o711),
  { kind: 'dir', path: '/jail', mode: 0o755 },
  text('/jail/f', 'FOO\n'),
  { kind: 'dir', path: '/mnt', mode: 0o755 },
  { kind: 'dir', path: '/bm', mode: 0o755 },
  { kind: 'dir', path: '/tree', mode: 0o755 },
  program('/tree/i', 'show'),
];
const make = (version = '6.18') => machine({ version, entries, applets: { show: () => async () => 0 } });
type M = ReturnType<typeof make>;

function user(m: M): Task {
  const task = fork(m);
  task.cred = new_cred(m.kernel.init_user_ns, 1000, 1000, []);
  return task;
}
/** A task that is root of a new user namespace, and in a mount namespace of that. */
function container(m: M, parent = fork(m), mapped = 0): Task {
  const owner = parent.cred.euid;
  expect(sys_unshare(parent, CLONE_NEWUSER | CLONE_NEWNS)).toBe(0);
  const map = [{ first: 0, lower_first: mapped || owner, count: 1 }];
  parent.cred.user_ns.uid_map = map;
  parent.cred.user_ns.gid_map = map;
  return parent;
}
const mount_bm = (task: Task, where = '/bm', flags = 0): string => String(do_mount(task, 'none', where, 'binfmt_misc', flags, ''));
const rule = (flags: string, interpreter = '/i', name = 'f'): string => `:${name}:M::FOO::${interpreter}:${flags}`;

describe('credentials', () => {
  const outcome = (flags: string, interpreter: string, file: string, prepare: (m: M, task: Task) => void = () => undefined): string => {
    const m = make();
    const task = user(m);
    prepare(m, task);
    expect(register(m, rule(flags, interpreter))).toBe('ok');
    expect(exec(m, file, { task })).toBe('ok');
    return `euid ${task.cred.euid} secure ${task.image?.auxv.AT_SECURE}`;
  };
  const same = 'euid 1000 secure 0';
  const root = 'euid 0 secure 1';

  it('are those of the interpreter, with C those of the matched file', () => {
    expect(['', 'O', 'P', 'F'].map((flags) => outcome(flags, '/i', '/f-suid'))).toEqual([same, same, same, same]);
    expect(['C', 'CF'].map((flags) => outcome(flags, '/i', '/f-suid'))).toEqual([root, root]);
    expect(['', 'O'].map((flags) => outcome(flags, '/i-suid', '/f'))).toEqual([root, root]);
    expect(outcome('C', '/i-suid', '/f')).toBe(same);
  });

  it('stay where nosuid or no_new_privs say so', () => {
    expect(outcome('C', '/i', '/f-suid', (_m, task) => void (task.cred = { ...task.cred, no_new_privs: true }))).toBe(same);
    const nosuid = (m: M): void => {
      do_mount(m.kernel.init_task, '/', '/mnt', '', MS_BIND, '');
      expect(do_mount(m.kernel.init_task, '', '/mnt', '', MS_BIND | MS_REMOUNT | MS_NOSUID, '')).toBe(0);
    };
    expect(outcome('C', '/i', '/mnt/f-suid', nosuid)).toBe(same);
  });

  it('with O hand over a file that the user could not have opened', () => {
    const m = make();
    register(m, rule('O'));
    const task = user(m);
    expect(exec(m, '/f-unreadable', { task })).toBe('ok');
    expect(task.image?.auxv.AT_EXECFD).toBe(0);
    expect(task.files.fd.get(0)?.file.f_path.dentry.d_name).toBe('f-unreadable');
    expect(IS_ERR(do_sys_open(task, AT_FDCWD, '/f-unreadable', O_RDONLY, 0))).toBe(true);
  });
});

describe('flag F', () => {
  it('keeps the interpreter for callers in another root, and over umount -l; without it they have none', () => {
    const m = make();
    do_mount(m.kernel.init_task, 'tmpfs', '/mnt', 'tmpfs', 0, '');
    do_mount(m.kernel.init_task, '/tree', '/mnt', '', MS_BIND, '');
    register(m, rule('F', '/mnt/i'));
    const jailed = fork(m);
    do_chroot(jailed, '/jail');
    expect(String(do_umount(m.kernel.init_task, '/mnt', 0))).toBe('EBUSY');
    expect(do_umount(m.kernel.init_task, '/mnt', MNT_DETACH)).toBe(0);
    expect(argvOf(m, '/f', { task: jailed })).toEqual(['/mnt/i', '/f']);
    register(m, rule('', '/i', 'newer'));
    expect(exec(m, '/f', { task: jailed })).toBe('ENOENT');
  });

  it('ends in SIGSEGV when the mount has become noexec, and its interpreter is free again with the rule', () => {
    const m = make();
    const { init_task } = m.kernel;
    do_mount(init_task, '/tree', '/mnt', '', MS_BIND, '');
    register(m, rule('F', '/mnt/i'));
    expect(do_mount(init_task, '', '/mnt', '', MS_BIND | MS_REMOUNT | MS_NOEXEC, '')).toBe(0);
    expect(exec(m, '/f')).toBe('SIGSEGV');
    const write = (): string => {
      const fd = do_sys_open(init_task, AT_FDCWD, '/tree/i', O_WRONLY, 0);
      return IS_ERR(fd) ? fd.code : 'ok';
    };
    expect(write()).toBe('ETXTBSY');
    control(init_task, `${BM}/f`, '-1');
    expect(write()).toBe('ok');
    expect(do_umount(init_task, '/mnt', 0)).toBe(0);
  });

  it('opens with the rights of whoever opened register', () => {
    const m = make();
    do_fchmodat(m.kernel.init_task, AT_FDCWD, '/tree', 0o700);
    do_fchmodat(m.kernel.init_task, AT_FDCWD, `${BM}/register`, 0o222);
    expect(control(user(m), `${BM}/register`, rule('F', '/tree/i'))).toBe('EACCES');
    expect(register(m, rule('F', '/tree/i'))).toBe('ok');
  });

  it('with a bad interpreter changes nothing, and keeps nothing open', () => {
    const m = make();
    const before = m.kernel.init_user_ns.binfmt_misc?.entries.size;
    expect(register(m, rule('F', '/f'))).toBe('ok');
    expect(register(m, rule('F', '/i'))).toBe('EEXIST');
    expect(register(m, rule('F', '/nothing', 'g'))).toBe('ENOENT');
    expect(m.kernel.init_user_ns.binfmt_misc?.entries.size).toBe((before ?? 0) + 1);
    expect(IS_ERR(do_sys_open(m.kernel.init_task, AT_FDCWD, '/i', O_WRONLY, 0))).toBe(false);
  });
});

describe('user namespaces', () => {
  it('have no table until they mount: the parent rules apply', () => {
    const m = make();
    register(m, rule(''));
    const inside = container(m);
    expect(exec(m, '/f', { task: fork_of(m, inside) })).toBe('ok');
    expect(mount_bm(inside)).toBe('0');
    expect(exec(m, '/f', { task: fork_of(m, inside) })).toBe('ENOEXEC');
    expect(exec(m, '/f')).toBe('ok');
  });

  it('keep an empty table after the last umount: the parent rules do not come back', () => {
    const m = make();
    register(m, rule(''));
    const inside = container(m);
    mount_bm(inside);
    control(inside, '/bm/register', rule('', '/i', 'own'));
    control(inside, '/bm/status', '0');
    expect(do_umount(inside, '/bm', 0)).toBe(0);
    expect(exec(m, '/f', { task: fork_of(m, inside) })).toBe('ENOEXEC');
    expect(mount_bm(inside)).toBe('0');
    expect(names(inside, '/bm')).toEqual(['register', 'status']);
    expect(inside.cred.user_ns.binfmt_misc?.enabled).toBe(true);
  });

  it('below another use the nearest table upwards', () => {
    const m = make();
    register(m, rule(''));
    const child = container(m);
    mount_bm(child);
    const grandchild = fork_of(m, child);
    expect(sys_unshare(grandchild, CLONE_NEWUSER)).toBe(0);
    expect(exec(m, '/f', { task: grandchild })).toBe('ENOEXEC');
    control(child, '/bm/register', rule('', '/i', 'own'));
    expect(exec(m, '/f', { task: fork_of(m, grandchild) })).toBe('ok');
  });

  it('show one superblock at every mount, and the host at none', () => {
    const m = make();
    const inside = container(m);
    mount_bm(inside, '/bm');
    mount_bm(inside, '/mnt');
    control(inside, '/bm/register', rule('', '/i', 'own'));
    const dev = (task: Task, path: string): number => {
      const st = do_fstatat(task, AT_FDCWD, path, 0);
      return IS_ERR(st) ? -1 : st.st_dev;
    };
    expect(names(inside, '/mnt')).toEqual(['own', 'register', 'status']);
    expect(dev(inside, '/bm')).toBe(dev(inside, '/mnt'));
    expect(dev(m.kernel.init_task, BM)).not.toBe(dev(inside, '/bm'));
    expect(names(m.kernel.init_task, BM)).toEqual(['register', 'status']);
  });

  it('may write to the host table through an inherited mount only as its owner', () => {
    const m = make();
    const mine = container(m);
    expect(control(mine, `${BM}/register`, rule('', '/i', 'a'))).toBe('ok');
    const foreign = container(m, user(m), 1000);
    expect(control(foreign, `${BM}/register`, rule('', '/i', 'b'))).toBe('open: EACCES');
    expect(names(m.kernel.init_task, BM)).toEqual(['a', 'register', 'status']);
  });

  it('cannot mount without a mount namespace of their own, nor with options, nor twice in one place', () => {
    const m = make();
    const task = fork(m);
    sys_unshare(task, CLONE_NEWUSER);
    expect(mount_bm(task)).toBe('EPERM');
    expect(mount_bm(user(m))).toBe('EPERM');
    const inside = container(m);
    expect(String(do_mount(inside, 'none', '/bm', 'binfmt_misc', 0, 'foo=1'))).toBe('EINVAL');
    expect([mount_bm(inside), mount_bm(inside)]).toEqual(['0', 'EBUSY']);
  });

  it('lose their rules when the last task leaves', () => {
    const m = make();
    const inside = container(m);
    mount_bm(inside);
    control(inside, '/bm/register', rule('F', '/tree/i', 'own'));
    do_exit(inside, 0);
    expect(IS_ERR(do_sys_open(m.kernel.init_task, AT_FDCWD, '/tree/i', O_WRONLY, 0))).toBe(false);
  });
});

describe('a kernel with one table', () => {
  const old = (): M => {
    const m = make();
    const version = { ...m.kernel.version, instances: 'one', userns_mount: false, entries_survive_umount: true, duplicate_name: 'EINVAL' };
    Object.assign(m.kernel, { version });
    return m;
  };

  it('keeps the rules when the last mount goes, and shows them at the next', () => {
    const m = old();
    register(m, rule(''));
    expect(do_umount(m.kernel.init_task, BM, 0)).toBe(0);
    expect(exec(m, '/f')).toBe('ok');
    expect(mount_bm(m.kernel.init_task)).toBe('0');
    expect(names(m.kernel.init_task, '/bm')).toEqual(['f', 'register', 'status']);
  });

  it('does not let a user namespace mount, and applies there', () => {
    const m = old();
    register(m, rule(''));
    const inside = container(m);
    expect(mount_bm(inside)).toBe('EPERM');
    expect(exec(m, '/f', { task: inside })).toBe('ok');
  });
});

/** A child in the same namespaces. */
function fork_of(m: M, parent: Task): Task {
  const task = fork(m);
  return Object.assign(task, { cred: parent.cred, nsproxy: parent.nsproxy, fs: { ...parent.fs } });
}

function names(task: Task, path: string): string[] {
  const fd = do_sys_open(task, AT_FDCWD, path, O_RDONLY, 0) as number;
  const file = fget(task, fd);
  const all = IS_ERR(file) ? file : iterate_dir(task, file);
  close_fd(task, fd);
  return IS_ERR(all) ? [all.code] : all.map((e) => e.d_name).filter((name) => !name.startsWith('.'));
}
