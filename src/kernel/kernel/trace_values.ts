/** Strings, flags and numbers as strace 6.1 writes them. */
import { encode } from '../../uapi/bytes.ts';
import * as M from '../../uapi/mount.ts';
import * as S from '../../uapi/stat.ts';
import type { Bytes } from '../../uapi/types.ts';

/** strace -s: bytes of a buffer, and of an argument, that are shown. */
const MAX_STRING = 32;
const MAX_LIST = 32;

const ESCAPES: Readonly<Record<number, string>> = { 9: '\\t', 10: '\\n', 11: '\\v', 12: '\\f', 13: '\\r', 34: '\\"', 92: '\\\\' };

function c_escape(bytes: Bytes): string {
  let out = '';
  bytes.forEach((b, i) => {
    const next = bytes[i + 1] ?? 0;
    const digit_follows = next >= 0x30 && next <= 0x37;
    if (ESCAPES[b] !== undefined) out += ESCAPES[b];
    else if (b >= 0x20 && b < 0x7f) out += String.fromCharCode(b);
    else out += `\\${digit_follows ? b.toString(8).padStart(3, '0') : b.toString(8)}`;
  });
  return out;
}

/** A path name: in full. */
export const quote = (text: string): string => `"${c_escape(encode(text))}"`;

/** A buffer: its first bytes. */
export function quoteBytes(bytes: Bytes): string {
  return `"${c_escape(bytes.subarray(0, MAX_STRING))}"${bytes.length > MAX_STRING ? '...' : ''}`;
}

/** argv. */
export function quoteList(list: readonly string[]): string {
  const shown = list.slice(0, MAX_LIST).map((s) => quoteBytes(encode(s)));
  return `[${shown.join(', ')}${list.length > MAX_LIST ? ', ...' : ''}]`;
}

export const byteLength = (text: string): number => encode(text).length;

/** Octal with a leading zero, three digits at least. */
export const mode = (m: number): string => `0${m.toString(8).padStart(3, '0')}`;

const TYPES: Readonly<Record<number, string>> = {
  [S.S_IFSOCK]: 'S_IFSOCK',
  [S.S_IFLNK]: 'S_IFLNK',
  [S.S_IFREG]: 'S_IFREG',
  [S.S_IFBLK]: 'S_IFBLK',
  [S.S_IFDIR]: 'S_IFDIR',
  [S.S_IFCHR]: 'S_IFCHR',
  [S.S_IFIFO]: 'S_IFIFO',
};
const SPECIAL_BITS: Flags = [
  [0o4000, 'S_ISUID'],
  [0o2000, 'S_ISGID'],
  [0o1000, 'S_ISVTX'],
];
export function statMode(m: number): string {
  const special = SPECIAL_BITS.filter(([bit]) => m & bit).map(([, name]) => name);
  return [TYPES[m & 0o170000], ...special, mode(m & 0o777)].filter(Boolean).join('|');
}

export const dev = (d: number): string => `makedev(0x${((d >> 8) & 0xfff).toString(16)}, 0x${(d & 0xff).toString(16)})`;
export const dirfd = (fd: number): string => (fd === -100 ? 'AT_FDCWD' : String(fd));
export function timespec(ms: number): string {
  return `{tv_sec=${Math.floor(ms / 1000)}, tv_nsec=${Math.round((ms % 1000) * 1e6)}}`;
}

type Flags = readonly (readonly [number, string])[];
/** Names joined by "|", the unknown rest in hex, "0" for none. */
export function flags(value: number, names: Flags): string {
  const known = names.filter(([bit]) => (value & bit) === bit);
  const rest = known.reduce((left, [bit]) => left & ~bit, value);
  const words = [...known.map(([, name]) => name), ...(rest ? [`0x${(rest >>> 0).toString(16)}`] : [])];
  return words.length > 0 ? words.join('|') : '0';
}

const OPEN: Flags = [
  [0o100, 'O_CREAT'],
  [0o200, 'O_EXCL'],
  [0o400, 'O_NOCTTY'],
  [0o1000, 'O_TRUNC'],
  [0o2000, 'O_APPEND'],
  [0o4000, 'O_NONBLOCK'],
  [0o100000, 'O_LARGEFILE'],
  [0o400000, 'O_NOFOLLOW'],
  [0o2000000, 'O_CLOEXEC'],
  [0o10000000, 'O_PATH'],
  [0o200000, 'O_DIRECTORY'],
];
/** open's flags begin with the access mode; those of pipe2 and dup3 have none. */
export function openFlags(value: number, with_access = true): string {
  const rest = value & ~3 ? flags(value & ~3, OPEN) : '';
  if (!with_access) return rest || '0';
  return [['O_RDONLY', 'O_WRONLY', 'O_RDWR', 'O_ACCMODE'][value & 3], rest].filter(Boolean).join('|');
}

export function accessMode(m: number): string {
  const bits: Flags = [
    [4, 'R_OK'],
    [2, 'W_OK'],
    [1, 'X_OK'],
  ];
  return m === 0 ? 'F_OK' : flags(m, bits);
}

export const SEEK = ['SEEK_SET', 'SEEK_CUR', 'SEEK_END'];
export const FCNTL: Readonly<Record<number, string>> = {
  0: 'F_DUPFD',
  1: 'F_GETFD',
  2: 'F_SETFD',
  3: 'F_GETFL',
  4: 'F_SETFL',
  1030: 'F_DUPFD_CLOEXEC',
};
export const POLL: Flags = [
  [1, 'POLLIN'],
  [2, 'POLLPRI'],
  [4, 'POLLOUT'],
  [8, 'POLLERR'],
  [16, 'POLLHUP'],
  [32, 'POLLNVAL'],
];
export const AT: Flags = [
  [0x100, 'AT_SYMLINK_NOFOLLOW'],
  [0x200, 'AT_REMOVEDIR'],
  [0x400, 'AT_SYMLINK_FOLLOW'],
  [0x800, 'AT_NO_AUTOMOUNT'],
  [0x1000, 'AT_EMPTY_PATH'],
  [0x10000, 'AT_EXECVE_CHECK'],
];
export const MS: Flags = [
  [M.MS_RDONLY, 'MS_RDONLY'],
  [M.MS_NOSUID, 'MS_NOSUID'],
  [M.MS_NODEV, 'MS_NODEV'],
  [M.MS_NOEXEC, 'MS_NOEXEC'],
  [M.MS_REMOUNT, 'MS_REMOUNT'],
  [M.MS_NOATIME, 'MS_NOATIME'],
  [M.MS_BIND, 'MS_BIND'],
  [M.MS_MOVE, 'MS_MOVE'],
  [M.MS_REC, 'MS_REC'],
  [M.MS_UNBINDABLE, 'MS_UNBINDABLE'],
  [M.MS_PRIVATE, 'MS_PRIVATE'],
  [M.MS_SLAVE, 'MS_SLAVE'],
  [M.MS_SHARED, 'MS_SHARED'],
  [M.MS_RELATIME, 'MS_RELATIME'],
];
export const MNT: Flags = [
  [M.MNT_FORCE, 'MNT_FORCE'],
  [M.MNT_DETACH, 'MNT_DETACH'],
  [M.UMOUNT_NOFOLLOW, 'UMOUNT_NOFOLLOW'],
];
export const CLONE: Flags = [
  [M.CLONE_NEWNS, 'CLONE_NEWNS'],
  [M.CLONE_NEWCGROUP, 'CLONE_NEWCGROUP'],
  [M.CLONE_NEWUTS, 'CLONE_NEWUTS'],
  [M.CLONE_NEWIPC, 'CLONE_NEWIPC'],
  [M.CLONE_NEWUSER, 'CLONE_NEWUSER'],
  [M.CLONE_NEWPID, 'CLONE_NEWPID'],
  [M.CLONE_NEWNET, 'CLONE_NEWNET'],
];
export const WAIT: Flags = [
  [1, 'WNOHANG'],
  [2, 'WSTOPPED'],
  [8, 'WCONTINUED'],
];
export const FS_MAGIC: Readonly<Record<number, string>> = {
  [S.TMPFS_MAGIC]: 'TMPFS_MAGIC',
  [S.PROC_SUPER_MAGIC]: 'PROC_SUPER_MAGIC',
  [S.BINFMTFS_MAGIC]: 'BINFMTFS_MAGIC',
  [S.PIPEFS_MAGIC]: 'PIPEFS_MAGIC',
};
