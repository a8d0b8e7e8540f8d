/** Taking the terminal: the shell's process group in front, keyboard signals off. Follows initialize_job_control in bash's jobs.c. */
import { type Errno, IS_ERR } from '../../uapi/errno.ts';
import { F_DUPFD_CLOEXEC } from '../../uapi/fcntl.ts';
import { SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGTTIN, SIGTTOU } from '../../uapi/signal.ts';
import type { Fd } from '../../uapi/types.ts';
import type { Shell } from '../shell.ts';

const TERMINAL_FD = 255;
const STDERR: Fd = 2;

/** Turns job control on, or tells why there is none. */
export async function takeTerminal(sh: Shell): Promise<void> {
  ignoreKeyboard(sh);
  const error = await claim(sh);
  if (error === undefined) {
    sh.options.set('monitor', true);
    return;
  }
  const words = `cannot set terminal process group (${sh.sys.getpgid(0)}): ${error.message}`;
  await sh.write(STDERR, `${sh.name}: ${words}\n${sh.name}: no job control in this shell\n`);
}

/** ^C at a command of the shell's own drops the command; the others do nothing to an interactive shell. */
function ignoreKeyboard(sh: Shell): void {
  sh.sys.rt_sigaction(SIGTERM, { handler: 'SIG_IGN' });
  sh.sys.rt_sigaction(SIGQUIT, { handler: 'SIG_IGN' });
  sh.sys.rt_sigaction(SIGINT, { handler: () => void (sh.interrupted = true) });
}

async function claim(sh: Shell): Promise<Errno | undefined> {
  const fd = sh.sys.fcntl(STDERR, F_DUPFD_CLOEXEC, TERMINAL_FD);
  if (IS_ERR(fd)) return fd;
  const error = (await waitForForeground(sh, fd)) ?? becomeLeader(sh, fd);
  if (error === undefined) sh.terminalFd = fd;
  else sh.sys.close(fd);
  return error;
}

/** A shell started in the background stops until it is brought to the front. */
async function waitForForeground(sh: Shell, fd: Fd): Promise<Errno | undefined> {
  for (;;) {
    const front = sh.sys.ioctl(fd, 'TIOCGPGRP');
    if (IS_ERR(front)) return front;
    if (front === sh.sys.getpgid(0)) return undefined;
    sh.sys.rt_sigaction(SIGTTIN, { handler: 'SIG_DFL' });
    sh.sys.kill(0, SIGTTIN);
    await sh.sys.sched_yield();
  }
}

function becomeLeader(sh: Shell, fd: Fd): Errno | undefined {
  for (const sig of [SIGTSTP, SIGTTIN, SIGTTOU]) sh.sys.rt_sigaction(sig, { handler: 'SIG_IGN' });
  const pid = sh.sys.getpid();
  // The leader of a session cannot change its group, and needs not.
  if (sh.sys.getpgid(0) !== pid) sh.sys.setpgid(0, pid);
  const status = sh.sys.ioctl(fd, 'TIOCSPGRP', pid);
  if (IS_ERR(status)) return status;
  sh.processGroup = pid;
  return undefined;
}
