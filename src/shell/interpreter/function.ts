/** Defining and calling functions. */
import type { ExitCode } from '../../uapi/types.ts';
import type { FunctionDefinition } from '../ast.ts';
import { ReturnFlow } from '../flow.ts';
import { ExpansionError, report } from '../report.ts';
import type { Shell } from '../shell.ts';
import { runPseudoTrap } from '../traps.ts';
import { runCommand } from './command.ts';

/** How deep functions may call before the host's own stack is in danger. */
const MAX_CALLS = 1200;

export async function defineFunction(sh: Shell, f: FunctionDefinition): Promise<ExitCode> {
  const { name } = f;
  if (/[$'"`<>\\]/.test(name) || (sh.options.get('posix') && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))) {
    await report(sh, `\`${name}': not a valid identifier`);
    return 1;
  }
  // What `bash -c` and an interactive shell define stands in no file: bash says "environment" or "main".
  const source = sh.frames[sh.frames.length - 1]?.source ?? (sh.commandString === undefined ? 'main' : 'environment');
  sh.functions.set(name, { ...f, source });
  return 0;
}

export async function callFunction(
  sh: Shell,
  f: FunctionDefinition & { readonly source: string },
  args: readonly string[],
): Promise<ExitCode> {
  const limit = Number(sh.get('FUNCNEST') ?? 0);
  const depth = sh.frames.filter((x) => x.kind === 'function').length;
  if (limit > 0 && depth >= limit) throw new ExpansionError(`${f.name}: maximum function nesting level exceeded (${limit})`);
  if (depth >= MAX_CALLS) throw new ExpansionError(`${f.name}: maximum function nesting level exceeded (${MAX_CALLS})`);
  const { positional, loopDepth, line } = sh;
  sh.positional = [...args];
  sh.loopDepth = 0;
  sh.frames.push({ kind: 'function', name: f.name, source: f.source, callLine: line });
  sh.vars.push('function');
  const debug = sh.options.get('functrace') ? undefined : sh.traps.actions.get('DEBUG');
  if (debug !== undefined) sh.traps.actions.delete('DEBUG');
  try {
    return await runCommand(sh, f.body, false);
  } catch (e) {
    if (e instanceof ReturnFlow) return e.status;
    throw e;
  } finally {
    if (debug !== undefined && !sh.traps.actions.has('DEBUG')) sh.traps.actions.set('DEBUG', debug);
    if (sh.traps.actions.has('RETURN') && sh.options.get('functrace')) await runPseudoTrap(sh, 'RETURN');
    while (sh.vars.top().kind !== 'function') sh.vars.pop();
    sh.options = sh.vars.top().options ?? sh.options;
    sh.vars.pop();
    sh.frames.pop();
    sh.positional = positional;
    sh.loopDepth = loopDepth;
    sh.line = line;
  }
}
