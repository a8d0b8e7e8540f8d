/** sudo: runs a command as another user. Root may; so may the group sudo, without a password here. Follows sudo 1.9.13. */
import { EACCES, IS_ERR } from '../../uapi/errno.ts';
import { X_OK } from '../../uapi/fcntl.ts';
import { S_ISREG } from '../../uapi/stat.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { getenv } from '../lib/environ.ts';
import { Failure, UsageError } from '../lib/error.ts';
import { loadUsers, type Passwd, type Users } from '../lib/users.ts';

const SECURE_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const USAGE = `usage: sudo -h | -V
usage: sudo [-EHis] [-g group] [-u user] [VAR=value] [command [arg ...]]
`;

export const main = command(
  {
    name: 'sudo',
    usage: ['[-EHis] [-g group] [-u user] [VAR=value] [command [arg ...]]'],
    summary: 'Execute a command as another user.',
    follows: 'sudo 1.9.13',
    shortName: true,
    permute: false,
    hint: () => USAGE,
    options: [
      ['-u, --user=USER', 'run command as specified user name or ID'],
      ['-g, --group=GROUP', 'run command as the specified group name or ID'],
      ['-E, --preserve-env', 'preserve user environment when running command'],
      ['-H, --set-home', "set HOME variable to target user's home dir"],
      ['-i, --login', 'run login shell as the target user'],
      ['-s, --shell', 'run shell as the target user'],
      ['-n, --non-interactive', 'non-interactive mode, no prompts are used'],
      ['-h', 'show this text and exit'],
      ['-V', 'show the version and exit'],
    ],
  },
  async (io, options, operands) => {
    if (options.has('V') || options.has('h')) {
      io.stdout.put(options.has('V') ? 'Sudo version 1.9.13p3, modelled in binfmt-lab\n' : USAGE);
      return 0;
    }
    const shell = options.has('i') || options.has('s');
    const first = operands.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word));
    const words = first < 0 ? [] : operands.slice(first);
    if (words.length === 0 && !shell) throw new UsageError('');
    if (io.sys.geteuid() !== 0) throw new Failure('/usr/bin/sudo must be owned by uid 0 and have the setuid bit set');
    const users = await loadUsers(io.sys);
    const caller = mayUse(io, users);
    const target = targetUser(options, users);
    const argv = shell ? shellCommand(options, target, words) : words;
    const env = environment(io, options, caller, target, argv, first < 0 ? operands : operands.slice(0, first));
    become(io, options, users, target);
    if (options.has('i')) io.sys.chdir(target.dir);
    return await run(io, argv, env, options.has('i'));
  },
);

/** Root, or a member of the group sudo. */
function mayUse(io: Io, users: Users): Passwd {
  const uid = io.sys.getuid();
  const caller = users.getpwuid(uid);
  if (!caller) throw new Failure(`you do not exist in the passwd database`);
  const sudoers = users.getgrnam('sudo');
  if (uid === 0 || sudoers?.members.includes(caller.name) || sudoers?.gid === caller.gid) return caller;
  throw new Failure(`${caller.name} is not in the sudoers file.`);
}

function targetUser(options: Options, users: Users): Passwd {
  const name = options.value('u') ?? 'root';
  const user = users.getpwnam(name) ?? (/^#?\d+$/.test(name) ? users.getpwuid(Number(name.replace('#', ''))) : undefined);
  if (!user) throw new Failure(`unknown user ${name}`);
  return user;
}

function shellCommand(options: Options, target: Passwd, words: readonly string[]): string[] {
  const shell = target.shell || '/bin/sh';
  if (words.length === 0) return [shell];
  const quoted = words.map((w) => w.replace(/[^A-Za-z0-9_\-$]/g, '\\$&')).join(' ');
  return options.has('i') || options.has('s') ? [shell, '-c', quoted] : [...words];
}

function environment(
  io: Io,
  options: Options,
  caller: Passwd,
  target: Passwd,
  argv: readonly string[],
  extra: readonly string[],
): string[] {
  const keep = (name: string): string[] => {
    const value = getenv(io.envp, name);
    return value === undefined ? [] : [`${name}=${value}`];
  };
  const kept = options.has('E')
    ? io.envp.filter((e) => !e.startsWith('PATH='))
    : ['LANG', 'LC_ALL', 'TERM', 'DISPLAY', 'COLORTERM'].flatMap(keep);
  const set = [
    `PATH=${SECURE_PATH}`,
    ...(options.has('E') && !options.has('H') ? [] : [`HOME=${target.dir}`]),
    `MAIL=/var/mail/${target.name}`,
    `LOGNAME=${target.name}`,
    `USER=${target.name}`,
    `SHELL=${target.shell}`,
    `SUDO_COMMAND=${argv.join(' ')}`,
    `SUDO_USER=${caller.name}`,
    `SUDO_UID=${caller.uid}`,
    `SUDO_GID=${caller.gid}`,
  ];
  const named = new Set([...set, ...extra].map((e) => e.slice(0, e.indexOf('='))));
  return [...kept.filter((e) => !named.has(e.slice(0, e.indexOf('=')))), ...set, ...extra];
}

function become(io: Io, options: Options, users: Users, target: Passwd): void {
  const group = options.value('g');
  const gid = group === null ? target.gid : (users.getgrnam(group)?.gid ?? (/^#?\d+$/.test(group) ? Number(group.replace('#', '')) : null));
  if (gid === null) throw new Failure(`unknown group ${group}`);
  const groups = users.groups.filter((g) => g.members.includes(target.name)).map((g) => g.gid);
  const failed = [
    io.sys.setgroups([...new Set([gid, ...groups])]),
    io.sys.setresgid(gid, gid, gid),
    io.sys.setresuid(target.uid, target.uid, target.uid),
  ].find((s) => s !== 0);
  if (failed && IS_ERR(failed)) throw new Failure(`unable to change to runas user: ${failed.message}`);
}

/** sudo looks the command up itself, and gives it to no shell. */
async function run(io: Io, argv: readonly string[], env: readonly string[], login: boolean): Promise<number> {
  const name = argv[0] ?? '';
  const path = find(io, name);
  if (path === null) throw new Failure(`${name}: command not found`);
  const zero = login ? `-${name.slice(name.lastIndexOf('/') + 1)}` : name;
  const error = await io.sys.execve(path, [zero, ...argv.slice(1)], env);
  throw new Failure(`unable to execute ${path}: ${error.message}`);
}

function find(io: Io, name: string): string | null {
  const candidates = name.includes('/') ? [name] : SECURE_PATH.split(':').map((directory) => `${directory}/${name}`);
  const usable = candidates.find((path) => {
    const st = io.sys.stat(path);
    return !IS_ERR(st) && S_ISREG(st.st_mode) && io.sys.access(path, X_OK) !== EACCES && (st.st_mode & 0o111) !== 0;
  });
  return usable ?? null;
}
