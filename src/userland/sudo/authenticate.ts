/** Whether it is really the caller who asks: a password, unless one was given a while ago. Follows sudo 1.9.13. */
import { decode } from '../../uapi/bytes.ts';
import { IS_ERR } from '../../uapi/errno.ts';
import { O_RDWR } from '../../uapi/fcntl.ts';
import { getenv } from '../lib/environ.ts';
import { Failure } from '../lib/error.ts';
import { askPassword, isPassword, shadowPassword } from '../lib/password.ts';
import { readAll } from '../lib/stdio.ts';
import type { Passwd } from '../lib/users.ts';
import { flag, setting } from './environment.ts';
import type { Request } from './request.ts';

/** Comes back when all is well; says what is wrong otherwise. */
export async function authenticate(request: Request): Promise<void> {
  if (isSelf(request)) return;
  const { io, options, defaults, timestamps } = request;
  const minutes = Number(setting(defaults, 'timestamp_timeout') ?? 15);
  if (!options.has('k') && (await timestamps.fresh(minutes))) return;
  const who = asked(request);
  const stored = await shadowPassword(io.sys, who.name);
  if (stored !== '') await prompt(request, who, stored);
  if (request.verdict.allowed || options.has('v') || options.has('l')) await timestamps.update();
}

/** Root, and who stays the same user with a group of their own, is not asked. */
function isSelf({ io, caller, target, wish: { group } }: Request): boolean {
  if (io.sys.getuid() === 0) return true;
  if (caller.uid !== target.uid) return false;
  return group === null || group.gid === caller.gid || group.members.includes(caller.name);
}

/** Whose password counts. */
function asked({ users, caller, target, defaults }: Request): Passwd {
  if (flag(defaults, 'rootpw', false)) return users.getpwuid(0) ?? caller;
  return flag(defaults, 'targetpw', false) ? target : caller;
}

async function prompt(request: Request, who: Passwd, stored: string): Promise<void> {
  const { io, options, defaults } = request;
  if (options.has('n')) throw new Failure('a password is required');
  const tries = Number(setting(defaults, 'passwd_tries') ?? 3);
  for (let wrong = 0; ; ) {
    const typed = await typedPassword(request, who);
    if (typed === null) {
      if (!options.has('A')) await io.complain('\n');
      await io.warn('no password was provided');
    }
    if (typed === null || typed === undefined) throw new Failure(wrong === 0 ? 'a password is required' : attempts(wrong));
    if (await isPassword(typed, stored)) return;
    if (++wrong >= tries) throw new Failure(attempts(wrong));
    await io.complain('Sorry, try again.\n');
  }
}

const attempts = (count: number): string => `${count} incorrect password attempt${count === 1 ? '' : 's'}`;

async function typedPassword(request: Request, who: Passwd): Promise<string | null | undefined> {
  const { io, options } = request;
  const text = promptText(request, who);
  if (options.has('A')) return await fromHelper(request, text);
  if (options.has('S')) return await askPassword(io.sys, text, 0, 2);
  const fd = await io.sys.open('/dev/tty', O_RDWR);
  if (IS_ERR(fd)) {
    await io.warn(
      'a terminal is required to read the password; either use the -S option to read from standard input or configure an askpass helper',
    );
    throw new Failure('a password is required');
  }
  const typed = await askPassword(io.sys, text, fd, fd);
  io.sys.close(fd);
  return typed;
}

function promptText({ options, defaults, caller, target, policy }: Request, who: Passwd): string {
  const text = options.value('p') ?? setting(defaults, 'passprompt') ?? '[sudo] password for %p: ';
  const values: Readonly<Record<string, string>> = {
    p: who.name,
    u: caller.name,
    U: target.name,
    h: policy.host,
    H: policy.host,
    '%': '%',
  };
  return text.replace(/%([puUhH%])/g, (_, letter: string) => values[letter] ?? '');
}

/** SUDO_ASKPASS runs as the caller, and prints the password. */
async function fromHelper({ io, caller }: Request, text: string): Promise<string | null> {
  const helper = getenv(io.envp, 'SUDO_ASKPASS');
  if (helper === undefined) throw new Failure('no askpass program specified, try setting SUDO_ASKPASS');
  const ends = io.sys.pipe2(0);
  if (IS_ERR(ends)) throw new Failure(`unable to create pipe: ${ends.message}`);
  const [from, to] = ends;
  const pid = io.sys.clone(0, async (child) => {
    child.dup2(to, 1);
    child.close(from);
    child.setresgid(caller.gid, caller.gid, caller.gid);
    child.setresuid(caller.uid, caller.uid, caller.uid);
    await io.warn(`unable to run ${helper}`, await child.execve(helper, [helper, text], io.envp));
    return 255;
  });
  io.sys.close(to);
  if (IS_ERR(pid)) throw new Failure(`unable to fork: ${pid.message}`);
  const bytes = await readAll(io.sys, from);
  io.sys.close(from);
  await io.sys.wait4(pid, 0);
  return IS_ERR(bytes) || bytes.length === 0 ? null : (decode(bytes).split('\n')[0] ?? '');
}
