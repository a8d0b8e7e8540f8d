/** The rules that binfmt_misc asked: all of them, and those worth a line. */
import type { Probe, Probes } from './model.ts';

/** Rules that did not match and are shown all the same, the closest first. */
const CLOSEST = 3;
/** A list as short as this is shown whole. */
const SHORT = 5;

export function probesOf(all: readonly Probe[]): Probes {
  if (all.length <= SHORT) return { all, telling: all };
  const closest = all.filter((p) => p.verdict === 'differs' && p.close > 0).sort((a, b) => b.close - a.close);
  const chosen = new Set([...all.filter((p) => p.verdict !== 'differs'), ...closest.slice(0, CLOSEST)]);
  // The one that matches is the last that was asked.
  return { all, telling: all.filter((p) => chosen.has(p)).slice(-2 * SHORT) };
}
