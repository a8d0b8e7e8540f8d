/** One command of any kind. */
import { IS_ERR } from '../../uapi/errno.ts';
import type { ExitCode } from '../../uapi/types.ts';
import type { Command, Group, Redirected } from '../ast.ts';
import { arithmeticValue } from '../expand/expand.ts';
import { closeSubstitutions } from '../expand/substitute.ts';
import { forkShell } from '../fork.ts';
import type { Process } from '../job-table.ts';
import { exitStatus, jobStatus, waitForeground } from '../jobs.ts';
import { printCommand } from '../print.ts';
import { redirect, redirectionStatus, restore } from '../redirect.ts';
import { ExpansionError, report } from '../report.ts';
import type { Shell } from '../shell.ts';
import { runPseudoTrap } from '../traps.ts';
import { trace } from '../xtrace.ts';
import { runArithmeticFor, runCase, runFor, runIf, runSelect, runWhile } from './compound.ts';
import { runConditional } from './conditional.ts';
import { runCoprocess } from './coproc.ts';
import { defineFunction } from './function.ts';
import { abandon, runList } from './list.ts';
import { runSimple } from './simple.ts';

/** `last`: this process has nothing to do afterwards. */
export async function runCommand(sh: Shell, c: Command, last: boolean): Promise<ExitCode> {
  const fds = sh.substitutionFds.length;
  try {
    return await dispatch(sh, c, last);
  } catch (e) {
    if (e instanceof ExpansionError) return await abandon(sh, e);
    throw e;
  } finally {
    if (sh.substitutionFds.length > fds) closeSubstitutions(sh, fds);
  }
}

/** Compound commands that BASH_COMMAND shows and a DEBUG trap precedes. */
const SHOWN: ReadonlySet<Command['type']> = new Set(['for', 'select', 'case', 'arithmetic', 'conditional', 'arithmetic-for'] as const);

function dispatch(sh: Shell, c: Command, last: boolean): Promise<ExitCode> | ExitCode {
  if (c.type !== 'group' && c.type !== 'redirected' && c.type !== 'if') sh.line = c.line;
  if (SHOWN.has(c.type) && !sh.traps.running) sh.currentCommand = c;
  switch (c.type) {
    case 'simple':
      return runSimple(sh, c, last);
    case 'redirected':
      return runRedirected(sh, c, last);
    case 'group':
      return runList(sh, c.body, last);
    case 'subshell':
      return runSubshell(sh, c, last);
    case 'if':
      return runIf(sh, c, last);
    case 'for':
      return runFor(sh, c);
    case 'select':
      return runSelect(sh, c);
    case 'arithmetic-for':
      return runArithmeticFor(sh, c);
    case 'while':
    case 'until':
      return runWhile(sh, c);
    case 'case':
      return sh.traps.actions.has('DEBUG') ? debugged(sh, () => runCase(sh, c, last)) : runCase(sh, c, last);
    case 'arithmetic':
      return runArithmetic(sh, c.expression);
    case 'conditional':
      return sh.traps.actions.has('DEBUG') ? debugged(sh, () => runConditional(sh, c.test)) : runConditional(sh, c.test);
    case 'function':
      return defineFunction(sh, c);
    case 'coproc':
      return runCoprocess(sh, c);
  }
}

async function debugged(sh: Shell, run: () => Promise<ExitCode>): Promise<ExitCode> {
  await runPseudoTrap(sh, 'DEBUG');
  return run();
}

async function runRedirected(sh: Shell, c: Redirected, last: boolean): Promise<ExitCode> {
  const undo = await redirect(sh, c.redirections, true);
  if (!undo) return redirectionStatus(sh);
  try {
    return await dispatch(sh, c.command, last && c.command.type === 'subshell');
  } finally {
    restore(sh, undo);
  }
}

async function runSubshell(sh: Shell, c: Group, last: boolean): Promise<ExitCode> {
  if (last && sh.subshellDepth > 0 && !sh.traps.actions.has('EXIT')) {
    sh.subshellDepth++;
    return runList(sh, c.body, true);
  }
  const monitor = sh.options.get('monitor');
  const pid = forkShell(sh, { group: monitor ? 0 : undefined, foreground: monitor }, async (child) => {
    child.interactive = false;
    child.loopDepth = 0;
    return runList(child, c.body, true);
  });
  if (IS_ERR(pid)) throw new ExpansionError(`fork: ${pid.message}`, 254);
  const process: Process = { pid, text: printCommand(c), status: undefined, state: 'running' };
  const stopped = await waitForeground(sh, [process], process.text, monitor ? pid : undefined);
  return stopped ? jobStatus(stopped) : exitStatus(process.status ?? 0);
}

async function runArithmetic(sh: Shell, expression: string): Promise<ExitCode> {
  if (sh.traps.actions.has('DEBUG')) await runPseudoTrap(sh, 'DEBUG');
  if (sh.options.get('xtrace')) await trace(sh, `(( ${expression} ))`);
  try {
    return (await arithmeticValue(sh, expression, '((: ')) === 0n ? 1 : 0;
  } catch (e) {
    if (!(e instanceof ExpansionError) || e.fatal) throw e;
    await report(sh, e.message);
    return 1;
  }
}
