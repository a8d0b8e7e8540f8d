/** The end of a task, and how its parent hears of it. Follows kernel/exit.c. */
import { ECHILD, EINVAL, type Errno } from '../../uapi/errno.ts';
import * as S from '../../uapi/signal.ts';
import type { WaitResult } from '../../uapi/syscalls.ts';
import type { MaybeAsync, Pid } from '../../uapi/types.ts';
import { disassociate_ctty } from '../drivers/tty/tty_jobctrl.ts';
import { mmput } from '../fs/exec.ts';
import { exit_files } from '../fs/file.ts';
import type { Kernel, SigInfo, Task } from '../include/sched.ts';
import { put_nsproxy } from './nsproxy.ts';
import { wait_event_interruptible } from './sched/wait.ts';
import { kill_pgrp, send_signal, signal_pending, tasksOfPgrp } from './signal.ts';

/**
 * Ends `task` with a wait status. Its code never resumes; what it held is given back; its parent is told.
 * @linux kernel/exit.c do_exit #P[no threads, no core dumps]
 */
export function do_exit(task: Task, status: number): void {
  if (task.state === 'zombie' || task.state === 'dead') return;
  task.state = 'zombie';
  task.exit_code = status;
  task.report = null;
  task.kernel.clock.clearTimeout(task.alarm_timer);
  if (task.kernel.tracing(task)) task.kernel.emit(task, { ev: 'sched_process_exit', comm: task.comm, status });
  if (task.session === task.pid) disassociate_ctty(task);
  exit_files(task);
  mmput(task.image);
  task.image = null;
  put_nsproxy(task);
  exit_notify(task, status);
}

/** @linux kernel/exit.c exit_notify #Y */
function exit_notify(task: Task, status: number): void {
  const stopped = stopped_groups(task);
  forget_original_parent(task);
  if (ignoresChildren(task.parent)) autoreap(task);
  else notify_parent(task, exitInfo(task, status));
  for (const pgrp of stopped) if (is_orphaned_pgrp(task.kernel, pgrp)) kill_orphaned_pgrp(task.kernel, pgrp);
  task.signal_wait.wake_up();
  task.on_exit?.(status);
}

/** The groups, its own and its children's, that have stopped members and somebody to continue them, while it still counts. */
function stopped_groups({ kernel, pgrp, children }: Task): Pid[] {
  if (children.size === 0 && !has_stopped_jobs(kernel, pgrp)) return NO_GROUPS;
  const groups = new Set([pgrp, ...[...children].map((c) => c.pgrp)]);
  return [...groups].filter((group) => !is_orphaned_pgrp(kernel, group) && has_stopped_jobs(kernel, group));
}
const NO_GROUPS: Pid[] = [];

function exitInfo(task: Task, status: number): SigInfo {
  const killed = S.WTERMSIG(status);
  return {
    si_code: killed ? 'CLD_KILLED' : 'CLD_EXITED',
    si_pid: task.pid,
    si_uid: task.cred.uid,
    si_status: killed || S.WEXITSTATUS(status),
  };
}

/** Children go to init, which buries the dead ones among them. */
function forget_original_parent(task: Task): void {
  const init = task.kernel.init_task;
  for (const child of task.children) {
    task.children.delete(child);
    child.parent = init;
    init.children.add(child);
    if (child.state === 'zombie') autoreap(child);
  }
}

/**
 * SIGCHLD to the parent, and a look for whoever waits.
 * @linux kernel/signal.c do_notify_parent #P[no SA_NOCLDSTOP]
 */
export function notify_parent(task: Task, info: SigInfo): void {
  send_signal(task.parent, S.SIGCHLD, info);
  task.parent.wait_chldexit.wake_up();
}

const ignoresChildren = (parent: Task): boolean => parent === parent.kernel.init_task || parent.sighand[S.SIGCHLD]?.handler === 'SIG_IGN';

/** Nobody will ask how it ended; who waits for any child may now have none left. */
function autoreap(task: Task): void {
  task.parent.cutime += task.utime + task.cutime;
  release_task(task);
  task.parent.wait_chldexit.wake_up();
}

/** @linux kernel/exit.c release_task #Y */
function release_task(task: Task): void {
  task.state = 'dead';
  task.parent.children.delete(task);
  task.kernel.tasks.delete(task.pid);
}

/**
 * A group is orphaned when no member has a parent in another group of the same session.
 * @linux kernel/exit.c will_become_orphaned_pgrp #Y
 */
export function is_orphaned_pgrp(kernel: Kernel, pgrp: Pid): boolean {
  const keeps = (t: Task): boolean =>
    t.state !== 'zombie' && t.parent !== kernel.init_task && t.parent.pgrp !== pgrp && t.parent.session === t.session;
  return !tasksOfPgrp(kernel, pgrp).some(keeps);
}

function has_stopped_jobs(kernel: Kernel, pgrp: Pid): boolean {
  for (const t of kernel.tasks.values()) if (t.pgrp === pgrp && t.state === 'stopped') return true;
  return false;
}

/** @linux kernel/exit.c kill_orphaned_pgrp #Y */
function kill_orphaned_pgrp(kernel: Kernel, pgrp: Pid): void {
  if (!has_stopped_jobs(kernel, pgrp)) return;
  kill_pgrp(kernel, pgrp, S.SIGHUP);
  kill_pgrp(kernel, pgrp, S.SIGCONT);
}

/**
 * Waits for a change in a child: its end, with WUNTRACED a stop, with WCONTINUED its continuation.
 * @linux kernel/exit.c kernel_wait4 #Y
 */
export function kernel_wait4(task: Task, pid: Pid, options: number): MaybeAsync<WaitResult | Errno> {
  if (options & ~(S.WNOHANG | S.WUNTRACED | S.WCONTINUED)) return EINVAL;
  const look = (): WaitResult | Errno | undefined => {
    let eligible = false;
    for (const child of task.children) {
      if (!is_eligible(task, child, pid)) continue;
      eligible = true;
      const status = wait_consider_task(child, options);
      if (status !== null) return { pid: child.pid, status };
    }
    if (!eligible) return ECHILD;
    return options & S.WNOHANG ? { pid: 0, status: 0 } : undefined;
  };
  return wait_event_interruptible(task, [task.wait_chldexit], look, signal_pending);
}

function is_eligible(task: Task, child: Task, pid: Pid): boolean {
  if (pid === -1) return true;
  return pid > 0 ? child.pid === pid : child.pgrp === (pid === 0 ? task.pgrp : -pid);
}

/** The status to report, taking the report away; null if there is none. */
function wait_consider_task(child: Task, options: number): number | null {
  if (child.state === 'zombie') {
    child.parent.cutime += child.utime + child.cutime;
    release_task(child);
    return child.exit_code;
  }
  const stopped = child.report === 'stopped' && (options & S.WUNTRACED) !== 0;
  if (!stopped && !(child.report === 'continued' && options & S.WCONTINUED)) return null;
  child.report = null;
  return stopped ? (child.exit_code << 8) | 0x7f : 0xffff;
}
