/** Lists: `a; b`, `a && b || c`, `a &`; and what happens when a command fails under `set -e`. */
import { IS_ERR } from '../../uapi/errno.ts';
import type { ExitCode } from '../../uapi/types.ts';
import type { AndOr, Command, List, Pipeline, Statement } from '../ast.ts';
import { dashExpansion } from '../dash.ts';
import { AbortFlow, ExitFlow } from '../flow.ts';
import { forkShell } from '../fork.ts';
import type { Process } from '../job-table.ts';
import { addJob, forgetFinished, jobMark } from '../jobs.ts';
import { printAndOr } from '../print.ts';
import { ExpansionError, report } from '../report.ts';
import type { Shell } from '../shell.ts';
import { runPendingTraps, runPseudoTrap } from '../traps.ts';
import { runPipeline, startPipeline } from './pipeline.ts';

/** `last`: nothing follows in this process, so the final command may take it over. */
export async function runList(sh: Shell, list: List, last = false): Promise<ExitCode> {
  let status = 0;
  const n = list.length;
  for (let i = 0; i < n; i++) status = await runStatement(sh, list[i] as Statement, last && i === n - 1);
  return status;
}

async function runStatement(sh: Shell, s: Statement, last: boolean): Promise<ExitCode> {
  if (sh.options.get('noexec') && !sh.interactive) return sh.lastStatus;
  const status = s.background ? await runBackground(sh, s.command) : await runAndOr(sh, s.command, last);
  if (sh.traps.pending.length > 0) await runPendingTraps(sh);
  if (sh.interrupted) throw new AbortFlow(130);
  return status;
}

export async function runAndOr(sh: Shell, a: AndOr, last: boolean): Promise<ExitCode> {
  const n = a.pipelines.length;
  if (n === 1) return runChecked(sh, a.pipelines[0] as Pipeline, last);
  let status = 0;
  for (let i = 0; i < n; i++) {
    const operator = a.operators[i - 1];
    if (operator === '&&' && status !== 0) continue;
    if (operator === '||' && status === 0) continue;
    const pipeline = a.pipelines[i] as Pipeline;
    if (i === n - 1) return runChecked(sh, pipeline, last);
    sh.conditionDepth++;
    try {
      status = await runPipeline(sh, pipeline, false);
    } finally {
      sh.conditionDepth--;
    }
  }
  return status;
}

async function runChecked(sh: Shell, p: Pipeline, last: boolean): Promise<ExitCode> {
  const status = await runPipeline(sh, p, last);
  if (status !== 0 && sh.conditionDepth === 0 && p.negations === 0 && failsTheShell(p)) await commandFailed(sh, status);
  return status;
}

/** Of compound commands, those that run in the shell itself have had their own commands checked. */
function failsTheShell(p: Pipeline): boolean {
  if (p.commands.length > 1) return true;
  let c = p.commands[0] as Command;
  while (c.type === 'redirected') c = c.command;
  return c.type === 'simple' || c.type === 'subshell' || c.type === 'arithmetic' || c.type === 'conditional';
}

async function commandFailed(sh: Shell, status: ExitCode): Promise<void> {
  if (sh.traps.actions.has('ERR') && (sh.frames.every((f) => f.kind !== 'function') || sh.options.get('errtrace'))) {
    sh.lastStatus = status;
    await runPseudoTrap(sh, 'ERR');
  }
  if (sh.options.get('errexit')) throw new ExitFlow(status);
}

async function runBackground(sh: Shell, a: AndOr): Promise<ExitCode> {
  const text = printAndOr(a);
  const processes = startBackground(sh, a, text);
  const pid = processes[processes.length - 1]?.pid ?? 0;
  sh.lastBackground = pid;
  await forgetFinished(sh);
  const group = processes[0]?.pid ?? 0;
  const job = addJob(sh, processes, text, { group, controlled: sh.options.get('monitor'), background: true });
  if (sh.interactive && jobMark(sh, job)) await sh.write(2, `[${job.id}] ${pid}\n`);
  sh.lastStatus = 0;
  return 0;
}

/** The commands of a lone pipeline are the shell's own children; anything else runs in a copy of the shell. */
function startBackground(sh: Shell, a: AndOr, text: string): Process[] {
  const p = a.pipelines[0] as Pipeline;
  const lone = a.pipelines.length === 1 && p.commands.length > 1 && p.negations === 0 && p.timed === 'no';
  if (lone) return startPipeline(sh, p, p.commands.length, { background: true }).processes;
  const pid = forkShell(sh, { group: sh.options.get('monitor') ? 0 : undefined, background: true }, async (child) => {
    child.interactive = false;
    return runAndOr(child, a, true);
  });
  if (IS_ERR(pid)) throw new ExpansionError(`fork: ${pid.message}`, 254);
  return [{ pid, text, status: undefined, state: 'running' }];
}

async function abandonAsDash(sh: Shell, e: ExpansionError): Promise<never> {
  await report(sh, dashExpansion(e.message));
  sh.lastStatus = 2;
  throw sh.interactive ? new AbortFlow(2) : new ExitFlow(2);
}

/** Tells of a failed expansion and leaves the command (or the shell). */
export async function abandon(sh: Shell, e: ExpansionError): Promise<never> {
  if (sh.posixSh) return abandonAsDash(sh, e);
  await report(sh, e.message);
  sh.lastStatus = e.fatal && !sh.interactive ? e.status : 1;
  if (e.fatal && !sh.interactive) throw new ExitFlow(sh.subshellDepth > 0 && !sh.posixSh ? 1 : e.status);
  throw new AbortFlow(1);
}
