/** Builtins that move control: exit, return, break, continue, shift, exec, true, false. */
import { IS_ERR } from '../../uapi/errno.ts';
import { S_ISDIR } from '../../uapi/stat.ts';
import type { ExitCode } from '../../uapi/types.ts';
import { execCommand } from '../exec-external.ts';
import { AbortFlow, BreakFlow, ContinueFlow, ExitFlow, ReturnFlow } from '../flow.ts';
import { jobState } from '../jobs.ts';
import { findCommand } from '../path.ts';
import { builtinError, report } from '../report.ts';
import type { Shell } from '../shell.ts';
import { illegal, parseOptions } from './options.ts';

export async function colon(): Promise<ExitCode> {
  return 0;
}
export async function falseBuiltin(): Promise<ExitCode> {
  return 1;
}

/** A status argument: its low eight bits. */
async function statusArgument(sh: Shell, args: readonly string[]): Promise<number> {
  const text = args[1] === '--' ? args[2] : args[1];
  if (text === undefined) return sh.lastStatus;
  if (!/^\s*[-+]?\d+\s*$/.test(text)) {
    if (sh.posixSh) await illegal(sh, args[0] as string, `Illegal number: ${text}`);
    await builtinError(sh, args[0] as string, `${text}: numeric argument required`);
    return 2;
  }
  if (args.length > 2 && args[1] !== '--') {
    await builtinError(sh, args[0] as string, 'too many arguments');
    return -1;
  }
  return Number(BigInt.asUintN(8, BigInt(text.trim())));
}

export async function exit(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  if (sh.interactive && sh.subshellDepth === 0) {
    await sh.write(2, sh.options.shopt('login_shell') ? 'logout\n' : 'exit\n');
    if (sh.jobs.list.some((j) => jobState(j) === 'stopped') && !sh.warnedOfJobs) {
      sh.warnedOfJobs = true;
      await sh.write(2, 'There are stopped jobs.\n');
      return 1;
    }
  }
  const status = await statusArgument(sh, args);
  if (status < 0) {
    if (sh.interactive) return 1;
    throw new ExitFlow(1);
  }
  throw new ExitFlow(status);
}

export async function logout(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  if (sh.options.shopt('login_shell')) return exit(sh, args);
  await builtinError(sh, 'logout', "not login shell: use `exit'");
  return 1;
}

export async function returnBuiltin(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  const status = await statusArgument(sh, args);
  if (status < 0 && !sh.interactive) throw new ExitFlow(1);
  if (!sh.frames.some((f) => f.kind !== 'main')) {
    if (sh.posixSh) throw new ExitFlow(Math.max(0, status));
    await builtinError(sh, 'return', "can only `return' from a function or sourced script");
    return 2;
  }
  throw new ReturnFlow(status < 0 ? 1 : status);
}

async function levels(sh: Shell, args: readonly string[]): Promise<number> {
  const name = args[0] as string;
  if (sh.loopDepth === 0) {
    if (!sh.posixSh) await builtinError(sh, name, "only meaningful in a `for', `while', or `until' loop");
    return 0;
  }
  const text = args[1];
  if (text === undefined) return 1;
  if (!/^[-+]?\d+$/.test(text)) {
    if (sh.posixSh) await illegal(sh, name, `Illegal number: ${text}`);
    await builtinError(sh, name, `${text}: numeric argument required`);
    throw new ExitFlow(128);
  }
  if (Number(text) < 1) {
    await builtinError(sh, name, `${text}: loop count out of range`);
    return -1;
  }
  return Math.min(Number(text), sh.loopDepth);
}

export async function breakBuiltin(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  const n = await levels(sh, args);
  if (n === 0) return 0;
  if (n < 0) {
    throw new BreakFlow(sh.loopDepth, 1);
  }
  throw new BreakFlow(n);
}

export async function continueBuiltin(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  const n = await levels(sh, args);
  if (n === 0) return 0;
  if (n < 0) throw new BreakFlow(sh.loopDepth, 1);
  throw new ContinueFlow(n);
}

export async function shift(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  const text = args[1] ?? '1';
  if (sh.posixSh && !/^\d+$/.test(text)) await illegal(sh, 'shift', `Illegal number: ${text}`);
  if (sh.posixSh && Number(text) > sh.positional.length) await illegal(sh, 'shift', "can't shift that many");
  if (!/^[-+]?\d+$/.test(text)) {
    await builtinError(sh, 'shift', `${text}: numeric argument required`);
    return 1;
  }
  if (args.length > 2 && !sh.posixSh) {
    await builtinError(sh, 'shift', 'too many arguments');
    throw new AbortFlow(1);
  }
  const n = Number(text);
  if (n < 0) {
    await builtinError(sh, 'shift', `${text}: shift count out of range`);
    return 1;
  }
  if (n > sh.positional.length) {
    if (sh.options.shopt('shift_verbose')) await builtinError(sh, 'shift', `${text}: shift count out of range`);
    return 1;
  }
  sh.positional = sh.positional.slice(n);
  return 0;
}

export async function exec(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  const o = await parseOptions(sh, args, 'cla:', 'exec [-cl] [-a name] [command [argument ...]] [redirection ...]');
  if (!o) return 2;
  const rest = args.slice(o.next);
  if (rest.length === 0) {
    sh.keepRedirections = true;
    return 0;
  }
  const word = rest[0] as string;
  const path = findCommand(sh, word);
  if (path === undefined) return execFailed(sh, `exec: ${word}: not found`, 127);
  const zero = o.values.get('a') ?? word;
  const argv = [o.letters.includes('l') ? `-${zero}` : zero, ...rest.slice(1)];
  lowerLevel(sh);
  if (o.letters.includes('c')) for (const v of sh.vars.global().vars.values()) v.exported = false;
  const absolute = path.startsWith('/') ? path : `${sh.get('PWD') === '/' ? '' : sh.get('PWD')}/${path.replace(/^\.\//, '')}`;
  const status = await execCommand(sh, word.includes('/') ? absolute : path, argv, o.values.get('a') ?? absolute);
  return execFailed(sh, status === 126 ? await secondLine(sh, absolute) : undefined, status);
}

/** The program takes this shell's place: it is no deeper. */
function lowerLevel(sh: Shell): void {
  const level = Number(sh.get('SHLVL'));
  if (level > 0) sh.set('SHLVL', String(level - 1));
}

function isDirectory(sh: Shell, path: string): boolean {
  const st = sh.sys.stat(path);
  return !IS_ERR(st) && S_ISDIR(st.st_mode);
}

/** bash tells the failure of exec once more; after a binary file the errno is already gone. */
async function secondLine(sh: Shell, path: string): Promise<string | undefined> {
  return sh.lastExecError === 'ENOEXEC'
    ? `${path}: Success`
    : sh.lastExecError
      ? `exec: ${path}: cannot execute: ${isDirectory(sh, path) ? 'Is a directory' : sh.lastExecMessage}`
      : undefined;
}

async function execFailed(sh: Shell, message: string | undefined, status: ExitCode): Promise<ExitCode> {
  if (message !== undefined) await report(sh, message);
  if (!sh.interactive && !sh.options.shopt('execfail')) throw new ExitFlow(status);
  return status;
}
