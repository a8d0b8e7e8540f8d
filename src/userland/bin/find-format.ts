/** The text of find -printf and find -ls. */
import { IS_ERR } from '../../uapi/errno.ts';
import {
  major,
  minor,
  S_IFBLK,
  S_IFCHR,
  S_IFDIR,
  S_IFIFO,
  S_IFLNK,
  S_IFMT,
  S_IFREG,
  S_IFSOCK,
  S_ISBLK,
  S_ISCHR,
  S_ISLNK,
} from '../../uapi/stat.ts';
import { modeString } from '../lib/mode.ts';
import { basename, dirname, stripSlashes } from '../lib/path.ts';
import { lsDate, strftime } from '../lib/time.ts';
import type { Found, Search } from './find-tests.ts';

const TYPE_LETTERS = new Map([
  [S_IFREG, 'f'],
  [S_IFDIR, 'd'],
  [S_IFLNK, 'l'],
  [S_IFCHR, 'c'],
  [S_IFBLK, 'b'],
  [S_IFIFO, 'p'],
  [S_IFSOCK, 's'],
]);

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '0': '\0',
};

export function formatFound(format: string, found: Found, search: Search): string {
  const pattern = /\\([0-7]{1,3}|c[\s\S]*|[\s\S])|%([-0 +#]*)(\d*)(?:\.(\d+))?([ACT][\s\S]|[\s\S])/g;
  return format.replace(pattern, (whole: string, escaped?: string, flags = '', width = '', precision?: string, letter = '') => {
    if (escaped !== undefined) return unescaped(escaped, whole);
    if (letter === '%') return '%';
    const value = directive(letter, found, search);
    if (value === null) return whole;
    const text = precision === undefined ? value : value.slice(0, Number(precision));
    if (flags.includes('-')) return text.padEnd(Number(width));
    return text.padStart(Number(width), flags.includes('0') && /^\d/.test(text) ? '0' : ' ');
  });
}

function unescaped(escaped: string, whole: string): string {
  if (escaped.startsWith('c')) return '';
  if (/^[0-7]+$/.test(escaped)) return String.fromCharCode(Number.parseInt(escaped, 8) & 255);
  return ESCAPES[escaped] ?? whole;
}

function directive(letter: string, found: Found, { io, users }: Search): string | null {
  const { stat: st, path } = found;
  switch (letter[0]) {
    case 'p':
      return path;
    case 'f':
      return basename(path);
    case 'h':
      return path.includes('/') ? dirname(path) : '.';
    case 'P':
      return path.slice(found.start.length).replace(/^\/+/, '');
    case 'H':
      return found.start;
    case 'd':
      return String(found.depth);
    case 's':
      return String(st.st_size);
    case 'b':
      return String(st.st_blocks);
    case 'k':
      return String(Math.ceil(st.st_blocks / 2));
    case 'm':
      return (st.st_mode & 0o7777).toString(8);
    case 'M':
      return modeString(st.st_mode);
    case 'u':
      return users.userName(st.st_uid);
    case 'g':
      return users.groupName(st.st_gid);
    case 'U':
      return String(st.st_uid);
    case 'G':
      return String(st.st_gid);
    case 'i':
      return String(st.st_ino);
    case 'n':
      return String(st.st_nlink);
    case 'D':
      return String(st.st_dev);
    case 'y':
      return TYPE_LETTERS.get(st.st_mode & S_IFMT) ?? 'U';
    case 'Y':
      return targetType(found, io.sys.stat(path));
    case 'l': {
      const target = S_ISLNK(st.st_mode) ? io.sys.readlink(path) : '';
      return IS_ERR(target) ? '' : target;
    }
    case 't':
      return strftime('%a %b %e %H:%M:%S.%N0 %Y', st.st_mtime);
    case 'a':
      return strftime('%a %b %e %H:%M:%S.%N0 %Y', st.st_atime);
    case 'c':
      return strftime('%a %b %e %H:%M:%S.%N0 %Y', st.st_ctime);
    case 'T':
      return time(letter[1] ?? '', st.st_mtime);
    case 'A':
      return time(letter[1] ?? '', st.st_atime);
    case 'C':
      return time(letter[1] ?? '', st.st_ctime);
    default:
      return null;
  }
}

function targetType(found: Found, target: ReturnType<Search['io']['sys']['stat']>): string {
  if (!IS_ERR(target)) return TYPE_LETTERS.get(target.st_mode & S_IFMT) ?? 'U';
  if (!S_ISLNK(found.stat.st_mode)) return '?';
  return target.code === 'ELOOP' ? 'L' : target.code === 'ENOENT' || target.code === 'ENOTDIR' ? 'N' : '?';
}

/** %T@ and %T+ show fractions of ten digits. */
function time(letter: string, ms: number): string {
  if (letter === '@') return strftime('%s.%N0', ms);
  if (letter === '+') return strftime('%Y-%m-%d+%H:%M:%S.%N0', ms);
  if (letter === 'S' || letter === 'T' || letter === 'X') return strftime(letter === 'S' ? '%S.%N0' : '%H:%M:%S.%N0', ms);
  return strftime(`%${letter}`, ms);
}

export function longLine(found: Found, { io, users, now }: Search): string {
  const { stat: st, path } = found;
  const device = S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode);
  const size = device
    ? `${String(major(st.st_rdev)).padStart(3)}, ${String(minor(st.st_rdev)).padStart(3)}`
    : String(st.st_size).padStart(8);
  const target = S_ISLNK(st.st_mode) ? io.sys.readlink(path) : null;
  const fields = [
    String(st.st_ino).padStart(9),
    String(Math.ceil(st.st_blocks / 2)).padStart(6),
    modeString(st.st_mode),
    String(st.st_nlink).padStart(3),
    users.userName(st.st_uid).padEnd(8),
    users.groupName(st.st_gid).padEnd(8),
    size,
    lsDate(st.st_mtime, now),
    stripSlashes(path),
  ];
  return `${fields.join(' ')}${target === null || IS_ERR(target) ? '' : ` -> ${target}`}\n`;
}
