/** su: a shell as another user. Root needs no password. Follows util-linux 2.38.1. */
import { ENOENT, IS_ERR } from '../../uapi/errno.ts';
import { SIGINT } from '../../uapi/signal.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { getenv } from '../lib/environ.ts';
import { Failure } from '../lib/error.ts';
import { askPassword, isPassword, shadowPassword } from '../lib/password.ts';
import { loadUsers, type Passwd, type Users } from '../lib/users.ts';

export const main = command(
  {
    name: 'su',
    usage: ['[options] [-] [<user> [<argument>...]]'],
    summary:
      '\nChange the effective user ID and group ID to that of <user>.\nA mere - implies -l.  If <user> is not given, root is assumed.',
    follows: 'util-linux 2.38.1',
    shortName: true,
    options: [
      ['-m, --preserve-environment', 'do not reset environment variables'],
      ['-p', 'the same'],
      ['-l, --login', 'make the shell a login shell'],
      ['-c, --command=COMMAND', 'pass a single command to the shell with -c'],
      ['-f, --fast', 'pass -f to the shell (for csh or tcsh)'],
      ['-s, --shell=SHELL', 'run SHELL if /etc/shells allows it'],
      ['-w, --whitelist-environment=LIST', "don't reset specified variables"],
      ['-g, --group=GROUP', 'specify the primary group'],
      ['-G, --supp-group=GROUP', 'specify a supplemental group'],
      ['-P, --pty', 'create a new pseudo-terminal (not modelled)'],
      ['-V, --version', 'display version'],
    ],
  },
  async (io, options, operands) => {
    if (options.has('V')) {
      io.stdout.put('su from util-linux 2.38.1\n');
      return 0;
    }
    if (options.has('P')) throw new Failure('-P is not modelled');
    const login = options.has('l') || operands[0] === '-';
    const [name = 'root', ...args] = operands[0] === '-' ? operands.slice(1) : operands;
    const users = await loadUsers(io.sys);
    const user = users.getpwnam(name);
    if (!user) throw new Failure(`user ${name} does not exist or the user entry does not contain all the required fields`);
    const groups = groupsOf(io, options, users, user);
    if (io.sys.getuid() !== 0) await authenticate(io, user);
    const keep = !login && (options.has('m') || options.has('p'));
    const shell = options.value('s') ?? ((keep ? getenv(io.envp, 'SHELL') : undefined) || user.shell || '/bin/sh');
    const list = options.value('w')?.split(',') ?? [];
    const env = keep ? io.envp : environment(io, user, shell, login, list);
    become(io, user, groups);
    if (login && IS_ERR(io.sys.chdir(user.dir)))
      await io.warn(`warning: cannot change directory to ${user.dir}: No such file or directory`);
    return await run(io, shell, login, commandArguments(options, args), env);
  },
);

/** The first is the primary one. Who says others takes them in place of the user's own. */
function groupsOf(io: Io, options: Options, users: Users, user: Passwd): number[] {
  const said = [...options.values('g').slice(-1), ...options.values('G')];
  if (said.length === 0) return users.getgrouplist(user.name, user.gid);
  if (io.sys.getuid() !== 0) throw new Failure('only root can specify alternative groups');
  return said.map((name) => {
    const group = users.getgrnam(name);
    if (!group) throw new Failure(`group ${name} does not exist`);
    return group.gid;
  });
}

async function authenticate(io: Io, user: Passwd): Promise<void> {
  const stored = io.sys.geteuid() === 0 ? await shadowPassword(io.sys, user.name) : '*';
  if (stored === '') return;
  const typed = await askPassword(io.sys, 'Password: ', 0, 2);
  if (typed === undefined) io.sys.kill(io.sys.getpid(), SIGINT);
  if (typeof typed !== 'string' || !(await isPassword(typed, stored))) throw new Failure('Authentication failure');
}

function environment(io: Io, user: Passwd, shell: string, login: boolean, list: readonly string[]): string[] {
  const names = ['HOME', 'SHELL', ...(user.uid !== 0 || login ? ['USER', 'LOGNAME'] : []), ...(login ? ['PATH'] : []), 'MAIL'];
  const path =
    user.uid === 0
      ? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
      : '/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games';
  const values: Readonly<Record<string, string>> = {
    HOME: user.dir,
    SHELL: shell,
    USER: user.name,
    LOGNAME: user.name,
    PATH: path,
    MAIL: `/var/mail/${user.name}`,
  };
  const nameOf = (entry: string): string => entry.split('=')[0] ?? '';
  const kept = login ? io.envp.filter((e) => nameOf(e) === 'TERM' || list.includes(nameOf(e))) : io.envp;
  return [...kept.filter((e) => !names.includes(nameOf(e))), ...names.map((name) => `${name}=${values[name]}`)];
}

function become(io: Io, user: Passwd, groups: readonly number[]): void {
  const gid = groups[0] ?? user.gid;
  const steps = [
    ['cannot set groups', () => io.sys.setgroups([...new Set(groups)])],
    ['cannot set group id', () => io.sys.setresgid(gid, gid, gid)],
    ['cannot set user id', () => io.sys.setresuid(user.uid, user.uid, user.uid)],
  ] as const;
  for (const [what, step] of steps) {
    const error = step();
    if (IS_ERR(error)) throw new Failure(`${what}: ${error.message}`);
  }
}

function commandArguments(options: Options, args: readonly string[]): string[] {
  const text = options.value('c');
  return [...(options.has('f') ? ['-f'] : []), ...(text === null ? [] : ['-c', text]), ...args];
}

async function run(io: Io, shell: string, login: boolean, args: readonly string[], env: readonly string[]): Promise<number> {
  const name = shell.slice(shell.lastIndexOf('/') + 1);
  const error = await io.sys.execve(shell, [login ? `-${name}` : name, ...args], env);
  await io.warn(`failed to execute ${shell}`, error);
  return error === ENOENT ? 127 : 126;
}
