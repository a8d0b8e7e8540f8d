/** jobs, fg, bg, wait, kill, disown, suspend */
import { IS_ERR } from '../../uapi/errno.ts';
import { SIGCONT, SIGHUP, SIGNAL_NAMES, SIGSTOP, SIGTERM } from '../../uapi/signal.ts';
import type { ExitCode } from '../../uapi/types.ts';
import { AbortFlow } from '../flow.ts';
import type { Job } from '../job-table.ts';
import {
  announceDeaths,
  continueJob,
  currentOrder,
  exitStatus,
  findJob,
  foregroundEnded,
  jobLine,
  jobState,
  jobStatus,
  makeCurrent,
  pollJobs,
  removeJob,
  takeTerminal,
  waitProcess,
} from '../jobs.ts';
import { builtinError, report } from '../report.ts';
import type { Shell } from '../shell.ts';
import { runPendingTraps, signalNumber } from '../traps.ts';
import { command } from './lookup.ts';
import { output, parseOptions } from './options.ts';
import { signalTable } from './trap.ts';

async function jobArgument(sh: Shell, name: string, spec: string): Promise<Job | undefined> {
  const job = findJob(sh, spec);
  if (job && job !== 'ambiguous') return job;
  if (job === 'ambiguous') await builtinError(sh, name, `${spec.replace(/^%/, '')}: ambiguous job spec`);
  await builtinError(
    sh,
    name,
    spec === '' || spec === '%' || spec === '%+' || spec === '%%' ? 'current: no such job' : `${spec}: no such job`,
  );
  return undefined;
}

export async function jobs(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  if (args[1] === '-x') return runWithPids(sh, args.slice(2));
  const o = await parseOptions(sh, args, 'lnprs', 'jobs [-lnprs] [jobspec ...] or jobs -x command [args]');
  if (!o) return 2;
  await pollJobs(sh);
  let status = 0;
  let out = '';
  const chosen: Job[] = [];
  for (const spec of args.slice(o.next)) {
    const job = await jobArgument(sh, 'jobs', spec);
    if (job) chosen.push(job);
    else status = 1;
  }
  const own = sh.subshellDepth > 0 && sh.jobs.list.length === 0 ? sh.jobs.inherited : sh.jobs.list;
  for (const job of args.length > o.next ? chosen : [...own]) {
    if (o.letters.includes('r') && jobState(job) !== 'running') continue;
    if (o.letters.includes('s') && jobState(job) !== 'stopped') continue;
    if (o.letters.includes('p')) out += `${job.processes[0]?.pid}\n`;
    else out += `${jobLine(sh, job, o.letters.includes('l'))}\n`;
    job.notified = true;
    if (jobState(job) === 'done') removeJob(sh, job);
  }
  return (await output(sh, 'jobs', out)) || status;
}

/** `jobs -x`: each job among the words becomes its process group. */
async function runWithPids(sh: Shell, words: readonly string[]): Promise<ExitCode> {
  const argv = words.map((w) => {
    const job = w.startsWith('%') ? findJob(sh, w) : undefined;
    return job && job !== 'ambiguous' ? String(job.group) : w;
  });
  return argv.length === 0 ? 0 : command(sh, ['command', ...argv], new Map());
}

async function hasTerminated(sh: Shell, name: string, job: Job): Promise<boolean> {
  await pollJobs(sh);
  if (jobState(job) !== 'done') return false;
  await builtinError(sh, name, 'job has terminated');
  return true;
}

export async function fg(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  if (!sh.options.get('monitor')) {
    await builtinError(sh, 'fg', 'no job control');
    return 1;
  }
  const job = await jobArgument(sh, 'fg', args[1] ?? '');
  if (!job || (await hasTerminated(sh, 'fg', job))) return 1;
  await output(sh, 'fg', `${job.text}\n`);
  job.background = false;
  makeCurrent(sh, job);
  if (sh.terminalFd >= 0) {
    if (job.terminal) sh.sys.ioctl(sh.terminalFd, 'TCSETSW', job.terminal);
    sh.sys.ioctl(sh.terminalFd, 'TIOCSPGRP', job.group);
  }
  const modes = sh.terminalFd >= 0 ? sh.sys.ioctl(sh.terminalFd, 'TCGETS') : undefined;
  continueJob(sh, job);
  for (const p of job.processes) while ((await waitProcess(sh, p, true)) === 'interrupted');
  takeTerminal(sh);
  if (jobState(job) === 'stopped') {
    job.notified = true;
    await sh.write(2, `\n${jobLine(sh, job)}\n`);
  } else {
    removeJob(sh, job);
    if (modes && !IS_ERR(modes)) sh.sys.ioctl(sh.terminalFd, 'TCSETSW', modes);
    await foregroundEnded(sh, job.processes, true);
  }
  return jobStatus(job);
}

export async function bg(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  if (!sh.options.get('monitor')) {
    await builtinError(sh, 'bg', 'no job control');
    return 1;
  }
  let status = 0;
  for (const spec of args.length > 1 ? args.slice(1) : ['']) {
    const job = await jobArgument(sh, 'bg', spec);
    if (!job || (await hasTerminated(sh, 'bg', job))) {
      status = 1;
    } else if (jobState(job) === 'running') {
      await builtinError(sh, 'bg', `job ${job.id} already in background`);
    } else {
      job.background = true;
      continueJob(sh, job);
      await output(sh, 'bg', `[${job.id}]${currentOrder(sh)[0] === job ? '+' : '-'} ${job.text} &\n`);
    }
  }
  return status;
}

export async function wait(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  const o = await parseOptions(sh, args, 'fnp:', 'wait [-fn] [-p var] [id ...]');
  if (!o) return 2;
  const rest = args.slice(o.next);
  if (o.letters.includes('n')) return waitNext(sh, rest, o.values.get('p'));
  if (rest.length === 0) return waitAll(sh);
  let status = 0;
  for (const spec of rest) status = await waitOne(sh, spec);
  return status;
}

/** Waits; a trapped signal ends the waiting with 128+n, an interrupt drops the command. */
async function waitJob(sh: Shell, job: Job): Promise<ExitCode | undefined> {
  const waits = jobState(job) === 'running';
  for (const p of job.processes) {
    while ((await waitProcess(sh, p, false)) === 'interrupted') {
      if (sh.interrupted) throw new AbortFlow(130);
      const signal = sh.traps.pending[0];
      if (signal === undefined) continue;
      await runPendingTraps(sh);
      return 128 + signal;
    }
  }
  if (waits) job.notified = false;
  await announceDeaths(sh);
  return undefined;
}

async function waitAll(sh: Shell): Promise<ExitCode> {
  for (const job of [...sh.jobs.list]) {
    if (jobState(job) === 'stopped') continue;
    const signalled = await waitJob(sh, job);
    if (signalled !== undefined) return signalled;
    if (sh.interactive) job.notified = false;
    else removeJob(sh, job);
  }
  return 0;
}

async function waitOne(sh: Shell, spec: string): Promise<ExitCode> {
  if (!spec.startsWith('%') && !/^\d+$/.test(spec)) {
    await builtinError(sh, 'wait', `\`${spec}': not a pid or valid job spec`);
    return 1;
  }
  const pid = Number(spec);
  const job = spec.startsWith('%') ? findJob(sh, spec) : sh.jobs.list.find((j) => j.processes.some((p) => p.pid === pid));
  if (job && job !== 'ambiguous') {
    const signalled = await waitJob(sh, job);
    if (signalled !== undefined) return signalled;
    removeJob(sh, job);
    return jobStatus(job);
  }
  if (spec.startsWith('%')) {
    await builtinError(sh, 'wait', `${spec}: no such job`);
    return 127;
  }
  const known = sh.jobs.finished.get(pid);
  if (known !== undefined) return known;
  if (sh.jobs.others.includes(pid)) {
    sh.jobs.others = sh.jobs.others.filter((p) => p !== pid);
    const r = await sh.sys.wait4(pid, 0);
    return IS_ERR(r) ? 127 : exitStatus(r.status);
  }
  await builtinError(sh, 'wait', `pid ${spec} is not a child of this shell`);
  return 127;
}

/** `wait -n`: the first of them to end. */
async function waitNext(sh: Shell, specs: readonly string[], variable: string | undefined): Promise<ExitCode> {
  for (const s of specs) {
    const known = s.startsWith('%') ? findJob(sh, s) : sh.jobs.list.some((j) => j.processes.some((p) => p.pid === Number(s)));
    if (!known) await builtinError(sh, 'wait', `${s}: no such job`);
  }
  const among = (j: Job): boolean =>
    specs.length === 0 || specs.some((s) => (s.startsWith('%') ? findJob(sh, s) === j : j.processes.some((p) => p.pid === Number(s))));
  for (;;) {
    await pollJobs(sh);
    const candidates = sh.jobs.list.filter(among);
    if (candidates.length === 0) return 127;
    const done = candidates.find((j) => jobState(j) === 'done');
    if (done) {
      removeJob(sh, done);
      if (variable !== undefined) sh.set(variable, String(done.processes[done.processes.length - 1]?.pid ?? 0));
      return jobStatus(done);
    }
    const r = await sh.sys.wait4(-1, 0);
    if (IS_ERR(r)) {
      if (r.code !== 'EINTR') return 127;
      if (sh.interrupted) throw new AbortFlow(130);
      const signal = sh.traps.pending[0];
      if (signal === undefined) continue;
      await runPendingTraps(sh);
      return 128 + signal;
    }
    noteReaped(sh, r.pid, r.status);
  }
}

function noteReaped(sh: Shell, pid: number, status: number): void {
  for (const job of sh.jobs.list) {
    for (const p of job.processes) {
      if (p.pid !== pid) continue;
      p.status = status;
      p.state = 'done';
      sh.jobs.finished.set(pid, exitStatus(status));
    }
  }
}

export async function disown(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  const o = await parseOptions(sh, args, 'ahr', 'disown [-h] [-ar] [jobspec ... | pid ...]');
  if (!o) return 2;
  const rest = args.slice(o.next);
  const all = o.letters.includes('a') || (o.letters.includes('r') && rest.length === 0);
  const chosen = all ? sh.jobs.list.filter((j) => !o.letters.includes('r') || jobState(j) === 'running') : [];
  let status = 0;
  for (const spec of all ? [] : rest.length > 0 ? rest : ['']) {
    const job = sh.jobs.list.find((j) => j.processes.some((p) => String(p.pid) === spec)) ?? (await jobArgument(sh, 'disown', spec));
    if (job) chosen.push(job);
    else status = 1;
  }
  for (const job of chosen) {
    if (o.letters.includes('h')) job.disownedFromHup = true;
    else await deleteJob(sh, job);
  }
  return status;
}

async function deleteJob(sh: Shell, job: Job): Promise<void> {
  if (jobState(job) === 'stopped') await report(sh, `warning: deleting stopped job ${job.id} with process group ${job.group}`);
  for (const p of job.processes) sh.jobs.finished.set(p.pid, exitStatus(p.status ?? 0));
  removeJob(sh, job);
}

const KILL_USAGE = 'kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]';

export async function kill(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  let i = 1;
  let sig = SIGTERM;
  const first = args[i];
  if (first === '-l' || first === '-L') return listSignals(sh, args.slice(i + 1));
  if (first === '-s' || first === '-n') {
    const n = signalOrZero(args[i + 1] ?? '');
    if (n === undefined) return badSignal(sh, args[i + 1] ?? '');
    sig = n;
    i += 2;
  } else if (first !== undefined && /^-./.test(first) && first !== '--') {
    const n = signalOrZero(first.slice(1));
    if (n === undefined) return badSignal(sh, first.slice(1));
    sig = n;
    i++;
  }
  if (args[i] === '--') i++;
  if (i >= args.length) {
    await sh.write(2, `kill: usage: ${KILL_USAGE}\n`);
    return 2;
  }
  let failures = 0;
  for (const target of args.slice(i)) if (!(await killOne(sh, target, sig))) failures++;
  await sh.sys.sched_yield();
  return failures > 0 ? 1 : 0;
}

const signalOrZero = (text: string): number | undefined => (text === '0' || text.toUpperCase() === 'EXIT' ? 0 : signalNumber(text));

async function badSignal(sh: Shell, text: string): Promise<ExitCode> {
  await builtinError(sh, 'kill', `${text}: invalid signal specification`);
  return 1;
}

async function killOne(sh: Shell, target: string, sig: number): Promise<boolean> {
  if (target.startsWith('%')) {
    const job = await jobArgument(sh, 'kill', target);
    if (!job) return false;
    const status = job.controlled ? sh.sys.kill(-job.group, sig) : sh.sys.kill(job.processes[0]?.pid ?? 0, sig);
    job.signalled = jobState(job) === 'stopped';
    const wakes = job.signalled && (sig === SIGTERM || sig === SIGHUP);
    if (wakes) sh.sys.kill(job.controlled ? -job.group : (job.processes[0]?.pid ?? 0), SIGCONT);
    return status === 0;
  }
  if (!/^-?\d+$/.test(target)) {
    await builtinError(sh, 'kill', `${target}: arguments must be process or job IDs`);
    return false;
  }
  const status = sh.sys.kill(Number(target), sig);
  if (status === 0) return true;
  await builtinError(sh, 'kill', `(${target}) - ${status.message}`);
  return false;
}

async function listSignals(sh: Shell, specs: readonly string[]): Promise<ExitCode> {
  if (specs.length === 0) return output(sh, 'kill', signalTable());
  let status = 0;
  let out = '';
  for (const s of specs) {
    const n = /^\d+$/.test(s) ? Number(s) % 128 : signalNumber(s);
    const name = n === undefined ? undefined : SIGNAL_NAMES[n];
    if (n === 0) out += 'EXIT\n';
    else if (!name) {
      await builtinError(sh, 'kill', `${s}: invalid signal specification`);
      status = 1;
    } else out += /^\d+$/.test(s) ? `${name}\n` : `${n}\n`;
  }
  return (await output(sh, 'kill', out)) || status;
}

export async function suspend(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  if (!sh.options.get('monitor') && args[1] !== '-f') {
    await builtinError(sh, 'suspend', 'cannot suspend: no job control');
    return 1;
  }
  if (sh.options.shopt('login_shell') && args[1] !== '-f') {
    await builtinError(sh, 'suspend', 'cannot suspend a login shell');
    return 1;
  }
  sh.sys.kill(sh.sys.getpid(), SIGSTOP);
  await sh.sys.sched_yield();
  return 0;
}
