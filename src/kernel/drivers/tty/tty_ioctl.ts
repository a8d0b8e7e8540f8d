/** The requests that terminals answer. Follows drivers/tty/tty_ioctl.c and tty_io.c tty_ioctl. */
import { ENOTTY, type Status } from '../../../uapi/errno.ts';
import { SIGTTOU } from '../../../uapi/signal.ts';
import { IXON, NCCS, type Termios, type Winsize } from '../../../uapi/termios.ts';
import type { Pid } from '../../../uapi/types.ts';
import type { Task } from '../../include/sched.ts';
import { available, n_tty_set_termios } from './n_tty.ts';
import { n_tty_flush_input } from './n_tty_receive.ts';
import type { TtyStruct } from './tty_io.ts';
import * as jobctrl from './tty_jobctrl.ts';
import { iflag } from './tty_termios.ts';

/** @linux drivers/tty/tty_io.c tty_ioctl #P[settings, window size, job control, FIONREAD] */
export function tty_ioctl(tty: TtyStruct, request: string, arg: unknown, task: Task): unknown {
  switch (request) {
    case 'TCGETS':
      return copy(tty.termios);
    case 'TCSETS':
    case 'TCSETSW':
    case 'TCSETSF':
      return set_termios(tty, request, arg as Termios, task);
    case 'TIOCGWINSZ':
      return { ...tty.winsize };
    case 'TIOCSWINSZ':
      return tiocswinsz(tty, arg as Winsize);
    case 'TIOCGPGRP':
      return jobctrl.tiocgpgrp(task, tty);
    case 'TIOCSPGRP':
      return jobctrl.tiocspgrp(task, tty, arg as Pid);
    case 'TIOCGSID':
      return jobctrl.tiocgsid(task, tty);
    case 'TIOCSCTTY':
      return jobctrl.tiocsctty(task, tty, arg === 1);
    case 'TIOCNOTTY':
      return jobctrl.tiocnotty(task, tty);
    case 'FIONREAD':
      return available(tty);
    default:
      return ENOTTY;
  }
}

const copy = (t: Termios): Termios => ({ ...t, c_cc: Array.from({ length: NCCS }, (_, i) => t.c_cc[i] ?? 0) });

/** @linux drivers/tty/tty_ioctl.c set_termios #P[TCSETSW and TCSETSF do not wait for output to drain] */
function set_termios(tty: TtyStruct, request: string, termios: Termios, task: Task): Status {
  const held = jobctrl.tty_check_change(task, tty, SIGTTOU);
  if (held !== 0) return held;
  if (request === 'TCSETSF') n_tty_flush_input(tty);
  const old = tty.termios;
  tty.termios = copy(termios);
  if (iflag(old, IXON) && !iflag(termios, IXON)) tty.output.start();
  n_tty_set_termios(tty, old);
  return 0;
}

function tiocswinsz(tty: TtyStruct, size: Winsize): Status {
  tty.resize(size.ws_row, size.ws_col);
  return 0;
}
