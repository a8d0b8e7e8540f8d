/** which: where commands stand. Follows debianutils 5.7. */
import { IS_ERR } from '../../uapi/errno.ts';
import { X_OK } from '../../uapi/fcntl.ts';
import { S_ISREG } from '../../uapi/stat.ts';
import { command, type Io } from '../lib/command.ts';
import { getenv } from '../lib/environ.ts';
import { getopt } from '../lib/getopt.ts';

export const main = command(
  {
    name: 'which',
    usage: ['[-a] args'],
    summary: 'Prints the path names of commands.',
    follows: 'debianutils 5.7',
    special: (argument) => (/^-./.test(argument) ? { key: 'flags', value: argument } : null),
    permute: false,
  },
  async (io, options, operands) => {
    const flags = getopt(options.values('flags'), [{ key: 'a', short: 'a', argument: 'none' }]);
    if (typeof flags === 'string') {
      await io.complain(`Illegal option ${options.values('flags').find((f) => f !== '-a')}\nUsage: /usr/bin/which [-a] args\n`);
      return 2;
    }
    let missing = operands.length === 0;
    for (const name of operands) {
      const found = places(io, name).filter((path) => isProgram(io, path));
      for (const path of flags.options.length > 0 ? found : found.slice(0, 1)) io.stdout.put(`${path}\n`);
      missing ||= found.length === 0;
    }
    return missing ? 1 : 0;
  },
);

function places(io: Io, name: string): string[] {
  if (name.includes('/')) return [name];
  return (getenv(io.envp, 'PATH') ?? '').split(':').map((directory) => `${directory || '.'}/${name}`);
}

function isProgram(io: Io, path: string): boolean {
  const st = io.sys.stat(path);
  return !IS_ERR(st) && S_ISREG(st.st_mode) && io.sys.access(path, X_OK) === 0;
}
