/** Where the shell at the terminal is: files go there. */
import type { Sight, TaskSight } from '../panels/world/sight.ts';
import { parseStat, placeId } from '../panels/world/tasks.ts';

export interface Destination {
  /** As the shell calls it. */
  readonly shown: string;
  /** The same place for the machine's first process. */
  readonly path: string;
}

export const HOME: Destination = { shown: '/root', path: '/root' };

/** The current directories of what is in front on each terminal, each once. */
export function destinations({ tasks }: Sight): Destination[] {
  const byPid = new Map(tasks.map((t) => [t.pid, t]));
  const first = byPid.get(1);
  const found = new Map<string, Destination>();
  for (const task of tasks) {
    const { session, tty, tpgid } = parseStat(task.stat);
    if (tty === 0 || session !== task.pid) continue;
    const there = whereIs(byPid.get(tpgid) ?? task, first);
    if (there !== null) found.set(there.path, there);
  }
  return [...found.values()];
}

/** The one that all terminals agree on; /root if they do not. */
export function destination(sight: Sight): Destination {
  const [one, another] = destinations(sight);
  return one !== undefined && another === undefined ? one : HOME;
}

/** Elsewhere than in the first process's files, the way leads through /proc. */
function whereIs(task: TaskSight, first: TaskSight | undefined): Destination | null {
  if (!task.cwd.startsWith('/') || task.cwd.endsWith(' (deleted)')) return null;
  const here = first !== undefined && placeId(task) === placeId(first);
  return { shown: task.cwd, path: here ? task.cwd : `/proc/${task.pid}/cwd` };
}
