/** su: a shell as another user. Root needs no password; others have none to give here. Follows util-linux 2.38.1. */
import { ENOENT, IS_ERR } from '../../uapi/errno.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { getenv } from '../lib/environ.ts';
import { Failure } from '../lib/error.ts';
import { loadUsers, type Passwd } from '../lib/users.ts';

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
    ],
  },
  async (io, options, operands) => {
    const login = options.has('l') || operands[0] === '-';
    const [name = 'root', ...args] = operands[0] === '-' ? operands.slice(1) : operands;
    const users = await loadUsers(io.sys);
    const user = users.getpwnam(name);
    if (!user) throw new Failure(`user ${name} does not exist or the user entry does not contain all the required fields`);
    if (io.sys.getuid() !== 0) await refuse(io);
    const keep = !login && (options.has('m') || options.has('p'));
    const shell = options.value('s') ?? ((keep ? getenv(io.envp, 'SHELL') : undefined) || user.shell || '/bin/sh');
    const env = keep ? io.envp : environment(io, user, shell, login);
    const groups = users.groups.filter((g) => g.members.includes(user.name)).map((g) => g.gid);
    become(io, user, groups);
    if (login && IS_ERR(io.sys.chdir(user.dir)))
      await io.warn(`warning: cannot change directory to ${user.dir}: No such file or directory`);
    return await run(io, shell, login, commandArguments(options, args), env);
  },
);

/** There is no password database: nobody but root has leave. */
async function refuse(io: Io): Promise<never> {
  await io.complain('Password: \n');
  throw new Failure('Authentication failure');
}

function environment(io: Io, user: Passwd, shell: string, login: boolean): string[] {
  const names = ['HOME', 'SHELL', ...(user.uid !== 0 || login ? ['USER', 'LOGNAME'] : []), ...(login ? ['PATH'] : [])];
  const path =
    user.uid === 0
      ? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
      : '/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games';
  const values: Readonly<Record<string, string>> = { HOME: user.dir, SHELL: shell, USER: user.name, LOGNAME: user.name, PATH: path };
  const kept = login ? io.envp.filter((e) => e.startsWith('TERM=')) : io.envp.filter((e) => !names.includes(e.split('=')[0] ?? ''));
  return [...kept, ...names.map((name) => `${name}=${values[name]}`)];
}

function become(io: Io, user: Passwd, groups: readonly number[]): void {
  const steps = [
    ['cannot set groups', () => io.sys.setgroups([...new Set([user.gid, ...groups])])],
    ['cannot set group id', () => io.sys.setresgid(user.gid, user.gid, user.gid)],
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
