import { Volume } from 'memfs';
import { describe, expect, it } from 'vitest';
import { get_random_bytes, seedRandom } from '../../../src/kernel/drivers/char/mem.ts';
import { do_ftruncate } from '../../../src/kernel/fs/attr.ts';
import { close_fd, fget } from '../../../src/kernel/fs/file.ts';
import * as namei from '../../../src/kernel/fs/namei.ts';
import { do_mount, do_umount } from '../../../src/kernel/fs/namespace.ts';
import { do_sys_open, do_truncate } from '../../../src/kernel/fs/open.ts';
import { ramfsStore } from '../../../src/kernel/fs/ramfs.ts';
import { vfs_read, vfs_write } from '../../../src/kernel/fs/read_write.ts';
import { sys_getdents64 } from '../../../src/kernel/fs/readdir.ts';
import { do_fstatat, do_statfs } from '../../../src/kernel/fs/stat.ts';
import type { OpenFile } from '../../../src/kernel/include/fs.ts';
import type { Task } from '../../../src/kernel/include/sched.ts';
import { decode, encode } from '../../../src/uapi/bytes.ts';
import * as E from '../../../src/uapi/errno.ts';
import * as F from '../../../src/uapi/fcntl.ts';
import { machine } from '../../support/vfs.ts';

const C = F.AT_FDCWD;
function open(task: Task, path: string, flags: number): OpenFile {
  const fd = do_sys_open(task, C, path, flags, 0o644) as number | E.Errno;
  const file = E.IS_ERR(fd) ? fd : fget(task, fd);
  if (E.IS_ERR(file)) throw new Error(`${path}: ${file.code}`);
  return file;
}
const cat = (task: Task, path: string) => decode(vfs_read(task, open(task, path, F.O_RDONLY), 1e6) as Uint8Array);

describe('the memfs store', () => {
  const facade = () => {
    const m = machine([{ path: '/etc/f', kind: 'file', mode: 0o644, data: encode('from boot') }]);
    const store = ramfsStore(m.root.fs.root.dentry.d_sb);
    if (!store) throw new Error('no store');
    return { m, fs: new Volume(store) };
  };
  it('is one with what memfs’ own fs shows, both ways', () => {
    const { m, fs } = facade();
    expect(fs.readFileSync('/etc/f', 'utf8')).toBe('from boot');
    vfs_write(m.root, open(m.root, '/etc/g', F.O_CREAT | F.O_WRONLY), encode('from the kernel'));
    expect(fs.readFileSync('/etc/g', 'utf8')).toBe('from the kernel');
    fs.writeFileSync('/etc/h', 'from memfs');
    expect(cat(m.root, '/etc/h')).toBe('from memfs');
    fs.appendFileSync('/etc/f', ' and later');
    expect(cat(m.root, '/etc/f')).toBe('from boot and later');
  });
  it('tells the dentry cache what memfs’ fs removes and moves', () => {
    const { m, fs } = facade();
    expect(cat(m.root, '/etc/f')).toBe('from boot');
    fs.renameSync('/etc/f', '/etc/moved');
    expect(do_fstatat(m.root, C, '/etc/f', 0)).toBe(E.ENOENT);
    expect(cat(m.root, '/etc/moved')).toBe('from boot');
    fs.unlinkSync('/etc/moved');
    expect(do_fstatat(m.root, C, '/etc/moved', 0)).toBe(E.ENOENT);
  });
  it('never writes into the bytes that a machine was booted with', () => {
    const data = encode('shared by all');
    const entries = [{ path: '/f', kind: 'file' as const, mode: 0o644, data }];
    const [a, b] = [machine(entries), machine(entries)];
    vfs_write(a.root, open(a.root, '/f', F.O_WRONLY), encode('SHARED'));
    expect([cat(a.root, '/f'), cat(b.root, '/f'), decode(data)]).toEqual(['SHARED by all', 'shared by all', 'shared by all']);
    do_truncate(b.root, C, '/f', 3);
    do_truncate(b.root, C, '/f', 5);
    expect([cat(b.root, '/f'), decode(data)]).toEqual(['sha\0\0', 'shared by all']);
    do_truncate(b.root, C, '/f', 0);
    vfs_write(b.root, open(b.root, '/f', F.O_WRONLY), encode('new'));
    expect(decode(data)).toBe('shared by all');
  });
});

describe('tmpfs', () => {
  it('is full at its size, counted in pages, and says so in statfs', () => {
    const { root } = machine([{ path: '/t', kind: 'dir', mode: 0o755 }]);
    do_mount(root, 'none', '/t', 'tmpfs', 0, 'size=8k');
    expect(do_statfs(root, '/t')).toMatchObject({ f_type: 0x01021994, f_blocks: 2, f_bfree: 2, f_namelen: 255 });
    const f = open(root, '/t/f', F.O_CREAT | F.O_RDWR);
    expect(vfs_write(root, f, new Uint8Array(5000))).toBe(5000);
    expect(vfs_write(root, f, new Uint8Array(5000))).toBe(3192);
    expect(vfs_write(root, f, new Uint8Array(1))).toBe(E.ENOSPC);
    expect(do_ftruncate(root, 0, 10)).toBe(0);
    expect(do_statfs(root, '/t')).toMatchObject({ f_bfree: 1 });
    close_fd(root, 0);
    expect(do_umount(root, '/t', 0)).toBe(0);
  });
  it('has directories of 40 bytes and 20 a name, as shmem does', () => {
    const { root } = machine([{ path: '/t', kind: 'dir', mode: 0o755 }]);
    do_mount(root, 'none', '/t', 'tmpfs', 0, '');
    open(root, '/t/f', F.O_CREAT | F.O_RDWR);
    expect(do_fstatat(root, C, '/t', 0)).toMatchObject({ st_size: 60, st_blocks: 0 });
    expect(do_fstatat(root, C, '/', 0)).toMatchObject({ st_size: 4096, st_blocks: 8 });
  });
});

describe('getdents64', () => {
  it('lists ".", ".." and every name once, then nothing until lseek rewinds', () => {
    const { root } = machine(['/d/b', '/d/a', '/d/c'].map((path) => ({ path, kind: 'file' as const, mode: 0o644 })));
    const dir = open(root, '/d', F.O_RDONLY | F.O_DIRECTORY);
    const names = () => {
      const list = sys_getdents64(root, 0);
      return E.IS_ERR(list) ? list : list.map((d) => d.d_name);
    };
    expect(names()).toEqual(['.', '..', 'b', 'a', 'c']);
    expect(names()).toEqual([]);
    dir.f_pos = 0;
    namei.do_unlinkat(root, C, '/d/a');
    expect(names()).toEqual(['.', '..', 'b', 'c']);
  });
  it('of a removed directory answers ENOENT, of a file ENOTDIR', () => {
    const { root } = machine([
      { path: '/d', kind: 'dir', mode: 0o755 },
      { path: '/f', kind: 'file', mode: 0o644 },
    ]);
    open(root, '/d', F.O_RDONLY);
    open(root, '/f', F.O_RDONLY);
    namei.do_rmdir(root, C, '/d');
    expect([sys_getdents64(root, 0), sys_getdents64(root, 1)]).toEqual([E.ENOENT, E.ENOTDIR]);
  });
});

describe('memory devices', () => {
  it('give zeros, refuse when full, and repeat randomness only for a seed', () => {
    const chr = (path: string, rdev: number) => ({ path, kind: 'chr' as const, mode: 0o666, rdev });
    const { root, kernel } = machine([chr('/zero', 0x105), chr('/full', 0x107), chr('/random', 0x108)]);
    expect(vfs_read(root, open(root, '/zero', F.O_RDWR), 3)).toEqual(new Uint8Array(3));
    expect(vfs_write(root, open(root, '/full', F.O_RDWR), new Uint8Array(1))).toBe(E.ENOSPC);
    const random = open(root, '/random', F.O_RDONLY);
    expect(vfs_read(root, random, 100_000)).toHaveLength(100_000);
    expect(get_random_bytes(kernel, 16)).not.toEqual(get_random_bytes(kernel, 16));
    seedRandom(kernel, 1);
    const first = get_random_bytes(kernel, 16);
    seedRandom(kernel, 1);
    expect(get_random_bytes(kernel, 16)).toEqual(first);
  });
});

describe('RLIMIT_FSIZE', () => {
  it('cuts a write, then answers EFBIG', () => {
    const m = machine();
    const task = m.fork(m.root);
    (task.sighand as { [n: number]: unknown })[25] = { handler: () => undefined };
    task.rlim.RLIMIT_FSIZE = { rlim_cur: 5, rlim_max: 5 };
    const f = open(task, '/f', F.O_CREAT | F.O_WRONLY);
    expect(vfs_write(task, f, encode('1234567'))).toBe(5);
    expect(vfs_write(task, f, encode('8'))).toBe(E.EFBIG);
  });
});
