/** mountpoint: is a directory one? Follows util-linux 2.38.1. */
import { IS_ERR } from '../../uapi/errno.ts';
import { major, minor, S_ISBLK, S_ISDIR } from '../../uapi/stat.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { Failure, UsageError } from '../lib/error.ts';
import { canonical } from '../mount/canonical.ts';
import { mountAt, readMountinfo } from '../mount/mountinfo.ts';

const NOT_ONE = 32;

export const main = command(
  {
    name: 'mountpoint',
    usage: ['[-qd] </path/to/directory>', '-x </dev/device>'],
    summary: '\nCheck whether a directory or file is a mountpoint.',
    follows: 'util-linux 2.38.1',
    shortName: true,
    options: [
      ['-q, --quiet', "quiet mode - don't print anything"],
      ['--nofollow', 'do not follow symlink'],
      ['-d, --fs-devno', 'print maj:min device number of the filesystem'],
      ['-x, --devno', 'print maj:min device number of the block device'],
      ['-V', 'show the version and exit'],
    ],
  },
  async (io, options, operands) => {
    if (options.has('V')) {
      io.stdout.put('mountpoint from util-linux 2.38.1, modelled in binfmt-lab\n');
      return 0;
    }
    const [path] = operands;
    if (path === undefined || operands.length > 1) throw new UsageError('bad usage');
    return options.has('x') ? await device(io, options, path) : await ask(io, options, path);
  },
);

async function device(io: Io, options: Options, path: string): Promise<number> {
  const st = io.sys.stat(path);
  if (IS_ERR(st)) throw new Failure(options.has('q') ? '' : `${path}: ${st.message}`);
  if (!S_ISBLK(st.st_mode)) {
    if (!options.has('q')) await io.warn(`${path}: not a block device`);
    return NOT_ONE;
  }
  io.stdout.put(`${major(st.st_rdev)}:${minor(st.st_rdev)}\n`);
  return 0;
}

async function ask(io: Io, options: Options, path: string): Promise<number> {
  const st = options.has('nofollow') ? io.sys.lstat(path) : io.sys.stat(path);
  if (IS_ERR(st)) throw new Failure(options.has('q') ? '' : `${path}: ${st.message}`);
  const entry = mountAt(await readMountinfo(io.sys), canonical(io.sys, path));
  if (options.has('d') && S_ISDIR(st.st_mode)) {
    io.stdout.put(`${entry?.device ?? `${major(st.st_dev)}:${minor(st.st_dev)}`}\n`);
    return 0;
  }
  if (!options.has('q')) io.stdout.put(`${path} is ${entry ? '' : 'not '}a mountpoint\n`);
  return entry ? 0 : NOT_ONE;
}
