/** What an interactive shell does to own its terminal. */
import { IS_ERR } from '../uapi/errno.ts';
import { F_DUPFD_CLOEXEC } from '../uapi/fcntl.ts';
import { SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGTTIN, SIGTTOU } from '../uapi/signal.ts';
import type { Shell } from './shell.ts';

const TERMINAL_FD = 255;

/** Signals that an interactive shell ignores; its children do not. */
export const IGNORED = [SIGQUIT, SIGTERM, SIGTSTP, SIGTTIN, SIGTTOU];

export function enableJobControl(sh: Shell): void {
  installInteractiveSignals(sh);
  if (IS_ERR(sh.sys.ioctl(2, 'TCGETS')) || sh.commandString !== undefined) return;
  const fd = sh.sys.fcntl(2, F_DUPFD_CLOEXEC, TERMINAL_FD);
  sh.terminalFd = IS_ERR(fd) ? 2 : fd;
  const pid = sh.sys.getpid();
  if (sh.sys.getpgid(0) !== pid) sh.sys.setpgid(0, pid);
  const group = sh.sys.getpgid(0);
  sh.processGroup = IS_ERR(group) ? pid : group;
  sh.sys.ioctl(sh.terminalFd, 'TIOCSPGRP', sh.processGroup);
  sh.options.set('monitor', true);
}

export function installInteractiveSignals(sh: Shell): void {
  for (const sig of IGNORED) sh.sys.rt_sigaction(sig, { handler: 'SIG_IGN' });
  installInterrupt(sh);
}

/** ^C at the prompt or in a builtin drops the command, never the shell. */
export function installInterrupt(sh: Shell): void {
  sh.sys.rt_sigaction(SIGINT, {
    handler: () => {
      sh.interrupted = true;
    },
  });
}
