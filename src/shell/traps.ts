/** `trap`: what to do on signals and on EXIT, DEBUG, ERR, RETURN. */
import { NSIG, SIGINT, SIGKILL, SIGNAL_NAMES, SIGSTOP } from '../uapi/signal.ts';
import { parseAndRun } from './input.ts';
import type { Shell } from './shell.ts';
import { endsByTrap, TERMINATING, type TrapName } from './trap-table.ts';

/** `INT`, `SIGINT`, `2`, `EXIT`, `0` … */
export function trapName(text: string): TrapName | undefined {
  const upper = text.toUpperCase();
  if (upper === 'EXIT' || text === '0') return 'EXIT';
  if (upper === 'DEBUG' || upper === 'ERR' || upper === 'RETURN') return upper;
  return signalNumber(text);
}

export function signalNumber(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) < NSIG ? Number(text) : undefined;
  const name = text.toUpperCase().replace(/^SIG/, '');
  const n = (SIGNAL_NAMES as readonly string[]).indexOf(name);
  return n > 0 ? n : undefined;
}

/** undefined: back to the default. */
export function setTrap(sh: Shell, name: TrapName, action: string | undefined): void {
  if (sh.traps.inherited) {
    sh.traps.actions.clear();
    sh.traps.inherited = false;
  }
  if (typeof name === 'number' && sh.traps.ignoredAtStart.has(name)) return;
  if (action === undefined) sh.traps.actions.delete(name);
  else sh.traps.actions.set(name, action);
  if (name === 'EXIT') defaultTerminating(sh);
  if (typeof name !== 'number' || name === SIGKILL || name === SIGSTOP) return;
  if (action === undefined) sh.defaultSignal(name);
  else if (action === '') sh.sys.rt_sigaction(name, { handler: 'SIG_IGN' });
  else catchSignal(sh, name);
}

function catchSignal(sh: Shell, sig: number): void {
  sh.sys.rt_sigaction(sig, { handler: (n) => void sh.traps.pending.push(n) });
}

/** The signals that end the shell and have no action of their own. */
function defaultTerminating(sh: Shell): void {
  const { actions, ignoredAtStart } = sh.traps;
  for (const sig of TERMINATING) if (!actions.has(sig) && !ignoredAtStart.has(sig)) sh.defaultSignal(sig);
}

/** In a forked child: caught signals are default again, ignored ones stay. EXIT and the like are the parent's. */
export function resetTraps(sh: Shell): void {
  const { actions } = sh.traps;
  for (const [name, action] of actions) if (typeof name === 'number' && action !== '') sh.defaultSignal(name);
  sh.traps.inherited = actions.size > 0;
  if (actions.has('EXIT')) defaultTerminating(sh);
  sh.traps.pending = [];
  sh.traps.running = false;
}

/** Runs what arrived since the last command. */
export async function runPendingTraps(sh: Shell): Promise<void> {
  while (sh.traps.pending.length > 0) {
    const sig = sh.traps.pending.shift() as number;
    if (!sh.traps.actions.has(sig) && endsByTrap(sh.traps, sig)) await dieOf(sh, sig);
    await runTrap(sh, sig);
    if (sig === SIGINT && sh.interactive) sh.interrupted = false;
  }
}

/** Runs the EXIT trap, whatever it does, and dies of the signal. */
export async function dieOf(sh: Shell, sig: number): Promise<void> {
  try {
    await runExitTrap(sh);
  } finally {
    sh.sys.rt_sigaction(sig, { handler: 'SIG_DFL' });
    sh.sys.kill(sh.sys.getpid(), sig);
    await sh.sys.sched_yield();
  }
}

/** A signal has come that ends the shell, though a child still runs. */
export const fatalSignalPending = (sh: Shell): boolean =>
  sh.traps.pending.some((sig) => !sh.traps.actions.has(sig) && endsByTrap(sh.traps, sig));

export async function runTrap(sh: Shell, name: TrapName): Promise<void> {
  const action = sh.traps.inherited ? undefined : sh.traps.actions.get(name);
  if (!action) return;
  const status = sh.lastStatus;
  const pipeStatus = sh.pipeStatus;
  const line = sh.line;
  await parseAndRun(sh, action, { where: 'trap', firstLine: name === 'EXIT' || typeof name === 'number' ? 1 : sh.line });
  sh.line = line;
  sh.lastStatus = status;
  sh.pipeStatus = pipeStatus;
}

/** DEBUG, ERR and RETURN do not nest in themselves. */
export async function runPseudoTrap(sh: Shell, name: 'DEBUG' | 'ERR' | 'RETURN'): Promise<void> {
  if (sh.traps.running || !sh.traps.actions.get(name)) return;
  sh.traps.running = true;
  try {
    await runTrap(sh, name);
  } finally {
    sh.traps.running = false;
  }
}

export async function runExitTrap(sh: Shell): Promise<void> {
  if (sh.traps.inherited || !sh.traps.actions.get('EXIT')) return;
  const action = sh.traps.actions.get('EXIT') as string;
  sh.traps.actions.delete('EXIT');
  await parseAndRun(sh, action, { where: 'trap', firstLine: 1 });
}
