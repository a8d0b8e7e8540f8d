/** /proc/PID/{status,stat,statm,limits}: a task in lines. Follows fs/proc/array.c and base.c. */
import { NSIG, type SigHandler } from '../../../uapi/signal.ts';
import { RLIM_INFINITY, type Rlimit } from '../../../uapi/syscalls.ts';
import type { Pid } from '../../../uapi/types.ts';
import type { TtyStruct } from '../../drivers/tty/tty_io.ts';
import type { Task, UserNamespace } from '../../include/sched.ts';
import { from_kgid_munged, from_kuid_munged } from '../../kernel/user_namespace.ts';

/** Clock ticks in a second. */
const USER_HZ = 100;
export const ticks = (ms: number): number => Math.floor((ms * USER_HZ) / 1000);

const STATES: Readonly<Record<Task['state'], string>> = {
  running: 'R (running)',
  sleeping: 'S (sleeping)',
  stopped: 'T (stopped)',
  zombie: 'Z (zombie)',
  dead: 'X (dead)',
};
/** All capabilities that Linux knows today, CAP_CHECKPOINT_RESTORE being the last. */
const ALL_CAPS = '000001ffffffffff';
const NO_CAPS = '0000000000000000';
const mask16 = (mask: number): string => (mask >>> 0).toString(16).padStart(16, '0');

function handlers(task: Task, is: (h: SigHandler) => boolean): string {
  let mask = 0;
  for (let sig = 1; sig < NSIG; sig++) if (is(task.sighand[sig]?.handler ?? 'SIG_DFL')) mask |= 1 << (sig - 1);
  return mask16(mask);
}

/** Pids as `task` has them: of its parent, 0 for process 1. */
export const ppid = (task: Task): Pid => (task.parent === task ? 0 : task.parent.pid);

/** @linux fs/proc/array.c proc_pid_status #P[no memory, no CPU sets] */
export function status(task: Task, reader: UserNamespace): string {
  const { cred } = task;
  const uids = [cred.uid, cred.euid, cred.suid, cred.fsuid].map((id) => from_kuid_munged(reader, id));
  const gids = [cred.gid, cred.egid, cred.sgid, cred.fsgid].map((id) => from_kgid_munged(reader, id));
  const caps = cred.cap_effective ? ALL_CAPS : NO_CAPS;
  const lines: [string, string | number][] = [
    ['Name', task.comm],
    ['Umask', task.fs.umask.toString(8).padStart(4, '0')],
    ['State', STATES[task.state]],
    ['Tgid', task.pid],
    ['Ngid', 0],
    ['Pid', task.pid],
    ['PPid', ppid(task)],
    ['TracerPid', 0],
    ['Uid', uids.join('\t')],
    ['Gid', gids.join('\t')],
    ['FDSize', Math.max(64, 2 ** Math.ceil(Math.log2(Math.max(1, ...task.files.fd.keys()) + 1)))],
    ['Groups', cred.groups.map((g) => `${from_kgid_munged(reader, g)} `).join('') || ' '],
    ['NStgid', task.pid],
    ['NSpid', task.pid],
    ['NSpgid', task.pgrp],
    ['NSsid', task.session],
    ['Threads', 1],
    ['SigPnd', mask16(task.pending)],
    ['ShdPnd', mask16(0)],
    ['SigBlk', mask16(task.blocked)],
    ['SigIgn', handlers(task, (h) => h === 'SIG_IGN')],
    ['SigCgt', handlers(task, (h) => typeof h === 'function')],
    ['CapInh', NO_CAPS],
    ['CapPrm', caps],
    ['CapEff', caps],
    ['CapBnd', ALL_CAPS],
    ['CapAmb', NO_CAPS],
    ['NoNewPrivs', Number(cred.no_new_privs)],
    ['Seccomp', 0],
  ];
  return lines.map(([name, value]) => `${name}:\t${value}\n`).join('');
}

/** @linux fs/proc/array.c do_task_stat #P[what is not modelled is 0] */
export function stat(task: Task): string {
  const tty = task.tty as TtyStruct | null;
  const exit = task.state === 'zombie' ? task.exit_code : 0;
  const fields: (string | number)[] = [
    ...[task.pid, `(${task.comm})`, STATES[task.state].slice(0, 1), ppid(task), task.pgrp, task.session],
    ...[tty?.rdev ?? 0, tty?.pgrp ?? -1, 0, 0, 0, 0, 0],
    ...[ticks(task.utime), 0, ticks(task.cutime), 0, 20 + task.nice, task.nice, 1, 0],
    ...[ticks(task.start_time - task.kernel.boot_time), 0, 0, '18446744073709551615'],
    ...new Array<number>(12).fill(0),
    ...[17, 0, 0, 0, 0, 0, 0],
    ...new Array<number>(7).fill(0),
    exit,
  ];
  return `${fields.join(' ')}\n`;
}

const LIMITS: readonly (readonly [string, Rlimit, string])[] = [
  ['Max cpu time', 'RLIMIT_CPU', 'seconds'],
  ['Max file size', 'RLIMIT_FSIZE', 'bytes'],
  ['Max stack size', 'RLIMIT_STACK', 'bytes'],
  ['Max core file size', 'RLIMIT_CORE', 'bytes'],
  ['Max processes', 'RLIMIT_NPROC', 'processes'],
  ['Max open files', 'RLIMIT_NOFILE', 'files'],
];

/** @linux fs/proc/base.c proc_pid_limits #P[the limits that are modelled] */
export function limits(task: Task): string {
  const row = (name: string, soft: string, hard: string, unit: string): string =>
    `${name.padEnd(25)} ${soft.padEnd(20)} ${hard.padEnd(20)} ${unit.padEnd(10)}\n`;
  const show = (n: number): string => (n === RLIM_INFINITY ? 'unlimited' : String(n));
  const rows = LIMITS.map(([name, which, unit]) => {
    const value = task.rlim[which];
    return row(name, show(value.rlim_cur), show(value.rlim_max), unit);
  });
  return row('Limit', 'Soft Limit', 'Hard Limit', 'Units') + rows.join('');
}
