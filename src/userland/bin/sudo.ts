/** sudo: runs a command as another user, as far as /etc/sudoers lets one. Follows sudo 1.9.13. */
import { decode } from '../../uapi/bytes.ts';
import { ENOEXEC, IS_ERR } from '../../uapi/errno.ts';
import { S_ISUID } from '../../uapi/stat.ts';
import type { Syscalls } from '../../uapi/syscalls.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { Failure, UsageError } from '../lib/error.ts';
import { windowSize } from '../lib/keys.ts';
import { basename } from '../lib/path.ts';
import { isatty, readFile } from '../lib/stdio.ts';
import type { Passwd } from '../lib/users.ts';
import { authenticate } from '../sudo/authenticate.ts';
import { buildEnvironment, flag, forbidden } from '../sudo/environment.ts';
import { listDefaults, listLong, listScoped, listShort } from '../sudo/list.ts';
import type { Verdict, Wish } from '../sudo/policy.ts';
import { prepare, type Request } from '../sudo/request.ts';

const USAGE = `usage: sudo -h | -K | -k | -V
usage: sudo -v [-ABkNnS] [-g group] [-h host] [-p prompt] [-u user]
usage: sudo -l [-ABkNnS] [-g group] [-h host] [-p prompt] [-U user] [-u user]
            [command [arg ...]]
usage: sudo [-ABbEHkNnPS] [-r role] [-t type] [-C num] [-D directory] [-g
            group] [-h host] [-p prompt] [-R directory] [-T timeout] [-u user]
            [VAR=value] [-i | -s] [command [arg ...]]
usage: sudo -e [-ABkNnS] [-r role] [-t type] [-C num] [-D directory] [-g group]
            [-h host] [-p prompt] [-R directory] [-T timeout] [-u user] file ...
`;
const OPTIONS = [
  ['-A, --askpass', 'use a helper program for password prompting'],
  ['-b, --background', 'run command in the background'],
  ['-B, --bell', 'ring bell when prompting'],
  ['-C, --close-from=num', 'close all file descriptors >= num'],
  ['-D, --chdir=directory', 'change the working directory before running command'],
  ['-E', 'preserve user environment when running command'],
  ['--preserve-env[=list]', 'preserve specific environment variables'],
  ['-e, --edit', 'edit files instead of running a command'],
  ['-g, --group=group', 'run command as the specified group name or ID'],
  ['-H, --set-home', "set HOME variable to target user's home dir"],
  ['-h[host]', 'display help message and exit, or run command on host (if supported by plugin)'],
  ['-i, --login', 'run login shell as the target user; a command may also be specified'],
  ['-K, --remove-timestamp', 'remove timestamp file completely'],
  ['-k, --reset-timestamp', 'invalidate timestamp file'],
  ['-l, --list', "list user's privileges or check a specific command; use twice for longer format"],
  ['-n, --non-interactive', 'non-interactive mode, no prompts are used'],
  ['-P, --preserve-groups', "preserve group vector instead of setting to target's"],
  ['-p, --prompt=prompt', 'use the specified password prompt'],
  ['-R, --chroot=directory', 'change the root directory before running command'],
  ['-r, --role=role', 'create SELinux security context with specified role'],
  ['-S, --stdin', 'read password from standard input'],
  ['-s, --shell', 'run shell as the target user; a command may also be specified'],
  ['-t, --type=type', 'create SELinux security context with specified type'],
  ['-T, --command-timeout=timeout', 'terminate command after the specified time limit'],
  ['-U, --other-user=user', 'in list mode, display privileges for user'],
  ['-u, --user=user', 'run command (or edit file) as specified user name or ID'],
  ['-V, --version', 'display version information and exit'],
  ['-v, --validate', "update user's timestamp without running a command"],
] as const;

export const main = command(
  {
    name: 'sudo',
    usage: ['[VAR=value] [-i | -s] [command [arg ...]]'],
    summary: 'execute a command as another user',
    follows: 'sudo 1.9.13p3',
    shortName: true,
    permute: false,
    hint: () => USAGE,
    options: OPTIONS,
  },
  async (io, options, operands) => {
    const words = operandsAfterHost(io, options, operands);
    if (options.has('V') || (options.has('h') && words === null)) return inform(io, options);
    checkOptions(options, words ?? []);
    await mustBeRoot(io);
    const request = await prepare(io, options, words ?? []);
    if (options.has('k') || options.has('K')) await forget(request);
    if (isForgetOnly(options, words ?? [])) return 0;
    await request.loadPolicy();
    if (options.has('l') && request.command === '') return await list(request);
    if (options.has('v')) return await validate(request);
    return options.has('l') ? await check(request) : await run(request);
  },
);

const MODES = ['e', 'i', 'K', 'l', 's', 'v', 'V'];

/** "-h host" is two words, and "-h" alone asks for help: null. */
function operandsAfterHost(io: Io, options: Options, operands: readonly string[]): string[] | null {
  if (options.list.at(-1)?.key !== 'h' || options.value('h') !== null)
    return options.has('h') && options.value('h') === null ? null : [...operands];
  const [host, ...rest] = operands;
  if (host === undefined || host.startsWith('/')) return null;
  if (host !== io.sys.uname().nodename && !options.has('l'))
    throw new Failure('a remote host may only be specified when listing privileges.');
  return rest;
}

function inform(io: Io, options: Options): number {
  io.stdout.put(options.has('V') ? 'Sudo version 1.9.13p3\nSudoers policy of binfmt-lab, after version 1.9.13p3\n' : help());
  return 0;
}

function help(): string {
  const rows = OPTIONS.map(([notation, what]) => {
    const left = `  ${notation.startsWith('--') ? `    ${notation}` : notation}`;
    return `${left.padEnd(29)} ${what}\n`;
  });
  return `sudo - execute a command as another user\n\n${USAGE}\nOptions:\n${rows.join('')}`;
}

function checkOptions(options: Options, words: readonly string[]): void {
  const modes = MODES.filter((mode) => options.has(mode));
  if (options.has('i') && options.has('s')) throw new UsageError('you may not specify both the -i and -s options');
  if (options.has('i') && options.has('E')) throw new UsageError('you may not specify both the -i and -E options');
  if (modes.length > 1 && !modes.includes('s'))
    throw new UsageError('Only one of the -e, -h, -i, -K, -l, -s, -v or -V options may be specified');
  if (modes.length > 1 || options.value('u') === '' || options.value('g') === '') throw new UsageError('');
  if (options.has('U') && !options.has('l')) throw new UsageError('the -U option may only be used with the -l option');
  const from = options.value('C');
  if (from !== null && !/^(?:[3-9]|\d{2,})$/.test(from))
    throw new UsageError('the argument to -C must be a number greater than or equal to 3');
  if (options.has('K') && words.length > 0) throw new UsageError('');
  if (words.length === 0 && modes.length === 0 && !(options.has('k') && options.list.length === 1)) throw new UsageError('');
  if (options.has('e')) throw new Failure('-e is not modelled: edit the file with sudo edit');
}

const isForgetOnly = (options: Options, words: readonly string[]): boolean =>
  options.has('K') || (options.has('k') && options.list.length === 1 && words.length === 0);

/** The set-user-id bit is what makes it sudo; where it did not work, sudo says why. */
async function mustBeRoot(io: Io): Promise<void> {
  if (io.sys.geteuid() === 0) return;
  const status = await readFile(io.sys, '/proc/self/status');
  if (!IS_ERR(status) && /^NoNewPrivs:\t1/m.test(decode(status))) {
    await io.warn('The "no new privileges" flag is set, which prevents sudo from running as root.');
    throw new Failure('If sudo is running in a container, you may need to adjust the container configuration to disable the flag.');
  }
  const exe = io.sys.readlink('/proc/self/exe');
  const path = IS_ERR(exe) ? 'sudo' : exe;
  const st = io.sys.stat(path);
  if (IS_ERR(st) || st.st_uid !== 0 || (st.st_mode & S_ISUID) === 0)
    throw new Failure(`${path} must be owned by uid 0 and have the setuid bit set`);
  throw new Failure(
    `effective uid is not 0, is ${path} on a file system with the 'nosuid' option set or an NFS file system without root privileges?`,
  );
}

async function forget({ options, timestamps }: Request): Promise<void> {
  if (options.has('K')) timestamps.remove();
  else await timestamps.disable();
}

const isTagged = (spec: Verdict['spec'], request: Request): boolean => spec?.tags.NOPASSWD ?? !flag(request.defaults, 'authenticate', true);

/** The rules written for `user` here, one list a line of sudoers. */
const written = ({ policy }: Request, user: Passwd) => (policy.privileges(user) ?? []).map((p) => p.commands);

/** Whose rules are listed: the caller's, or with -U another's. */
function listed({ options, users, caller }: Request): Passwd {
  const name = options.value('U');
  const user = name === null ? caller : users.getpwnam(name);
  if (!user) throw new Failure(`unknown user ${name}`);
  return user;
}

async function list(request: Request): Promise<number> {
  const { io, options, caller, policy } = request;
  const other = listed(request);
  const free =
    other === caller &&
    written(request, caller)
      .flat()
      .some((spec) => isTagged(spec, request));
  if (!free) await authenticate(request);
  const specs = written(request, other);
  if (specs.length === 0) return await nothing(request, other);
  const columns = isatty(io.sys, 1) ? windowSize(io.sys, 1).columns : 80;
  const heading = ` for ${other.name} on ${policy.host}:\n`;
  const bound = policy.defaults(other, null);
  if (bound.length > 0) io.stdout.put(`Matching Defaults entries${heading}${listDefaults(bound, columns)}\n`);
  const scoped = policy.scopedDefaults();
  if (scoped.length > 0) io.stdout.put(`Runas and Command-specific defaults for ${other.name}:\n${listScoped(scoped, columns)}\n`);
  io.stdout.put(`User ${other.name} may run the following commands on ${policy.host}:\n`);
  const long = options.list.filter((o) => o.key === 'l').length > 1;
  io.stdout.put(long ? listLong(policy, other, specs) : listShort(policy, other, specs, columns));
  return 0;
}

async function nothing({ io, caller, policy }: Request, other: Passwd): Promise<number> {
  if (other === caller) {
    await io.complain(`Sorry, user ${caller.name} may not run sudo on ${policy.host}.\n`);
    return 1;
  }
  io.stdout.put(`User ${other.name} is not allowed to run sudo on ${policy.host}.\n`);
  return 0;
}

async function validate(request: Request): Promise<number> {
  const specs = written(request, request.caller).flat();
  if (specs.length === 0 && request.caller.uid !== 0) return await nothing(request, request.caller);
  if (!specs.every((spec) => isTagged(spec, request))) await authenticate(request);
  return 0;
}

/** sudo -l COMMAND: its full name if it may be run. */
async function check(request: Request): Promise<number> {
  const { io, caller, wish } = request;
  const other = listed(request);
  const own = written(request, caller).flat();
  if (other !== caller || !own.some((spec) => isTagged(spec, request))) await authenticate(request);
  if (!request.policy.ask(other, wish).allowed) return 1;
  if (request.found === null) throw new Failure(`${request.command}: command not found`);
  io.stdout.put(`${commandLine(wish)}\n`);
  return 0;
}

const commandLine = ({ path, args }: Wish): string => [path, args].filter(Boolean).join(' ');

async function run(request: Request): Promise<number> {
  const { options, io } = request;
  if (options.has('R')) throw new Failure(`you are not permitted to use the -R option with ${request.command}`);
  if (options.has('C')) throw new Failure('you are not permitted to use the -C option');
  if (!isTagged(request.verdict.spec, request)) await authenticate(request);
  if (!request.verdict.allowed) return await deny(request);
  if (request.found === null) return await notFound(request);
  if (options.has('D')) throw new Failure(`you are not permitted to use the -D option with ${request.wish.path}`);
  if (options.has('T')) throw new Failure('sorry, you are not allowed set a command timeout');
  const env = environment(request);
  if (options.has('b')) return background(request, env);
  return await execute(io, io.sys, request, env);
}

async function deny({ io, caller, wish, verdict, policy, argv }: Request): Promise<number> {
  const target = wish.group === null ? wish.user.name : `${wish.user.name}:${wish.group.name}`;
  const words = [wish.path, ...argv.slice(1)].join(' ');
  const text = {
    user: `${caller.name} is not in the sudoers file.\n`,
    host: `${caller.name} is not allowed to run sudo on ${policy.host}.\n`,
    command: `Sorry, user ${caller.name} is not allowed to execute '${words}' as ${target} on ${policy.host}.\n`,
  };
  await io.complain(text[verdict.why]);
  return 1;
}

async function notFound({ io, command }: Request): Promise<number> {
  await io.warn(`${command}: command not found`);
  if (command !== 'cd') return 1;
  await io.warn('"cd" is a shell built-in command, it cannot be run directly.');
  await io.warn('the -s option may be used to run a privileged shell.');
  await io.warn('the -D option may be used to run a command in a specific directory.');
  return 1;
}

function environment(request: Request): string[] {
  const { io, options, defaults, caller, wish, assigned, verdict } = request;
  const target = request.isShell ? { ...request.target, shell: request.command } : request.target;
  const all = options.list.some((o) => o.key === 'E' || (o.key === 'preserve-env' && o.value === null));
  const names = options.values('preserve-env').flatMap((list) => list.split(','));
  const free = verdict.spec?.tags.SETENV ?? (verdict.spec?.command.name === 'ALL' || flag(defaults, 'setenv', false));
  if (!free && all) throw new Failure('sorry, you are not allowed to preserve the environment');
  const bad = free ? [] : forbidden(defaults, assigned);
  if (bad.length > 0) throw new Failure(`sorry, you are not allowed to set the following environment variables: ${bad.join(', ')}`);
  const of = { envp: io.envp, defaults, caller, target, assigned, login: options.has('i'), setHome: options.has('H') };
  return buildEnvironment({ ...of, everything: all, names: free ? names : [], command: commandLine(wish) });
}

function background(request: Request, env: readonly string[]): number {
  const pid = request.io.sys.clone(0, async (child) => await execute(request.io, child, request, env));
  if (IS_ERR(pid)) throw new Failure(`unable to fork: ${pid.message}`);
  return 0;
}

/** A file of no known format is given to sh. */
async function execute(io: Io, sys: Syscalls, request: Request, env: readonly string[]): Promise<number> {
  const { options, argv, wish } = request;
  become(sys, request);
  if (options.has('i') && IS_ERR(sys.chdir(wish.user.dir))) await io.warn(`unable to change directory to ${wish.user.dir}`);
  const [name = '', ...args] = argv;
  const zero = options.has('i') ? `-${basename(name)}` : name;
  let error = await sys.execve(wish.path, [zero, ...args], env);
  if (error === ENOEXEC) error = await sys.execve('/bin/sh', ['sh', wish.path, ...args], env);
  await io.warn(`unable to execute ${wish.path}: ${error.message}`);
  return 1;
}

function become(sys: Syscalls, { options, users, target, wish }: Request): void {
  const gid = wish.group?.gid ?? target.gid;
  sys.umask(sys.umask(0) | 0o022);
  const steps = [
    options.has('P') ? 0 : sys.setgroups(users.getgrouplist(target.name, target.gid)),
    sys.setresgid(gid, gid, gid),
    sys.setresuid(target.uid, target.uid, target.uid),
  ];
  const failed = steps.find((status) => status !== 0);
  if (failed && IS_ERR(failed)) throw new Failure(`unable to change to runas uid (${target.uid}, ${target.uid}): ${failed.message}`);
}
