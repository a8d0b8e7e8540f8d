/** A copy of the shell in a child task. */
import { type Errno, IS_ERR } from '../uapi/errno.ts';
import { O_RDONLY } from '../uapi/fcntl.ts';
import { SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGTTIN, SIGTTOU } from '../uapi/signal.ts';
import type { ExitCode, Pid } from '../uapi/types.ts';
import { newJobTable } from './job-table.ts';
import { runToEnd } from './lifetime.ts';
import { Options } from './options.ts';
import { Shell } from './shell.ts';
import { resetTraps } from './traps.ts';

export interface ForkOptions {
  /** Process group to join with job control: 0 makes its own; undefined stays in the shell's. */
  readonly group?: Pid | undefined;
  /** Takes the terminal when it makes or joins its group. */
  readonly foreground?: boolean;
  /** `&` without job control: keyboard signals are ignored, standard input is empty. */
  readonly background?: boolean;
}

/** Runs `body` in a child on a copy of this shell. */
export function forkShell(sh: Shell, options: ForkOptions, body: (child: Shell) => Promise<ExitCode>): Pid | Errno {
  const child = copyShell(sh);
  const pid = sh.sys.clone(0, async (sys) => {
    child.sys = sys;
    await prepareChild(child, options);
    return runToEnd(child, () => body(child));
  });
  if (!IS_ERR(pid) && options.group !== undefined) sh.sys.setpgid(pid, options.group === 0 ? pid : options.group);
  return pid;
}

function copyShell(sh: Shell): Shell {
  const c = new Shell(sh.sys, sh.pid);
  c.vars.copyFrom(sh.vars);
  for (const [k, v] of sh.functions) c.functions.set(k, v);
  for (const [k, v] of sh.aliases) c.aliases.set(k, v);
  for (const [k, v] of sh.hash) c.hash.set(k, { ...v });
  for (const n of sh.disabledBuiltins) c.disabledBuiltins.add(n);
  for (const [k, v] of sh.completions) c.completions.set(k, v);
  c.bindings = sh.bindings?.copy();
  c.completing = sh.completing && { ...sh.completing };
  c.options = new Options(sh.options);
  c.positional = [...sh.positional];
  c.frames.push(...sh.frames);
  c.directoryStack = [...sh.directoryStack];
  for (const [k, v] of sh.traps.actions) c.traps.actions.set(k, v);
  for (const s of sh.traps.ignoredAtStart) c.traps.ignoredAtStart.add(s);
  const { name, argv0, lastStatus, pipeStatus, lastBackground, lastArgument, line, loopDepth, conditionDepth, posixSh } = sh;
  const { commandString, readsStdin, history, secondsBase, getoptsOffset, currentCommand, commandNumber } = sh;
  Object.assign(c, { name, argv0, lastStatus, pipeStatus, lastBackground, lastArgument, line, loopDepth, conditionDepth, posixSh });
  Object.assign(c, { commandString, readsStdin, history, secondsBase, getoptsOffset, currentCommand, commandNumber });
  c.subshellDepth = sh.subshellDepth + 1;
  c.interactive = sh.interactive;
  c.interactiveShell = sh.interactiveShell;
  c.traceDepth = sh.traceDepth;
  c.tracedLater = sh.tracedLater;
  c.inSubstitution = sh.inSubstitution;
  c.terminalFd = sh.terminalFd;
  c.jobs = newJobTable();
  c.jobs.inherited = sh.jobs.list;
  return c;
}

async function prepareChild(child: Shell, o: ForkOptions): Promise<void> {
  const { sys } = child;
  if (o.group !== undefined) {
    const group = o.group === 0 ? sys.getpid() : o.group;
    sys.setpgid(0, group);
    if (o.foreground && child.terminalFd >= 0) sys.ioctl(child.terminalFd, 'TIOCSPGRP', group);
  }
  resetTraps(child);
  for (const sig of [SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGTTIN, SIGTTOU]) {
    if (child.traps.actions.get(sig) !== '' && !child.traps.ignoredAtStart.has(sig)) sys.rt_sigaction(sig, { handler: 'SIG_DFL' });
  }
  child.options.set('monitor', false);
  if (o.background && o.group === undefined) {
    for (const sig of [SIGINT, SIGQUIT]) sys.rt_sigaction(sig, { handler: 'SIG_IGN' });
    const fd = await sys.open('/dev/null', O_RDONLY);
    if (!IS_ERR(fd) && fd !== 0) {
      sys.dup2(fd, 0);
      sys.close(fd);
    }
  }
}
