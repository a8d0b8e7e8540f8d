import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { d_path } from '../../../src/kernel/fs/d_path.ts';
import { do_chdir } from '../../../src/kernel/fs/fs_struct.ts';
import * as namei from '../../../src/kernel/fs/namei.ts';
import { do_faccessat, do_fchmodat, do_fchownat, do_sys_open, do_truncate, do_utimensat } from '../../../src/kernel/fs/open.ts';
import { do_fstatat } from '../../../src/kernel/fs/stat.ts';
import type { Task } from '../../../src/kernel/include/sched.ts';
import * as E from '../../../src/uapi/errno.ts';
import * as F from '../../../src/uapi/fcntl.ts';
import type { RootEntry } from '../../../src/uapi/rootfs.ts';
import { machine } from '../../support/vfs.ts';

const C = F.AT_FDCWD;
const dir = (path: string, mode = 0o755, uid = 0): RootEntry => ({ path, kind: 'dir', mode, uid, gid: uid });
const file = (path: string, mode = 0o644, uid = 0): RootEntry => ({ path, kind: 'file', mode, uid, gid: uid });
const link = (path: string, target: string): RootEntry => ({ path, kind: 'symlink', mode: 0o777, target });
const code = (result: unknown) => (E.IS_ERR(result) ? result.code : result);
const stat = (t: Task, path: string, flags = 0) => {
  const st = do_fstatat(t, C, path, flags);
  if (E.IS_ERR(st)) throw new Error(st.code);
  return st;
};

describe('permission', () => {
  it('is decided by one class of bits alone: owner, else group, else others', () => {
    const ids = fc.constantFrom(0, 1000, 1001, 1002);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 0o777 }),
        ids,
        ids,
        ids,
        ids,
        fc.subarray([1000, 1001]),
        fc.integer({ min: 1, max: 7 }),
        (mode, owner, group, uid, gid, groups, mask) => {
          const m = machine([{ ...file('/f', mode), uid: owner, gid: group }]);
          const user = m.user(uid, gid, groups);
          const bits = uid === owner ? mode >> 6 : gid === group || groups.includes(group) ? mode >> 3 : mode;
          const granted = uid === 0 ? (mask & 1) === 0 || (mode & 0o111) !== 0 : (bits & mask) === mask;
          const expected = granted || (bits & mask) === mask ? 0 : E.EACCES;
          expect(do_faccessat(user, C, '/f', mask, true)).toBe(expected);
        },
      ),
      { numRuns: 500 },
    );
  });
  it('to search is asked for at every directory on the way, before what is in it', () => {
    const m = machine([dir('/d', 0o700), file('/d/f'), dir('/e', 0o711), file('/e/f'), dir('/r', 0o744), file('/r/f')]);
    const user = m.user(1000);
    const open = (path: string) => code(do_sys_open(user, C, path, F.O_RDONLY, 0));
    expect(['/d/f', '/d/none', '/e/f', '/e/none', '/r/f', '/e', '/r'].map(open)).toEqual([
      'EACCES',
      'EACCES',
      0,
      'ENOENT',
      'EACCES',
      'EACCES',
      1,
    ]);
  });
  it('of access(2) is that of the real user', () => {
    const m = machine([file('/f', 0o600, 1000)]);
    const setuid = m.user(1000);
    setuid.cred = { ...setuid.cred, euid: 0, fsuid: 0, cap_effective: true };
    setuid.cred = { ...setuid.cred, uid: 1001 };
    expect(do_faccessat(setuid, C, '/f', F.R_OK, true)).toBe(0);
    expect(do_faccessat(setuid, C, '/f', F.R_OK, false)).toBe(E.EACCES);
    expect(do_faccessat(setuid, C, '/f', 8, false)).toBe(E.EINVAL);
  });
});

/** A directory tree as the simplest thing that can answer: nested objects, links as strings. */
type Tree = { [name: string]: Tree | string };
const TREE: Tree = {
  a: { b: { c: {}, up: '..', top: '/' }, self: '.', to: '/a/b' },
  l: 'a/b',
  ll: 'l/up',
  abs: '/a/to/c',
  lost: 'a/none',
};
function entries(tree: Tree, at = ''): RootEntry[] {
  return Object.entries(tree).flatMap(([name, value]) =>
    typeof value === 'string' ? [link(`${at}/${name}`, value)] : [dir(`${at}/${name}`), ...entries(value, `${at}/${name}`)],
  );
}
/** Where a path leads: names from the root, or null. */
function model(path: string, from: string[]): string[] | null {
  let at = path.startsWith('/') ? [] : from;
  for (const name of path.split('/')) {
    if (name === '' || name === '.') continue;
    if (name === '..') at = at.slice(0, -1);
    else {
      const here = at.reduce<Tree>((t, n) => t[n] as Tree, TREE);
      const there = here[name];
      if (there === undefined) return null;
      if (typeof there === 'string') {
        const to = model(there, at);
        if (to === null) return null;
        at = to;
      } else at = [...at, name];
    }
  }
  return at;
}

describe('the path walk', () => {
  it('goes where a simple model of directories, links, "." and ".." goes', () => {
    const { root } = machine(entries(TREE));
    const name = fc.constantFrom('a', 'b', 'c', 'up', 'top', 'self', 'to', 'l', 'll', 'abs', 'lost', '.', '..', '');
    const path = fc
      .tuple(fc.boolean(), fc.array(name, { minLength: 1, maxLength: 7 }))
      .map(([abs, names]) => (abs ? '/' : '') + names.join('/'));
    fc.assert(
      fc.property(path, fc.constantFrom('/', '/a', '/a/b', '/a/b/c'), (p, cwd) => {
        fc.pre(p !== '');
        do_chdir(root, cwd);
        const found = namei.path_lookupat(root, C, p, { follow: true });
        const expected = model(p, cwd.split('/').filter(Boolean));
        expect(E.IS_ERR(found) ? found.code : d_path(root, found)).toBe(expected === null ? 'ENOENT' : `/${expected.join('/')}`);
      }),
      { numRuns: 2000 },
    );
  });
  it('follows 40 links and not 41', () => {
    const chain = Array.from({ length: 41 }, (_, i) => link(`/l${i}`, i === 0 ? 'f' : `l${i - 1}`));
    const { root } = machine([file('/f'), ...chain]);
    expect(code(do_sys_open(root, C, '/l39', F.O_RDONLY, 0))).toBe(0);
    expect(code(do_sys_open(root, C, '/l40', F.O_RDONLY, 0))).toBe('ELOOP');
  });
  it('takes names of 255 bytes and paths of 4095, counted in bytes', () => {
    const { root } = machine();
    const make = (name: string) => code(do_sys_open(root, C, name, F.O_CREAT | F.O_WRONLY, 0o644));
    expect(make(`${'/'.repeat(4094)}x`)).toBe(0);
    expect(make(`${'/'.repeat(4095)}x`)).toBe('ENAMETOOLONG');
    expect(make(`/${'n'.repeat(255)}`)).toBe(1);
    expect(make(`/${'n'.repeat(256)}`)).toBe('ENAMETOOLONG');
    expect(make(`/${'ä'.repeat(127)}`)).toBe(2);
    expect(make(`/${'ä'.repeat(128)}`)).toBe('ENAMETOOLONG');
    expect(make(`/none/${'n'.repeat(256)}`)).toBe('ENOENT');
  });
  it('tells who watches: each component, each link, and where it stopped', () => {
    const { root } = machine([dir('/d'), link('/l', 'd'), file('/d/f')]);
    const steps: string[] = [];
    namei.path_lookupat(root, C, '/l/f', { follow: true, walk: (s) => steps.push(`${s.step} ${s.name} ${s.target ?? ''}`.trim()) });
    expect(steps).toEqual(['symlink l d', 'component d', 'component f']);
    namei.path_lookupat(root, C, '/d/x', { follow: true, walk: (s) => s.errno && steps.push(`${s.name}: ${s.errno.code}`) });
    expect(steps.at(-1)).toBe('x: ENOENT');
  });
});

describe('names', () => {
  const world = () =>
    machine([
      dir('/d'),
      dir('/d/sub'),
      file('/d/sub/f'),
      dir('/e'),
      file('/f'),
      link('/l', 'f'),
      link('/dl', 'd'),
      dir('/tmp', 0o1777),
      file('/tmp/roots', 0o666),
      file('/tmp/ours', 0o644, 1000),
      dir('/tmp/dir', 0o777, 1001),
    ]);
  it.each<[string, (t: Task) => unknown, string | number]>([
    ['mkdir of what exists', (t) => namei.do_mkdirat(t, C, '/d', 0o777), 'EEXIST'],
    ['mkdir with a slash behind', (t) => namei.do_mkdirat(t, C, '/n/', 0o777), 0],
    ['mkdir of "."', (t) => namei.do_mkdirat(t, C, '/d/.', 0o777), 'EEXIST'],
    ['mkdir below a file', (t) => namei.do_mkdirat(t, C, '/f/n', 0o777), 'ENOTDIR'],
    ['unlink of a directory', (t) => namei.do_unlinkat(t, C, '/d'), 'EISDIR'],
    ['unlink of a file with a slash behind', (t) => namei.do_unlinkat(t, C, '/f/'), 'ENOTDIR'],
    ['rmdir of a file', (t) => namei.do_rmdir(t, C, '/f'), 'ENOTDIR'],
    ['rmdir of a full directory', (t) => namei.do_rmdir(t, C, '/d'), 'ENOTEMPTY'],
    ['rmdir of a link to a directory', (t) => namei.do_rmdir(t, C, '/dl'), 'ENOTDIR'],
    ['rmdir of "."', (t) => namei.do_rmdir(t, C, '/e/.'), 'EINVAL'],
    ['rmdir of ".."', (t) => namei.do_rmdir(t, C, '/d/sub/..'), 'ENOTEMPTY'],
    ['rmdir of the root', (t) => namei.do_rmdir(t, C, '/'), 'EBUSY'],
    ['rename into itself', (t) => namei.do_renameat(t, C, '/d', C, '/d/sub/x'), 'EINVAL'],
    ['rename onto a full directory', (t) => namei.do_renameat(t, C, '/e', C, '/d'), 'ENOTEMPTY'],
    ['rename onto its own parent', (t) => namei.do_renameat(t, C, '/d/sub', C, '/d'), 'ENOTEMPTY'],
    ['rename of a directory onto a file', (t) => namei.do_renameat(t, C, '/d', C, '/f'), 'ENOTDIR'],
    ['rename of a file onto a directory', (t) => namei.do_renameat(t, C, '/f', C, '/e'), 'EISDIR'],
    ['rename of a file to a name with a slash', (t) => namei.do_renameat(t, C, '/f', C, '/n/'), 'ENOTDIR'],
    ['rename of a directory onto an empty one', (t) => namei.do_renameat(t, C, '/d', C, '/e'), 0],
    ['rename of "."', (t) => namei.do_renameat(t, C, '/d/.', C, '/n'), 'EBUSY'],
    ['rename onto itself', (t) => namei.do_renameat(t, C, '/f', C, '/f'), 0],
    ['link of a directory', (t) => namei.do_linkat(t, C, '/d', C, '/n'), 'EPERM'],
    ['link onto a name', (t) => namei.do_linkat(t, C, '/f', C, '/l'), 'EEXIST'],
    ['symlink to nothing', (t) => namei.do_symlinkat(t, '', C, '/n'), 'ENOENT'],
    ['readlink of a file', (t) => namei.do_readlinkat(t, C, '/f'), 'EINVAL'],
    ['readlink of a link', (t) => namei.do_readlinkat(t, C, '/l'), 'f'],
    ['readlink through a slash', (t) => namei.do_readlinkat(t, C, '/dl/'), 'EINVAL'],
    ['truncate of a directory', (t) => do_truncate(t, C, '/d', 0), 'EISDIR'],
    ['truncate below zero', (t) => do_truncate(t, C, '/f', -1), 'EINVAL'],
    ['mknod of a directory', (t) => namei.do_mknodat(t, C, '/n', 0o40755, 0), 'EPERM'],
  ])('%s', (_what, call, expected) => {
    expect(code(call(world().root))).toBe(expected);
  });
  it('in a sticky directory go with the owner of the file or of the directory only', () => {
    const m = world();
    const user = m.user(1000);
    expect(namei.do_unlinkat(user, C, '/tmp/roots')).toBe(E.EPERM);
    expect(namei.do_renameat(user, C, '/tmp/roots', C, '/tmp/mine')).toBe(E.EPERM);
    expect(namei.do_renameat(user, C, '/tmp/ours', C, '/tmp/roots')).toBe(E.EPERM);
    expect(namei.do_rmdir(user, C, '/tmp/dir')).toBe(E.EPERM);
    expect(namei.do_unlinkat(user, C, '/tmp/ours')).toBe(0);
    expect(namei.do_unlinkat(m.root, C, '/tmp/roots')).toBe(0);
  });
  it('move whole trees: what was open or looked up goes along', () => {
    const { root } = world();
    do_chdir(root, '/d/sub');
    expect(namei.do_renameat(root, C, '/d', C, '/e/moved')).toBe(0);
    expect(d_path(root, root.fs.pwd)).toBe('/e/moved/sub');
    expect(stat(root, 'f').st_size).toBe(0);
    expect(code(do_fstatat(root, C, '/d', 0))).toBe('ENOENT');
    expect([stat(root, '/').st_nlink, stat(root, '/e').st_nlink]).toEqual([4, 3]);
  });
  it('count links', () => {
    const { root } = world();
    namei.do_linkat(root, C, '/f', C, '/g');
    expect(stat(root, '/g').st_nlink).toBe(2);
    expect(stat(root, '/g').st_ino).toBe(stat(root, '/f').st_ino);
    namei.do_renameat(root, C, '/f', C, '/g');
    expect(stat(root, '/f').st_nlink).toBe(2);
    namei.do_linkat(root, C, '/l', C, '/l2');
    expect(stat(root, '/l2', F.AT_SYMLINK_NOFOLLOW).st_mode).toBe(0o120777);
  });
});

describe('attributes', () => {
  it('are the owner’s to change, and root’s', () => {
    const m = machine([file('/f', 0o6755, 1000)]);
    const [owner, other] = [m.user(1000, 1000, [50]), m.user(1001)];
    expect(do_fchmodat(other, C, '/f', 0o777)).toBe(E.EPERM);
    expect(do_fchownat(other, C, '/f', 1001, -1)).toBe(E.EPERM);
    expect(do_fchownat(owner, C, '/f', 1001, -1)).toBe(E.EPERM);
    expect(do_fchownat(owner, C, '/f', -1, 60)).toBe(E.EPERM);
    expect(do_fchownat(owner, C, '/f', -1, 50)).toBe(0);
    expect(stat(m.root, '/f')).toMatchObject({ st_gid: 50, st_mode: 0o100755 });
    do_fchmodat(m.root, C, '/f', 0o6755);
    expect(do_fchownat(m.root, C, '/f', 1001, 1001)).toBe(0);
    expect(stat(m.root, '/f').st_mode).toBe(0o100755);
  });
  it('lose set-gid when the owner is not of the group', () => {
    const m = machine([{ ...file('/f', 0o644, 1000), gid: 7 }]);
    do_fchmodat(m.user(1000), C, '/f', 0o2755);
    expect(stat(m.root, '/f').st_mode).toBe(0o100755);
  });
  it('of new files in a set-gid directory follow the directory', () => {
    const m = machine([{ ...dir('/g', 0o2777), gid: 7 }]);
    const user = m.user(1000);
    namei.do_mkdirat(user, C, '/g/d', 0o755);
    do_sys_open(user, C, '/g/f', F.O_CREAT, 0o644);
    expect(stat(user, '/g/d')).toMatchObject({ st_gid: 7, st_uid: 1000, st_mode: 0o42755 });
    expect(stat(user, '/g/f')).toMatchObject({ st_gid: 7, st_mode: 0o100644 });
  });
  it('tell when: contents, names and modes each move their own times', () => {
    const m = machine([dir('/d'), file('/d/f')]);
    m.now += 5000;
    do_fchmodat(m.root, C, '/d/f', 0o600);
    expect(stat(m.root, '/d/f')).toMatchObject({ st_ctime: m.now, st_mtime: m.now - 5000, st_atime: m.now - 5000 });
    expect(stat(m.root, '/d').st_mtime).toBe(m.now - 5000);
    m.now += 5000;
    namei.do_renameat(m.root, C, '/d/f', C, '/d/g');
    expect(stat(m.root, '/d').st_mtime).toBe(m.now);
    expect(do_utimensat(m.root, C, '/d/g', 1000, 2000)).toBe(0);
    expect(stat(m.root, '/d/g')).toMatchObject({ st_atime: 1000, st_mtime: 2000, st_ctime: m.now });
  });
  it('of time are the owner’s, but the present may be set by whoever may write', () => {
    const m = machine([file('/f', 0o666)]);
    const user = m.user(1000);
    expect(do_utimensat(user, C, '/f', 1000, 2000)).toBe(E.EPERM);
    expect(do_utimensat(user, C, '/f', m.now, m.now)).toBe(0);
    do_fchmodat(m.root, C, '/f', 0o644);
    expect(do_utimensat(user, C, '/f', m.now, m.now)).toBe(E.EACCES);
  });
});

describe('populate_rootfs', () => {
  it('makes parents, replaces earlier entries, keeps modes, owners and times', () => {
    const { root } = machine([
      { path: '/a/b/f', kind: 'file', mode: 0o4711, uid: 5, gid: 6, mtime: 1234, data: Uint8Array.of(1, 2) },
      link('/a/b/f2', 'f'),
      { path: '/a', kind: 'dir', mode: 0o1700, mtime: 99 },
      { path: '/a/b/f2', kind: 'file', mode: 0o600, data: Uint8Array.of(3) },
      { path: '/bin', kind: 'symlink', mode: 0, target: 'a/b' },
      { path: '/bin/through', kind: 'file', mode: 0o755 },
    ]);
    expect(stat(root, '/a/b/f')).toMatchObject({ st_mode: 0o104711, st_uid: 5, st_gid: 6, st_mtime: 1234, st_size: 2 });
    expect(stat(root, '/a')).toMatchObject({ st_mode: 0o41700, st_mtime: 99 });
    expect(stat(root, '/a/b/f2', F.AT_SYMLINK_NOFOLLOW)).toMatchObject({ st_mode: 0o100600, st_size: 1 });
    expect(stat(root, '/a/b/through').st_mode).toBe(0o100755);
  });
});
