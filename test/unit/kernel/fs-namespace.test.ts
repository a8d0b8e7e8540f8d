import { describe, expect, it } from 'vitest';
import { close_fd } from '../../../src/kernel/fs/file.ts';
import { do_chdir, do_chroot, do_getcwd } from '../../../src/kernel/fs/fs_struct.ts';
import * as namei from '../../../src/kernel/fs/namei.ts';
import {
  copy_mnt_ns,
  d_path,
  do_mount,
  do_pivot_root,
  do_umount,
  mnt_ns_root,
  mountinfo_lines,
  mounts_lines,
  put_mnt_ns,
} from '../../../src/kernel/fs/namespace.ts';
import { do_faccessat, do_sys_open } from '../../../src/kernel/fs/open.ts';
import { do_fstatat } from '../../../src/kernel/fs/stat.ts';
import type { SuperBlock } from '../../../src/kernel/include/fs.ts';
import type { Task, UserNamespace } from '../../../src/kernel/include/sched.ts';
import * as E from '../../../src/uapi/errno.ts';
import * as F from '../../../src/uapi/fcntl.ts';
import * as M from '../../../src/uapi/mount.ts';
import { machine } from '../../support/vfs.ts';

const C = F.AT_FDCWD;
const dir = (path: string) => ({ path, kind: 'dir' as const, mode: 0o755 });
const tree = () => machine([dir('/a'), dir('/b'), dir('/mnt'), { path: '/f', kind: 'file', mode: 0o644 }]);
const mount = (t: Task, target: string, flags = 0, data = '') => do_mount(t, 'none', target, 'tmpfs', flags, data);
const touch = (t: Task, path: string) => {
  const fd = do_sys_open(t, C, path, F.O_CREAT | F.O_WRONLY, 0o644);
  return E.IS_ERR(fd) ? fd : close_fd(t, fd as number);
};
const exists = (t: Task, path: string) => !E.IS_ERR(do_fstatat(t, C, path, 0));
const lines = (t: Task) =>
  mounts_lines(t.nsproxy.mnt_ns, t.fs.root)
    .split('\n')
    .filter((l) => l !== '')
    .slice(1);
function unshare(t: Task, user_ns: UserNamespace = t.cred.user_ns): void {
  t.nsproxy = { ...t.nsproxy, mnt_ns: copy_mnt_ns(t, user_ns) };
}
function superblock(t: Task, path: string): SuperBlock {
  const p = namei.path_lookupat(t, C, path, {});
  if (E.IS_ERR(p)) throw new Error(p.code);
  return p.mnt.mnt_sb;
}

describe('mount', () => {
  it('covers what was there, and umount uncovers it', () => {
    const { root } = tree();
    touch(root, '/a/below');
    expect(mount(root, '/a')).toBe(0);
    expect(exists(root, '/a/below')).toBe(false);
    touch(root, '/a/above');
    expect(lines(root)).toEqual(['none /a tmpfs rw,relatime 0 0']);
    expect(do_umount(root, '/a', 0)).toBe(0);
    expect(exists(root, '/a/below')).toBe(true);
    expect(lines(root)).toEqual([]);
  });
  it('prints flags and options as Linux does', () => {
    const { root } = tree();
    mount(root, '/a', M.MS_RDONLY | M.MS_NOSUID, 'mode=700,size=1m');
    mount(root, '/b', M.MS_NOSUID | M.MS_NODEV | M.MS_NOEXEC | M.MS_NOATIME);
    expect(lines(root)).toEqual([
      'none /a tmpfs ro,nosuid,relatime,size=1024k,mode=700 0 0',
      'none /b tmpfs rw,nosuid,nodev,noexec,noatime 0 0',
    ]);
    const info = mountinfo_lines(root.nsproxy.mnt_ns, root.fs.root);
    expect(info).toMatch(/^\d+ \d+ 0:\d+ \/ \/a ro,nosuid,relatime - tmpfs none ro,size=1024k,mode=700$/m);
    expect(do_fstatat(root, C, '/a', 0)).toMatchObject({ st_mode: 0o40700 });
  });
  it.each([
    ['/none', 'tmpfs', '', E.ENOENT],
    ['/f', 'tmpfs', '', E.ENOTDIR],
    ['/a', 'nofs', '', E.ENODEV],
    ['/a', 'tmpfs', 'foo=1', E.EINVAL],
    ['/a', 'tmpfs', 'size=x', E.EINVAL],
  ])('on %s of %s with "%s" answers %s', (target, type, data, errno) => {
    expect(do_mount(tree().root, 'none', target, type, 0, data)).toBe(errno);
  });
  it('is for the owner of the namespace only, who first learns whether the target is there', () => {
    const user = tree().user(1000);
    expect(mount(user, '/a')).toBe(E.EPERM);
    expect(mount(user, '/none')).toBe(E.ENOENT);
    expect(do_umount(user, '/', 0)).toBe(E.EPERM);
  });
  it('read-only refuses changes with EROFS, and reading goes on', () => {
    const { root } = tree();
    mount(root, '/a');
    touch(root, '/a/f');
    do_mount(root, '', '/a', '', M.MS_REMOUNT | M.MS_BIND | M.MS_RDONLY, '');
    expect(touch(root, '/a/g')).toBe(E.EROFS);
    expect(touch(root, '/a/f')).toBe(E.EROFS);
    expect(namei.do_unlinkat(root, C, '/a/nothing')).toBe(E.EROFS);
    expect(do_faccessat(root, C, '/a/f', F.W_OK, true)).toBe(E.EROFS);
    expect(do_sys_open(root, C, '/a/f', F.O_RDONLY, 0)).toBe(0);
  });
  it('does not become read-only under a writer', () => {
    const { root } = tree();
    mount(root, '/a');
    const fd = do_sys_open(root, C, '/a/f', F.O_CREAT | F.O_WRONLY, 0o644);
    expect(do_mount(root, '', '/a', '', M.MS_REMOUNT | M.MS_RDONLY, '')).toBe(E.EBUSY);
    close_fd(root, fd as number);
    expect(do_mount(root, '', '/a', '', M.MS_REMOUNT | M.MS_RDONLY, '')).toBe(0);
    expect(lines(root)).toEqual(['none /a tmpfs ro,relatime 0 0']);
  });
  it('makes devices of a nodev mount unusable', () => {
    const m = tree();
    mount(m.root, '/a', M.MS_NODEV);
    expect(namei.do_mknodat(m.root, C, '/a/null', 0o20666, 0x103)).toBe(0);
    expect(do_sys_open(m.root, C, '/a/null', F.O_RDONLY, 0)).toBe(E.EACCES);
    expect(namei.do_mknodat(m.user(1000), C, '/a/n', 0o20666, 0x103)).toBe(E.EPERM);
  });
});

describe('a bind mount', () => {
  it('shows one tree at two places, without what is mounted in it unless it is recursive', () => {
    const { root } = tree();
    namei.do_mkdirat(root, C, '/a/sub', 0o755);
    mount(root, '/a/sub');
    touch(root, '/a/sub/deep');
    expect(do_mount(root, '/a', '/b', '', M.MS_BIND, '')).toBe(0);
    expect(exists(root, '/b/sub')).toBe(true);
    expect(exists(root, '/b/sub/deep')).toBe(false);
    expect(do_mount(root, '/a', '/mnt', '', M.MS_BIND | M.MS_REC, '')).toBe(0);
    expect(exists(root, '/mnt/sub/deep')).toBe(true);
    expect(namei.do_renameat(root, C, '/a/x', C, '/b/x')).toBe(E.EXDEV);
  });
  it('puts a file onto a file, and nothing onto something else', () => {
    const { root } = tree();
    touch(root, '/g');
    expect(do_mount(root, '/f', '/g', '', M.MS_BIND, '')).toBe(0);
    expect(do_mount(root, '/f', '/a', '', M.MS_BIND, '')).toBe(E.ENOTDIR);
    expect(namei.do_unlinkat(root, C, '/g')).toBe(E.EBUSY);
    expect(do_umount(root, '/g', 0)).toBe(0);
  });
  it('can forbid execution or writing at one of the places only', () => {
    const { root } = tree();
    touch(root, '/a/x');
    do_mount(root, '/a', '/b', '', M.MS_BIND, '');
    do_mount(root, '', '/b', '', M.MS_REMOUNT | M.MS_BIND | M.MS_RDONLY, '');
    expect(touch(root, '/b/y')).toBe(E.EROFS);
    expect(touch(root, '/a/y')).toBe(0);
    expect(exists(root, '/b/y')).toBe(true);
  });
  it('moves with MS_MOVE, but not into itself', () => {
    const { root } = tree();
    mount(root, '/a');
    namei.do_mkdirat(root, C, '/a/d', 0o755);
    expect(do_mount(root, '/a', '/a/d', '', M.MS_MOVE, '')).toBe(E.ELOOP);
    expect(do_mount(root, '/a', '/b', '', M.MS_MOVE, '')).toBe(0);
    expect(exists(root, '/b/d')).toBe(true);
    expect(exists(root, '/a/d')).toBe(false);
    expect(do_mount(root, '/b/d', '/a', '', M.MS_MOVE, '')).toBe(E.EINVAL);
  });
  it('accepts every propagation, one at a time, on a mountpoint', () => {
    const { root } = tree();
    expect(do_mount(root, '', '/', '', M.MS_PRIVATE | M.MS_REC, '')).toBe(0);
    expect(do_mount(root, '', '/', '', M.MS_SHARED, '')).toBe(0);
    expect(do_mount(root, '', '/a', '', M.MS_PRIVATE, '')).toBe(E.EINVAL);
    expect(do_mount(root, '', '/', '', M.MS_PRIVATE | M.MS_SHARED, '')).toBe(E.EINVAL);
  });
});

describe('umount', () => {
  it('is refused while a file is open, a task stands there, or something is mounted there', () => {
    const m = tree();
    const { root } = m;
    mount(root, '/a');
    const fd = do_sys_open(root, C, '/a', F.O_RDONLY, 0) as number;
    expect(do_umount(root, '/a', 0)).toBe(E.EBUSY);
    close_fd(root, fd);
    const other = m.fork(root);
    do_chdir(other, '/a');
    expect(do_umount(root, '/a', 0)).toBe(E.EBUSY);
    do_chdir(other, '/');
    namei.do_mkdirat(root, C, '/a/d', 0o755);
    mount(root, '/a/d');
    expect(do_umount(root, '/a', 0)).toBe(E.EBUSY);
    expect(do_umount(root, '/a/d', 0)).toBe(0);
    expect(do_umount(root, '/a', 0)).toBe(0);
    expect(do_umount(root, '/a', 0)).toBe(E.EINVAL);
    expect(do_umount(root, '/a', 0x100)).toBe(E.EINVAL);
  });
  it('lazily takes the name at once, and the file system when the last file is closed', () => {
    const { root, kernel } = tree();
    mount(root, '/a');
    const sb = superblock(root, '/a');
    const fd = do_sys_open(root, C, '/a/f', F.O_CREAT | F.O_RDWR, 0o644) as number;
    expect(do_umount(root, '/a', M.MNT_DETACH)).toBe(0);
    expect(exists(root, '/a/f')).toBe(false);
    expect(kernel.superblocks.has(sb)).toBe(true);
    close_fd(root, fd);
    expect(kernel.superblocks.has(sb)).toBe(false);
  });
  it('ends a superblock only with its last mount anywhere', () => {
    const m = tree();
    mount(m.root, '/a');
    const sb = superblock(m.root, '/a');
    const other = m.fork(m.root);
    unshare(other);
    do_umount(m.root, '/a', 0);
    expect(m.kernel.superblocks.has(sb)).toBe(true);
    put_mnt_ns(other.nsproxy.mnt_ns);
    expect(m.kernel.superblocks.has(sb)).toBe(false);
  });
  it('forgets the bytes of what it ends', () => {
    const m = machine([dir('/a'), { path: '/big', kind: 'file', mode: 0o644 }], 8 * 4096);
    mount(m.root, '/a');
    const fd = do_sys_open(m.root, C, '/a/f', F.O_CREAT | F.O_RDWR, 0o644) as number;
    close_fd(m.root, fd);
    expect(do_umount(m.root, '/a', 0)).toBe(0);
    expect([...m.kernel.superblocks].length).toBe(2);
  });
});

describe('".." and names', () => {
  it('go out of a mount through its mountpoint, and stop at the root of the task', () => {
    const { root } = tree();
    namei.do_mkdirat(root, C, '/a/b', 0o755);
    mount(root, '/a/b');
    namei.do_mkdirat(root, C, '/a/b/c', 0o755);
    do_chdir(root, '/a/b/c');
    expect(do_getcwd(root)).toBe('/a/b/c');
    do_chdir(root, '../..');
    expect(do_getcwd(root)).toBe('/a');
    do_chdir(root, '../../../..');
    expect(do_getcwd(root)).toBe('/');
    do_chdir(root, '/a/b');
    do_chroot(root, '/a/b');
    do_chdir(root, '/..');
    expect(do_getcwd(root)).toBe('/');
    expect(exists(root, '/c')).toBe(true);
  });
  it('say so when a place was removed or lies outside', () => {
    const { root } = tree();
    namei.do_mkdirat(root, C, '/a/gone', 0o755);
    do_chdir(root, '/a/gone');
    namei.do_rmdir(root, C, '/a/gone');
    expect(do_getcwd(root)).toBe(E.ENOENT);
    expect(d_path(root, root.fs.pwd)).toBe('/a/gone (deleted)');
    expect(touch(root, 'x')).toBe(E.ENOENT);
    do_chdir(root, '/b');
    do_chroot(root, '/a');
    expect(do_getcwd(root)).toBe('(unreachable)/b');
  });
});

describe('a mount namespace', () => {
  it('begins as a copy, and then both go their own ways', () => {
    const m = tree();
    const other = m.fork(m.root);
    do_chdir(other, '/a');
    unshare(other);
    mount(other, '/b');
    mount(m.root, '/a');
    expect(lines(other)).toEqual(['none /b tmpfs rw,relatime 0 0']);
    expect(lines(m.root)).toEqual(['none /a tmpfs rw,relatime 0 0']);
    expect(do_getcwd(other)).toBe('/a');
    expect(exists(m.root, '/f')).toBe(true);
    expect(namei.do_rmdir(other, C, '/mnt')).toBe(0);
    expect(exists(m.root, '/mnt')).toBe(false);
  });
  it('loses what is mounted on a directory that another removes', () => {
    const m = tree();
    const other = m.fork(m.root);
    unshare(other);
    mount(other, '/b');
    expect(namei.do_rmdir(m.root, C, '/b')).toBe(0);
    expect(lines(other)).toEqual([]);
  });
  it('of a user namespace may mount, but not undo what it inherited', () => {
    const m = tree();
    mount(m.root, '/a', M.MS_NOEXEC);
    const map = [{ first: 0, lower_first: 1000, count: 1 }];
    const user_ns: UserNamespace = {
      ns_id: 99,
      parent: m.kernel.init_user_ns,
      level: 1,
      owner: 1000,
      uid_map: map,
      gid_map: map,
      setgroups_allowed: false,
      binfmt_misc: null,
    };
    const task = m.user(1000);
    task.cred = { ...task.cred, user_ns, cap_effective: true };
    expect(mount(task, '/b')).toBe(E.EPERM);
    unshare(task, user_ns);
    expect(mount(task, '/b')).toBe(0);
    expect(do_fstatat(task, C, '/b', 0)).toMatchObject({ st_uid: 0, st_mode: 0o41777 });
    expect(do_fstatat(task, C, '/f', 0)).toMatchObject({ st_uid: 65534 });
    expect(do_umount(task, '/a', 0)).toBe(E.EINVAL);
    expect(do_mount(task, '', '/a', '', M.MS_REMOUNT | M.MS_BIND, '')).toBe(E.EPERM);
    expect(do_mount(task, '', '/a', '', M.MS_REMOUNT | M.MS_BIND | M.MS_NOEXEC | M.MS_RDONLY, '')).toBe(0);
    expect(do_mount(task, '/', '/b', '', M.MS_BIND, '')).toBe(E.EINVAL);
    expect(do_mount(task, '/', '/b', '', M.MS_BIND | M.MS_REC, '')).toBe(0);
    expect(touch(task, '/new')).toBe(E.EACCES);
  });
});

describe('pivot_root', () => {
  it('swaps the root, also for tasks that stood there', () => {
    const m = tree();
    const task = m.fork(m.root);
    unshare(task);
    const child = m.fork(task);
    mount(task, '/mnt');
    namei.do_mkdirat(task, C, '/mnt/old', 0o755);
    expect(do_pivot_root(task, '/mnt', '/mnt/old')).toBe(0);
    expect(exists(task, '/old/f')).toBe(true);
    expect(exists(child, '/old/f')).toBe(true);
    expect(exists(m.root, '/f')).toBe(true);
    expect(do_umount(task, '/old', M.MNT_DETACH)).toBe(0);
    expect(mounts_lines(task.nsproxy.mnt_ns, task.fs.root)).toBe('none / tmpfs rw,relatime 0 0\n');
    expect(mnt_ns_root(task.nsproxy.mnt_ns)).toEqual(task.fs.root);
  });
  it('stacks with "." on "." and lets the old root be taken off', () => {
    const m = tree();
    const task = m.fork(m.root);
    unshare(task);
    mount(task, '/mnt');
    do_chdir(task, '/mnt');
    expect(do_pivot_root(task, '.', '.')).toBe(0);
    expect(do_umount(task, '.', M.MNT_DETACH)).toBe(0);
    expect(mounts_lines(task.nsproxy.mnt_ns, task.fs.root)).toBe('none / tmpfs rw,relatime 0 0\n');
  });
  it.each([
    ['/a', '/a', E.EBUSY],
    ['/mnt', '/a', E.EBUSY],
    ['/none', '/mnt', E.ENOENT],
    ['/f', '/mnt', E.ENOTDIR],
  ])('of %s with %s answers %s', (new_root, put_old, errno) => {
    const { root } = tree();
    mount(root, '/mnt');
    expect(do_pivot_root(root, new_root, put_old)).toBe(errno);
  });
});
