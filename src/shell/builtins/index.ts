/** The table of builtins. */
import type { ExitCode } from '../../uapi/types.ts';
import type { CompoundArguments } from '../interpreter/simple.ts';
import type { Shell } from '../shell.ts';
import { alias, unalias } from './alias.ts';
import { bind } from './bind.ts';
import { compgen, complete, compopt } from './complete.ts';
import { declare, exportBuiltin, local, readonlyBuiltin, unset } from './declare.ts';
import { cd, dirs, popd, pushd, pwd } from './directories.ts';
import { echo } from './echo.ts';
import { breakBuiltin, colon, continueBuiltin, exec, exit, falseBuiltin, logout, returnBuiltin, shift } from './flow.ts';
import { getopts } from './getopts.ts';
import { fc, historyBuiltin } from './history.ts';
import { bg, disown, fg, jobs, kill, suspend, wait } from './jobs.ts';
import { builtin, command, enable, hash, type } from './lookup.ts';
import { mapfile } from './mapfile.ts';
import { caller, evalBuiltin, help, letBuiltin, source, times, ulimit, umask } from './misc.ts';
import { printf } from './printf.ts';
import { read } from './read.ts';
import { set, shopt } from './set.ts';
import { bracket, test } from './test.ts';
import { trap } from './trap.ts';

export type Builtin = (sh: Shell, args: readonly string[], compound: CompoundArguments) => Promise<ExitCode>;

export const BUILTINS: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  ['.', source],
  [':', colon],
  ['[', bracket],
  ['alias', alias],
  ['bg', bg],
  ['bind', bind],
  ['break', breakBuiltin],
  ['builtin', builtin],
  ['caller', caller],
  ['cd', cd],
  ['command', command],
  ['compgen', compgen],
  ['complete', complete],
  ['compopt', compopt],
  ['continue', continueBuiltin],
  ['declare', declare],
  ['dirs', dirs],
  ['disown', disown],
  ['echo', echo],
  ['enable', enable],
  ['eval', evalBuiltin],
  ['exec', exec],
  ['exit', exit],
  ['export', exportBuiltin],
  ['false', falseBuiltin],
  ['fc', fc],
  ['fg', fg],
  ['getopts', getopts],
  ['hash', hash],
  ['help', help],
  ['history', historyBuiltin],
  ['jobs', jobs],
  ['kill', kill],
  ['let', letBuiltin],
  ['local', local],
  ['logout', logout],
  ['mapfile', mapfile],
  ['popd', popd],
  ['printf', printf],
  ['pushd', pushd],
  ['pwd', pwd],
  ['read', read],
  ['readarray', mapfile],
  ['readonly', readonlyBuiltin],
  ['return', returnBuiltin],
  ['set', set],
  ['shift', shift],
  ['shopt', shopt],
  ['source', source],
  ['suspend', suspend],
  ['test', test],
  ['times', times],
  ['trap', trap],
  ['true', colon],
  ['type', type],
  ['typeset', declare],
  ['ulimit', ulimit],
  ['umask', umask],
  ['unalias', unalias],
  ['unset', unset],
  ['wait', wait],
]);

/** POSIX's special builtins: in posix mode they are found before functions, and their failures end a script. */
export const SPECIAL_BUILTINS: ReadonlySet<string> = new Set(
  '. : break continue eval exec exit export readonly return set shift source times trap unset'.split(' '),
);

export const KEYWORDS: readonly string[] =
  'if then else elif fi case esac for select while until do done in function time { } ! [[ ]] coproc'.split(' ');

/** dash has none of these. */
const NOT_IN_SH = new Set(
  'declare typeset let shopt source mapfile readarray caller dirs pushd popd disown enable help history logout suspend compgen complete compopt bind builtin'.split(
    ' ',
  ),
);

export function findBuiltin(sh: Shell, name: string): Builtin | undefined {
  if (sh.disabledBuiltins.has(name) || (sh.posixSh && NOT_IN_SH.has(name))) return undefined;
  return BUILTINS.get(name);
}

export function builtinNames(): string[] {
  return [...BUILTINS.keys()];
}
