/** touch(1). */
import { ENOENT, IS_ERR } from '../../uapi/errno.ts';
import { AT_SYMLINK_NOFOLLOW, O_CREAT, O_NOCTTY, O_NONBLOCK, O_WRONLY } from '../../uapi/fcntl.ts';
import { CLOCK_REALTIME } from '../../uapi/syscalls.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { Failure, UsageError } from '../lib/error.ts';
import { parseDate } from '../lib/parse-date.ts';

interface Times {
  readonly atime: number | null;
  readonly mtime: number | null;
}

export const main = command(
  {
    name: 'touch',
    usage: ['[OPTION]... FILE...'],
    summary: 'Sets the times of files to now, and makes files that are missing.',
    options: [
      ['-a', 'only the time of access'],
      ['-c, --no-create', 'make no files'],
      ['-d, --date=STRING', 'this time instead of now'],
      ['-f', 'ignored'],
      ['-h, --no-dereference', 'links themselves instead of what they lead to'],
      ['-m', 'only the time of modification'],
      ['-r, --reference=FILE', "this file's times instead of now"],
      ['-t STAMP', '[[CC]YY]MMDDhhmm[.ss] instead of now'],
      ['--time=WORD', 'access, atime or use: as -a; modify or mtime: as -m'],
    ],
  },
  async (io, options, operands) => {
    const times = timesOf(io, options);
    if (operands.length === 0) throw new UsageError('missing file operand');
    for (const name of operands) await touch(io, options, name, times);
    return undefined;
  },
);

function timesOf(io: Io, options: Options): Times {
  const now = io.sys.clock_gettime(CLOCK_REALTIME);
  const base = baseTimes(io, options, now);
  const word = options.value('time') ?? '';
  const access = options.has('a') || /^(a|u)/.test(word);
  const modify = options.has('m') || word.startsWith('m');
  return { atime: modify && !access ? null : base.atime, mtime: access && !modify ? null : base.mtime };
}

function baseTimes(io: Io, options: Options, now: number): { atime: number; mtime: number } {
  const stamp = options.value('t');
  if (stamp !== null) return both(parseStamp(stamp, now), io, stamp);
  const reference = options.value('r');
  const date = options.value('d');
  const from = reference === null ? { atime: now, mtime: now } : referenceTimes(io, options, reference);
  if (date === null) return from;
  if (reference === null) return both(parseDate(date, now), io, date);
  return { atime: both(parseDate(date, from.atime), io, date).atime, mtime: both(parseDate(date, from.mtime), io, date).mtime };
}

function both(time: number | null, io: Io, text: string): { atime: number; mtime: number } {
  if (time === null) throw new Failure(`invalid date format ${io.quote(text)}`);
  return { atime: time, mtime: time };
}

function referenceTimes(io: Io, options: Options, path: string): { atime: number; mtime: number } {
  const st = options.has('h') ? io.sys.lstat(path) : io.sys.stat(path);
  if (IS_ERR(st)) throw new Failure(`failed to get attributes of ${io.quoteAlways(path)}: ${st.message}`);
  return { atime: st.st_atime, mtime: st.st_mtime };
}

function parseStamp(text: string, now: number): number | null {
  const m = /^(\d\d)?(\d\d)?(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d\d))?$/.exec(text);
  if (!m) return null;
  const [, a, b, month = '', day = '', hour = '', minute = '', second = '00'] = m;
  const short = b ?? a;
  const year = a && b ? Number(a + b) : short ? Number(short) + (Number(short) < 69 ? 2000 : 1900) : new Date(now).getUTCFullYear();
  return parseDate(`${year}-${month}-${day} ${hour}:${minute}:${second}`, now);
}

async function touch(io: Io, options: Options, name: string, times: Times): Promise<void> {
  if (!options.has('c') && !options.has('h')) {
    const fd = await io.sys.open(name, O_WRONLY | O_CREAT | O_NONBLOCK | O_NOCTTY, 0o666);
    if (!IS_ERR(fd)) io.sys.close(fd);
    else if (IS_ERR(io.sys.stat(name))) return await io.fail(`cannot touch ${io.quoteAlways(name)}`, fd);
  }
  const status = io.sys.utimensat(name, times.atime, times.mtime, options.has('h') ? AT_SYMLINK_NOFOLLOW : 0);
  if (!IS_ERR(status) || (status === ENOENT && options.has('c'))) return;
  await io.fail(status === ENOENT ? `cannot touch ${io.quoteAlways(name)}` : `setting times of ${io.quoteAlways(name)}`, status);
}
