/** What is known of an exec that failed, for those who tell how it is heard of and what to do. */
import { type Errno, errnoByCode } from '../../../uapi/errno.ts';
import type { BinfmtMiscEntryProbe, BinfmtProbe, BinprmRead, ExecFail, ExecWalk, TraceEvent } from '../../../uapi/trace.ts';
import type { Execution } from '../../executions.ts';
import { closeness, magicCells, unhex } from './bytes.ts';

export interface Refusal {
  /** As given to execve, and from the root of its world. */
  readonly path: string;
  readonly absolute: string;
  readonly errno: Errno;
  readonly rule: string;
  /** The check that refused the file itself. */
  readonly own: ExecWalk | null;
  /** The check that refused an interpreter, with the format that wanted it. */
  readonly interpreter: { readonly step: ExecWalk; readonly wanted_by: string; readonly entry: string | null } | null;
  /** The file itself, as far as its first bytes go. */
  readonly head: Uint8Array | null;
  /** The level at which nobody took the file: its name and first bytes. */
  readonly last: { readonly level: number; readonly name: string; readonly head: Uint8Array } | null;
  /** A disabled rule that would have matched. */
  readonly asleep: string | null;
  /** binfmt_misc as a whole is switched off. */
  readonly misc_off: boolean;
  /** A rule that matched at more than one level. */
  readonly again: string | null;
}

export function refusal(execution: Execution, fail: ExecFail): Refusal | null {
  const errno = errnoByCode(fail.errno);
  if (errno === undefined) return null;
  const { events } = execution;
  const first = events.find((e): e is BinprmRead => e.ev === 'binprm_read');
  const last = events.findLast((e): e is BinprmRead => e.ev === 'binprm_read');
  const probes = events.filter((e): e is BinfmtProbe => e.ev === 'binfmt_probe');
  return {
    path: fail.path,
    absolute: absolute(execution),
    errno,
    rule: fail.rule,
    own: first === undefined ? (events.find(isRefused) ?? null) : null,
    interpreter: refusedInterpreter(events, probes.at(-1)),
    head: first === undefined ? null : headOf(first),
    last: last === undefined ? null : { level: last.level, name: last.name, head: headOf(last) },
    asleep: events.find((e): e is BinfmtMiscEntryProbe => e.ev === 'binfmt_misc_entry' && wouldMatch(e, last))?.entry ?? null,
    misc_off: probes.some((p) => p.rule === 'M1'),
    again: matchedAgain(events),
  };
}

const isRefused = (e: TraceEvent): e is ExecWalk => e.ev === 'exec_walk' && e.errno !== undefined;

function refusedInterpreter(events: readonly TraceEvent[], probe: BinfmtProbe | undefined): Refusal['interpreter'] {
  const step = events.findLast(isRefused);
  if (step === undefined || probe?.verdict !== 'failed') return null;
  const entry = events.findLast((e): e is BinfmtMiscEntryProbe => e.ev === 'binfmt_misc_entry' && e.matched);
  return { step, wanted_by: probe.fmt, entry: probe.fmt === 'misc' ? (entry?.entry ?? null) : null };
}

function matchedAgain(events: readonly TraceEvent[]): string | null {
  const matched = events.flatMap((e) => (e.ev === 'binfmt_misc_entry' && e.matched ? [e.entry] : []));
  return matched.find((entry, i) => matched.indexOf(entry) < i) ?? null;
}

/** The window without the zeros behind the end of the file. */
function headOf({ window, size }: BinprmRead): Uint8Array {
  const bytes = unhex(window);
  return size < bytes.length ? bytes.subarray(0, size) : bytes;
}

/** A disabled rule is not compared; here it is. */
export function wouldMatch({ enabled, test, level }: BinfmtMiscEntryProbe, read: BinprmRead | undefined): boolean {
  if (enabled || read === undefined || read.level !== level) return false;
  if ('extension' in test) return read.name.includes('.') && read.name.slice(read.name.lastIndexOf('.') + 1) === test.extension;
  const cells = magicCells(unhex(read.window), test);
  return cells.every((c) => c.state !== 'differs') && closeness(cells) > 0;
}

function absolute({ path, events }: Execution): string {
  if (path.startsWith('/')) return path;
  const begin = events.find((e) => e.ev === 'exec_begin');
  const cwd = begin === undefined || begin.cwd === '/' ? '' : begin.cwd;
  return `${cwd}/${path.replace(/^(\.\/)+/, '')}`;
}
