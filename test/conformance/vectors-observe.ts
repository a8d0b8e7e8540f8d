/** Observations that are no exec: what the files of binfmt_misc said and did. Each answers in the words of the recording. */
import { encode } from '../../src/uapi/bytes.ts';
import { type Errno, IS_ERR } from '../../src/uapi/errno.ts';
import * as F from '../../src/uapi/fcntl.ts';
import { CLONE_NEWNS, CLONE_NEWUSER, MS_RDONLY } from '../../src/uapi/mount.ts';
import type { Stat } from '../../src/uapi/stat.ts';
import type { Syscalls } from '../../src/uapi/syscalls.ts';
import { name, type Row, slurp, waitFor, writeFile } from './vectors-machine.ts';
import { pythonBytes, pythonText } from './vectors-replay.ts';

/** Runs after the row's own writes, in the directory T where binfmt_misc is mounted at T/bm; `last` is what the last write returned. */
export type Observe = (sys: Syscalls, T: string, row: Row, last: number | string | undefined) => Promise<unknown>;

const done = <T>(value: T | Errno): string => (IS_ERR(value) ? value.code : 'ok');
const reads = async (sys: Syscalls, path: string): Promise<string> => pythonBytes((await slurp(sys, path)) ?? 'nothing');
const write = (sys: Syscalls, T: string, file: string, data: string): Promise<number | string> =>
  writeFile(sys, `${T}/bm/${file}`, encode(data));

async function opened(sys: Syscalls, path: string, flags: number): Promise<number> {
  const fd = await sys.open(path, flags);
  if (IS_ERR(fd)) throw new Error(`${path}: ${fd.code}`);
  return fd;
}
async function read(sys: Syscalls, fd: number, count: number): Promise<string> {
  const data = await sys.read(fd, count);
  return IS_ERR(data) ? data.code : pythonBytes(data);
}
function names(sys: Syscalls, path: string, fd: number): string[] {
  const entries = sys.getdents64(fd);
  if (IS_ERR(entries)) throw new Error(`${path}: ${entries.code}`);
  return entries.map((e) => e.d_name);
}
async function list(sys: Syscalls, path: string): Promise<string[]> {
  const fd = await opened(sys, path, F.O_RDONLY | F.O_DIRECTORY);
  const all = names(sys, path, fd);
  sys.close(fd);
  return all;
}
const pythonList = (items: readonly string[]): string => `[${items.map(pythonText).join(', ')}]`;

/** The bytes that a Python literal means: '…' or b'…'. */
export function fromPython(literal: string): Uint8Array {
  const body = literal.replace(/^b?['"]/, '').replace(/['"]$/, '');
  const text = body.replace(/\\(x[0-9a-f]{2}|.)/g, (_, e: string) => {
    if (e.startsWith('x')) return String.fromCharCode(Number.parseInt(e.slice(1), 16));
    return { n: '\n', r: '\r', t: '\t' }[e] ?? e;
  });
  return Buffer.from(text, 'latin1');
}

const RULE = (rule: string): string => `:${rule}:M::ab::/bin/true:`;

// One write to a control file, named by the case itself

const written: Observe = async (sys, T, row, last) => {
  const file = row.section === 'status' ? 'status' : 'e1';
  const literal = /^write (.*)$/.exec(row.case)?.[1] ?? '';
  const ret = row.writes.length > 0 ? last : await writeFile(sys, `${T}/bm/${file}`, fromPython(literal));
  const fd = await opened(sys, `${T}/bm/${file}`, F.O_RDONLY);
  return `${ret} -> ${await read(sys, fd, 9)}`;
};
const last_write: Observe = async (_sys, _T, _row, last) => last;

/** A line, whatever came of it, and the entries that then exist. */
const small_line: Observe = async (sys, T, row) => {
  const ret = await writeFile(sys, `${T}/bm/register`, fromPython(row.case));
  if (typeof ret === 'string') return ret;
  const entries = (await list(sys, `${T}/bm`)).filter((n) => !['.', '..', 'register', 'status'].includes(n));
  const texts = await Promise.all(entries.map((n) => reads(sys, `${T}/bm/${n}`)));
  return `${ret} [${texts.join(', ')}]`;
};

// Several writes through one descriptor

async function through_one_descriptor(sys: Syscalls, T: string, ...lines: string[]): Promise<(number | string)[]> {
  const fd = await opened(sys, `${T}/bm/register`, F.O_WRONLY);
  const out: (number | string)[] = [];
  for (const line of lines) out.push(name(await sys.write(fd, encode(line))));
  sys.close(fd);
  return out;
}
const same_fd =
  (which: number): Observe =>
  async (sys, T) =>
    (await through_one_descriptor(sys, T, RULE('s1'), `${RULE('s2')}\n`, ':s3:M::ab:', ':/bin/true:', ''))[which];

const all_that_was_written: Observe = async (sys, T, row) => {
  await through_one_descriptor(sys, T, RULE('s1'), RULE('s2'), RULE('v2'), RULE('v3'));
  const fd = await opened(sys, `${T}/bm/register`, F.O_WRONLY);
  sys.pwrite64(fd, encode(RULE('v4')), 100);
  for (const old of ['d1', 'D1']) if (row.writes.every((w) => w.write !== old)) await write(sys, T, old, '-1');
  return pythonList((await list(sys, `${T}/bm`)).filter((n) => !n.startsWith('.')).sort());
};

const open_register =
  (flags: number): Observe =>
  async (sys, T) => {
    const fd = await sys.open(`${T}/bm/register`, flags, 0o644);
    if (IS_ERR(fd)) return fd.code;
    if ((flags & F.O_ACCMODE) === F.O_WRONLY) return 'ok';
    const data = await sys.read(fd, 100);
    return `ok read:${IS_ERR(data) ? data.code : pythonBytes(data)}`;
  };

// Reading an entry through a descriptor that stays open

const E1 = ':e1:M:4:\\x7fELF:\\xff\\xff\\xff\\x00:/bin/true:OCPF';

/** A descriptor of an entry that was disabled, then removed; and in `again` a new entry of the same name. */
async function removed_entry(sys: Syscalls, T: string, again: boolean): Promise<number> {
  for (const rule of ['e1']) await write(sys, T, rule, '-1');
  await write(sys, T, 'register', E1);
  const fd = await opened(sys, `${T}/bm/e1`, F.O_RDWR);
  await write(sys, T, 'e1', '0');
  await write(sys, T, 'e1', '-1');
  if (again) await write(sys, T, 'register', ':e1:M::zz::/bin/true:');
  return fd;
}
const stat_line = ({ st_mode, st_nlink, st_uid, st_gid, st_size, st_ino, st_blksize, st_blocks }: Stat, ino = `${st_ino}`): string =>
  `mode=${st_mode.toString(8)} nlink=${st_nlink} uid=${st_uid} gid=${st_gid} size=${st_size} ino=${ino} blksize=${st_blksize} blocks=${st_blocks}`;

const stat_of =
  (file: string): Observe =>
  async (sys, T) => {
    const st = sys.stat(`${T}/bm/${file}`);
    return IS_ERR(st) ? st.code : stat_line(st);
  };

/** Inode numbers of entries are only promised to be larger than those of the fixed files. */
const stat_of_entry: Observe = async (sys, T, row) => {
  sys.truncate(`${T}/bm/e2`, 100);
  const st = sys.stat(`${T}/bm/e2`);
  if (IS_ERR(st)) return st.code;
  return stat_line(st, st.st_ino > 3 ? /ino=(\d+)/.exec(String(row.got))?.[1] : undefined);
};

const mode_after =
  (file: string, mode: number): Observe =>
  async (sys, T) => {
    sys.chmod(`${T}/bm/${file}`, mode);
    const st = sys.stat(`${T}/bm/${file}`);
    return IS_ERR(st) ? st.code : `0o${st.st_mode.toString(8)}`;
  };

const mtime_changes =
  (file: string, act: (sys: Syscalls, T: string) => Promise<unknown>): Observe =>
  async (sys, T) => {
    await write(sys, T, 'register', RULE('t0'));
    sys.utimensat(`${T}/bm/${file}`, 1000, 1000);
    await act(sys, T);
    const st = sys.stat(`${T}/bm/${file}`);
    return !IS_ERR(st) && st.st_mtime !== 1000;
  };

// Mounts

async function two_mounts(sys: Syscalls, T: string, first: number, second: number): Promise<(number | string)[]> {
  sys.umount2(`${T}/bm`, 0);
  for (const dir of ['a', 'b']) sys.mkdir(`${T}/${dir}`, 0o755);
  return [first, second].map((flags, i) => name(sys.mount('none', `${T}/${i === 0 ? 'a' : 'b'}`, 'binfmt_misc', flags, '')));
}
const mountinfo: Observe = async (sys, T) => {
  await two_mounts(sys, T, MS_RDONLY, 0);
  const lines = ((await slurp(sys, '/proc/self/mountinfo')) ?? '').split('\n');
  const fields = lines.map((l) => l.split(' ')).filter((f) => f[4]?.startsWith(`${T}/`));
  return pythonList(fields.map((f) => f.slice(4).join(' ')));
};

/** Inside a user namespace that knows no uid but 0. */
const chown_in_userns =
  (uid: number): Observe =>
  async (sys, T) => {
    let said = 'nothing';
    const pid = sys.clone(CLONE_NEWUSER | CLONE_NEWNS, async (child) => {
      await writeFile(child, '/proc/self/uid_map', encode('0 0 1'));
      await writeFile(child, '/proc/self/setgroups', encode('deny'));
      await writeFile(child, '/proc/self/gid_map', encode('0 0 1'));
      child.mount('none', `${T}/bm`, 'binfmt_misc', 0, '');
      await write(child, T, 'register', RULE('m'));
      said = done(child.chown(`${T}/bm/m`, uid, uid));
      return 0;
    });
    if (!IS_ERR(pid)) await waitFor(sys, pid);
    return said;
  };

const open_interpreter =
  (file: string, ...commands: string[]): Observe =>
  async (sys, T) => {
    await write(sys, T, 'f', '-1');
    await write(sys, T, 'register', `:f:M::FOOBAR::${T}/${file}:F`);
    for (const command of commands) await write(sys, T, 'f', command);
    return done(await sys.open(`${T}/${file}`, F.O_WRONLY));
  };

/** By "section/case"; a case that occurs again has " #2". */
export const OBSERVE: Readonly<Record<string, Observe>> = {
  'mount/mount -t binfmt_misc': async (sys, T) => {
    sys.umount2(`${T}/bm`, 0);
    return name(sys.mount('none', `${T}/bm`, 'binfmt_misc', 0, ''));
  },
  'dup/still first': (sys, T) => reads(sys, `${T}/bm/d1`),
  'write/same fd: rule 1': same_fd(0),
  'write/same fd: rule 2': same_fd(1),
  'write/same fd: half': same_fd(2),
  'write/same fd: other half': same_fd(3),
  'write/empty write': same_fd(4),
  'write/lseek register fd': async (sys, T) => {
    const fd = await opened(sys, `${T}/bm/register`, F.O_WRONLY);
    await sys.write(fd, encode(RULE('s1')));
    return name(sys.lseek(fd, 10, F.SEEK_SET));
  },
  // writev(2) makes one write of each piece
  'write/writev of 2 pieces forming one rule': async (sys, T) => (await through_one_descriptor(sys, T, ':v1:M::ab:', ':/bin/true:'))[0],
  'write/writev of 2 whole rules': async (sys, T) => {
    const [a, b] = await through_one_descriptor(sys, T, RULE('v2'), RULE('v3'));
    return Number(a) + Number(b);
  },
  'write/pwrite at offset 100': async (sys, T) => {
    const fd = await opened(sys, `${T}/bm/register`, F.O_WRONLY);
    return name(sys.pwrite64(fd, encode(RULE('v4')), 100));
  },
  'write/now listed': all_that_was_written,
  'open/register O_RDONLY': open_register(F.O_RDONLY),
  'open/register O_RDWR': open_register(F.O_RDWR),
  'open/register O_WRONLY|O_TRUNC': open_register(F.O_WRONLY | F.O_TRUNC),
  'open/register O_WRONLY|O_APPEND': open_register(F.O_WRONLY | F.O_APPEND),
  'open/register O_WRONLY|O_CREAT': open_register(F.O_WRONLY | F.O_CREAT),
  'open/register O_WRONLY|O_CREAT|O_EXCL': open_register(F.O_WRONLY | F.O_CREAT | F.O_EXCL),
  'status/read': (sys, T) => reads(sys, `${T}/bm/status`),
  'entry/read M': (sys, T) => reads(sys, `${T}/bm/e1`),
  'entry/read E': (sys, T) => reads(sys, `${T}/bm/e2`),
  'entry/partial read 10': async (sys, T) => read(sys, await opened(sys, `${T}/bm/e1`, F.O_RDONLY), 10),
  'entry/next': async (sys, T) => {
    const fd = await opened(sys, `${T}/bm/e1`, F.O_RDONLY);
    await sys.read(fd, 10);
    return read(sys, fd, 10);
  },
  'entry/after rewind': async (sys, T) => {
    const fd = await opened(sys, `${T}/bm/e1`, F.O_RDONLY);
    await sys.read(fd, 10);
    sys.lseek(fd, 0, F.SEEK_SET);
    return read(sys, fd, 1000);
  },
  'entry/same fd after disable': async (sys, T) => {
    await write(sys, T, 'e1', '1');
    const fd = await opened(sys, `${T}/bm/e1`, F.O_RDONLY);
    await sys.read(fd, 1000);
    await write(sys, T, 'e1', '0');
    sys.lseek(fd, 0, F.SEEK_SET);
    return read(sys, fd, 12);
  },
  'entry/lseek END': async (sys, T) => name(sys.lseek(await opened(sys, `${T}/bm/e1`, F.O_RDONLY), 0, F.SEEK_END)),
  'entry/write -1': last_write,
  'entry/exists after -1': async (sys, T) => !IS_ERR(sys.stat(`${T}/bm/e1`)),
  'entry/open fd still reads after removal': async (sys, T) => read(sys, await removed_entry(sys, T, false), 1000),
  'entry/fstat nlink after removal': async (sys, T) => {
    const st = sys.fstat(await removed_entry(sys, T, false));
    return IS_ERR(st) ? st.code : st.st_nlink;
  },
  'entry/reregister same name while old fd open': async (sys, T) => {
    await removed_entry(sys, T, true);
    return reads(sys, `${T}/bm/e1`);
  },
  'entry/old fd reads': async (sys, T) => read(sys, await removed_entry(sys, T, true), 30),
  'entry/second -1 via same fd': async (sys, T) => name(await sys.write(await removed_entry(sys, T, true), encode('-1'))),
  'entry/0 via stale fd': async (sys, T) => name(await sys.write(await removed_entry(sys, T, true), encode('0'))),
  'fs/unlink entry': async (sys, T) => done(sys.unlink(`${T}/bm/e2`)),
  'fs/mkdir': async (sys, T) => done(sys.mkdir(`${T}/bm/d`, 0o755)),
  'fs/rmdir root child': async (sys, T) => done(sys.rmdir(`${T}/bm/e2`)),
  'fs/create file': async (sys, T) => done(await sys.open(`${T}/bm/new`, F.O_CREAT | F.O_WRONLY, 0o644)),
  'fs/rename entry': async (sys, T) => done(sys.rename(`${T}/bm/e2`, `${T}/bm/e3`)),
  'fs/rename to self': async (sys, T) => done(sys.rename(`${T}/bm/e2`, `${T}/bm/e2`)),
  'fs/link': async (sys, T) => done(sys.link(`${T}/bm/e2`, `${T}/bm/e3`)),
  'fs/symlink': async (sys, T) => done(sys.symlink('x', `${T}/bm/e3`)),
  'fs/mknod fifo': async (sys, T) => done(sys.mknod(`${T}/bm/ff`, 0o010644, 0)),
  'fs/unlink nonexistent': async (sys, T) => done(sys.unlink(`${T}/bm/nope`)),
  'fs/open nonexistent': async (sys, T) => done(await sys.open(`${T}/bm/nope`, F.O_RDONLY)),
  'fs/chmod entry 0600': async (sys, T) => done(sys.chmod(`${T}/bm/e2`, 0o600)),
  'fs/mode': mode_after('e2', 0o600),
  'fs/chmod register 0666': async (sys, T) => done(sys.chmod(`${T}/bm/register`, 0o666)),
  'fs/mode #2': mode_after('register', 0o666),
  'fs/truncate entry': async (sys, T) => done(sys.truncate(`${T}/bm/e2`, 0)),
  'fs/truncate 100': async (sys, T) => done(sys.truncate(`${T}/bm/e2`, 100)),
  'fs/size': async (sys, T) => {
    sys.truncate(`${T}/bm/e2`, 100);
    const st = sys.stat(`${T}/bm/e2`);
    return IS_ERR(st) ? st.code : st.st_size;
  },
  'fs/read after': async (sys, T) => {
    sys.truncate(`${T}/bm/e2`, 100);
    return reads(sys, `${T}/bm/e2`);
  },
  'fs/utime': async (sys, T) => done(sys.utimensat(`${T}/bm/e2`, 1000, 1000)),
  'fs/stat .': stat_of('.'),
  'fs/stat status': stat_of('status'),
  'fs/stat register': stat_of('register'),
  'fs/stat e2': stat_of_entry,
  'fs/readdir order (ls -f)': async (sys, T) => {
    await write(sys, T, 'e1', '-1'); // was removed by then
    return pythonList(await list(sys, `${T}/bm`));
  },
  'fs/statfs': async (sys, T) => {
    const st = sys.statfs(`${T}/bm`);
    return IS_ERR(st) ? st.code : `binfmt_misc ${st.f_type.toString(16)} ${st.f_bsize} ${st.f_namelen} ${st.f_blocks}\n`;
  },
  'fs/status -1 removes all': async (sys, T) => {
    for (const rule of ['a', 'b']) await write(sys, T, 'register', RULE(rule));
    const ret = await write(sys, T, 'status', '-1\n');
    const left = (await list(sys, `${T}/bm`)).filter((n) => !n.startsWith('.'));
    return `(${ret}, ${pythonList(left)}, ${await reads(sys, `${T}/bm/status`)})`;
  },
  'fs/register while disabled': async (sys, T, _row, last) => `(${last}, ${await reads(sys, `${T}/bm/b1`)})`,
  'fs/status after -1 while disabled': async (sys, T) => {
    await write(sys, T, 'status', '0');
    await write(sys, T, 'status', '-1');
    return reads(sys, `${T}/bm/status`);
  },
  'F/open interpreter for writing while F entry lives': async (sys, T) => done(await sys.open(`${T}/fi`, F.O_WRONLY)),
  'F/open for writing after entry removed': open_interpreter('fi', '-1'),
  'F/open for writing while entry disabled': open_interpreter('fi', '0'),
  'F/relative F C': (sys, T) => reads(sys, `${T}/bm/m`),
  'mount/mount a': async (sys, T) => (await two_mounts(sys, T, 0, 0))[0],
  'mount/mount a again on the same mountpoint': async (sys, T) => {
    await two_mounts(sys, T, 0, 0);
    return name(sys.mount('none', `${T}/a`, 'binfmt_misc', 0, ''));
  },
  'mount/mount b read-only while a is rw': async (sys, T) => (await two_mounts(sys, T, 0, MS_RDONLY))[1],
  'mount/first mount ro': async (sys, T) => (await two_mounts(sys, T, MS_RDONLY, 0))[0],
  'mount/then rw elsewhere': async (sys, T) => (await two_mounts(sys, T, MS_RDONLY, 0))[1],
  'mount/register via rw': async (sys, T) => {
    await two_mounts(sys, T, MS_RDONLY, 0);
    return writeFile(sys, `${T}/b/register`, encode(RULE('x')));
  },
  'mount/mountinfo': mountinfo,
  'time/entry mtime changes on write of 0': mtime_changes('t0', (sys, T) => write(sys, T, 't0', '0')),
  'time/status mtime changes on write': mtime_changes('status', (sys, T) => write(sys, T, 'status', '1')),
  'time/directory mtime changes on register': mtime_changes('.', (sys, T) => write(sys, T, 'register', RULE('t1'))),
  'time/directory mtime changes on -1': mtime_changes('.', (sys, T) => write(sys, T, 't0', '-1')),
  'small/chown entry 0:0': chown_in_userns(0),
  'small/chown entry to unmapped 5': chown_in_userns(5),
  'small/access X_OK on entry': async (sys, T) => !IS_ERR(sys.access(`${T}/bm/m`, F.X_OK)),
};

/** The observation for a row that is no exec; undefined if there is none. */
export function observeOf(row: Row, occurrence: number): Observe | undefined {
  const key = `${row.section}/${row.case}${occurrence > 1 ? ` #${occurrence}` : ''}`;
  const known = OBSERVE[key];
  if (known !== undefined) return known;
  if (/^write b'/.test(row.case)) return written;
  if (row.section === 'small' && /^b?'/.test(row.case)) return small_line;
  return ['dup', 'write', 'self'].includes(row.section) ? last_write : undefined;
}
