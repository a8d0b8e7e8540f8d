/** chroot: runs a command with another root directory. Follows GNU coreutils 9.1. */
import { ENOENT, IS_ERR, type Status } from '../../uapi/errno.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { getenv } from '../lib/environ.ts';
import { Failure, UsageError } from '../lib/error.ts';
import { execvp } from '../lib/execvp.ts';
import { loadUsers, parseOwner } from '../lib/users.ts';

export const main = command(
  {
    name: 'chroot',
    usage: ['[OPTION] NEWROOT [COMMAND [ARG]...]', 'OPTION'],
    summary: 'Run COMMAND with root directory set to NEWROOT.',
    failure: 125,
    permute: false,
    options: [
      ['--groups=G_LIST', 'specify supplementary groups as g1,g2,..,gN'],
      ['--userspec=USER:GROUP', 'specify user and group (ID or name) to use'],
      ['--skip-chdir', "do not change working directory to '/'"],
    ],
    notes: ["If no command is given, run '\"$SHELL\" -i' (default: '/bin/sh -i')."],
  },
  async (io, options, operands) => {
    const [root, ...words] = operands;
    if (root === undefined) throw new UsageError('missing operand');
    if (options.has('skip-chdir') && root !== '/')
      throw new UsageError(`option --skip-chdir only permitted if NEWROOT is old ${io.quote('/')}`);
    ask(io.sys.chroot(root), `cannot change root directory to ${io.quoteAlways(root)}`);
    if (!options.has('skip-chdir')) ask(io.sys.chdir('/'), 'cannot chdir to root directory');
    await becomeUser(io, options);
    const argv = words.length > 0 ? words : [getenv(io.envp, 'SHELL') ?? '/bin/sh', '-i'];
    const error = await execvp(io.sys, argv[0] ?? '', argv, io.envp);
    await io.warn(`failed to run command ${io.quote(argv[0] ?? '')}`, error);
    return error === ENOENT ? 127 : 126;
  },
);

function ask(status: Status, what: string): void {
  if (IS_ERR(status)) throw new Failure(`${what}: ${status.message}`);
}

/** Names are looked up in the new root. */
async function becomeUser(io: Io, options: Options): Promise<void> {
  const spec = options.value('userspec');
  const list = options.value('groups');
  if (spec === null && list === null) return;
  const users = await loadUsers(io.sys);
  const owner = spec === null ? { uid: null, gid: null } : parseOwner(spec, users);
  if (owner === 'user' || owner === 'group') throw new Failure(`invalid ${owner}`);
  const user = owner.uid === null ? undefined : users.getpwuid(owner.uid);
  const gid = owner.gid ?? user?.gid ?? null;
  const names = list === null || list === '' ? [] : list.split(',');
  const listed = names.map((name) => users.getgrnam(name)?.gid ?? (/^\d+$/.test(name) ? Number(name) : Number.NaN));
  const bad = names[listed.findIndex(Number.isNaN)];
  if (bad !== undefined) throw new Failure(`invalid group ${io.quote(bad)}`);
  const own = gid === null ? [] : users.getgrouplist(user?.name ?? '', gid);
  ask(io.sys.setgroups(list === null ? own : listed), 'failed to set supplemental groups');
  if (gid !== null) ask(io.sys.setgid(gid), 'failed to set group-ID');
  if (owner.uid !== null) ask(io.sys.setuid(owner.uid), 'failed to set user-ID');
}
