/** Running source text: unit by unit, in bash's order of reading and doing. */
import { concat, decode } from '../uapi/bytes.ts';
import { IS_ERR } from '../uapi/errno.ts';
import type { ExitCode, Fd } from '../uapi/types.ts';
import { expandAliases } from './aliases.ts';
import { dashMessage } from './dash.ts';
import { isIncomplete, type SyntaxProblem } from './errors.ts';
import { AbortFlow, BreakFlow, ContinueFlow, ExitFlow, ReturnFlow } from './flow.ts';
import { runList } from './interpreter/list.ts';
import { runToEnd } from './lifetime.ts';
import { type Dialect, type Program, parseProgram, type Unit } from './parse.ts';
import { isUtf8, messagePrefix } from './report.ts';
import type { RunResult, Shell } from './shell.ts';
import { runPendingTraps } from './traps.ts';

/** Where the text comes from: it decides the words before an error, and what an aborted command leaves standing. */
export type Where = 'command' | 'file' | 'stdin' | 'interactive' | 'eval' | 'source' | 'trap' | 'substitution' | 'backquote';

export interface RunOptions {
  readonly where: Where;
  readonly firstLine: number;
  /** The process ends with this text. */
  readonly last?: boolean;
}

/** Parses and runs `source`; answers the status of its last command. */
export async function parseAndRun(sh: Shell, source: string, options: RunOptions): Promise<ExitCode> {
  let rest = source;
  let line = options.firstLine;
  let status = 0;
  for (;;) {
    const { text, program } = read(sh, rest, line);
    const next = await runUnits(sh, text, program, options);
    status = next.status;
    if (next.resumeAt === undefined) return status;
    const lines = countLines(text.slice(0, next.resumeAt));
    line += lines;
    rest = afterLines(rest, lines);
  }
}

function read(sh: Shell, source: string, line: number): { readonly text: string; readonly program: Program } {
  const text = aliasesApply(sh) ? expandAliases(sh, source) : source;
  return { text, program: parseProgram(text, line, dialectOf(sh)) };
}

export function dialectOf(sh: Shell): Dialect {
  return { extglob: sh.options.shopt('extglob'), sh: sh.posixSh, utf8: isUtf8(sh) };
}

function aliasesApply(sh: Shell): boolean {
  return sh.aliases.size > 0 && (sh.options.shopt('expand_aliases') || sh.options.get('posix'));
}

interface Progress {
  readonly status: ExitCode;
  /** Offset from which the text must be read again, because aliases or what is a pattern changed. */
  readonly resumeAt: number | undefined;
}

async function runUnits(sh: Shell, text: string, program: Program, options: RunOptions): Promise<Progress> {
  const { units, problem } = program;
  let status = 0;
  let shown = 0;
  for (let i = 0; i < units.length; i++) {
    const unit = units[i] as Unit;
    if (sh.options.get('verbose')) {
      const end = units[i + 1]?.start ?? text.length;
      await sh.write(2, endLine(text.slice(shown, end)));
      shown = end;
    }
    await warnHeredocs(sh, unit, options);
    const last = options.last === true && i === units.length - 1 && !problem;
    const reading = readingState(sh);
    status = await runUnit(sh, unit, options, last);
    const more = i < units.length - 1 || problem;
    if (more && reading !== readingState(sh) && options.where !== 'interactive') return { status, resumeAt: unit.end };
  }
  if (problem) {
    if (sh.options.get('verbose')) await sh.write(2, endLine(text.slice(shown)));
    status = await syntaxError(sh, problem, options);
  }
  return { status, resumeAt: undefined };
}

/** What follows the first `n` lines. */
function afterLines(text: string, n: number): string {
  let at = 0;
  for (let i = 0; i < n; i++) at = text.indexOf('\n', at) + 1;
  return text.slice(at);
}

const endLine = (s: string): string => (s === '' || s.endsWith('\n') ? s : `${s}\n`);

/** Changes when what is an alias changes, or what is a pattern. */
function readingState(sh: Shell): string {
  const extglob = sh.options.shopt('extglob') ? '(' : '';
  if (!sh.options.shopt('expand_aliases') && !sh.options.get('posix')) return extglob;
  return extglob + [...sh.aliases].map(([k, v]) => `${k}=${v}`).join('\n') + (sh.aliases.size > 0 ? '!' : '');
}

async function runUnit(sh: Shell, unit: Unit, options: RunOptions, last: boolean): Promise<ExitCode> {
  if (sh.options.get('noexec') && !sh.interactive) return sh.lastStatus;
  try {
    const status = await runList(sh, unit.list, last);
    if (sh.traps.pending.length > 0) await runPendingTraps(sh);
    sh.lastStatus = status;
    return status;
  } catch (e) {
    if (!(e instanceof AbortFlow)) throw e;
    const nested = options.where === 'eval' || options.where === 'source' || options.where === 'trap';
    if (sh.interactive || sh.subshellDepth > 0 || nested) throw e;
    sh.lastStatus = e.status;
    sh.conditionDepth = 0;
    sh.loopDepth = 0;
    return e.status;
  }
}

async function warnHeredocs(sh: Shell, unit: Unit, options: RunOptions): Promise<void> {
  for (const h of unit.unterminated) {
    if (sh.posixSh) continue;
    const name = prefixFor(sh, { ...options, where: options.where === 'command' ? 'file' : options.where }, h.endLine);
    await sh.write(2, `${name}warning: here-document at line ${h.line} delimited by end-of-file (wanted \`${h.delimiter}')\n`);
  }
}

function prefixFor(sh: Shell, options: RunOptions, line: number): string {
  const saved = sh.line;
  sh.line = line;
  const plain = messagePrefix(sh);
  sh.line = saved;
  if (sh.interactiveShell)
    return options.where === 'eval'
      ? `${plain}eval: line ${line}: `
      : options.where === 'backquote'
        ? `${plain}command substitution: line ${line}: `
        : plain;
  const marks: Partial<Record<Where, string>> = { command: '-c: ', eval: 'eval: ', backquote: 'command substitution: ' };
  const mark = options.where === 'substitution' && sh.commandString !== undefined ? '-c: ' : (marks[options.where] ?? '');
  if (mark === '') return plain;
  const name = plain.slice(0, plain.lastIndexOf('line '));
  return `${name}${mark}line ${line}: `;
}

async function syntaxError(sh: Shell, p: SyntaxProblem, options: RunOptions): Promise<ExitCode> {
  sh.lastStatusBefore = sh.lastStatus;
  sh.lastStatus = 2;
  if (sh.posixSh) await sh.write(2, `${sh.name}: ${p.dashLine}: ${options.where === 'eval' ? 'eval: ' : ''}${dashMessage(p)}\n`);
  else {
    const prefix = prefixFor(sh, options, p.line);
    const lines = sh.interactiveShell ? p.messages.slice(0, 1) : p.messages;
    await sh.write(2, lines.map((m) => `${prefix}${m}\n`).join(''));
  }
  if (p.inSubstitution && sh.commandString !== undefined && !sh.interactive && !sh.posixSh) throw new ExitFlow(GIVEN_UP);
  const nested = options.where === 'eval' || options.where === 'source';
  if (nested && sh.options.get('posix') && !sh.interactive) throw new ExitFlow(2);
  return p.kind === 'text' && !p.messages[0]?.includes('newline') && !p.messages[0]?.startsWith('syntax error') ? sh.lastStatusBefore : 2;
}

/** The status of `bash -c` when a substitution in its text cannot be parsed. */
const GIVEN_UP: ExitCode = 127;

function countLines(text: string): number {
  let n = 0;
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) n++;
  return n;
}

/** For a front end: one complete text, and whether the shell goes on. */
export async function runInteractiveText(sh: Shell, text: string): Promise<RunResult> {
  sh.interrupted = false;
  sh.commandNumber++;
  try {
    const status = await parseAndRun(sh, text, { where: 'interactive', firstLine: 1 });
    return { status, exit: false };
  } catch (e) {
    sh.conditionDepth = 0;
    sh.loopDepth = 0;
    if (sh.interrupted && sh.interactive) await sh.write(2, '\n');
    sh.interrupted = false;
    if (e instanceof ExitFlow) return { status: await runToEnd(sh, async () => e.status), exit: true };
    if (e instanceof AbortFlow || e instanceof ReturnFlow) {
      sh.lastStatus = e.status;
      return { status: e.status, exit: false };
    }
    if (e instanceof BreakFlow || e instanceof ContinueFlow) return { status: 0, exit: false };
    throw e;
  }
}

/** A script on standard input: read no further than the command at hand, for the commands read from there too. */
export async function runStandardInput(sh: Shell): Promise<ExitCode> {
  let line = 1;
  let status = 0;
  let pending = '';
  for (;;) {
    const next = await readLine(sh, 0);
    if (next === undefined && pending === '') return status;
    if (next !== undefined) {
      pending += `${next}\n`;
      if (isIncomplete(sh, pending)) continue;
    }
    const text = pending;
    pending = '';
    status = await parseAndRun(sh, text, { where: 'stdin', firstLine: line });
    line += countLines(text);
    if (next === undefined) return status;
  }
}

const NEWLINE = 10;

/** One line without its newline and without NULs; undefined at the end. Reads byte by byte unless the file can seek. */
export async function readLine(sh: Shell, fd: Fd): Promise<string | undefined> {
  const bytes = await readUntil(sh, fd, NEWLINE);
  return bytes && decode(bytes.includes(0) ? bytes.filter((b) => b !== 0) : bytes);
}

const BLOCK = 4096;

export async function readUntil(sh: Shell, fd: Fd, stop: number): Promise<Uint8Array | undefined> {
  const at = sh.sys.lseek(fd, 0, 1);
  const chunks: Uint8Array[] = [];
  for (;;) {
    const chunk = await sh.sys.read(fd, IS_ERR(at) ? 1 : BLOCK);
    if (IS_ERR(chunk)) {
      if (chunk.code === 'EINTR') {
        await runPendingTraps(sh);
        continue;
      }
      return undefined;
    }
    sh.lastReadEnded = chunk.length > 0;
    if (chunk.length === 0) return chunks.length === 0 ? undefined : concat(chunks);
    const end = chunk.indexOf(stop);
    if (end < 0) chunks.push(chunk);
    else {
      if (end + 1 < chunk.length) sh.sys.lseek(fd, end + 1 - chunk.length, 1);
      chunks.push(chunk.subarray(0, end));
      return concat(chunks);
    }
  }
}
