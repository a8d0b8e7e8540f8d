/** Terminals and sessions: whose the line is, who is stopped, who hears of its loss. Follows drivers/tty/tty_jobctrl.c. */
import { EINVAL, EIO, ENOTTY, EPERM, ERESTARTSYS, type Errno, ESRCH, type Status } from '../../../uapi/errno.ts';
import * as S from '../../../uapi/signal.ts';
import type { Pid } from '../../../uapi/types.ts';
import type { Kernel, Task } from '../../include/sched.ts';
import { capable } from '../../kernel/cred.ts';
import { is_orphaned_pgrp } from '../../kernel/exit.ts';
import { kill_pgrp, tasksOfPgrp } from '../../kernel/signal.ts';
import type { TtyStruct } from './tty_io.ts';

const tasksOfSession = (kernel: Kernel, session: Pid): Task[] => [...kernel.tasks.values()].filter((t) => t.session === session);
const tty_of = (task: Task): TtyStruct | null => task.tty as TtyStruct | null;

/**
 * Stops a background group that touches its terminal; 0: go ahead.
 * @linux drivers/tty/tty_jobctrl.c __tty_check_change #Y
 */
export function tty_check_change(task: Task, tty: TtyStruct, sig: number): Status {
  if (task.tty !== tty || tty.pgrp === null || task.pgrp === tty.pgrp) return 0;
  const ignored = (task.blocked & S.sigmask(sig)) !== 0 || task.sighand[sig]?.handler === 'SIG_IGN';
  if (ignored) return sig === S.SIGTTIN ? EIO : 0;
  if (is_orphaned_pgrp(task.kernel, task.pgrp)) return EIO;
  kill_pgrp(task.kernel, task.pgrp, sig);
  return ERESTARTSYS;
}

/**
 * The terminal becomes that of the caller's session.
 * @linux drivers/tty/tty_jobctrl.c proc_set_tty #Y
 */
export function proc_set_tty(task: Task, tty: TtyStruct): void {
  tty.session = task.session;
  tty.pgrp = task.pgrp;
  task.tty = tty;
}

/**
 * @linux drivers/tty/tty_jobctrl.c tiocsctty #Y
 */
export function tiocsctty(task: Task, tty: TtyStruct, steal: boolean): Status {
  if (task.session === task.pid && tty.session === task.session) return 0;
  if (task.session !== task.pid || task.tty !== null) return EPERM;
  if (tty.session !== null) {
    if (!steal || !capable(task)) return EPERM;
    session_clear_tty(task.kernel, tty.session);
  }
  proc_set_tty(task, tty);
  return 0;
}

function session_clear_tty(kernel: Kernel, session: Pid): void {
  for (const t of tasksOfSession(kernel, session)) t.tty = null;
}

/**
 * The leader of a session lets go of its terminal, as it does when it exits: its foreground group is hung up.
 * @linux drivers/tty/tty_jobctrl.c disassociate_ctty #Y
 */
export function disassociate_ctty(task: Task): void {
  const tty = tty_of(task);
  if (tty === null) return;
  const pgrp = tty.pgrp;
  tty.session = tty.pgrp = null;
  session_clear_tty(task.kernel, task.session);
  if (pgrp === null) return;
  kill_pgrp(task.kernel, pgrp, S.SIGHUP);
  kill_pgrp(task.kernel, pgrp, S.SIGCONT);
}

/** @linux drivers/tty/tty_jobctrl.c no_tty #Y */
export function tiocnotty(task: Task, tty: TtyStruct): Status {
  if (task.tty !== tty) return ENOTTY;
  if (task.session === task.pid) disassociate_ctty(task);
  task.tty = null;
  return 0;
}

/** @linux drivers/tty/tty_jobctrl.c tiocgpgrp #Y */
export function tiocgpgrp(task: Task, tty: TtyStruct): Pid | Errno {
  return task.tty === tty ? (tty.pgrp ?? 0) : ENOTTY;
}

/** @linux drivers/tty/tty_jobctrl.c tiocgsid #Y */
export function tiocgsid(task: Task, tty: TtyStruct): Pid | Errno {
  return task.tty === tty && tty.session !== null ? tty.session : ENOTTY;
}

/** @linux drivers/tty/tty_jobctrl.c tiocspgrp #Y */
export function tiocspgrp(task: Task, tty: TtyStruct, pgrp: Pid): Status {
  const held = tty_check_change(task, tty, S.SIGTTOU);
  if (held !== 0) return held === EIO ? ENOTTY : held;
  if (task.tty !== tty || tty.session !== task.session) return ENOTTY;
  if (pgrp < 0) return EINVAL;
  const members = tasksOfPgrp(task.kernel, pgrp);
  if (members.length === 0) return ESRCH;
  if (!members.some((t) => t.session === task.session)) return EPERM;
  tty.pgrp = pgrp;
  return 0;
}
