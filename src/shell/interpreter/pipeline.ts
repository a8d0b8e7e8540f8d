/** `a | b |& c`, `! a`, `time a`. */
import { IS_ERR } from '../../uapi/errno.ts';
import type { ExitCode, Fd, Pid } from '../../uapi/types.ts';
import type { Command, Pipeline } from '../ast.ts';
import { forkShell } from '../fork.ts';
import type { Process } from '../job-table.ts';
import { exitStatus, jobStatus, waitForeground } from '../jobs.ts';
import { printCommand, printPipeline } from '../print.ts';
import { ExpansionError } from '../report.ts';
import type { Shell } from '../shell.ts';
import { runCommand } from './command.ts';
import { startClock } from './time.ts';

export async function runPipeline(sh: Shell, p: Pipeline, last: boolean): Promise<ExitCode> {
  if (p.negations > 0) sh.conditionDepth++;
  const report = p.timed === 'no' ? undefined : startClock(sh, p.timed);
  let status: ExitCode;
  try {
    const takeOver = last && p.negations === 0 && !report;
    status = p.commands.length === 1 ? await runAlone(sh, p.commands[0] as Command, takeOver) : await runConnected(sh, p);
  } finally {
    if (p.negations > 0) sh.conditionDepth--;
  }
  if (report) await report();
  if (p.negations % 2 === 1) status = status === 0 ? 1 : 0;
  sh.lastStatus = status;
  return status;
}

async function runAlone(sh: Shell, c: Command, last: boolean): Promise<ExitCode> {
  const status = await runCommand(sh, c, last);
  sh.lastStatus = status;
  if (c.type === 'simple' || c.type === 'subshell') sh.pipeStatus = [status];
  return status;
}

interface Ends {
  readonly input: Fd | undefined;
  readonly output: Fd | undefined;
  /** The read end of the pipe to the next command, which this one must not hold. */
  readonly next: Fd | undefined;
  readonly errorsToo: boolean;
}

async function runConnected(sh: Shell, p: Pipeline): Promise<ExitCode> {
  const lastHere = sh.options.shopt('lastpipe') && !sh.options.get('monitor');
  const count = lastHere ? p.commands.length - 1 : p.commands.length;
  const { processes, group, input } = startPipeline(sh, p, count, { foreground: sh.options.get('monitor') });
  const own = lastHere ? await runLastHere(sh, p.commands[count] as Command, input as Fd) : undefined;
  const stopped = await waitForeground(sh, processes, printPipeline(p), group);
  if (stopped) return jobStatus(stopped);
  const statuses = processes.map((x) => exitStatus(x.status ?? 0));
  if (own !== undefined) statuses.push(own);
  sh.pipeStatus = statuses;
  const last = statuses[statuses.length - 1] ?? 0;
  return sh.options.get('pipefail') ? (statuses.findLast((s) => s !== 0) ?? 0) : last;
}

interface Started {
  readonly processes: Process[];
  readonly group: Pid | undefined;
  /** What the last one that was started writes to. */
  readonly input: Fd | undefined;
}

/** Starts the first `count` commands, each writing to the next. */
export function startPipeline(sh: Shell, p: Pipeline, count: number, how: { foreground?: boolean; background?: boolean }): Started {
  const processes: Process[] = [];
  let group: Pid | undefined = sh.options.get('monitor') ? 0 : undefined;
  let input: Fd | undefined;
  for (let i = 0; i < count; i++) {
    const c = p.commands[i] as Command;
    const pipe = i < p.commands.length - 1 ? sh.sys.pipe2() : undefined;
    if (IS_ERR(pipe)) throw new ExpansionError(`pipe error: ${pipe.message}`);
    const ends: Ends = { input, output: pipe?.[1], next: pipe?.[0], errorsToo: p.both[i] === true };
    const pid = forkShell(sh, { group, ...how, background: how.background === true && i === 0 }, (child) => runElement(child, c, ends));
    if (input !== undefined) sh.sys.close(input);
    if (pipe) sh.sys.close(pipe[1]);
    input = pipe?.[0];
    if (IS_ERR(pid)) throw new ExpansionError(`fork: ${pid.message}`, 254);
    if (group === 0) group = pid;
    processes.push({ pid, text: printCommand(c), status: undefined, state: 'running' });
  }
  return { processes, group, input };
}

async function runElement(child: Shell, c: Command, ends: Ends): Promise<ExitCode> {
  const { sys } = child;
  child.interactive = false;
  if (ends.next !== undefined) sys.close(ends.next);
  if (ends.input !== undefined) connect(child, ends.input, 0);
  if (ends.output !== undefined) {
    connect(child, ends.output, 1);
    if (ends.errorsToo) sys.dup2(1, 2);
  }
  return runCommand(child, c, true);
}

function connect(sh: Shell, from: Fd, to: Fd): void {
  if (from === to) return;
  sh.sys.dup2(from, to);
  sh.sys.close(from);
}

/** `lastpipe`: the last command runs in the shell itself, reading from the pipe. */
async function runLastHere(sh: Shell, c: Command, input: Fd): Promise<ExitCode> {
  const saved = sh.sys.fcntl(0, 1030, 10);
  connect(sh, input, 0);
  try {
    return await runCommand(sh, c, false);
  } finally {
    if (!IS_ERR(saved)) connect(sh, saved, 0);
  }
}
