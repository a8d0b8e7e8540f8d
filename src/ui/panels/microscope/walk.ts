/** The walk to a file and the checks on it, as they stand in the trace. */
import type { ExecWalk } from '../../../uapi/trace.ts';
import type { Prose, Walked } from './model.ts';

const CHECKS: ReadonlySet<ExecWalk['step']> = new Set(['type', 'noexec', 'permission', 'writers']);

export const refusedBy = (walk: readonly ExecWalk[]): ExecWalk | undefined => walk.find((s) => s.errno !== undefined);

/** Where the walk ended: what it was asked for is the name, the checks stand at the file. */
function foundAt(walk: readonly ExecWalk[]): string | null {
  const check = walk.find((s) => CHECKS.has(s.step));
  return check?.path ?? null;
}

/** The walk in a line or two: links and mounts on the way, the file, what was asked of it. */
export function walkFacts(walk: readonly ExecWalk[]): readonly Prose[] {
  const refused = refusedBy(walk);
  const links = walk.filter((s) => s.step === 'symlink' && s.errno === undefined).map((s): Prose => [s.what]);
  const mounts = walk.filter((s) => s.step === 'mount').map((s): Prose => [s.what]);
  const found = foundAt(walk);
  const checks = walk.filter((s) => CHECKS.has(s.step) && s.errno === undefined).map((s) => s.what);
  const file: readonly Prose[] = found === null ? [] : [[{ code: found }, ...(checks.length > 0 ? [` · ${checks.join(' · ')}`] : [])]];
  const why: readonly Prose[] = refused === undefined ? [] : [[`${refused.what}: `, { code: refused.errno ?? '' }]];
  return [...links, ...mounts, ...file, ...why];
}

export function walked(walk: readonly ExecWalk[]): Walked {
  return {
    path: walk[0]?.path ?? '',
    steps: walk.map((s) => ({ text: s.what, errno: s.errno ?? null, rule: s.rule })),
  };
}

/** Rule numbers, each once, in order of appearance. */
export const rulesOf = (events: readonly { readonly rule: string }[]): readonly string[] => [...new Set(events.map((e) => e.rule))];
