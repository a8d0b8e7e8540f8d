/** id: user and group identities. Follows GNU coreutils 9.1. */
import type { Syscalls } from '../../uapi/syscalls.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { Failure } from '../lib/error.ts';
import { loadUsers, type Passwd, type Users } from '../lib/users.ts';

/** Whose identity: real and effective ids, and all groups. */
interface Identity {
  readonly uid: number;
  readonly gid: number;
  readonly euid: number;
  readonly egid: number;
  readonly groups: readonly number[];
}

export const main = command(
  {
    name: 'id',
    usage: ['[OPTION]... [USER]...'],
    summary: 'Print user and group information for each specified USER, or for the current process.',
    options: [
      ['-a', 'ignore, for compatibility with other versions'],
      ['-Z, --context', 'print only the security context of the process'],
      ['-g, --group', 'print only the effective group ID'],
      ['-G, --groups', 'print all group IDs'],
      ['-n, --name', 'print a name instead of a number, for -ugG'],
      ['-r, --real', 'print the real ID instead of the effective ID, with -ugG'],
      ['-u, --user', 'print only the effective user ID'],
      ['-z, --zero', 'delimit entries with NUL characters, not whitespace'],
    ],
  },
  async (io, options, names) => {
    const only = checked(options);
    const users = await loadUsers(io.sys);
    if (names.length === 0) await show(io, options, only, users, ofProcess(io.sys));
    for (const name of names) {
      const user = users.getpwnam(name) ?? (/^\+?\d+$/.test(name) ? users.getpwuid(Number(name)) : undefined);
      if (!user) await io.fail(`${io.quote(name)}: no such user`);
      else await show(io, options, only, users, ofUser(user, users));
    }
    return undefined;
  },
);

/** The one thing to print, or null for everything. */
function checked(options: Options): 'u' | 'g' | 'G' | null {
  if (options.has('Z')) throw new Failure('--context (-Z) works only on an SELinux-enabled kernel');
  const only = (['u', 'g', 'G'] as const).filter((k) => options.has(k));
  if (only.length > 1) throw new Failure('cannot print "only" of more than one choice');
  if (only.length === 0 && (options.has('n') || options.has('r')))
    throw new Failure('cannot print only names or real IDs in default format');
  if (only.length === 0 && options.has('z')) throw new Failure('option --zero not permitted in default format');
  return only[0] ?? null;
}

function ofProcess(sys: Syscalls): Identity {
  const egid = sys.getegid();
  const groups = [...new Set([egid, ...sys.getgroups()])];
  return { uid: sys.getuid(), gid: sys.getgid(), euid: sys.geteuid(), egid, groups };
}

function ofUser(user: Passwd, users: Users): Identity {
  return { uid: user.uid, gid: user.gid, euid: user.uid, egid: user.gid, groups: users.getgrouplist(user.name, user.gid) };
}

async function show(io: Io, options: Options, only: 'u' | 'g' | 'G' | null, users: Users, who: Identity): Promise<void> {
  const end = options.has('z') ? '\0' : '\n';
  if (only === null) io.stdout.put(`${everything(users, who)}\n`);
  else if (only === 'u') io.stdout.put((await shown(io, options, options.has('r') ? who.uid : who.euid, 'user', users)) + end);
  else if (only === 'g') io.stdout.put((await shown(io, options, options.has('r') ? who.gid : who.egid, 'group', users)) + end);
  else {
    const all: string[] = [];
    for (const gid of who.groups) all.push(await shown(io, options, gid, 'group', users));
    io.stdout.put(all.join(options.has('z') ? '\0' : ' ') + end);
  }
}

async function shown(io: Io, options: Options, id: number, kind: 'user' | 'group', users: Users): Promise<string> {
  if (!options.has('n')) return String(id);
  const name = kind === 'user' ? users.getpwuid(id)?.name : users.getgrgid(id)?.name;
  if (name === undefined) await io.fail(`cannot find name for ${kind} ID ${id}`);
  return name ?? String(id);
}

function everything(users: Users, who: Identity): string {
  const user = (id: number): string => named(id, users.getpwuid(id)?.name);
  const group = (id: number): string => named(id, users.getgrgid(id)?.name);
  const out = [`uid=${user(who.uid)}`, `gid=${group(who.gid)}`];
  if (who.euid !== who.uid) out.push(`euid=${user(who.euid)}`);
  if (who.egid !== who.gid) out.push(`egid=${group(who.egid)}`);
  out.push(`groups=${who.groups.map(group).join(',')}`);
  return out.join(' ');
}

const named = (id: number, name: string | undefined): string => (name === undefined ? `${id}` : `${id}(${name})`);
