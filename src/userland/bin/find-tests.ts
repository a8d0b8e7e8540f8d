/** The tests of find(1). */
import { IS_ERR } from '../../uapi/errno.ts';
import { R_OK, W_OK, X_OK } from '../../uapi/fcntl.ts';
import {
  S_IFBLK,
  S_IFCHR,
  S_IFDIR,
  S_IFIFO,
  S_IFLNK,
  S_IFMT,
  S_IFREG,
  S_IFSOCK,
  S_ISDIR,
  S_ISLNK,
  S_ISREG,
  type Stat,
} from '../../uapi/stat.ts';
import type { Io } from '../lib/command.ts';
import { Failure } from '../lib/error.ts';
import { globToRegex } from '../lib/glob.ts';
import { parseMode } from '../lib/mode.ts';
import { parseDate } from '../lib/parse-date.ts';
import { basename } from '../lib/path.ts';
import { compileRegex } from '../lib/regex.ts';
import type { Users } from '../lib/users.ts';
import { readNames } from '../lib/walk.ts';
import type { Executor } from './find-actions.ts';
import type { Expression, Maker, Primary, Settings } from './find-parse.ts';

/** A name the walk has come to. */
export interface Found {
  readonly path: string;
  /** The operand under which it lies. */
  readonly start: string;
  readonly depth: number;
  readonly stat: Stat;
  pruned: boolean;
  quit: boolean;
}

export interface Search {
  readonly io: Io;
  readonly users: Users;
  readonly now: number;
  readonly executor: Executor;
}

const test = (takes: number, make: Maker): Primary => ({ takes, make });
/** A test of one argument that is text. */
const onText = (make: (text: string, search: Search, settings: Settings, name: string) => Expression): Primary =>
  test(1, (args, search, settings, name) => make(args[0] ?? '', search, settings, name));

const byName = (ignoreCase: boolean): Primary =>
  onText((glob) => {
    const pattern = globToRegex(glob, ignoreCase);
    return (found) => pattern.test(basename(found.path));
  });

const byPath = (ignoreCase: boolean): Primary =>
  onText((glob) => {
    const pattern = globToRegex(glob, ignoreCase);
    return (found) => pattern.test(found.path);
  });

const byLink = (ignoreCase: boolean): Primary =>
  onText((glob, { io }) => {
    const pattern = globToRegex(glob, ignoreCase);
    return (found) => {
      const target = S_ISLNK(found.stat.st_mode) ? io.sys.readlink(found.path) : '';
      return S_ISLNK(found.stat.st_mode) && !IS_ERR(target) && pattern.test(target);
    };
  });

const byRegex = (ignoreCase: boolean): Primary =>
  onText((source, { io }, settings) => {
    const text = settings.regexType === 'emacs' ? emacsToBasic(source) : source;
    const compiled = compileRegex(text, { extended: settings.regexType === 'extended', utf8: io.charset.utf8, ignoreCase });
    if (typeof compiled === 'string') throw new Failure(`failed to compile regular expression '${source}': ${compiled}`);
    const whole = new RegExp(`^(?:${compiled.regexp.source})$`, compiled.regexp.flags.replace('g', ''));
    return (found) => whole.test(io.charset.fromArgument(found.path));
  });

/** Emacs' + and ? are operators without a backslash. */
function emacsToBasic(source: string): string {
  return source.replace(/\\[\s\S]|\[\^?\]?[^\]]*\]|[+?]/g, (m) =>
    m === '+' || m === '?' ? `\\${m}` : m === '\\+' || m === '\\?' ? (m[1] as string) : m,
  );
}

const TYPES: Readonly<Record<string, number>> = { b: S_IFBLK, c: S_IFCHR, d: S_IFDIR, p: S_IFIFO, f: S_IFREG, l: S_IFLNK, s: S_IFSOCK };

function typesOf(text: string, name: string): Set<number> {
  const letters = text.split(',');
  return new Set(
    letters.map((letter) => {
      const type = TYPES[letter];
      if (type === undefined)
        throw new Failure(
          letter.length > 1 ? `Must separate multiple arguments to ${name} using: ','` : `Unknown argument to ${name}: ${letter}`,
        );
      return type;
    }),
  );
}

const byType = onText((text, _search, _settings, name) => {
  const types = typesOf(text, name);
  return (found) => types.has(found.stat.st_mode & S_IFMT);
});

/** The type of what a link leads to, or (where links are followed) of the link itself. */
const byOtherType = onText((text, { io }, settings, name) => {
  const types = typesOf(text, name);
  return (found) => {
    const other = settings.follow === 'always' ? io.sys.lstat(found.path) : io.sys.stat(found.path);
    return types.has((IS_ERR(other) ? found.stat : other).st_mode & S_IFMT);
  };
});

type Compare = (value: number) => boolean;

/** "+n": more, "-n": less, "n": exactly. */
function numeric(text: string, name: string): Compare {
  const m = /^([-+]?)(\d+(?:\.\d+)?)$/.exec(text);
  if (!m) throw new Failure(`invalid argument \`${text}' to \`${name}'`);
  const n = Number(m[2]);
  return m[1] === '+' ? (value) => value > n : m[1] === '-' ? (value) => value < n : (value) => value === n;
}

const onNumber = (of: (found: Found) => number): Primary =>
  onText((text, _search, _settings, name) => {
    const compare = numeric(text, name);
    return (found) => compare(of(found));
  });

const SIZE_UNITS: Readonly<Record<string, number>> = { c: 1, w: 2, b: 512, k: 1024, M: 1024 ** 2, G: 1024 ** 3 };

const bySize = onText((text, _search, _settings, name) => {
  const unit = SIZE_UNITS[text.at(-1) ?? ''];
  if (unit === undefined && /[A-Za-z]$/.test(text)) throw new Failure(`invalid ${name} type \`${text.at(-1)}'`);
  const compare = numeric(unit === undefined ? text : text.slice(0, -1), name);
  return (found) => compare(Math.ceil(found.stat.st_size / (unit ?? 512)));
});

type TimeField = 'st_mtime' | 'st_atime' | 'st_ctime';
const DAY_MS = 86_400_000;

/** Whole units of age; from midnight with -daystart. */
const byAge = (field: TimeField, unit: number): Primary =>
  onText((text, { now }, settings, name) => {
    const origin = settings.dayStart ? Math.ceil(now / DAY_MS) * DAY_MS : now;
    const compare = numeric(text, name);
    const days = unit === DAY_MS;
    return (found) => {
      const age = (origin - found.stat[field]) / unit;
      return compare(days ? Math.floor(age) : Math.ceil(age));
    };
  });

function referenceStat(path: string, search: Search, settings: Settings): Stat {
  const st = settings.follow === 'never' ? search.io.sys.lstat(path) : search.io.sys.stat(path);
  if (IS_ERR(st)) throw new Failure(`${search.io.quote(path)}: ${st.message}`);
  return st;
}

const newer = (field: TimeField): Primary =>
  onText((path, search, settings) => {
    const than = referenceStat(path, search, settings).st_mtime;
    return (found) => found.stat[field] > than;
  });

const FIELDS: Readonly<Record<string, TimeField>> = { a: 'st_atime', c: 'st_ctime', m: 'st_mtime', B: 'st_ctime' };

const newerXY = onText((text, search, settings, name) => {
  const [x = '', y = ''] = name.slice(6);
  const field = FIELDS[x] ?? 'st_mtime';
  const than = y === 't' ? parseDate(text, search.now) : referenceStat(text, search, settings)[FIELDS[y] ?? 'st_mtime'];
  if (than === null) throw new Failure(`I cannot figure out how to interpret ${search.io.quote(text)} as a date or time`);
  return (found) => found.stat[field] > than;
});

const byPermission = onText((text, { io }) => {
  const m = /^([-/]?)(.*)$/.exec(text);
  const change = parseMode(m?.[2] ?? '');
  if (!change) throw new Failure(`invalid mode ${io.quote(text)}`);
  const wanted = change(0, false, 0) & 0o7777;
  if (m?.[1] === '-') return (found) => (found.stat.st_mode & wanted) === wanted;
  if (m?.[1] === '/') return (found) => wanted === 0 || (found.stat.st_mode & wanted) !== 0;
  return (found) => (found.stat.st_mode & 0o7777) === wanted;
});

const byUser = onText((text, { io, users }) => {
  const uid = users.getpwnam(text)?.uid ?? (/^\d+$/.test(text) ? Number(text) : null);
  if (uid === null) throw new Failure(`${io.quote(text)} is not the name of a known user`);
  return (found) => found.stat.st_uid === uid;
});
const byGroup = onText((text, { io, users }) => {
  const gid = users.getgrnam(text)?.gid ?? (/^\d+$/.test(text) ? Number(text) : null);
  if (gid === null) throw new Failure(`${io.quote(text)} is not the name of an existing group`);
  return (found) => found.stat.st_gid === gid;
});

const sameFile = onText((path, search, settings) => {
  const st = referenceStat(path, search, settings);
  return (found) => found.stat.st_ino === st.st_ino && found.stat.st_dev === st.st_dev;
});

const mayI = (mode: number): Primary =>
  test(
    0,
    (_args, { io }) =>
      (found) =>
        io.sys.access(found.path, mode) === 0,
  );

const isEmpty = test(0, (_args, { io }) => async (found) => {
  if (S_ISREG(found.stat.st_mode)) return found.stat.st_size === 0;
  if (!S_ISDIR(found.stat.st_mode)) return false;
  const names = await readNames(io.sys, found.path);
  if (IS_ERR(names)) await io.fail(io.quote(found.path), names);
  return !IS_ERR(names) && names.length === 0;
});

export const tests: Readonly<Record<string, Primary>> = {
  '-name': byName(false),
  '-iname': byName(true),
  '-path': byPath(false),
  '-wholename': byPath(false),
  '-ipath': byPath(true),
  '-iwholename': byPath(true),
  '-lname': byLink(false),
  '-ilname': byLink(true),
  '-regex': byRegex(false),
  '-iregex': byRegex(true),
  '-type': byType,
  '-xtype': byOtherType,
  '-size': bySize,
  '-empty': isEmpty,
  '-mtime': byAge('st_mtime', DAY_MS),
  '-atime': byAge('st_atime', DAY_MS),
  '-ctime': byAge('st_ctime', DAY_MS),
  '-mmin': byAge('st_mtime', 60_000),
  '-amin': byAge('st_atime', 60_000),
  '-cmin': byAge('st_ctime', 60_000),
  '-newer': newer('st_mtime'),
  '-anewer': newer('st_atime'),
  '-cnewer': newer('st_ctime'),
  '-newerXY': newerXY,
  '-perm': byPermission,
  '-user': byUser,
  '-group': byGroup,
  '-uid': onNumber((found) => found.stat.st_uid),
  '-gid': onNumber((found) => found.stat.st_gid),
  '-nouser': test(
    0,
    (_args, { users }) =>
      (found) =>
        users.getpwuid(found.stat.st_uid) === undefined,
  ),
  '-nogroup': test(
    0,
    (_args, { users }) =>
      (found) =>
        users.getgrgid(found.stat.st_gid) === undefined,
  ),
  '-links': onNumber((found) => found.stat.st_nlink),
  '-inum': onNumber((found) => found.stat.st_ino),
  '-samefile': sameFile,
  '-readable': mayI(R_OK),
  '-writable': mayI(W_OK),
  '-executable': mayI(X_OK),
  '-true': test(0, () => () => true),
  '-false': test(0, () => () => false),
};
