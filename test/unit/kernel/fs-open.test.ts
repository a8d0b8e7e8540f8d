import { describe, expect, it } from 'vitest';
import { do_ftruncate } from '../../../src/kernel/fs/attr.ts';
import { close_fd, fget } from '../../../src/kernel/fs/file.ts';
import * as namei from '../../../src/kernel/fs/namei.ts';
import { deny_write_access, do_fchmodat, do_sys_open } from '../../../src/kernel/fs/open.ts';
import { do_pread64, do_pwrite64, kernel_read, vfs_llseek, vfs_read, vfs_write } from '../../../src/kernel/fs/read_write.ts';
import { do_fstat, do_fstatat } from '../../../src/kernel/fs/stat.ts';
import type { Task } from '../../../src/kernel/include/sched.ts';
import { decode, encode } from '../../../src/uapi/bytes.ts';
import * as E from '../../../src/uapi/errno.ts';
import * as F from '../../../src/uapi/fcntl.ts';
import { machine } from '../../support/vfs.ts';

const open = (task: Task, path: string, flags = F.O_RDONLY, mode = 0o666) =>
  do_sys_open(task, F.AT_FDCWD, path, flags, mode) as number | E.Errno;
function file(task: Task, fd: number | E.Errno) {
  const f = fget(task, fd as number);
  if (E.IS_ERR(f)) throw new Error(f.code);
  return f;
}
const write = (task: Task, fd: number | E.Errno, text: string) => vfs_write(task, file(task, fd), encode(text));
const read = (task: Task, fd: number | E.Errno, n = 1e6) => {
  const data = vfs_read(task, file(task, fd), n) as Uint8Array | E.Errno;
  return E.IS_ERR(data) ? data : decode(data);
};

describe('a regular file', () => {
  it('keeps what is written, and reads it back from the start', () => {
    const { root } = machine();
    const fd = open(root, '/f', F.O_RDWR | F.O_CREAT);
    expect(fd).toBe(0);
    expect(write(root, fd, 'hello')).toBe(5);
    expect(read(root, fd)).toBe('');
    expect(vfs_llseek(root, file(root, fd), 0, F.SEEK_SET)).toBe(0);
    expect(read(root, fd, 3)).toBe('hel');
    expect(read(root, fd)).toBe('lo');
    expect(do_fstat(root, 0)).toMatchObject({ st_mode: 0o100644, st_size: 5, st_nlink: 1, st_uid: 0, st_blocks: 8 });
  });
  it('fills a hole with zeros', () => {
    const { root } = machine();
    const fd = open(root, '/f', F.O_RDWR | F.O_CREAT);
    write(root, fd, 'abc');
    expect(do_ftruncate(root, 0, 2 ** 40)).toBe(0);
    expect(do_fstat(root, 0)).toMatchObject({ st_size: 2 ** 40, st_blocks: 8 });
    expect(do_pread64(root, 0, 4, 1)).toEqual(Uint8Array.of(98, 99, 0, 0));
    expect(do_ftruncate(root, 0, 2)).toBe(0);
    expect(do_pwrite64(root, 0, encode('z'), 4)).toBe(1);
    expect(do_pread64(root, 0, 9, 0)).toEqual(Uint8Array.of(97, 98, 0, 0, 122));
  });
  it('does not show what was cut off when it grows again', () => {
    const { root } = machine();
    const fd = open(root, '/f', F.O_RDWR | F.O_CREAT);
    write(root, fd, 'secret');
    do_ftruncate(root, 0, 1);
    do_ftruncate(root, 0, 6);
    expect(do_pread64(root, 0, 9, 0)).toEqual(Uint8Array.of(115, 0, 0, 0, 0, 0));
    do_ftruncate(root, 0, 0);
    do_pwrite64(root, 0, encode('x'), 3);
    expect(do_pread64(root, 0, 9, 0)).toEqual(Uint8Array.of(0, 0, 0, 120));
  });
  it('appends at the end wherever the position is', () => {
    const { root } = machine();
    const a = open(root, '/f', F.O_WRONLY | F.O_CREAT | F.O_APPEND);
    const b = open(root, '/f', F.O_WRONLY | F.O_APPEND);
    write(root, a, '1');
    write(root, b, '2');
    write(root, a, '3');
    expect(read(root, open(root, '/f'))).toBe('123');
  });
  it('refuses reading a write-only descriptor and writing a read-only one', () => {
    const { root } = machine([{ path: '/f', kind: 'file', mode: 0o644 }]);
    expect(read(root, open(root, '/f', F.O_WRONLY))).toBe(E.EBADF);
    expect(write(root, open(root, '/f', F.O_RDONLY), 'x')).toBe(E.EBADF);
    expect(read(root, open(root, '/', F.O_RDONLY))).toBe(E.EISDIR);
  });
  it('lives on without a name while it is open', () => {
    const { root } = machine();
    const fd = open(root, '/f', F.O_RDWR | F.O_CREAT);
    write(root, fd, 'still here');
    expect(namei.do_unlinkat(root, F.AT_FDCWD, '/f')).toBe(0);
    expect(open(root, '/f')).toBe(E.ENOENT);
    expect(do_pread64(root, 0, 99, 0)).toEqual(encode('still here'));
    expect(do_fstat(root, 0)).toMatchObject({ st_nlink: 0, st_size: 10 });
  });
  it('takes room from the machine, and gives it back when the last name and descriptor are gone', () => {
    const { root } = machine([], 3 * 4096);
    const fd = open(root, '/f', F.O_RDWR | F.O_CREAT);
    expect(vfs_write(root, file(root, fd), new Uint8Array(10000))).toBe(10000);
    const g = open(root, '/g', F.O_RDWR | F.O_CREAT);
    expect(write(root, g, 'x')).toBe(E.ENOSPC);
    expect(vfs_write(root, file(root, fd), new Uint8Array(10000))).toBe(3 * 4096 - 10000);
    namei.do_unlinkat(root, F.AT_FDCWD, '/f');
    expect(write(root, g, 'x')).toBe(E.ENOSPC);
    close_fd(root, fd as number);
    expect(write(root, g, 'x')).toBe(1);
  });
  it('is busy as text while it is executed, and cannot be executed while it is written', () => {
    const { root } = machine([{ path: '/f', kind: 'file', mode: 0o755, data: encode('x') }]);
    const reader = file(root, open(root, '/f'));
    expect(deny_write_access(reader.f_inode)).toBe(0);
    expect(open(root, '/f', F.O_WRONLY)).toBe(E.ETXTBSY);
    expect(open(root, '/f', F.O_RDONLY | F.O_TRUNC)).toBe(E.ETXTBSY);
    reader.f_inode.i_writecount++;
    const w = open(root, '/f', F.O_WRONLY);
    expect(deny_write_access(reader.f_inode)).toBe(E.ETXTBSY);
    close_fd(root, w as number);
    expect(deny_write_access(reader.f_inode)).toBe(0);
    expect(kernel_read(reader, 0, 9)).toEqual(encode('x'));
  });
  it('loses its set-id bits when another writes to it', () => {
    const m = machine([{ path: '/f', kind: 'file', mode: 0o6777 }]);
    const user = m.user(1000);
    write(user, open(user, '/f', F.O_WRONLY), 'x');
    expect(do_fstatat(m.root, F.AT_FDCWD, '/f', 0)).toMatchObject({ st_mode: 0o100777 });
  });
});

describe('open', () => {
  const tree = () =>
    machine([
      { path: '/d', kind: 'dir', mode: 0o755 },
      { path: '/d/f', kind: 'file', mode: 0o644, data: encode('f') },
      { path: '/l', kind: 'symlink', mode: 0o777, target: 'd/f' },
      { path: '/dl', kind: 'symlink', mode: 0o777, target: 'd' },
      { path: '/dangling', kind: 'symlink', mode: 0o777, target: 'd/new' },
      { path: '/loop', kind: 'symlink', mode: 0o777, target: 'loop' },
      { path: '/null', kind: 'chr', mode: 0o666, rdev: 0x103 },
      { path: '/nothing', kind: 'chr', mode: 0o666, rdev: 0x1f03 },
    ]);
  it.each([
    ['/d', F.O_WRONLY, E.EISDIR],
    ['/d', F.O_RDONLY | F.O_CREAT, E.EISDIR],
    ['/d/f', F.O_DIRECTORY, E.ENOTDIR],
    ['/d/f/', F.O_RDONLY, E.ENOTDIR],
    ['/d/f/', F.O_CREAT, E.EISDIR],
    ['/d/new/', F.O_CREAT, E.EISDIR],
    ['/d/f', F.O_CREAT | F.O_EXCL, E.EEXIST],
    ['/dangling', F.O_CREAT | F.O_EXCL, E.EEXIST],
    ['/dangling', F.O_RDONLY, E.ENOENT],
    ['/l', F.O_NOFOLLOW, E.ELOOP],
    ['/dl', F.O_NOFOLLOW | F.O_DIRECTORY, E.ENOTDIR],
    ['/loop', F.O_RDONLY, E.ELOOP],
    ['/loop', F.O_CREAT, E.ELOOP],
    ['/d/none/x', F.O_CREAT, E.ENOENT],
    ['/d/f/x', F.O_CREAT, E.ENOTDIR],
    ['', F.O_RDONLY, E.ENOENT],
    ['/nothing', F.O_RDONLY, E.ENXIO],
    ['/d/f', F.O_CREAT | F.O_DIRECTORY, E.EINVAL],
  ])('%s with %o answers %s', (path, flags, errno) => {
    expect(open(tree().root, path, flags)).toBe(errno);
  });
  it('follows a dangling link and creates what it names', () => {
    const { root } = tree();
    expect(open(root, '/dangling', F.O_CREAT | F.O_WRONLY)).toBe(0);
    expect(do_fstatat(root, F.AT_FDCWD, '/d/new', 0)).toMatchObject({ st_size: 0 });
  });
  it('applies the umask, and gives the creator what it asked for whatever the mode', () => {
    const { root } = tree();
    root.fs.umask = 0o077;
    const fd = open(root, '/n', F.O_CREAT | F.O_RDWR, 0o4200);
    expect(write(root, fd, 'x')).toBe(1);
    expect(do_fstat(root, 0)).toMatchObject({ st_mode: 0o104200 });
  });
  it('with O_PATH names a file without reading it', () => {
    const m = tree();
    do_fchmodat(m.root, F.AT_FDCWD, '/d/f', 0);
    const user = m.user(1000);
    const fd = open(user, '/d/f', F.O_PATH);
    expect(read(user, fd)).toBe(E.EBADF);
    expect(do_fstat(user, fd as number)).toMatchObject({ st_size: 1 });
    expect(open(user, '/d/f')).toBe(E.EACCES);
  });
  it('reads nothing from /dev/null and swallows what is written', () => {
    const { root } = tree();
    const fd = open(root, '/null', F.O_RDWR);
    expect(write(root, fd, 'gone')).toBe(4);
    expect(read(root, fd)).toBe('');
  });
});
