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

/** The walk in a line: the file, how it was come by, what was asked of it, and what refused. */
export function walkFact(walk: readonly ExecWalk[]): Prose {
  const refused = refusedBy(walk);
  const found = foundAt(walk);
  const way = [...count(walk, 'symlink', 'link'), ...count(walk, 'mount', 'mount')];
  const checks = walk.filter((s) => CHECKS.has(s.step) && s.errno === undefined).map((s) => ` · ${s.what}`);
  const file: Prose = found === null ? [] : [{ code: found }, ...(way.length > 0 ? [` over ${way.join(' and ')}`] : []), ...checks];
  const why: Prose = refused === undefined ? [] : [`${found === null ? '' : ' · '}${refused.what}: `, { code: refused.errno ?? '' }];
  return [...file, ...why];
}

function count(walk: readonly ExecWalk[], step: ExecWalk['step'], name: string): readonly string[] {
  const n = walk.filter((s) => s.step === step && s.errno === undefined).length;
  return n === 0 ? [] : [`${n} ${name}${n === 1 ? '' : 's'}`];
}

export function walked(walk: readonly ExecWalk[]): Walked {
  return {
    path: walk[0]?.path ?? '',
    steps: walk.map((s) => ({ text: s.what, errno: s.errno ?? null, rule: s.rule })),
  };
}

/** Rule numbers, each once, in order of appearance. */
export const rulesOf = (events: readonly { readonly rule: string }[]): readonly string[] => [...new Set(events.map((e) => e.rule))];
