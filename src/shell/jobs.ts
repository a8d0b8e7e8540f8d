/** Children: foreground and background, what became of them, and how bash tells. */
import { IS_ERR } from '../uapi/errno.ts';
import {
  SIGCONT,
  SIGINT,
  SIGNAL_DESCRIPTIONS,
  SIGPIPE,
  SIGTERM,
  WCONTINUED,
  WEXITSTATUS,
  WIFCONTINUED,
  WIFEXITED,
  WIFSIGNALED,
  WIFSTOPPED,
  WNOHANG,
  WSTOPSIG,
  WTERMSIG,
  WUNTRACED,
} from '../uapi/signal.ts';
import type { ExitCode, Pid } from '../uapi/types.ts';
import type { Job, Process } from './job-table.ts';
import { messagePrefix } from './report.ts';
import type { Shell } from './shell.ts';
import { dieOf, fatalSignalPending, runPendingTraps } from './traps.ts';

export function exitStatus(status: number): ExitCode {
  if (WIFEXITED(status)) return WEXITSTATUS(status);
  return 128 + (WIFSTOPPED(status) ? WSTOPSIG(status) : WTERMSIG(status));
}

export function addJob(
  sh: Shell,
  processes: Process[],
  text: string,
  options: { group: Pid; controlled: boolean; background: boolean },
): Job {
  const id = Math.max(0, ...sh.jobs.list.map((j) => j.id)) + 1;
  const job: Job = { id, processes, text, ...options, notified: true, directory: sh.get('PWD') ?? '', disownedFromHup: false };
  sh.jobs.list.push(job);
  makeCurrent(sh, job);
  return job;
}

export function makeCurrent(sh: Shell, job: Job): void {
  sh.jobs.order = [...sh.jobs.order.filter((j) => j !== job), job];
}

export function removeJob(sh: Shell, job: Job): void {
  sh.jobs.list = sh.jobs.list.filter((j) => j !== job);
  sh.jobs.order = sh.jobs.order.filter((j) => j !== job);
}

export function jobState(job: Job): Process['state'] {
  if (job.processes.some((p) => p.state === 'running')) return 'running';
  return job.processes.some((p) => p.state === 'stopped') ? 'stopped' : 'done';
}

export function jobStatus(job: Job): ExitCode {
  const last = job.processes[job.processes.length - 1];
  return last?.status === undefined ? 0 : exitStatus(last.status);
}

function note(p: Process, status: number): void {
  if (WIFCONTINUED(status)) {
    p.state = 'running';
    return;
  }
  p.status = status;
  p.state = WIFSTOPPED(status) ? 'stopped' : 'done';
}

/** Waits for a process to end or (with job control) stop. EINTR comes back so that traps can run. */
export async function waitProcess(sh: Shell, p: Process, stops: boolean): Promise<'done' | 'interrupted'> {
  while (p.state === 'running') {
    const r = await sh.sys.wait4(p.pid, stops ? WUNTRACED : 0);
    if (IS_ERR(r)) {
      if (r.code === 'EINTR') return 'interrupted';
      note(p, sh.jobs.finished.has(p.pid) ? (sh.jobs.finished.get(p.pid) as number) << 8 : 127 << 8);
      break;
    }
    if (r.pid === p.pid) note(p, r.status);
  }
  if (p.state === 'done') sh.jobs.finished.set(p.pid, exitStatus(p.status ?? 0));
  return 'done';
}

/** Waits for a foreground pipeline; answers its wait statuses. A stopped one becomes a job. */
export async function waitForeground(sh: Shell, processes: Process[], text: string, group: Pid | undefined): Promise<Job | undefined> {
  const controlled = group !== undefined;
  const restoreInt = watchInterrupt(sh);
  for (const p of processes) {
    while ((await waitProcess(sh, p, controlled)) === 'interrupted') if (fatalSignalPending(sh)) await runPendingTraps(sh);
  }
  const interrupted = restoreInt();
  if (controlled) takeTerminal(sh);
  const stopped = processes.some((p) => p.state === 'stopped');
  const job = stopped ? addJob(sh, processes, text, { group: group ?? 0, controlled, background: false }) : undefined;
  if (job) await reportStopped(sh, job);
  else await foregroundEnded(sh, processes, controlled);
  await announceDeaths(sh);
  const last = processes[processes.length - 1];
  if (interrupted && killedBy(last, SIGINT)) await dieOf(sh, SIGINT);
  return job;
}

/** What killed them is said; ^C drops the command that waited. */
export async function foregroundEnded(sh: Shell, processes: readonly Process[], controlled: boolean): Promise<void> {
  const dropped = dropsCommand(sh, processes, controlled);
  await reportDeath(sh, processes, dropped);
  if (dropped) sh.interrupted = true;
}

function killedBy(p: Process | undefined, sig: number): boolean {
  return p?.status !== undefined && WIFSIGNALED(p.status) && WTERMSIG(p.status) === sig;
}

/** ^C ends the loop or list around the command too: the shell, in a group of its own, did not hear of it itself. */
function dropsCommand(sh: Shell, processes: readonly Process[], controlled: boolean): boolean {
  return controlled && killedBy(processes[processes.length - 1], SIGINT) && (!sh.traps.actions.has(SIGINT) || sh.loopDepth > 0);
}

/** A script waits for its child before it decides about ^C: only if the child died of it does the script. */
function watchInterrupt(sh: Shell): () => boolean {
  if (sh.interactive || sh.traps.actions.has(SIGINT)) return () => false;
  let got = false;
  const old = sh.sys.rt_sigaction(SIGINT, { handler: () => void (got = true), restart: true });
  if (!IS_ERR(old) && old.handler === 'SIG_IGN') {
    sh.sys.rt_sigaction(SIGINT, { handler: 'SIG_IGN' });
    return () => false;
  }
  return () => {
    sh.defaultSignal(SIGINT);
    return got;
  };
}

/** Gives the terminal back to the shell and remembers nothing of the job's modes but a sane line. */
export function takeTerminal(sh: Shell): void {
  if (sh.terminalFd >= 0 && sh.processGroup > 0) sh.sys.ioctl(sh.terminalFd, 'TIOCSPGRP', sh.processGroup);
}

async function reportStopped(sh: Shell, job: Job): Promise<void> {
  job.notified = true;
  if (sh.interactive) await sh.write(2, `\n${jobLine(sh, job)}\n`);
}

/** What is said of a foreground child killed by a signal. */
async function reportDeath(sh: Shell, processes: readonly Process[], dropped: boolean): Promise<void> {
  const last = processes[processes.length - 1];
  for (const p of processes) {
    if (p.status === undefined || !WIFSIGNALED(p.status)) continue;
    const sig = WTERMSIG(p.status);
    if (sig === SIGINT) {
      if (sh.interactive && p === last && !dropped) await sh.write(2, '\n');
      continue;
    }
    if (sig === SIGPIPE) continue;
    if ((sig === SIGTERM || sh.posixSh) && !sh.interactive) {
      await sh.write(2, `${SIGNAL_DESCRIPTIONS[sig]}\n`);
      continue;
    }
    if (sh.interactive) {
      if (p === last) await sh.write(2, `${SIGNAL_DESCRIPTIONS[sig]}\n`);
    } else {
      const head = `${messagePrefix(sh)}${String(p.pid).padStart(5)} ${(SIGNAL_DESCRIPTIONS[sig] ?? '').padEnd(23)} ${p.text}`;
      await sh.write(2, `${head}\n`);
    }
  }
}

/** Looks, without waiting, what became of the jobs. */
export async function pollJobs(sh: Shell): Promise<void> {
  for (const job of sh.jobs.list) for (const p of job.processes) if (p.state !== 'done') await pollProcess(sh, job, p);
  const alive: Pid[] = [];
  for (const pid of sh.jobs.others) {
    const r = await sh.sys.wait4(pid, WNOHANG);
    if (!IS_ERR(r) && r.pid === 0) alive.push(pid);
  }
  sh.jobs.others = alive;
}

async function pollProcess(sh: Shell, job: Job, p: Process): Promise<void> {
  const r = await sh.sys.wait4(p.pid, WNOHANG | WUNTRACED | WCONTINUED);
  if (IS_ERR(r)) {
    note(p, 127 << 8);
    return;
  }
  if (r.pid !== p.pid) return;
  note(p, r.status);
  job.notified = WIFCONTINUED(r.status);
  if (p.state === 'done') sh.jobs.finished.set(p.pid, exitStatus(r.status));
}

/** `Running`, `Done`, `Exit 1`, `Stopped`, `Terminated` … */
export function stateText(job: Job): string {
  const state = jobState(job);
  if (state === 'running') return 'Running';
  const shown = state === 'stopped' ? job.processes.find((p) => p.state === 'stopped') : job.processes[job.processes.length - 1];
  return shown ? processText(shown) : 'Done';
}

function processText({ state, status = 0 }: Process): string {
  if (state === 'running') return 'Running';
  if (WIFSTOPPED(status)) return 'Stopped';
  if (WIFEXITED(status)) return WEXITSTATUS(status) === 0 ? 'Done' : `Exit ${WEXITSTATUS(status)}`;
  return SIGNAL_DESCRIPTIONS[WTERMSIG(status)] ?? '';
}

/** `+`, `-` or blank. */
export function jobMark(sh: Shell, job: Job): string {
  const ordered = currentOrder(sh);
  if (ordered[0] === job) return '+';
  return ordered[1] === job ? '-' : ' ';
}

/** Stopped jobs come before running ones; among equals the most recent first. */
export function currentOrder(sh: Shell): Job[] {
  const recent = [...sh.jobs.order].reverse();
  return [...recent.filter((j) => jobState(j) === 'stopped'), ...recent.filter((j) => jobState(j) !== 'stopped')];
}

/** `[1]+  Running                 sleep 100 &` */
export function jobLine(sh: Shell, job: Job, withPid = false): string {
  if (withPid) return longLines(sh, job);
  const text = jobState(job) === 'running' && job.background ? `${job.text} &` : job.text;
  const where = job.directory !== (sh.get('PWD') ?? '') ? `  (wd: ${job.directory})` : '';
  return `[${job.id}]${jobMark(sh, job)}  ${stateText(job).padEnd(24)}${text}${where}`;
}

/** `jobs -l` */
function longLines(sh: Shell, job: Job): string {
  return `[${job.id}]${jobMark(sh, job)} ${deathLines(job).trimEnd()}`;
}

export async function notifyJobs(sh: Shell): Promise<void> {
  if (!sh.jobs.list.some((job) => job.signalled)) await pollJobs(sh);
  const changed = sh.jobs.list.filter((job) => !job.notified || job.signalled);
  for (const job of changed) {
    job.notified = true;
    job.signalled = false;
    if (sh.interactive) await sh.write(2, `${jobState(job) === 'stopped' ? '\n' : ''}${jobLine(sh, job)}\n`);
  }
  for (const job of changed) if (jobState(job) === 'done') removeJob(sh, job);
}

/** Drops jobs that ended, in a shell that tells nobody; what a signal killed is told first. */
export async function forgetFinished(sh: Shell): Promise<void> {
  await pollJobs(sh);
  if (sh.interactive) return;
  for (const job of [...sh.jobs.list]) if (jobState(job) === 'done' && (job.notified || !killedOf(job))) removeJob(sh, job);
}

/** Whenever a script has waited for a child, it tells of the jobs that signals have killed; with job control, of all that ended. */
export async function announceDeaths(sh: Shell): Promise<void> {
  if (sh.interactiveShell || sh.posixSh || sh.jobs.list.length === 0) return;
  await pollJobs(sh);
  for (const job of sh.jobs.list) {
    if (job.notified || jobState(job) !== 'done') continue;
    job.notified = true;
    if (!(sh.inSubstitution && sh.commandString !== undefined)) await sh.write(2, announcement(sh, job));
  }
}

function announcement(sh: Shell, job: Job): string {
  const sig = killedOf(job);
  if (sig && !QUIET_DEATHS.includes(sig) && !sh.traps.actions.has(sig)) return messagePrefix(sh) + deathLines(job);
  return sh.options.get('monitor') && (sig || sh.commandString !== undefined) ? `${jobLine(sh, job)}\n` : '';
}

const QUIET_DEATHS = [SIGINT, SIGTERM, SIGPIPE];

function killedOf(job: Job): number | undefined {
  const status = job.processes[job.processes.length - 1]?.status;
  return status !== undefined && WIFSIGNALED(status) ? WTERMSIG(status) : undefined;
}

/** A line a process, as `jobs -l` lays them out; a state that is the first one's is not repeated. */
function deathLines({ processes, background }: Job): string {
  const [first] = processes;
  return processes
    .map((p, i) => {
      const state = i > 0 && p.status === first?.status ? '' : processText(p);
      const padded = state.padEnd(i > 0 && state === '' ? 22 : 24);
      return `${i === 0 ? '' : '     '}${String(p.pid).padStart(5)} ${padded}${i === 0 ? '' : '| '}${p.text}${i === processes.length - 1 && p.state === 'running' && background ? ' &' : ''}\n`;
    })
    .join('');
}

/** `%1`, `%+`, `%-`, `%name`, `%?text`. */
export function findJob(sh: Shell, spec: string): Job | 'ambiguous' | undefined {
  const s = spec.replace(/^%/, '');
  const ordered = currentOrder(sh);
  if (s === '' || s === '+' || s === '%') return ordered[0];
  if (s === '-') return ordered[1] ?? ordered[0];
  if (/^\d+$/.test(s)) return sh.jobs.list.find((j) => j.id === Number(s));
  const found = sh.jobs.list.filter((j) => (s[0] === '?' ? j.text.includes(s.slice(1)) : j.text.startsWith(s)));
  return found.length > 1 ? 'ambiguous' : found[0];
}

export function continueJob(sh: Shell, job: Job): void {
  for (const p of job.processes) if (p.state === 'stopped') p.state = 'running';
  sh.sys.kill(job.controlled ? -job.group : (job.processes[0]?.pid ?? 0), SIGCONT);
}
