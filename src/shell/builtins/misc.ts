/** eval, source, let, umask, ulimit, times, caller, help */
import { decode } from '../../uapi/bytes.ts';
import { IS_ERR } from '../../uapi/errno.ts';
import { O_RDONLY } from '../../uapi/fcntl.ts';
import { S_ISDIR } from '../../uapi/stat.ts';
import { RLIM_INFINITY, type Rlimit } from '../../uapi/syscalls.ts';
import type { ExitCode } from '../../uapi/types.ts';
import { evaluateText } from '../expand/expand.ts';
import { ExitFlow, ReturnFlow } from '../flow.ts';
import { parseAndRun } from '../input.ts';
import { directoriesOf } from '../path.ts';
import { readAll } from '../read-all.ts';
import { builtinError, ExpansionError, report } from '../report.ts';
import type { Shell } from '../shell.ts';
import { runPseudoTrap } from '../traps.ts';
import { HELP } from './help-text.ts';
import { badOption, output, parseOptions } from './options.ts';

export async function evalBuiltin(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  const first = args[1];
  if (first !== undefined && /^-./.test(first) && first !== '--' && !sh.posixSh) {
    await badOption(sh, 'eval', first.slice(0, 2), 'eval [arg ...]');
    return 2;
  }
  const text = args.slice(first === '--' ? 2 : 1).join(' ');
  if (text.trim() === '') return 0;
  return parseAndRun(sh, text, { where: 'eval', firstLine: sh.line });
}

export async function source(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  const name = args[0] as string;
  const rest = args.slice(args[1] === '--' ? 2 : 1);
  const file = rest[0];
  if (file === undefined) {
    await builtinError(sh, name, 'filename argument required');
    await sh.write(2, `${name}: usage: ${name} filename [arguments]\n`);
    return 2;
  }
  const path = findSource(sh, file);
  const fd = path === undefined ? undefined : await sh.sys.open(path, O_RDONLY);
  if (path === undefined || fd === undefined || IS_ERR(fd))
    return sourceFailed(sh, name, file, fd && IS_ERR(fd) ? fd.message : 'No such file or directory');
  const st = sh.sys.fstat(fd);
  if (!IS_ERR(st) && S_ISDIR(st.st_mode)) {
    sh.sys.close(fd);
    await builtinError(sh, name, `${file}: is a directory`);
    return 1;
  }
  const bytes = await readAll(sh, fd);
  sh.sys.close(fd);
  if (bytes.filter((b) => b === 0).length > 256) {
    await builtinError(sh, name, `${file}: cannot execute binary file`);
    return 126;
  }
  return runSourced(sh, path, decode(bytes.filter((b) => b !== 0)), sh.posixSh ? [] : rest.slice(1));
}

/** A name without a slash is looked for in PATH, then here. */
function findSource(sh: Shell, file: string): string | undefined {
  if (file.includes('/')) return file;
  if (sh.options.shopt('sourcepath')) {
    for (const dir of directoriesOf(sh.get('PATH') ?? '')) {
      const st = sh.sys.stat(`${dir}/${file}`);
      if (!IS_ERR(st) && !S_ISDIR(st.st_mode)) return `${dir}/${file}`;
    }
  }
  return sh.options.get('posix') ? undefined : file;
}

async function sourceFailed(sh: Shell, name: string, file: string, message: string): Promise<ExitCode> {
  if (sh.posixSh) {
    const missing = file.includes('/') ? `cannot open ${file}: No such file` : `${file}: not found`;
    await report(sh, `.: ${message === 'No such file or directory' ? missing : `cannot open ${file}: ${message}`}`);
    throw new ExitFlow(2);
  }
  await report(sh, sh.options.get('posix') ? `${name}: ${file}: file not found` : `${file}: ${message}`);
  if (sh.options.get('posix') && !sh.interactive) throw new ExitFlow(1);
  return 1;
}

async function runSourced(sh: Shell, path: string, text: string, args: readonly string[]): Promise<ExitCode> {
  const { positional, line, loopDepth } = sh;
  if (args.length > 0) sh.positional = [...args];
  sh.frames.push({ kind: 'source', name: 'source', source: path, callLine: line });
  try {
    return await parseAndRun(sh, text, { where: 'source', firstLine: 1 });
  } catch (e) {
    if (e instanceof ReturnFlow) return e.status;
    throw e;
  } finally {
    if (sh.traps.actions.has('RETURN')) await runPseudoTrap(sh, 'RETURN');
    sh.frames.pop();
    if (args.length > 0) sh.positional = positional;
    sh.line = line;
    sh.loopDepth = loopDepth;
  }
}

export async function letBuiltin(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  const list = args.slice(args[1] === '--' ? 2 : 1);
  if (list.length === 0) {
    await builtinError(sh, 'let', 'expression expected');
    return 1;
  }
  try {
    let v = 0n;
    for (const e of list) v = evaluateText(sh, e, 'let: ');
    return v === 0n ? 1 : 0;
  } catch (e) {
    if (!(e instanceof ExpansionError) || e.fatal) throw e;
    await report(sh, e.message);
    return 1;
  }
}

export async function umask(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  const o = await parseOptions(sh, args, 'pS', 'umask [-p] [-S] [mode]');
  if (!o) return 2;
  const mode = args[o.next];
  const current = sh.sys.umask(0);
  sh.sys.umask(current);
  if (mode === undefined) {
    const text = o.letters.includes('S') ? symbolic(current) : current.toString(8).padStart(4, '0');
    const head = o.letters.includes('p') ? `umask ${o.letters.includes('S') ? '-S ' : ''}` : '';
    return output(sh, 'umask', `${head}${text}\n`);
  }
  const next = /^\d/.test(mode) ? octal(mode) : applySymbolic(mode, current);
  if (next === undefined) {
    await builtinError(sh, 'umask', /^\d/.test(mode) ? `${mode}: octal number out of range` : symbolicProblem(mode));
    return 1;
  }
  sh.sys.umask(next);
  return 0;
}

const octal = (text: string): number | undefined =>
  /^[0-7]+$/.test(text) && Number.parseInt(text, 8) <= 0o777 ? Number.parseInt(text, 8) : undefined;

function symbolic(mask: number): string {
  const perm = (bits: number): string => `${bits & 4 ? 'r' : ''}${bits & 2 ? 'w' : ''}${bits & 1 ? 'x' : ''}`;
  const allowed = ~mask & 0o777;
  return `u=${perm(allowed >> 6)},g=${perm((allowed >> 3) & 7)},o=${perm(allowed & 7)}`;
}

function applySymbolic(mode: string, mask: number): number | undefined {
  let allowed = ~mask & 0o777;
  for (const clause of mode.split(',')) {
    const m = /^([ugoa]*)([-+=])([rwx]*)$/.exec(clause);
    if (!m) return undefined;
    const who = !m[1] || m[1].includes('a') ? 'ugo' : m[1];
    let bits = 0;
    for (const c of m[3] as string) bits |= c === 'r' ? 4 : c === 'w' ? 2 : 1;
    for (const w of who) {
      const shift = w === 'u' ? 6 : w === 'g' ? 3 : 0;
      if (m[2] === '=') allowed = (allowed & ~(7 << shift)) | (bits << shift);
      else if (m[2] === '+') allowed |= bits << shift;
      else allowed &= ~(bits << shift);
    }
  }
  return ~allowed & 0o777;
}

function symbolicProblem(mode: string): string {
  const at = /^[ugoa]*/.exec(mode)?.[0].length ?? 0;
  const after = mode.slice(at + 1).replace(/^[rwx]*/, '');
  return /[-+=]/.test(mode[at] ?? '')
    ? `\`${after[0]}': invalid symbolic mode character`
    : `\`${mode[at] ?? ''}': invalid symbolic mode operator`;
}

interface Limit {
  readonly letter: string;
  readonly text: string;
  readonly unit: string;
  readonly resource: Rlimit;
  readonly scale: number;
}
const LIMITS: readonly Limit[] = [
  { letter: 'c', text: 'core file size', unit: 'blocks', resource: 'RLIMIT_CORE', scale: 512 },
  { letter: 'f', text: 'file size', unit: 'blocks', resource: 'RLIMIT_FSIZE', scale: 1024 },
  { letter: 'n', text: 'open files', unit: '', resource: 'RLIMIT_NOFILE', scale: 1 },
  { letter: 's', text: 'stack size', unit: 'kbytes', resource: 'RLIMIT_STACK', scale: 1024 },
  { letter: 't', text: 'cpu time', unit: 'seconds', resource: 'RLIMIT_CPU', scale: 1 },
  { letter: 'u', text: 'max user processes', unit: '', resource: 'RLIMIT_NPROC', scale: 1 },
];

export async function ulimit(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  const o = await parseOptions(sh, args, 'SHacfnstu', 'ulimit [-SHabcdefiklmnpqrstuvxPRT] [limit]');
  if (!o) return 2;
  const hard = o.letters.includes('H');
  const shown = (l: Limit): string => {
    const v = sh.sys.getrlimit(l.resource);
    const n = hard ? v.rlim_max : v.rlim_cur;
    return n === RLIM_INFINITY ? 'unlimited' : String(Math.floor(n / l.scale));
  };
  if (o.letters.includes('a')) {
    const row = (l: Limit): string =>
      `${l.text.padEnd(20)}${`(${l.unit === '' ? '' : `${l.unit}, `}-${l.letter})`.padStart(20)} ${shown(l)}\n`;
    return output(sh, 'ulimit', LIMITS.map(row).join(''));
  }
  const limit = LIMITS.find((l) => o.letters.includes(l.letter)) ?? (LIMITS[1] as Limit);
  const value = args[o.next];
  if (value === undefined) return output(sh, 'ulimit', `${shown(limit)}\n`);
  const old = sh.sys.getrlimit(limit.resource);
  const n =
    value === 'unlimited'
      ? RLIM_INFINITY
      : value === 'hard'
        ? old.rlim_max
        : value === 'soft'
          ? old.rlim_cur
          : /^\d+$/.test(value)
            ? Number(value) * limit.scale
            : undefined;
  if (n === undefined) {
    await builtinError(sh, 'ulimit', `${value}: invalid number`);
    return 1;
  }
  const soft = !hard || o.letters.includes('S');
  const status = sh.sys.setrlimit(limit.resource, {
    rlim_cur: soft ? n : Math.min(old.rlim_cur, n),
    rlim_max: hard || !o.letters.includes('S') ? n : old.rlim_max,
  });
  if (status === 0) return 0;
  await builtinError(sh, 'ulimit', `${limit.text}: cannot modify limit: ${status.message}`);
  return 1;
}

export async function times(sh: Shell): Promise<ExitCode> {
  const r = sh.sys.getrusage();
  const t = (ms: number): string => `${Math.floor(ms / 60000)}m${((ms % 60000) / 1000).toFixed(3)}s`;
  return output(sh, 'times', `${t(r.utime)} ${t(r.stime)}\n${t(r.cutime)} ${t(r.cstime)}\n`);
}

export async function caller(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  const calls = sh.frames.filter((f) => f.kind !== 'main');
  if (calls.length === 0) return 1;
  if (args[1] !== undefined && !/^-?\d+$/.test(args[1])) {
    await builtinError(sh, 'caller', `${args[1]}: invalid number`);
    await sh.write(2, 'caller: usage: caller [expr]\n');
    return 2;
  }
  const n = args[1] === undefined ? 0 : Number(args[1]);
  const frame = calls[calls.length - 1 - n];
  if (!frame) return 1;
  const outer = sh.frames[sh.frames.indexOf(frame) - 1];
  if (args[1] !== undefined && !outer) return 1;
  const source = outer?.source ?? 'NULL';
  if (args[1] === undefined) return output(sh, 'caller', `${frame.callLine} ${source}\n`);
  return output(sh, 'caller', `${frame.callLine} ${outer?.kind === 'function' ? outer.name : 'main'} ${source}\n`);
}

export async function help(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  const names = args.slice(1).filter((a) => !a.startsWith('-'));
  if (names.length === 0) {
    const lines = [...HELP].map(([name, [synopsis]]) => ` ${synopsis === '' ? name : synopsis}\n`).join('');
    return output(
      sh,
      'help',
      `GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)\nThese shell commands are defined internally.  Type \`help name' to find out more.\n\n${lines}`,
    );
  }
  let status = 0;
  for (const name of names) {
    const row = HELP.get(name);
    if (row) await output(sh, 'help', `${name}: ${row[0]}\n    ${row[1]}\n`);
    else {
      await builtinError(sh, 'help', `no help topics match \`${name}'.  Try \`help help' or \`man -k ${name}' or \`info ${name}'.`);
      status = 1;
    }
  }
  return status;
}
