/** uname: system information. Follows GNU coreutils 9.1. */
import { command, type Options } from '../lib/command.ts';
import { UsageError } from '../lib/error.ts';

/** Options in the order of printing; -p and -i are unknown on Debian, and -a leaves them out. */
const FIELDS = ['s', 'n', 'r', 'v', 'm', 'p', 'i', 'o'] as const;

export const main = command(
  {
    name: 'uname',
    usage: ['[OPTION]...'],
    summary: 'Print certain system information.  With no OPTION, same as -s.',
    options: [
      ['-a, --all', 'print all information, in the order of the options below'],
      ['-s, --kernel-name, --sysname', 'print the kernel name'],
      ['-n, --nodename', 'print the network node hostname'],
      ['-r, --kernel-release, --release', 'print the kernel release'],
      ['-v, --kernel-version', 'print the kernel version'],
      ['-m, --machine', 'print the machine hardware name'],
      ['-p, --processor', 'print the processor type'],
      ['-i, --hardware-platform', 'print the hardware platform'],
      ['-o, --operating-system', 'print the operating system'],
    ],
  },
  async (io, options, operands) => {
    if (operands.length > 0) throw new UsageError(`extra operand ${io.quote(operands[0] ?? '')}`);
    const u = io.sys.uname();
    const value = { s: u.sysname, n: u.nodename, r: u.release, v: u.version, m: u.machine, p: 'unknown', i: 'unknown', o: 'GNU/Linux' };
    io.stdout.put(
      `${wanted(options)
        .map((field) => value[field])
        .join(' ')}\n`,
    );
    return 0;
  },
);

function wanted(options: Options): (typeof FIELDS)[number][] {
  if (options.has('a')) return FIELDS.filter((f) => f !== 'p' && f !== 'i');
  const asked = FIELDS.filter((f) => options.has(f));
  return asked.length === 0 ? ['s'] : asked;
}
