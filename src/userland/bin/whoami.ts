/** whoami: the name of the effective user. Follows GNU coreutils 9.1. */
import { command } from '../lib/command.ts';
import { UsageError } from '../lib/error.ts';
import { loadUsers } from '../lib/users.ts';

export const main = command(
  { name: 'whoami', usage: ['[OPTION]...'], summary: 'Print the user name associated with the current effective user ID.' },
  async (io, _options, operands) => {
    if (operands.length > 0) throw new UsageError(`extra operand ${io.quote(operands[0] ?? '')}`);
    const uid = io.sys.geteuid();
    const user = (await loadUsers(io.sys)).getpwuid(uid);
    if (!user) {
      await io.fail(`cannot find name for user ID ${uid}`);
      return 1;
    }
    io.stdout.put(`${user.name}\n`);
    return 0;
  },
);
