/** getpwnam(3) and its kin over /etc/passwd and /etc/group. */
import { decode } from '../../uapi/bytes.ts';
import { IS_ERR } from '../../uapi/errno.ts';
import type { Syscalls } from '../../uapi/syscalls.ts';
import { readFile } from './stdio.ts';

export interface Passwd {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly gecos: string;
  readonly dir: string;
  readonly shell: string;
}
export interface Group {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

export class Users {
  private readonly byUid = new Map<number, Passwd>();
  private readonly byGid = new Map<number, Group>();

  constructor(
    readonly passwd: readonly Passwd[],
    readonly groups: readonly Group[],
  ) {
    for (const p of passwd) if (!this.byUid.has(p.uid)) this.byUid.set(p.uid, p);
    for (const g of groups) if (!this.byGid.has(g.gid)) this.byGid.set(g.gid, g);
  }

  getpwuid(uid: number): Passwd | undefined {
    return this.byUid.get(uid);
  }
  getpwnam(name: string): Passwd | undefined {
    return this.passwd.find((p) => p.name === name);
  }
  getgrgid(gid: number): Group | undefined {
    return this.byGid.get(gid);
  }
  getgrnam(name: string): Group | undefined {
    return this.groups.find((g) => g.name === name);
  }
  /** The groups that `name` is in, `gid` first: getgrouplist(3). */
  getgrouplist(name: string, gid: number): number[] {
    const others = this.groups.filter((g) => g.members.includes(name)).map((g) => g.gid);
    return [...new Set([gid, ...others])];
  }
  /** The name, or the number where there is none: what listings show. */
  userName(uid: number): string {
    return this.getpwuid(uid)?.name ?? String(uid);
  }
  groupName(gid: number): string {
    return this.getgrgid(gid)?.name ?? String(gid);
  }
}

export async function loadUsers(sys: Syscalls): Promise<Users> {
  const passwd = await records(sys, '/etc/passwd');
  const groups = await records(sys, '/etc/group');
  return new Users(passwd.map(parsePasswd), groups.map(parseGroup));
}

/** The fields of each line; a file that cannot be read has none. */
async function records(sys: Syscalls, path: string): Promise<string[][]> {
  const bytes = await readFile(sys, path);
  if (IS_ERR(bytes)) return [];
  return decode(bytes)
    .split('\n')
    .filter((line) => line.includes(':') && !line.startsWith('#'))
    .map((line) => line.split(':'));
}

function parsePasswd([name = '', , uid, gid, gecos = '', dir = '', shell = '']: readonly string[]): Passwd {
  return { name, uid: Number(uid), gid: Number(gid), gecos, dir, shell };
}

function parseGroup([name = '', , gid, members = '']: readonly string[]): Group {
  return { name, gid: Number(gid), members: members === '' ? [] : members.split(',') };
}

export interface Owner {
  readonly uid: number | null;
  readonly gid: number | null;
}

/** What chown(1) takes: USER, USER:GROUP, USER:, :GROUP, in names or numbers. Else which part is wrong. */
export function parseOwner(spec: string, users: Users): Owner | 'user' | 'group' {
  const m = /^([^:]*)(?::(.*))?$/s.exec(spec);
  const userPart = m?.[1] ?? '';
  const groupPart = m?.[2];
  const user = userPart === '' ? null : (users.getpwnam(userPart) ?? number(userPart));
  if (user === undefined) return 'user';
  const uid = user === null ? null : typeof user === 'number' ? user : user.uid;
  if (groupPart === undefined) return { uid, gid: null };
  if (groupPart === '') return loginGroup(user, uid);
  const gid = users.getgrnam(groupPart)?.gid ?? number(groupPart);
  return gid === undefined ? 'group' : { uid, gid };
}

function loginGroup(user: Passwd | number | null, uid: number | null): Owner | 'user' {
  if (typeof user === 'number') return 'user';
  return { uid, gid: user?.gid ?? null };
}

function number(text: string): number | undefined {
  return /^\+?\d+$/.test(text) ? Number(text) : undefined;
}
