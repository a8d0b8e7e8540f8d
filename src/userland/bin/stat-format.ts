/** The %-directives of stat(1). */
import { ENODATA, IS_ERR } from '../../uapi/errno.ts';
import { BINFMTFS_MAGIC, major, minor, PIPEFS_MAGIC, PROC_SUPER_MAGIC, type Stat, type StatFs, TMPFS_MAGIC } from '../../uapi/stat.ts';
import type { Io } from '../lib/command.ts';
import { fileType } from '../lib/file-type.ts';
import { modeString } from '../lib/mode.ts';
import { dirname, join } from '../lib/path.ts';
import { resolve } from '../lib/resolve.ts';
import { fullTime } from '../lib/time.ts';
import type { Users } from '../lib/users.ts';

export interface FileContext {
  readonly io: Io;
  readonly name: string;
  readonly st: Stat;
  readonly users: Users;
  /** What a symbolic link holds. */
  readonly target: string | null;
}

/** A directive's value: text, a whole number with its base, or a time that may show fractions. */
type Value =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly value: number; readonly base: 8 | 10 | 16 }
  | { readonly kind: 'seconds'; readonly ms: number };

const text = (value: string): Value => ({ kind: 'text', text: value });
const decimal = (value: number): Value => ({ kind: 'number', value, base: 10 });
const octal = (value: number): Value => ({ kind: 'number', value, base: 8 });
const hexadecimal = (value: number): Value => ({ kind: 'number', value, base: 16 });
const seconds = (ms: number): Value => ({ kind: 'seconds', ms });

export async function expandFile(format: string, context: FileContext): Promise<string> {
  return await expand(format, context.io, context.name, (letter) => fileValue(letter, context));
}

export async function expandFileSystem(format: string, io: Io, name: string, st: StatFs): Promise<string> {
  return await expand(format, io, name, (letter) => fileSystemValue(letter, name, st));
}

async function expand(format: string, io: Io, name: string, lookUp: (letter: string) => Value | null): Promise<string> {
  let out = '';
  let last = 0;
  for (const m of format.matchAll(/%([-'+ #0]*)(\d*)(?:\.(\d*))?([HL][dr]|[\s\S]|$)/g)) {
    const [whole, flags = '', width = '', precision, letter = ''] = m;
    out += format.slice(last, m.index);
    last = m.index + whole.length;
    if (letter === '%' || letter === '') {
      out += '%';
      continue;
    }
    if (letter === 'C') await io.fail(`failed to get security context of ${io.quoteAlways(name)}`, ENODATA);
    out += render(lookUp(letter) ?? text('?'), flags, Number(width), precision);
  }
  return out + format.slice(last);
}

function render(value: Value, flags: string, width: number, precision: string | undefined): string {
  let shown: string;
  if (value.kind === 'text') shown = precision === undefined ? value.text : value.text.slice(0, Number(precision));
  else if (value.kind === 'seconds') shown = secondsText(value.ms, precision);
  else {
    const prefix = flags.includes('#') && value.value !== 0 ? { 8: '0', 10: '', 16: '0x' }[value.base] : '';
    shown = prefix + value.value.toString(value.base).padStart(Number(precision ?? 0), '0');
  }
  if (flags.includes('-')) return shown.padEnd(width);
  return shown.padStart(width, flags.includes('0') && value.kind !== 'text' ? '0' : ' ');
}

function secondsText(ms: number, precision: string | undefined): string {
  const whole = Math.floor(ms / 1000);
  if (precision === undefined) return String(whole);
  const nanoseconds = String(Math.floor((ms - whole * 1000) * 1e6 + 1e-3)).padStart(9, '0');
  const digits = precision === '' ? 9 : Number(precision);
  return digits === 0 ? String(whole) : `${whole}.${nanoseconds.slice(0, digits).padEnd(digits, '0')}`;
}

function fileValue(letter: string, { io, name, st, users, target }: FileContext): Value | null {
  switch (letter) {
    case 'n':
      return text(name);
    case 'N':
      return text(target === null ? io.quoteAlways(name) : `${io.quoteAlways(name)} -> ${io.quoteAlways(target)}`);
    case 'd':
      return decimal(st.st_dev);
    case 'D':
      return hexadecimal(st.st_dev);
    case 'Hd':
      return decimal(major(st.st_dev));
    case 'Ld':
      return decimal(minor(st.st_dev));
    case 'i':
      return decimal(st.st_ino);
    case 'a':
      return octal(st.st_mode & 0o7777);
    case 'A':
      return text(modeString(st.st_mode));
    case 'f':
      return hexadecimal(st.st_mode);
    case 'F':
      return text(fileType(st));
    case 'h':
      return decimal(st.st_nlink);
    case 'u':
      return decimal(st.st_uid);
    case 'U':
      return text(users.getpwuid(st.st_uid)?.name ?? 'UNKNOWN');
    case 'g':
      return decimal(st.st_gid);
    case 'G':
      return text(users.getgrgid(st.st_gid)?.name ?? 'UNKNOWN');
    case 'm':
      return text(mountPoint(io, name));
    case 'r':
      return decimal(st.st_rdev);
    case 'R':
      return hexadecimal(st.st_rdev);
    case 't':
      return hexadecimal(major(st.st_rdev));
    case 'T':
      return hexadecimal(minor(st.st_rdev));
    case 'Hr':
      return decimal(major(st.st_rdev));
    case 'Lr':
      return decimal(minor(st.st_rdev));
    case 's':
      return decimal(st.st_size);
    case 'b':
      return decimal(st.st_blocks);
    case 'B':
      return decimal(512);
    case 'o':
      return decimal(st.st_blksize);
    case 'w':
      return text('-');
    case 'W':
      return decimal(0);
    case 'x':
      return text(fullTime(st.st_atime));
    case 'X':
      return seconds(st.st_atime);
    case 'y':
      return text(fullTime(st.st_mtime));
    case 'Y':
      return seconds(st.st_mtime);
    case 'z':
      return text(fullTime(st.st_ctime));
    case 'Z':
      return seconds(st.st_ctime);
    default:
      return null;
  }
}

/** The highest directory above the file that is on the same device. */
function mountPoint(io: Io, name: string): string {
  const real = resolve(io.sys, name, 'existing');
  if (IS_ERR(real)) return '?';
  const start = io.sys.lstat(real);
  let here = real;
  while (here !== '/' && !IS_ERR(start)) {
    const above = io.sys.lstat(join(dirname(here), '.'));
    if (IS_ERR(above) || above.st_dev !== start.st_dev) break;
    here = dirname(here);
  }
  return here;
}

const TYPE_NAMES = new Map([
  [TMPFS_MAGIC, 'tmpfs'],
  [PROC_SUPER_MAGIC, 'proc'],
  [BINFMTFS_MAGIC, 'binfmt_misc'],
  [PIPEFS_MAGIC, 'pipefs'],
  [0xef53, 'ext2/ext3'],
  [0x794c7630, 'overlayfs'],
  [0x858458f6, 'ramfs'],
  [0x62656572, 'sysfs'],
  [0x1cd1, 'devpts'],
]);

function fileSystemValue(letter: string, name: string, st: StatFs): Value | null {
  switch (letter) {
    case 'n':
      return text(name);
    case 'i':
      return text('0');
    case 'l':
      return decimal(st.f_namelen);
    case 't':
      return hexadecimal(st.f_type);
    case 'T':
      return text(TYPE_NAMES.get(st.f_type) ?? `UNKNOWN (0x${st.f_type.toString(16)})`);
    case 's':
    case 'S':
      return decimal(st.f_bsize);
    case 'b':
      return decimal(st.f_blocks);
    case 'f':
      return decimal(st.f_bfree);
    case 'a':
      return decimal(st.f_bavail);
    case 'c':
      return decimal(st.f_files);
    case 'd':
      return decimal(st.f_ffree);
    default:
      return null;
  }
}
