/** What a shell at its prompt carries, as plain data. */
import { IS_ERR } from '../uapi/errno.ts';
import { CLOCK_MONOTONIC, RLIMITS, type Rlimit, type RlimitValue } from '../uapi/syscalls.ts';
import type { Termios } from '../uapi/termios.ts';
import type { ExitCode } from '../uapi/types.ts';
import { loadedEngine } from './load-engine.ts';
import type { Shell } from './shell.ts';
import { trapLabel } from './trap-table.ts';
import { describeAttributes, type Variable } from './vars.ts';

export interface SavedVariable {
  readonly name: string;
  /** The letters of `declare`. */
  readonly attributes: string;
  readonly value: string | null;
  readonly indexed?: readonly (readonly [index: number, value: string])[];
  readonly assoc?: readonly (readonly [key: string, value: string])[];
}

export interface SavedFunction {
  /** As `declare -f` prints it. */
  readonly text: string;
  readonly source: string;
  readonly line: number;
  readonly exported: boolean;
}

export interface SavedHistory {
  readonly entries: readonly string[];
  /** Number of the first. */
  readonly base: number;
  /** How many of the last are not in the history's file yet. */
  readonly fresh: number;
  readonly times: readonly (readonly [number: number, seconds: number])[];
}

export interface ShellState {
  /** `$0` */
  readonly name: string;
  readonly cwd: string;
  readonly umask: number;
  readonly limits: readonly (readonly [resource: Rlimit, value: RlimitValue])[];
  /** The terminal's modes as a command finds them. */
  readonly modes: Termios | null;
  readonly status: ExitCode;
  readonly pipeStatus: readonly ExitCode[];
  readonly lastArgument: string;
  readonly commandNumber: number;
  readonly seconds: number;
  readonly positional: readonly string[];
  readonly directoryStack: readonly string[];
  /** The options that are on; those of `shopt` begin with "shopt ". */
  readonly options: readonly string[];
  readonly variables: readonly SavedVariable[];
  readonly functions: readonly SavedFunction[];
  readonly aliases: readonly (readonly [name: string, value: string])[];
  readonly traps: readonly (readonly [name: string, action: string])[];
  readonly disabledBuiltins: readonly string[];
  readonly completions: readonly (readonly [command: string, options: readonly string[]])[];
  readonly history: SavedHistory;
}

/** Belongs to the process, not to what was done at its prompt. */
export const OF_THE_PROCESS: ReadonlySet<string> = new Set(['PPID']);

export function captureState(sh: Shell, modes: Termios | null): ShellState {
  const { name, lastStatus: status, pipeStatus, lastArgument, commandNumber, positional, directoryStack } = sh;
  return {
    ...{ name, status, lastArgument, commandNumber },
    cwd: currentDirectory(sh),
    umask: currentUmask(sh),
    limits: RLIMITS.map((resource) => [resource, sh.sys.getrlimit(resource)]),
    modes,
    pipeStatus: [...pipeStatus],
    seconds: now(sh) - sh.secondsBase,
    positional: [...positional],
    directoryStack: [...directoryStack],
    options: sh.options.names(),
    variables: [...sh.vars.global().vars].filter(([n]) => !OF_THE_PROCESS.has(n)).map(([n, v]) => saveVariable(n, v)),
    functions: [...sh.functions.values()].map(saveFunction),
    aliases: [...sh.aliases],
    traps: [...sh.traps.actions].map(([n, action]) => [trapLabel(n), action]),
    disabledBuiltins: [...sh.disabledBuiltins],
    completions: [...sh.completions],
    history: saveHistory(sh),
  };
}

export const now = (sh: Shell): number => sh.sys.clock_gettime(CLOCK_MONOTONIC) / 1000;

function currentDirectory(sh: Shell): string {
  const cwd = sh.sys.getcwd();
  return IS_ERR(cwd) ? (sh.get('PWD') ?? '/') : cwd;
}

function currentUmask(sh: Shell): number {
  const umask = sh.sys.umask(0);
  sh.sys.umask(umask);
  return umask;
}

type ShellFunction = Shell['functions'] extends ReadonlyMap<string, infer F> ? F : never;

/** A function is printed once: most stay the same from prompt to prompt. */
const saved = new WeakMap<ShellFunction, SavedFunction>();

function saveFunction(f: ShellFunction): SavedFunction {
  let known = saved.get(f);
  if (!known) {
    const { source, line, exported } = f;
    known = { text: loadedEngine().printFunction(f), source, line, exported: exported === true };
    saved.set(f, known);
  }
  return known;
}

function saveVariable(name: string, v: Variable): SavedVariable {
  return {
    ...{ name, attributes: describeAttributes(v), value: v.value ?? null },
    ...(v.indexed ? { indexed: [...v.indexed] } : {}),
    ...(v.assoc ? { assoc: [...v.assoc] } : {}),
  };
}

function saveHistory({ history }: Shell): SavedHistory {
  if (!history) return { entries: [], base: 1, fresh: 0, times: [] };
  return { entries: [...history.entries], base: history.base, fresh: history.fresh, times: [...history.times] };
}

export function restoreHistory(sh: Shell, { entries, base, fresh, times }: SavedHistory): void {
  if (!sh.history) return;
  sh.history.clear();
  sh.history.entries.push(...entries);
  sh.history.base = base;
  sh.history.fresh = fresh;
  refill(sh.history.times, times);
}

export function refill<K, V>(map: Map<K, V>, entries: readonly (readonly [K, V])[]): void {
  map.clear();
  for (const [key, value] of entries) map.set(key, value);
}
