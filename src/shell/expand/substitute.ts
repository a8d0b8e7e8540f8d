/** `$(command)`, backquotes, `<(command)`. */
import { decode } from '../../uapi/bytes.ts';
import { IS_ERR } from '../../uapi/errno.ts';
import { F_DUPFD } from '../../uapi/fcntl.ts';
import type { Bytes, Fd, Pid } from '../../uapi/types.ts';
import { AbortFlow } from '../flow.ts';
import { forkShell } from '../fork.ts';
import { parseAndRun } from '../input.ts';
import { exitStatus } from '../jobs.ts';
import { parseProgram } from '../parse.ts';
import { readAll } from '../read-all.ts';
import { openTarget } from '../redirect.ts';
import { ExpansionError, report } from '../report.ts';
import type { Shell } from '../shell.ts';
import type { ProcessSubstitution, Substitution } from './segments.ts';

export async function commandSubstitution(sh: Shell, s: Substitution): Promise<string> {
  const direct = /^\s*<(?!<)[^\n;|&()<>]+$/.test(s.source) ? await readFileDirectly(sh, s.source) : undefined;
  if (direct !== undefined) return trim(sh, direct);
  const pipe = sh.sys.pipe2();
  if (IS_ERR(pipe)) throw new ExpansionError(`cannot make pipe for command substitution: ${pipe.message}`);
  const [readEnd, writeEnd] = pipe;
  const pid = forkShell(sh, {}, async (child) => {
    child.sys.close(readEnd);
    child.sys.dup2(writeEnd, 1);
    if (writeEnd !== 1) child.sys.close(writeEnd);
    if (!child.options.shopt('inherit_errexit') && !child.options.get('posix')) child.options.set('errexit', false);
    child.interactive = false;
    child.traceDepth++;
    child.inSubstitution = true;
    return parseAndRun(child, s.source, {
      where: s.backtick ? 'backquote' : 'substitution',
      firstLine: sh.line + (sh.posixSh && !s.backtick ? s.line : 0),
      last: true,
    });
  });
  sh.sys.close(writeEnd);
  if (IS_ERR(pid)) {
    sh.sys.close(readEnd);
    throw new ExpansionError(`fork: ${pid.message}`, 254);
  }
  const out = await readAll(sh, readEnd);
  sh.sys.close(readEnd);
  sh.lastStatus = await waitFor(sh, pid);
  sh.substitutionStatus = sh.lastStatus;
  if (sh.interrupted) throw new AbortFlow(130);
  return trim(sh, out);
}

/** `$(< file)` needs no child. */
async function readFileDirectly(sh: Shell, source: string): Promise<Bytes | undefined> {
  const command = parseProgram(source, sh.line).units[0]?.list[0]?.command.pipelines[0]?.commands[0];
  if (command?.type !== 'simple' || command.words.length > 0 || command.redirections.length !== 1) return undefined;
  const r = command.redirections[0];
  if (r?.op !== '<' || r.fd !== undefined) return undefined;
  const fd = await openTarget(sh, r);
  if (typeof fd !== 'number') {
    await report(sh, fd.message);
    sh.lastStatus = 1;
    sh.substitutionStatus = 1;
    return new Uint8Array();
  }
  const out = await readAll(sh, fd);
  sh.sys.close(fd);
  sh.lastStatus = 0;
  sh.substitutionStatus = 0;
  return out;
}

export async function waitFor(sh: Shell, pid: Pid): Promise<number> {
  for (;;) {
    const r = await sh.sys.wait4(pid, 0);
    if (!IS_ERR(r)) return exitStatus(r.status);
    if (r.code !== 'EINTR') return 127;
  }
}

async function warnNul(sh: Shell): Promise<void> {
  await report(sh, 'warning: command substitution: ignored null byte in input');
}

async function trim(sh: Shell, bytes: Bytes): Promise<string> {
  let clean = bytes;
  if (bytes.includes(0)) {
    await warnNul(sh);
    clean = bytes.filter((b) => b !== 0);
  }
  let end = clean.length;
  while (end > 0 && clean[end - 1] === 10) end--;
  return decode(clean.subarray(0, end));
}

const HIGH_FD = 63;

/** A pipe to or from the command, named `/dev/fd/N` until the current command ends. */
export async function processSubstitution(sh: Shell, s: ProcessSubstitution): Promise<string> {
  const pipe = sh.sys.pipe2();
  if (IS_ERR(pipe)) throw new ExpansionError(`cannot make pipe for process substitution: ${pipe.message}`);
  const [mine, theirs] = s.direction === '<' ? [pipe[0], pipe[1]] : [pipe[1], pipe[0]];
  const pid = forkShell(sh, {}, async (child) => {
    child.sys.close(mine);
    child.sys.dup2(theirs, s.direction === '<' ? 1 : 0);
    child.sys.close(theirs);
    for (const fd of child.substitutionFds) child.sys.close(fd);
    child.interactive = false;
    return parseAndRun(child, s.source, { where: 'substitution', firstLine: sh.line, last: true });
  });
  sh.sys.close(theirs);
  if (IS_ERR(pid)) throw new ExpansionError(`fork: ${pid.message}`, 254);
  sh.jobs.others.push(pid);
  sh.lastBackground = pid;
  const fd = moveHigh(sh, mine);
  sh.substitutionFds.push(fd);
  return `/dev/fd/${fd}`;
}

/** The highest free descriptor below 64, out of the way of the user's numbers. */
function moveHigh(sh: Shell, fd: Fd): Fd {
  for (let high = HIGH_FD; high > 10; high--) {
    if (!IS_ERR(sh.sys.fcntl(high, 1))) continue;
    const moved = sh.sys.fcntl(fd, F_DUPFD, high);
    if (IS_ERR(moved)) break;
    sh.sys.close(fd);
    return moved;
  }
  return fd;
}

/** Ends the process substitutions of a command that is over. */
export function closeSubstitutions(sh: Shell, keep: number): void {
  for (const fd of sh.substitutionFds.splice(keep)) sh.sys.close(fd);
}
