/** setarch, linux32, linux64: the lab's kernel has no personality(2), so only the machine's own architecture can be set. Follows util-linux 2.38.1. */
import { ENOENT } from '../../uapi/errno.ts';
import { command } from '../lib/command.ts';
import { getenv } from '../lib/environ.ts';
import { Failure } from '../lib/error.ts';
import { execvp } from '../lib/execvp.ts';
import { basename } from '../lib/path.ts';

const FLAGS = [
  '-3, --3gb',
  '--4gb',
  '-B, --32bit',
  '-F, --fdpic-funcptrs',
  '-I, --short-inode',
  '-L, --addr-compat-layout',
  '-R, --addr-no-randomize',
];
const MORE = ['-S, --whole-seconds', '-T, --sticky-timeouts', '-X, --read-implies-exec', '-Z, --mmap-page-zero', '--uname-2.6'];
/** The names of each machine, as `uname -m` calls it. */
const ARCHITECTURES: Readonly<Record<string, readonly string[]>> = {
  x86_64: ['uname26', 'linux32', 'linux64', 'i386', 'i486', 'i586', 'i686', 'athlon', 'x86_64'],
  i686: ['uname26', 'linux32', 'linux64', 'i386', 'i486', 'i586', 'i686', 'athlon'],
  aarch64: ['uname26', 'linux32', 'linux64', 'arm', 'armv7l', 'armv8l', 'armh', 'arm64', 'aarch64'],
};

export const main = command(
  {
    name: 'setarch',
    usage: ['[<arch>] [options] [<program> [<argument>...]]'],
    summary: '\nChange the reported architecture and set personality flags.',
    follows: 'util-linux 2.38.1',
    shortName: true,
    permute: false,
    options: [
      ...[...FLAGS, ...MORE].map((notation): [string, string] => [notation, 'a personality flag (not in the lab)']),
      ['--list', 'list settable architectures, and exit'],
      ['-v, --verbose', 'say what options are being switched on'],
    ],
  },
  async (io, options, operands) => {
    const { machine } = io.sys.uname();
    const known = ARCHITECTURES[machine] ?? ['uname26', 'linux32', 'linux64', machine];
    if (options.has('list')) {
      io.stdout.put(known.map((name) => `${name}\n`).join(''));
      return 0;
    }
    const named = basename(io.name) !== 'setarch';
    const arch = named ? basename(io.name) : operands[0];
    const flag = options.list.find((o) => o.key !== 'v');
    if (arch === undefined && !flag) throw new Failure('no architecture argument or personality flags specified');
    if (arch !== undefined && !known.includes(arch)) throw new Failure(`${arch}: Unrecognized architecture`);
    const bits = /64$/.test(machine) ? 'linux64' : 'linux32';
    if (flag || (arch !== machine && arch !== bits))
      throw new Failure(`failed to set personality to ${arch}: the lab's kernel has no personality(2)`);
    const words = named ? operands : operands.slice(1);
    const argv = words.length > 0 ? words : [getenv(io.envp, 'SHELL') ?? '/bin/sh'];
    const error = await execvp(io.sys, argv[0] ?? '', argv, io.envp);
    await io.warn(`failed to execute ${argv[0]}`, error);
    return error === ENOENT ? 127 : 126;
  },
);
