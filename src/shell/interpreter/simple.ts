/** Simple commands: assignments, words, redirections; and who runs them: a function, a builtin, a program. */
import { IS_ERR } from '../../uapi/errno.ts';
import type { ExitCode } from '../../uapi/types.ts';
import { assign, storeInto } from '../assign.ts';
import type { Assignment, Simple } from '../ast.ts';
import { type Builtin, findBuiltin, SPECIAL_BUILTINS } from '../builtins/index.ts';
import { execCommand } from '../exec-external.ts';
import { expandString, expandWordInto } from '../expand/expand.ts';
import { ExitFlow } from '../flow.ts';
import { forkShell } from '../fork.ts';
import type { Process } from '../job-table.ts';
import { exitStatus, jobStatus, waitForeground } from '../jobs.ts';
import { findCommand } from '../path.ts';
import { printCommand } from '../print.ts';
import { forget, redirect, redirectionStatus, restore } from '../redirect.ts';
import { ExpansionError, report } from '../report.ts';
import type { Shell } from '../shell.ts';
import { runPseudoTrap } from '../traps.ts';
import { newVariable } from '../vars.ts';
import { traceAssignment, traceCommand } from '../xtrace.ts';
import { callFunction } from './function.ts';

/** An argument `name=(…)` of declare and its kin, which expands its elements itself. */
export type CompoundArguments = ReadonlyMap<number, Assignment>;

const DECLARATIONS = new Set(['declare', 'typeset', 'local', 'export', 'readonly']);

export async function runSimple(sh: Shell, c: Simple, last: boolean): Promise<ExitCode> {
  if (!sh.traps.running) sh.currentCommand = c;
  if (sh.traps.actions.has('DEBUG')) await runPseudoTrap(sh, 'DEBUG');
  const compound = new Map<number, Assignment>();
  sh.substitutionStatus = undefined;
  const args = await expandArguments(sh, c, compound);
  if (args.length === 0) return runAssignments(sh, c);
  if (sh.options.get('keyword') && c.words.some(isAssignmentWord)) return runSimple(sh, withKeywords(c), last);
  const name = args[0] as string;
  const f = sh.functions.get(name);
  const builtin = findBuiltin(sh, name);
  if (sh.options.get('xtrace')) {
    if (c.assignments.length === 0) await traceCommand(sh, args);
    else sh.tracedLater = args;
  }
  if (f && !(builtin && sh.options.get('posix') && SPECIAL_BUILTINS.has(name))) return runFunction(sh, c, f, args);
  if (builtin) return runBuiltin(sh, c, builtin, args, compound);
  return runProgram(sh, c, args, last);
}

const ASSIGNMENT = /^([A-Za-z_]\w*)(\+?)=(.*)$/s;
const isAssignmentWord = (w: string | Assignment, i: number): boolean => i > 0 && typeof w === 'string' && ASSIGNMENT.test(w);

/** `set -k`: assignments count wherever they stand. */
function withKeywords(c: Simple): Simple {
  const words = c.words.filter((w, i) => !isAssignmentWord(w, i));
  const moved = c.words.filter(isAssignmentWord).map((w) => readAssignment(String(w)));
  return { ...c, assignments: [...c.assignments, ...moved], words };
}

function readAssignment(text: string): Assignment {
  const [, name = '', plus, value = ''] = ASSIGNMENT.exec(text) ?? [];
  return { kind: 'assignment', name, index: undefined, append: plus === '+', value, text };
}

async function expandArguments(sh: Shell, c: Simple, compound: Map<number, Assignment>): Promise<string[]> {
  const args: string[] = [];
  for (const w of c.words) {
    if (typeof w === 'string') {
      if (w.includes('=') && isDeclaration(args) && /^[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=/.test(w)) {
        args.push(await expandDeclared(sh, w));
      } else await expandWordInto(sh, w, args);
    } else if (typeof w.value === 'string') {
      if (isDeclaration(args)) args.push(await expandDeclared(sh, w.text));
      else await expandWordInto(sh, w.text, args);
    } else {
      compound.set(args.length, w);
      args.push(`${w.name}${w.append ? '+' : ''}=(`);
    }
  }
  return args;
}

function isDeclaration(args: readonly string[]): boolean {
  const i = args[0] === 'command' || args[0] === 'builtin' ? 1 : 0;
  return DECLARATIONS.has(args[i] ?? '');
}

/** `name=value` after declare: the value is neither split nor a pattern, as in an assignment. */
async function expandDeclared(sh: Shell, text: string): Promise<string> {
  const at = text.indexOf('=') + 1;
  return text.slice(0, at).includes('$') || /["'`]/.test(text.slice(0, at))
    ? expandString(sh, text, 'word', 'assignment')
    : text.slice(0, at) + (await expandString(sh, text.slice(at), 'word', 'assignment'));
}

async function runAssignments(sh: Shell, c: Simple): Promise<ExitCode> {
  const undo = c.redirections.length > 0 ? await redirect(sh, c.redirections, true) : [];
  if (!undo) return redirectionStatus(sh);
  restore(sh, undo);
  for (const a of c.assignments) await assign(sh, a);
  sh.lastArgument = '';
  return sh.substitutionStatus ?? 0;
}

/** `A=b command`: a scope of exported variables around the command. */
async function withAssignments<T>(sh: Shell, c: Simple, run: () => Promise<T>): Promise<T> {
  if (c.assignments.length === 0) return run();
  const scope = sh.vars.push('temporary');
  try {
    await assignTemporary(sh, c.assignments);
    return await run();
  } finally {
    const at = sh.vars.scopes.indexOf(scope);
    if (at >= 0) sh.vars.scopes.splice(at, 1);
    for (const a of c.assignments) sh.variableChanged(a.name);
  }
}

async function assignTemporary(sh: Shell, assignments: readonly Assignment[]): Promise<void> {
  const { vars } = sh.vars.top();
  for (const a of assignments) {
    const outer = sh.vars.findRaw(a.name);
    if (outer?.readonly) {
      if (sh.options.get('posix')) throw new ExpansionError(`${a.name}: readonly variable`);
      await report(sh, `${a.name}: readonly variable`);
      continue;
    }
    const text = typeof a.value === 'string' ? await expandString(sh, a.value, 'word', 'assignment') : '';
    if (sh.options.get('xtrace')) await traceAssignment(sh, a, text);
    const v = { ...newVariable(), exported: true, integer: outer?.integer ?? false, value: a.append ? outer?.value : undefined };
    storeInto(sh, v, a.name, undefined, text, a.append);
    vars.set(a.name, v);
    sh.variableChanged(a.name);
  }
  if (sh.tracedLater) await traceCommand(sh, sh.tracedLater);
  sh.tracedLater = undefined;
}

async function runFunction(sh: Shell, c: Simple, f: Parameters<typeof callFunction>[1], args: readonly string[]): Promise<ExitCode> {
  const undo = c.redirections.length === 0 ? [] : await redirect(sh, c.redirections, true);
  if (!undo) return redirectionStatus(sh);
  try {
    return await withAssignments(sh, c, () => callFunction(sh, f, args.slice(1)));
  } finally {
    restore(sh, undo);
    sh.lastArgument = args[args.length - 1] ?? '';
  }
}

async function runBuiltin(sh: Shell, c: Simple, b: Builtin, args: string[], compound: CompoundArguments): Promise<ExitCode> {
  const name = args[0] as string;
  const undo = c.redirections.length === 0 ? [] : await redirect(sh, c.redirections, true);
  const special = SPECIAL_BUILTINS.has(name) && sh.options.get('posix');
  if (!undo) {
    if (special && !sh.interactive) throw new ExitFlow(redirectionStatus(sh));
    return redirectionStatus(sh);
  }
  sh.keepRedirections = false;
  const invoke = (): Promise<ExitCode> => b(sh, args, compound);
  try {
    if (special && c.assignments.length > 0) {
      for (const a of c.assignments) await assign(sh, a);
      return await invoke();
    }
    return await withAssignments(sh, c, invoke);
  } finally {
    if (sh.keepRedirections) forget(sh, undo);
    else restore(sh, undo);
    sh.keepRedirections = false;
    sh.lastArgument = args[args.length - 1] ?? '';
  }
}

async function runProgram(sh: Shell, c: Simple, args: readonly string[], last: boolean): Promise<ExitCode> {
  const name = args[0] as string;
  sh.lastArgument = args[args.length - 1] ?? '';
  const path = await lookUp(sh, c, name);
  const handler = path === undefined ? sh.functions.get('command_not_found_handle') : undefined;
  if (last && canTakeOver(sh)) throw new ExitFlow(await becomeProgram(sh, c, path, args));
  const monitor = sh.options.get('monitor');
  const pid = forkShell(sh, { group: monitor ? 0 : undefined, foreground: monitor }, async (child) => {
    if (!handler) return becomeProgram(child, c, path, args);
    child.interactive = false;
    return (await redirect(child, c.redirections, false)) ? callFunction(child, handler, args) : 1;
  });
  if (IS_ERR(pid)) {
    await report(sh, `fork: ${pid.code === 'EAGAIN' ? 'retry: ' : ''}${pid.message}`);
    return 254;
  }
  const process: Process = { pid, text: printCommand(c), status: undefined, state: 'running' };
  const stopped = await waitForeground(sh, [process], process.text, monitor ? pid : undefined);
  return stopped ? jobStatus(stopped) : exitStatus(process.status ?? 0);
}

/** `PATH=… command` is searched for in the new PATH. */
function lookUp(sh: Shell, c: Simple, name: string): string | undefined | Promise<string | undefined> {
  if (!c.assignments.some((a) => a.name === 'PATH')) return findCommand(sh, name);
  return withAssignments(sh, c, async () => findCommand(sh, name));
}

/** Nothing is left that this process must do after the command. */
function canTakeOver(sh: Shell): boolean {
  return (
    !sh.interactive && sh.traps.pending.length === 0 && ![...sh.traps.actions.keys()].some((k) => !sh.traps.inherited && k !== 'DEBUG')
  );
}

async function becomeProgram(sh: Shell, c: Simple, path: string | undefined, args: readonly string[]): Promise<ExitCode> {
  if (!(await redirect(sh, c.redirections, false))) return redirectionStatus(sh);
  sh.vars.push('temporary');
  try {
    await assignTemporary(sh, c.assignments);
  } catch (e) {
    if (!(e instanceof ExpansionError)) throw e;
    await report(sh, e.message);
    return 1;
  }
  return execCommand(sh, path, args);
}
