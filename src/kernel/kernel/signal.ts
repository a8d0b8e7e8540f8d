/**
 * Signals: sending, masks, what happens by default. Follows kernel/signal.c.
 * A default action takes place at the moment of sending, since no other code runs meanwhile; a handler waits until its task
 * next leaves a system call.
 */
import { EINTR, EINVAL, EPERM, type Errno, ESRCH, type Status } from '../../uapi/errno.ts';
import * as S from '../../uapi/signal.ts';
import type { Pid } from '../../uapi/types.ts';
import type { Kernel, SigInfo, Task } from '../include/sched.ts';
import { ns_capable } from './cred.ts';
import { do_exit, is_orphaned_pgrp, notify_parent } from './exit.ts';
import { wait_event_interruptible } from './sched/wait.ts';
import { from_kuid_munged } from './user_namespace.ts';

/** What a task brings on itself by a call: it arrives when the call is over. */
const OWN_FAULT = [S.SIGPIPE, S.SIGXFSZ];
type DefaultAction = 'terminate' | 'ignore' | 'stop' | 'continue';
const UNBLOCKABLE = S.sigmask(S.SIGKILL) | S.sigmask(S.SIGSTOP);
const STOP_SIGNALS = [S.SIGSTOP, S.SIGTSTP, S.SIGTTIN, S.SIGTTOU];
const STOP_MASK = STOP_SIGNALS.reduce((mask, sig) => mask | S.sigmask(sig), 0);
const DEFAULT_ACTIONS: Readonly<Record<number, DefaultAction>> = {
  [S.SIGCHLD]: 'ignore',
  [S.SIGURG]: 'ignore',
  [S.SIGWINCH]: 'ignore',
  [S.SIGCONT]: 'continue',
  [S.SIGSTOP]: 'stop',
  [S.SIGTSTP]: 'stop',
  [S.SIGTTIN]: 'stop',
  [S.SIGTTOU]: 'stop',
};
const defaultAction = (sig: number): DefaultAction => DEFAULT_ACTIONS[sig] ?? 'terminate';

/**
 * The actions of the first task.
 * @linux kernel/fork.c copy_sighand #P[the first task only: all default]
 */
export function new_sighand(): S.SigAction[] {
  return Array.from({ length: S.NSIG }, () => SIG_DFL);
}
const SIG_DFL: S.SigAction = { handler: 'SIG_DFL' };
const handlerOf = (task: Task, sig: number): S.SigHandler => task.sighand[sig]?.handler ?? 'SIG_DFL';

/**
 * True when a signal waits that is neither blocked nor ignored; ignored ones are never kept.
 * @linux include/linux/sched/signal.h signal_pending #Y
 */
export function signal_pending(task: Task): boolean {
  return (task.pending & ~task.blocked) !== 0;
}

/**
 * Sends `sig` to one task. `from` is the task that asked; without it the kernel itself speaks.
 * @linux kernel/signal.c send_sig #P[one signal of a kind is kept; no real-time signals]
 */
export function send_sig(task: Task, sig: number, from?: Task): void {
  const sender = from ?? (OWN_FAULT.includes(sig) && task.syscall !== null ? task : undefined);
  send_signal(task, sig, sender === undefined ? { si_code: 'SI_KERNEL' } : userInfo(task, sender));
}

function userInfo(task: Task, from: Task): SigInfo {
  return { si_code: 'SI_USER', si_pid: from.pid, si_uid: from_kuid_munged(task.cred.user_ns, from.cred.uid) };
}

/** @linux kernel/signal.c __send_signal_locked #P[default actions are taken here] */
export function send_signal(task: Task, sig: number, info: SigInfo): void {
  if (task === task.kernel.init_task || task.state === 'zombie' || task.state === 'dead') return;
  prepare_signal(task, sig);
  if (sig_ignored(task, sig)) traceDelivery(task, sig, info, defaultAction(sig) === 'continue' ? 'continue' : 'ignore');
  else {
    task.pending |= S.sigmask(sig);
    task.siginfo.set(sig, info);
    complete_signal(task, sig, info);
  }
}

/**
 * Stop and continue signals undo each other before they are queued, and SIGCONT continues even if it is blocked or ignored.
 * @linux kernel/signal.c prepare_signal #Y
 */
function prepare_signal(task: Task, sig: number): void {
  if (sig === S.SIGCONT) {
    task.pending &= ~STOP_MASK;
    if (task.state === 'stopped') do_continue(task);
  } else if (STOP_SIGNALS.includes(sig)) task.pending &= ~S.sigmask(S.SIGCONT);
}

/** @linux kernel/signal.c sig_ignored #Y */
function sig_ignored(task: Task, sig: number): boolean {
  if (task.blocked & S.sigmask(sig) & ~UNBLOCKABLE) return false;
  const handler = handlerOf(task, sig);
  const action = defaultAction(sig);
  return handler === 'SIG_IGN' || (handler === 'SIG_DFL' && (action === 'ignore' || action === 'continue'));
}

function complete_signal(task: Task, sig: number, info: SigInfo): void {
  if (task.blocked & S.sigmask(sig) & ~UNBLOCKABLE) return;
  if (task.state === 'stopped' && sig !== S.SIGKILL) return;
  const own = info.si_pid === task.pid && task.syscall !== null;
  if (own || typeof handlerOf(task, sig) === 'function') task.signal_wait.wake_up();
  else get_signal(task, sig);
}

/** Takes one signal off the pending set and does what is set for it; answers the action of a handler that ran. */
function get_signal(task: Task, sig: number): S.SigAction | null {
  const info = task.siginfo.get(sig) ?? { si_code: 'SI_KERNEL' };
  task.pending &= ~S.sigmask(sig);
  task.siginfo.delete(sig);
  const action = task.sighand[sig] ?? { handler: 'SIG_DFL' };
  if (typeof action.handler === 'function') {
    traceDelivery(task, sig, info, 'handler');
    handle_signal(task, sig, action.handler);
    return action;
  }
  if (action.handler === 'SIG_DFL') defaultSignal(task, sig, info);
  return null;
}

function defaultSignal(task: Task, sig: number, info: SigInfo): void {
  const action = defaultAction(sig);
  const orphaned = action === 'stop' && sig !== S.SIGSTOP && is_orphaned_pgrp(task.kernel, task.pgrp);
  traceDelivery(task, sig, info, orphaned ? 'ignore' : action);
  if (action === 'terminate') do_exit(task, sig);
  else if (action === 'stop' && !orphaned) do_signal_stop(task, sig);
}

/** Runs a handler with its own signal blocked. */
function handle_signal(task: Task, sig: number, handler: (sig: number) => void): void {
  const blocked = task.blocked;
  task.blocked |= S.sigmask(sig);
  try {
    handler(sig);
  } finally {
    task.blocked = blocked;
  }
}

/** Whether a handler ran, and whether it lets the interrupted call be made again. */
export interface Delivery {
  readonly handled: boolean;
  readonly restart: boolean;
}

/**
 * On the way out of a system call: runs handlers and default actions until nothing is pending.
 * @linux kernel/signal.c get_signal #P[the lowest number first; SA_RESTART of the first handler decides]
 */
export function deliver_signals(task: Task): Delivery {
  let first: S.SigAction | null = null;
  while (signal_pending(task) && task.state !== 'stopped' && task.state !== 'zombie' && task.state !== 'dead') {
    const action = get_signal(task, lowest(task.pending & ~task.blocked));
    first ??= action;
  }
  return { handled: first !== null, restart: first?.restart === true };
}

const lowest = (mask: number): number => 32 - Math.clz32(mask & -mask);

/** @linux kernel/signal.c do_signal_stop #Y */
function do_signal_stop(task: Task, sig: number): void {
  if (task.state === 'stopped') return;
  task.resume_state = task.state === 'sleeping' ? 'sleeping' : 'running';
  task.state = 'stopped';
  task.exit_code = sig;
  task.report = 'stopped';
  notify_parent(task, { si_code: 'CLD_STOPPED', si_pid: task.pid, si_uid: task.cred.uid, si_status: sig });
}

function do_continue(task: Task): void {
  task.state = task.resume_state;
  task.exit_code = 0;
  task.report = 'continued';
  notify_parent(task, { si_code: 'CLD_CONTINUED', si_pid: task.pid, si_uid: task.cred.uid, si_status: S.SIGCONT });
  takeDefaultActions(task);
  task.signal_wait.wake_up();
}

/** What came while the task was stopped and needs none of its code. */
function takeDefaultActions(task: Task): void {
  for (let sig = 1; sig < S.NSIG; sig++) {
    const waits = task.pending & ~task.blocked & S.sigmask(sig);
    if (waits && typeof handlerOf(task, sig) !== 'function') get_signal(task, sig);
  }
}

function traceDelivery(task: Task, sig: number, info: SigInfo, action: 'handler' | DefaultAction): void {
  if (!task.kernel.tracing(task)) return;
  task.kernel.emit(task, { ev: 'signal_deliver', sig, info: siginfoText(sig, info), action });
}

/** In strace's notation. */
function siginfoText(sig: number, info: SigInfo): string {
  const fields = [`si_signo=SIG${S.SIGNAL_NAMES[sig]}`, `si_code=${info.si_code}`];
  if (info.si_pid !== undefined) fields.push(`si_pid=${info.si_pid}`, `si_uid=${info.si_uid ?? 0}`);
  if (info.si_status !== undefined) fields.push(`si_status=${statusText(info)}`, 'si_utime=0', 'si_stime=0');
  return `{${fields.join(', ')}}`;
}

function statusText(info: SigInfo): string {
  const status = info.si_status ?? 0;
  return info.si_code === 'CLD_EXITED' ? String(status) : `SIG${S.SIGNAL_NAMES[status]}`;
}

/** @linux kernel/signal.c kill_pgrp #Y */
export function kill_pgrp(kernel: Kernel, pgrp: Pid, sig: number): void {
  for (const task of tasksOfPgrp(kernel, pgrp)) send_sig(task, sig);
}

export function tasksOfPgrp(kernel: Kernel, pgrp: Pid): Task[] {
  return [...kernel.tasks.values()].filter((t) => t.pgrp === pgrp && t !== kernel.init_task);
}

/**
 * A positive pid is that task, 0 the own group, -1 everybody but oneself and init, others a group.
 * @linux kernel/signal.c kill_something_info #Y
 */
export function sys_kill(task: Task, pid: Pid, sig: number): Status {
  if (sig < 0 || sig >= S.NSIG || !Number.isInteger(sig)) return EINVAL;
  if (pid === -1) return killAll(task, sig);
  if (pid <= 0) return killGroup(task, tasksOfPgrp(task.kernel, pid === 0 ? task.pgrp : -pid), sig);
  const target = task.kernel.tasks.get(pid);
  return target === undefined ? ESRCH : killOne(task, target, sig);
}

function killOne(from: Task, target: Task, sig: number): Status {
  if (!killPermitted(from, target, sig)) return EPERM;
  if (sig !== 0) send_sig(target, sig, from);
  return 0;
}

function killGroup(from: Task, targets: readonly Task[], sig: number): Status {
  let status: Status = ESRCH;
  for (const target of targets) {
    const one = killOne(from, target, sig);
    if (status !== 0) status = one;
  }
  return status;
}

function killAll(from: Task, sig: number): Status {
  const others = [...from.kernel.tasks.values()].filter((t) => t !== from && t !== from.kernel.init_task);
  for (const target of others) killOne(from, target, sig);
  return others.length > 0 ? 0 : ESRCH;
}

/** @linux kernel/signal.c check_kill_permission #Y */
function killPermitted(from: Task, target: Task, sig: number): boolean {
  const [a, b] = [from.cred, target.cred];
  if ([b.suid, b.uid].includes(a.euid) || [b.suid, b.uid].includes(a.uid)) return true;
  if (ns_capable(a, b.user_ns)) return true;
  return sig === S.SIGCONT && from.session === target.session;
}

/**
 * Sets what a signal does and answers what it did; a signal that becomes ignored is dropped if it waits.
 * @linux kernel/signal.c do_sigaction #Y
 */
export function do_sigaction(task: Task, sig: number, action: S.SigAction): S.SigAction | Errno {
  if (sig < 1 || sig >= S.NSIG || sig === S.SIGKILL || sig === S.SIGSTOP) return EINVAL;
  const old = task.sighand[sig] ?? { handler: 'SIG_DFL' };
  task.sighand[sig] = action;
  const acts = defaultAction(sig);
  const ignored = action.handler === 'SIG_IGN' || (action.handler === 'SIG_DFL' && (acts === 'ignore' || acts === 'continue'));
  if (ignored) task.pending &= ~S.sigmask(sig);
  return old;
}

/**
 * Caught signals go back to their default; ignored ones stay ignored.
 * @linux kernel/signal.c flush_signal_handlers #Y
 */
export function flush_signal_handlers(task: Task): void {
  for (let sig = 0; sig < S.NSIG; sig++) if (task.sighand[sig]?.handler !== 'SIG_IGN') task.sighand[sig] = SIG_DFL;
}

/** @linux kernel/signal.c sigprocmask #Y */
export function sys_rt_sigprocmask(task: Task, how: number, set: number): number {
  const old = task.blocked;
  const next = how === S.SIG_BLOCK ? old | set : how === S.SIG_UNBLOCK ? old & ~set : set;
  task.blocked = next & ~UNBLOCKABLE;
  return old;
}

/**
 * Sleeps under `mask` until a signal arrives; its handler runs under that mask, then the old one is back.
 * @linux kernel/signal.c sigsuspend #Y
 */
export async function sys_rt_sigsuspend(task: Task, mask: number): Promise<Errno> {
  const saved = task.blocked;
  task.blocked = mask & ~UNBLOCKABLE;
  let handled = false;
  while (!handled) {
    await wait_event_interruptible(task, [], () => undefined, signal_pending);
    handled = deliver_signals(task).handled;
    if (task.state === 'stopped') await waitContinued(task);
  }
  task.blocked = saved;
  return EINTR;
}

/** Until SIGCONT; a task that is killed instead never gets an answer. */
export function waitContinued(task: Task): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (task.state === 'stopped') return;
      task.signal_wait.remove(look);
      if (task.state !== 'zombie' && task.state !== 'dead') resolve();
    };
    task.signal_wait.add(look);
    look();
  });
}
