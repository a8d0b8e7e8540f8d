/**
 * Which table a process's execve asks. Since 6.7 a user namespace can have one of its own; without one, it asks its parent's.
 * No file says whose a superblock is: it is told by who can see it, since a namespace's mounts are copied to its children only.
 */
import { parseMountinfo } from './mountinfo.ts';
import type { Sight, TaskSight } from './sight.ts';
import { parseStat, placeId } from './tasks.ts';

export interface Asks {
  /** The table of a process, by its superblock. */
  dev(pid: number): string | undefined;
  /** The user namespace whose table it is; null for the machine's. */
  owner(dev: string): string | null;
}

export function tableOf(sight: Sight): Asks {
  const byPid = new Map(sight.tasks.map((t) => [t.pid, t]));
  const first = byPid.get(1)?.user ?? '';
  const own = ownTables(sight, first);
  const owners = new Map([...own].map(([user, dev]) => [dev, user]));
  const dev = (task: TaskSight | undefined): string | undefined => {
    if (task === undefined || task.user === first) return own.get(first);
    return own.get(task.user) ?? dev(byPid.get(parseStat(task.stat).ppid));
  };
  return {
    dev: (pid) => dev(byPid.get(pid)),
    owner: (which) => {
      const user = owners.get(which);
      return user === undefined || user === first ? null : user;
    },
  };
}

/** For each user namespace, oldest first: the last superblock among its mounts that no older namespace sees. */
function ownTables(sight: Sight, first: string): Map<string, string> {
  const own = new Map<string, string>();
  const known = new Set<string>();
  for (const user of userNamespaces(sight, first)) {
    const devs = seenBy(sight, user);
    const fresh = devs.filter((d) => !known.has(d)).at(-1);
    if (fresh !== undefined) own.set(user, fresh);
    for (const d of devs) known.add(d);
  }
  return own;
}

const order = (ns: string): number => Number(/\d+/.exec(ns)?.[0] ?? 0);

function userNamespaces({ tasks }: Sight, first: string): string[] {
  const others = new Set(tasks.map((t) => t.user).filter((u) => u !== '' && u !== first));
  return [first, ...[...others].sort((a, b) => order(a) - order(b))];
}

/** The superblocks of binfmt_misc in the mounts of a user namespace's processes. */
function seenBy({ tasks, places }: Sight, user: string): string[] {
  const here = new Set(tasks.filter((t) => t.user === user).map(placeId));
  const mounts = places.filter((p) => here.has(placeId(p))).flatMap((p) => parseMountinfo(p.mountinfo));
  return mounts.filter((m) => m.type === 'binfmt_misc').map((m) => m.dev);
}
