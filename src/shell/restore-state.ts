/** A new shell goes on from the state of another. */
import { IS_ERR } from '../uapi/errno.ts';
import { defineFunction } from './define-function.ts';
import { Options } from './options.ts';
import { report } from './report.ts';
import type { Shell } from './shell.ts';
import { now, OF_THE_PROCESS, refill, type SavedVariable, type ShellState } from './state.ts';
import { setTrap, trapName } from './traps.ts';
import { AssociativeArray, newVariable, type Variable } from './vars.ts';

const STDIN = 0;

/** Puts `state` into a shell that has just started; its history follows in `restoreHistory`. */
export async function restoreState(sh: Shell, state: ShellState): Promise<void> {
  const { name, status, pipeStatus, lastArgument, commandNumber, positional, directoryStack } = state;
  Object.assign(sh, { name, lastArgument, commandNumber, positional: [...positional], directoryStack: [...directoryStack] });
  restoreVariables(sh, state.variables);
  for (const f of state.functions) defineFunction(sh, f.text, f);
  refill(sh.aliases, state.aliases);
  refill(sh.completions, state.completions);
  for (const builtin of state.disabledBuiltins) sh.disabledBuiltins.add(builtin);
  sh.options = Options.of(state.options);
  sh.secondsBase = now(sh) - state.seconds;
  sh.sys.umask(state.umask);
  for (const [resource, value] of state.limits) sh.sys.setrlimit(resource, value);
  if (state.modes) sh.sys.ioctl(STDIN, 'TCSETSW', state.modes);
  restoreTraps(sh, state.traps);
  await changeDirectory(sh, state.cwd);
  Object.assign(sh, { lastStatus: status, pipeStatus: [...pipeStatus] });
}

function restoreVariables(sh: Shell, saved: readonly SavedVariable[]): void {
  const { vars } = sh.vars.global();
  for (const name of [...vars.keys()]) if (!OF_THE_PROCESS.has(name)) vars.delete(name);
  for (const variable of saved) vars.set(variable.name, loadVariable(variable));
}

function restoreTraps(sh: Shell, traps: ShellState['traps']): void {
  for (const [label, action] of traps) {
    const name = trapName(label);
    if (name !== undefined) setTrap(sh, name, action);
  }
}

function loadVariable({ attributes, value, indexed, assoc }: SavedVariable): Variable {
  const has = (letter: string): boolean => attributes.includes(letter);
  return {
    ...newVariable(),
    value: value ?? undefined,
    indexed: indexed && new Map(indexed),
    assoc: assoc && new AssociativeArray(assoc),
    ...{ integer: has('i'), nameref: has('n'), readonly: has('r'), trace: has('t') },
    ...{ exported: has('x'), lower: has('l'), upper: has('u'), capital: has('c') },
  };
}

/** The directory may have had no name any more. */
async function changeDirectory(sh: Shell, cwd: string): Promise<void> {
  const status = sh.sys.chdir(cwd);
  if (IS_ERR(status)) await report(sh, `cd: ${cwd}: ${status.message}`);
}
