/** Processes out of /proc/PID/stat and cmdline, and the trees they form. */
import type { TaskSight } from './sight.ts';
import type { Process } from './world.ts';

const STATES: Readonly<Record<string, string>> = { R: 'running', S: 'sleeping', T: 'stopped', Z: 'ended', X: 'gone' };

export interface Stat {
  readonly comm: string;
  readonly state: string;
  readonly ppid: number;
  readonly session: number;
  /** The terminal's device number, 0 without one. */
  readonly tty: number;
  /** The process group in the terminal's foreground. */
  readonly tpgid: number;
}

/** The name stands in parentheses and may contain some. */
export function parseStat(text: string): Stat {
  const end = text.lastIndexOf(')');
  const [state = '', ppid, , session, tty, tpgid] = text.slice(end + 2).split(' ');
  const numbers = { ppid: Number(ppid ?? 0), session: Number(session ?? 0), tty: Number(tty ?? 0), tpgid: Number(tpgid ?? -1) };
  return { comm: text.slice(text.indexOf('(') + 1, end), state: STATES[state] ?? state, ...numbers };
}

/** As ps shows it: what has no arguments stands in brackets. */
const commandOf = ({ cmdline }: TaskSight, comm: string): string =>
  cmdline === '' ? `[${comm}]` : cmdline.replace(/\0$/, '').replaceAll('\0', ' ');

export function placeId({ mnt, root }: Pick<TaskSight, 'mnt' | 'root'>): string {
  return mnt === '' || root === '' ? '' : `${mnt} ${root}`;
}

/** All of them by number, each with its children. */
export function processesOf(tasks: readonly TaskSight[]): Map<number, Process> {
  const all = new Map<number, Process & { children: Process[] }>();
  for (const task of tasks) {
    const { comm, state, ppid } = parseStat(task.stat);
    const place = state === STATES['Z'] ? '' : placeId(task);
    all.set(task.pid, { pid: task.pid, comm, state, ppid, command: commandOf(task, comm), place, children: [] });
  }
  for (const process of all.values()) all.get(process.ppid)?.children.push(process);
  return all;
}
