/** Who may run what: the rules of sudoers, asked for one user on one machine. Follows sudo 1.9.13. */
import { decode } from '../../uapi/bytes.ts';
import { IS_ERR } from '../../uapi/errno.ts';
import type { Syscalls } from '../../uapi/syscalls.ts';
import type { Io } from '../lib/command.ts';
import { Failure } from '../lib/error.ts';
import { sameFile } from '../lib/file-type.ts';
import { globToRegex } from '../lib/glob.ts';
import { basename, dirname } from '../lib/path.ts';
import { readFile } from '../lib/stdio.ts';
import type { Group, Passwd, Users } from '../lib/users.ts';
import { readNames } from '../lib/walk.ts';
import { type AliasType, type CommandSpec, type Default, type Line, type Member, type Privilege, parseSudoers } from './sudoers.ts';

const SUDOERS = '/etc/sudoers';

/** What sudo is asked for. */
export interface Wish {
  readonly user: Passwd;
  /** What -g said. */
  readonly group: Group | null;
  readonly path: string;
  readonly args: string;
}

/** The lines of /etc/sudoers and of what it includes. What is wrong in them is said. */
export async function loadSudoers(io: Io): Promise<Line[]> {
  const bad = unsafe(io.sys, SUDOERS);
  if (bad !== null) {
    await io.warn(bad);
    await io.warn('no valid sudoers sources found, quitting');
    throw new Failure('error initializing audit plugin sudoers_audit');
  }
  return await read(io, SUDOERS);
}

function unsafe(sys: Syscalls, path: string): string | null {
  const st = sys.stat(path);
  if (IS_ERR(st)) return `unable to open ${path}: ${st.message}`;
  if (st.st_uid !== 0) return `${path} is owned by uid ${st.st_uid}, should be 0`;
  if ((st.st_mode & 0o002) !== 0) return `${path} is world writable`;
  return (st.st_mode & 0o020) !== 0 && st.st_gid !== 0 ? `${path} is owned by gid ${st.st_gid}, should be 0` : null;
}

async function read(io: Io, path: string): Promise<Line[]> {
  const bytes = await readFile(io.sys, path);
  const bad = IS_ERR(bytes) ? `unable to open ${path}: ${bytes.message}` : unsafe(io.sys, path);
  if (IS_ERR(bytes) || bad !== null) {
    await io.warn(bad ?? '');
    return [];
  }
  const { lines, errors } = parseSudoers(decode(bytes));
  for (const { line, column, message, text, width } of errors) {
    const excerpt = width === 0 ? '' : `${text}\n${' '.repeat(column - 1)}^${'~'.repeat(width - 1)}\n`;
    await io.complain(`${path}:${line}:${column}: ${message}\n${excerpt}`);
  }
  const all: Line[] = [];
  for (const line of lines) {
    if (line.kind !== 'include' && line.kind !== 'includedir') all.push(line);
    else for (const file of await included(io, line, dirname(path))) all.push(...(await read(io, file)));
  }
  return all;
}

async function included(io: Io, { kind, path }: Line & { readonly path: string }, here: string): Promise<string[]> {
  const full = path.startsWith('/') ? path : `${here}/${path}`;
  if (kind === 'include') return [full];
  const names = await readNames(io.sys, full);
  if (IS_ERR(names)) return [];
  return names
    .filter((name) => !name.includes('.') && !name.endsWith('~'))
    .sort()
    .map((name) => `${full}/${name}`);
}

/** The answer to a wish: the rule that decided, whether it allows, or where the search ended. */
export interface Verdict {
  readonly allowed: boolean;
  readonly spec: CommandSpec | null;
  readonly why: 'command' | 'host' | 'user';
}

export class Policy {
  private readonly aliases = new Map<string, readonly Member[]>();

  constructor(
    private readonly sys: Syscalls,
    private readonly lines: readonly Line[],
    private readonly users: Users,
    readonly host: string,
  ) {
    for (const line of lines) if (line.kind === 'alias') this.aliases.set(line.type + line.name, line.members);
  }

  /** The settings that bind `caller` in this wish, in order. */
  defaults(caller: Passwd, wish: Wish | null): Default[] {
    return this.lines.flatMap((line) => (line.kind === 'defaults' ? line.defaults : [])).filter((d) => this.binds(d, caller, wish));
  }

  /** Those for a target or a command, whichever it is. */
  scopedDefaults(): Default[] {
    return this.lines.flatMap((line) => (line.kind === 'defaults' ? line.defaults : [])).filter((d) => d.scope === '>' || d.scope === '!');
  }

  private binds({ scope, members }: Default, caller: Passwd, wish: Wish | null): boolean {
    if (scope === '') return true;
    if (scope === ':') return this.userIn(members, caller, 'User_Alias') === true;
    if (scope === '@') return this.hostIn(members) === true;
    if (wish === null) return false;
    return (scope === '>' ? this.userIn(members, wish.user, 'Runas_Alias') : this.commandIn(members, wish)) === true;
  }

  /** What is written for `user` on this machine, in order; null if the user is not named at all. */
  privileges(user: Passwd): Privilege[] | null {
    const specs = this.lines.flatMap((line) => (line.kind === 'user' ? [line.spec] : []));
    const mine = specs.filter((spec) => this.userIn(spec.users, user, 'User_Alias') === true);
    if (mine.length === 0) return null;
    return mine.flatMap((spec) => spec.privileges).filter((p) => this.hostIn(p.hosts) === true);
  }

  /** The last rule that says anything decides. */
  ask(caller: Passwd, wish: Wish): Verdict {
    const privileges = this.privileges(caller);
    if (privileges === null || privileges.length === 0) return { allowed: false, spec: null, why: privileges === null ? 'user' : 'host' };
    for (const spec of privileges.flatMap((p) => p.commands).reverse()) {
      if (this.runas(spec, caller, wish) !== true) continue;
      const allowed = this.commandIn([spec.command], wish);
      if (allowed !== null) return { allowed, spec, why: 'command' };
    }
    return { allowed: false, spec: null, why: 'command' };
  }

  private runas({ users, groups }: CommandSpec, caller: Passwd, { user, group }: Wish): boolean | null {
    if (users === null && groups === null) return user.name === 'root';
    let byUser = this.userIn(users ?? [], user, 'Runas_Alias');
    if (users?.length === 0 && user.name === caller.name) byUser = true;
    if (group === null) return byUser;
    if (byUser === null && user.name === caller.name) byUser = true;
    let byGroup = decide(groups ?? [], (m) => this.matches(m, 'Runas_Alias', (name) => name === group.name || name === `#${group.gid}`));
    if (byGroup === null && (user.gid === group.gid || group.members.includes(user.name))) byGroup = true;
    if (byUser === false || byGroup === false) return false;
    return byUser === byGroup ? byUser : null;
  }

  private userIn(members: readonly Member[], user: Passwd, type: AliasType): boolean | null {
    return decide(members, (m) => this.matches(m, type, (name) => this.isUser(name, user)));
  }

  private isUser(name: string, user: Passwd): boolean {
    if (name.startsWith('#')) return Number(name.slice(1)) === user.uid;
    if (!name.startsWith('%')) return name === user.name;
    const group = name.startsWith('%#') ? this.users.getgrgid(Number(name.slice(2))) : this.users.getgrnam(name.slice(1));
    return group !== undefined && (group.gid === user.gid || group.members.includes(user.name));
  }

  private hostIn(members: readonly Member[]): boolean | null {
    return decide(members, (m) => this.matches(m, 'Host_Alias', (name) => globToRegex(name).test(this.host)));
  }

  private commandIn(members: readonly Member[], wish: Wish): boolean | null {
    return decide(members, (m) => {
      const alias = this.aliases.get(`Cmnd_Alias${m.name}`);
      if (m.name === 'ALL') return true;
      return alias ? this.commandIn(alias, wish) : this.isCommand(m, wish) || null;
    });
  }

  /** The same name and the same file; or its directory. */
  private isCommand({ name, args }: Member, { path, args: said }: Wish): boolean {
    if (args !== null && args !== undefined && (args === '' ? said !== '' : !globToRegex(args).test(said))) return false;
    if (name.endsWith('/')) return this.sameFile(name, dirname(path));
    if (/[*?[]/.test(name)) return name.split('/').length === path.split('/').length && globToRegex(name).test(path);
    return basename(name) === basename(path) && (name === path || this.sameFile(name, path));
  }

  private sameFile(a: string, b: string): boolean {
    const [x, y] = [this.sys.stat(a), this.sys.stat(b)];
    return !IS_ERR(x) && !IS_ERR(y) && sameFile(x, y);
  }

  private matches({ name }: Member, type: AliasType, test: (name: string) => boolean): boolean | null {
    if (name === 'ALL') return true;
    const alias = this.aliases.get(type + name);
    return alias ? decide(alias, (m) => this.matches(m, type, test)) : test(name) || null;
  }

  /** An alias' members where one stands for them. */
  expand(members: readonly Member[], type: AliasType): readonly Member[] {
    return members.flatMap((m) => {
      const alias = this.aliases.get(type + m.name);
      return alias ? this.expand(alias, type).map((x) => ({ ...x, negated: x.negated !== m.negated })) : [m];
    });
  }
}

/** The last member that matches says yes, or with a "!" no; null if none does. */
function decide(members: readonly Member[], match: (member: Member) => boolean | null): boolean | null {
  for (const member of [...members].reverse()) {
    const found = match(member);
    if (found !== null) return found !== member.negated;
  }
  return null;
}
