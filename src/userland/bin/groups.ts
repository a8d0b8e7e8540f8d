/** groups(1). */
import { command } from '../lib/command.ts';
import { loadUsers, type Passwd, type Users } from '../lib/users.ts';

export const main = command(
  { name: 'groups', usage: ['[OPTION]... [USERNAME]...'], summary: 'Prints the groups that users are in.' },
  async (io, _options, operands) => {
    const users = await loadUsers(io.sys);
    if (operands.length === 0) {
      const gids = new Set([io.sys.getegid(), ...io.sys.getgroups()]);
      io.stdout.put(`${[...gids].map((gid) => users.groupName(gid)).join(' ')}\n`);
    }
    for (const name of operands) {
      const user = users.getpwnam(name);
      if (user) io.stdout.put(`${name} : ${groupsOf(user, users).join(' ')}\n`);
      else await io.fail(`${io.quote(name)}: no such user`);
    }
    return undefined;
  },
);

function groupsOf(user: Passwd, users: Users): string[] {
  return users.getgrouplist(user.name, user.gid).map((gid) => users.groupName(gid));
}
