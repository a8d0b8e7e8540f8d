/** cd, pwd, pushd, popd, dirs */
import { IS_ERR } from '../../uapi/errno.ts';
import { S_ISDIR } from '../../uapi/stat.ts';
import type { ExitCode } from '../../uapi/types.ts';
import { builtinError } from '../report.ts';
import type { Shell } from '../shell.ts';
import { newVariable } from '../vars.ts';
import { output, parseOptions } from './options.ts';

/** `a/./b/../c` without the dots, by text. */
export function canonicalPath(path: string): string {
  const out: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') out.pop();
    else out.push(part);
  }
  const lead = path.startsWith('//') && !path.startsWith('///') ? '//' : '/';
  return lead + out.join('/');
}

function isDirectory(sh: Shell, path: string): boolean {
  const st = sh.sys.stat(path);
  return !IS_ERR(st) && S_ISDIR(st.st_mode);
}

export async function cd(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  const o = await parseOptions(sh, args, 'LPe@', 'cd [-L|[-P [-e]] [-@]] [dir]');
  if (!o) return 2;
  if (args.length - o.next > 1) {
    await builtinError(sh, 'cd', 'too many arguments');
    return 1;
  }
  let dir = args[o.next];
  let show = false;
  if (dir === undefined) {
    dir = sh.get('HOME');
    if (dir === undefined) {
      await builtinError(sh, 'cd', 'HOME not set');
      return 1;
    }
    if (dir === '') return 0;
  } else if (dir === '-') {
    dir = sh.get('OLDPWD');
    if (dir === undefined) {
      await builtinError(sh, 'cd', 'OLDPWD not set');
      return 1;
    }
    show = true;
  }
  const physical = o.letters.findLast((l) => l === 'L' || l === 'P') === 'P' || sh.options.get('physical');
  const found = searchCdPath(sh, dir);
  const error = changeDirectory(sh, found ?? dir, physical);
  if (error !== undefined) {
    if (
      sh.options.shopt('cdable_vars') &&
      sh.get(dir) !== undefined &&
      changeDirectory(sh, sh.get(dir) as string, physical) === undefined
    ) {
      return output(sh, 'cd', `${sh.get('PWD')}\n`);
    }
    await builtinError(sh, 'cd', sh.posixSh ? `can't cd to ${dir}` : `${dir}: ${error}`);
    return sh.posixSh ? 2 : 1;
  }
  return show || found !== undefined ? output(sh, 'cd', `${sh.get('PWD')}\n`) : 0;
}

function searchCdPath(sh: Shell, dir: string): string | undefined {
  const path = sh.get('CDPATH');
  if (!path || /^(?:\/|\.\.?(?:\/|$))/.test(dir)) return undefined;
  for (const base of path.split(':')) {
    if (base === '' || base === '.') {
      if (isDirectory(sh, dir)) return undefined;
      continue;
    }
    const candidate = `${base.replace(/\/$/, '')}/${dir}`;
    if (isDirectory(sh, candidate)) return candidate;
  }
  return undefined;
}

/** undefined on success, else strerror. */
export function changeDirectory(sh: Shell, dir: string, physical: boolean): string | undefined {
  const pwd = sh.get('PWD') ?? '';
  const cwd = pwd === '' ? sh.sys.getcwd() : pwd;
  const base = typeof cwd === 'string' ? cwd : '/';
  const logical = canonicalPath(dir.startsWith('/') ? dir : `${base}/${dir}`);
  let target = physical ? dir : logical;
  let status = sh.sys.chdir(target);
  if (status !== 0 && !physical) {
    target = dir;
    status = sh.sys.chdir(dir);
    if (status === 0) physical = true;
  }
  if (status !== 0) return status.message;
  const now = physical ? sh.sys.getcwd() : logical;
  setDirectory(sh, 'OLDPWD', pwd);
  setDirectory(sh, 'PWD', typeof now === 'string' ? now : logical);
  return undefined;
}

function setDirectory(sh: Shell, name: string, value: string): void {
  if (!sh.vars.findRaw(name)) sh.vars.global().vars.set(name, { ...newVariable(), exported: name === 'OLDPWD' });
  sh.set(name, value);
}

export async function pwd(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  const o = await parseOptions(sh, args, 'LP', 'pwd [-LP]');
  if (!o) return 2;
  const physical = o.letters.findLast(() => true) === 'P' || (o.letters.length === 0 && sh.options.get('physical'));
  const known = sh.get('PWD');
  if (!physical && known !== undefined && sameAsHere(sh, known)) return output(sh, 'pwd', `${known}\n`);
  const cwd = sh.sys.getcwd();
  if (!IS_ERR(cwd)) return output(sh, 'pwd', `${cwd}\n`);
  await builtinError(sh, 'pwd', `error retrieving current directory: getcwd: cannot access parent directories: ${cwd.message}`);
  return 1;
}

function sameAsHere(sh: Shell, path: string): boolean {
  const a = sh.sys.stat(path);
  const b = sh.sys.stat('.');
  return !IS_ERR(a) && !IS_ERR(b) && a.st_ino === b.st_ino && a.st_dev === b.st_dev;
}

const tilde = (sh: Shell, dir: string): string => {
  const home = sh.get('HOME');
  return home && (dir === home || dir.startsWith(`${home}/`)) ? `~${dir.slice(home.length)}` : dir;
};

function stackLine(sh: Shell): string {
  return `${[sh.get('PWD') ?? '', ...sh.directoryStack].map((d) => tilde(sh, d)).join(' ')}\n`;
}

/** `+2`, `-0`: the place in the stack that is printed. */
async function stackIndex(sh: Shell, name: string, text: string): Promise<number | undefined> {
  const size = sh.directoryStack.length + 1;
  const n = Number(text.slice(1));
  const at = text[0] === '+' ? n : size - 1 - n;
  if (/^[+-]\d+$/.test(text) && at >= 0 && at < size) return at;
  await builtinError(sh, name, size === 1 ? 'directory stack empty' : `${text}: directory stack index out of range`);
  return undefined;
}

export async function dirs(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  let separator = ' ';
  let long = false;
  let numbered = false;
  for (const a of args.slice(1)) {
    if (a === '-c') {
      sh.directoryStack = [];
      return 0;
    }
    if (a === '-p') separator = '\n';
    else if (a === '-l') long = true;
    else if (a === '-v') numbered = true;
    else {
      const at = await stackIndex(sh, 'dirs', a);
      if (at === undefined) return 1;
      const dir = [sh.get('PWD') ?? '', ...sh.directoryStack][at] ?? '';
      return output(sh, 'dirs', `${long ? dir : tilde(sh, dir)}\n`);
    }
  }
  const all = [sh.get('PWD') ?? '', ...sh.directoryStack].map((d) => (long ? d : tilde(sh, d)));
  const text = numbered ? all.map((d, i) => `${String(i).padStart(2)}  ${d}`).join('\n') : all.join(separator);
  return output(sh, 'dirs', `${text}\n`);
}

export async function pushd(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  const quiet = args[1] === '-n';
  const operand = args[quiet ? 2 : 1];
  const here = sh.get('PWD') ?? '';
  if (operand === undefined) {
    const next = sh.directoryStack[0];
    if (next === undefined) {
      await builtinError(sh, 'pushd', 'no other directory');
      return 1;
    }
    return enter(sh, 'pushd', next, [here, ...sh.directoryStack.slice(1)]);
  }
  if (/^[+-]\d+$/.test(operand)) {
    const at = await stackIndex(sh, 'pushd', operand);
    if (at === undefined) return 1;
    const all = [here, ...sh.directoryStack];
    const turned = [...all.slice(at), ...all.slice(0, at)];
    return enter(sh, 'pushd', turned[0] as string, turned.slice(1));
  }
  if (quiet) {
    sh.directoryStack.unshift(operand);
    return output(sh, 'pushd', stackLine(sh));
  }
  return enter(sh, 'pushd', operand, [here, ...sh.directoryStack]);
}

async function enter(sh: Shell, name: string, dir: string, stack: string[]): Promise<ExitCode> {
  const error = changeDirectory(sh, dir, false);
  if (error !== undefined) {
    await builtinError(sh, name, `${dir}: ${error}`);
    return 1;
  }
  sh.directoryStack = stack;
  return output(sh, name, stackLine(sh));
}

export async function popd(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  const operand = args[1] === '-n' ? args[2] : args[1];
  if (sh.directoryStack.length === 0) {
    await builtinError(sh, 'popd', 'directory stack empty');
    return 1;
  }
  const at = operand === undefined ? 0 : await stackIndex(sh, 'popd', operand);
  if (at === undefined) return 1;
  if (at > 0) {
    sh.directoryStack.splice(at - 1, 1);
    return output(sh, 'popd', stackLine(sh));
  }
  return enter(sh, 'popd', sh.directoryStack[0] as string, sh.directoryStack.slice(1));
}
