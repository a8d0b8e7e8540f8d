/** Groups, sessions, limits and small properties of a task. Follows kernel/sys.c. */

import type { Auxv } from '../../uapi/auxv.ts';
import { EACCES, EINVAL, EPERM, type Errno, ESRCH, type Status } from '../../uapi/errno.ts';
import type { Rlimit, RlimitValue, Rusage } from '../../uapi/syscalls.ts';
import type { Pid } from '../../uapi/types.ts';
import type { Task } from '../include/sched.ts';
import { capable } from './cred.ts';
import { panic } from './panic.ts';
import { tasksOfPgrp } from './signal.ts';

const TASK_COMM_LEN = 16;

/** @linux kernel/sys.c do_getpgid #Y */
export function sys_getpgid(task: Task, pid: Pid): Pid | Errno {
  const target = pid === 0 ? task : task.kernel.tasks.get(pid);
  return target === undefined ? ESRCH : target.pgrp;
}

/** @linux kernel/sys.c SYSCALL_DEFINE1(getsid) #Y */
export function sys_getsid(task: Task, pid: Pid): Pid | Errno {
  const target = pid === 0 ? task : task.kernel.tasks.get(pid);
  return target === undefined ? ESRCH : target.session;
}

/**
 * Moves a task, oneself or a child that has not yet called execve, to a group of the same session.
 * @linux kernel/sys.c SYSCALL_DEFINE2(setpgid) #Y
 */
export function sys_setpgid(task: Task, pid: Pid, pgid: Pid): Status {
  const { tasks } = task.kernel;
  const target = pid === 0 ? task : tasks.get(pid);
  const pgrp = pgid || (pid === 0 ? task.pid : pid);
  if (pgrp < 0) return EINVAL;
  if (target === undefined || (target !== task && target.parent !== task)) return ESRCH;
  if (target !== task && target.session !== task.session) return EPERM;
  if (target !== task && target.did_exec) return EACCES;
  if (target.session === target.pid) return EPERM;
  if (pgrp !== target.pid && !tasksOfPgrp(task.kernel, pgrp).some((t) => t.session === task.session)) return EPERM;
  target.pgrp = pgrp;
  return 0;
}

/**
 * A new session, a new group in it, no controlling terminal.
 * @linux kernel/sys.c ksys_setsid #Y
 */
export function sys_setsid(task: Task): Pid | Errno {
  if (task.session === task.pid || tasksOfPgrp(task.kernel, task.pid).length > 0) return EPERM;
  task.session = task.pgrp = task.pid;
  task.tty = null;
  return task.pid;
}

/**
 * What the C library reads from the stack of a new image; for the frames of a clone that of the image they belong to.
 * @linux fs/binfmt_elf.c create_elf_tables #P[read by a call instead of from the stack]
 */
export function getauxval(task: Task): Auxv {
  return task.image?.auxv ?? panic('code runs without an image');
}

/** @linux kernel/sys.c do_prlimit #Y */
export function sys_setrlimit(task: Task, resource: Rlimit, value: RlimitValue): Status {
  const old = task.rlim[resource];
  if (old === undefined || value.rlim_cur > value.rlim_max) return EINVAL;
  if (value.rlim_max > old.rlim_max && !capable(task)) return EPERM;
  task.rlim[resource] = { ...value };
  return 0;
}

/** @linux kernel/sys.c getrusage #P[all time is user time] */
export function sys_getrusage(task: Task): Rusage {
  return { utime: task.utime, stime: 0, cutime: task.cutime, cstime: 0 };
}

/** @linux kernel/sched/syscalls.c SYSCALL_DEFINE1(nice) #P[kept, but every task runs alike] */
export function sys_nice(task: Task, inc: number): number | Errno {
  const wanted = Math.min(19, Math.max(-20, task.nice + inc));
  if (wanted < task.nice && !capable(task)) return EPERM;
  task.nice = wanted;
  return wanted;
}

/** @linux kernel/sys.c SYSCALL_DEFINE5(prctl) #P[PR_SET_NAME, PR_SET_NO_NEW_PRIVS] */
export function sys_prctl(task: Task, option: 'PR_SET_NAME' | 'PR_SET_NO_NEW_PRIVS', name = ''): Status {
  if (option === 'PR_SET_NAME') task.comm = name.slice(0, TASK_COMM_LEN - 1);
  else if (option === 'PR_SET_NO_NEW_PRIVS') task.cred = { ...task.cred, no_new_privs: true };
  else return EINVAL;
  return 0;
}
