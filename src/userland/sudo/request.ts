/** What sudo was asked: by whom, as whom, which command; and what the rules say of it. Follows sudo 1.9.13. */
import { IS_ERR } from '../../uapi/errno.ts';
import { O_RDWR } from '../../uapi/fcntl.ts';
import type { Syscalls } from '../../uapi/syscalls.ts';
import type { Io, Options } from '../lib/command.ts';
import { getenv } from '../lib/environ.ts';
import { Failure } from '../lib/error.ts';
import { isProgram } from '../lib/file-type.ts';
import { isatty } from '../lib/stdio.ts';
import { type Group, loadUsers, type Passwd, type Users } from '../lib/users.ts';
import { flag, setting } from './environment.ts';
import { loadSudoers, Policy, type Verdict, type Wish } from './policy.ts';
import type { Default } from './sudoers.ts';
import { Timestamps } from './timestamp.ts';

/** What was asked, of whom and by whom. */
export class Request {
  policy!: Policy;
  wish: Wish;
  defaults: readonly Default[] = [];
  verdict: Verdict = { allowed: false, spec: null, why: 'user' };

  constructor(
    readonly io: Io,
    readonly options: Options,
    readonly users: Users,
    readonly caller: Passwd,
    readonly assigned: readonly string[],
    readonly argv: readonly string[],
    readonly tty: number | null,
    target: Passwd,
    group: Group | null,
  ) {
    const path = find(io.sys, this.command, SECURE_PATH.split(':'));
    this.wish = { user: target, group, path: path ?? this.command, args: this.plainArguments().join(' ') };
  }

  /** As it was typed, which SUDO_COMMAND and the rules of sudoers see. */
  private plainArguments(): string[] {
    const [, minusC, text] = this.argv;
    return this.isShell && minusC === '-c' ? ['-c', unescapeWords(text ?? '')] : this.argv.slice(1);
  }

  get isShell(): boolean {
    return this.options.has('i') || this.options.has('s');
  }
  get command(): string {
    return this.argv[0] ?? '';
  }
  get target(): Passwd {
    return this.wish.user;
  }
  get timestamps(): Timestamps {
    return new Timestamps(this.io.sys, this.caller.name, this.caller.uid, this.tty);
  }

  async loadPolicy(): Promise<void> {
    const { io, users, caller } = this;
    this.policy = new Policy(io.sys, await loadSudoers(io), users, io.sys.uname().nodename.replace(/\..*/s, ''));
    this.defaults = this.policy.defaults(caller, this.wish);
    if (this.securePath !== null) this.wish = { ...this.wish, path: this.found ?? this.command };
    this.defaults = this.policy.defaults(caller, this.wish);
    this.verdict = this.policy.ask(caller, this.wish);
    if (caller.uid !== 0 && flag(this.defaults, 'requiretty', false) && this.tty === null)
      throw new Failure('sorry, you must have a tty to run sudo');
  }

  private get securePath(): string | null {
    return setting(this.defaults, 'secure_path');
  }
  /** Where the command stands, or null. */
  get found(): string | null {
    const path = this.securePath ?? getenv(this.io.envp, 'PATH') ?? '';
    return find(this.io.sys, this.command, path.split(':'));
  }
}

const SECURE_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

function find(sys: Syscalls, name: string, directories: readonly string[]): string | null {
  const candidates = name.includes('/') ? [name] : directories.map((directory) => `${directory}/${name}`);
  return name === '' ? null : (candidates.find((path) => isProgram(sys.stat(path))) ?? null);
}

export async function prepare(io: Io, options: Options, words: readonly string[]): Promise<Request> {
  const users = await loadUsers(io.sys);
  const caller = users.getpwuid(io.sys.getuid());
  if (!caller) throw new Failure('you do not exist in the passwd database');
  const first = words.findIndex((word) => !/^[^=/]+=/.test(word));
  const assigned = first < 0 ? words : words.slice(0, first);
  const rest = first < 0 ? [] : words.slice(first);
  const group = await findGroup(io, options, users);
  const target = await findTarget(io, options, users, caller, group);
  const argv = options.has('i') || options.has('s') ? shellCommand(io, options, caller, target, rest) : rest;
  return new Request(io, options, users, caller, assigned, argv, await terminal(io.sys), target, group);
}

/** The terminal's device number, null without one. */
async function terminal(sys: Syscalls): Promise<number | null> {
  const fd = await sys.open('/dev/tty', O_RDWR);
  if (IS_ERR(fd)) return null;
  sys.close(fd);
  const st = [0, 1, 2].filter((n) => isatty(sys, n)).map((n) => sys.fstat(n))[0];
  return st === undefined || IS_ERR(st) ? 0 : st.st_rdev;
}

async function findTarget(io: Io, options: Options, users: Users, caller: Passwd, group: Group | null): Promise<Passwd> {
  const name = options.value('u') ?? (group === null ? 'root' : caller.name);
  return users.getpwnam(name) ?? (await byNumber(io, 'user', name, (uid) => users.getpwuid(uid)));
}

async function findGroup(io: Io, options: Options, users: Users): Promise<Group | null> {
  const name = options.value('g');
  if (name === null) return null;
  return users.getgrnam(name) ?? (await byNumber(io, 'group', name, (gid) => users.getgrgid(gid)));
}

/** What is no name may be "#" and a number. */
async function byNumber<T>(io: Io, kind: 'user' | 'group', name: string, find: (id: number) => T | undefined): Promise<T> {
  const id = /^#(\d+)$/.exec(name)?.[1];
  const found = id === undefined ? undefined : find(Number(id));
  if (found !== undefined) return found;
  await io.warn(`unknown ${kind} ${name}`);
  throw new Failure(id === undefined ? 'error initializing audit plugin sudoers_audit' : '');
}

function shellCommand(io: Io, options: Options, caller: Passwd, target: Passwd, words: readonly string[]): string[] {
  const own = getenv(io.envp, 'SHELL') || caller.shell;
  const shell = (options.has('i') ? target.shell : own) || '/bin/sh';
  if (words.length === 0) return [shell];
  return [shell, '-c', words.map((w) => w.replace(/[^A-Za-z0-9_\-$]/g, '\\$&')).join(' ')];
}

const unescapeWords = (text: string): string => text.replace(/\\([\s\S])/g, '$1');
