/** Everything that the workbench shows, computed from a line, a file and a machine. Pure. */

import type { Facts, ShellDamage } from '../../../explain/facts.ts';
import { type FieldMeaning, fieldMeanings } from '../../../explain/fields.ts';
import { type Form, formsOf } from '../../../explain/forms.ts';
import { type KernelVersion, kernelVersion } from '../../../explain/kernels.ts';
import { type Overlay, overlay } from '../../../explain/overlay.ts';
import { type File, type Taker, takers } from '../../../explain/predict.ts';
import { CURRENT_LINUX, type Explanation, explainRule, type MiscRule } from '../../../explain/rule.ts';
import { bySeverity, type Warning } from '../../../explain/warnings.ts';
import type { HostArch } from '../../../uapi/host.ts';
import type { Machine } from './facts.ts';

export interface Input {
  readonly line: Uint8Array;
  readonly damage: ReadonlySet<ShellDamage>;
  readonly kernel: string;
  readonly host: HostArch;
  readonly machine: Machine;
  readonly file: File | null;
}

/** What one kernel says. */
export interface Opinion {
  readonly kernel: string;
  readonly explanation: Explanation;
  /** Who would take the chosen file, once the rule stands; null without a file. */
  readonly takers: readonly Taker[] | null;
}

export interface PlacedWarning extends Warning {
  /** The kernels that give it, if not all do. */
  readonly only: string | null;
}

export interface Picture {
  readonly line: Uint8Array;
  readonly opinions: readonly Opinion[];
  readonly fields: readonly FieldMeaning[];
  readonly warnings: readonly PlacedWarning[];
  readonly overlay: Overlay | null;
  readonly window: number;
  readonly forms: readonly Form[];
}

export function pictureOf(input: Input): Picture {
  const { line } = input;
  const here = versionOf(input.kernel);
  const names = [...new Set([input.kernel, CURRENT_LINUX])];
  const opinions = names.map((kernel) => opinion(input, kernel, versionOf(kernel)));
  const entry = opinions[0]?.explanation.entry ?? null;
  return {
    line,
    opinions,
    fields: fieldMeanings(line, opinions[0]?.explanation.spans ?? [], here),
    warnings: placed(opinions),
    overlay: entry === null || input.file === null ? null : overlay(entry.match, input.file, here.BINPRM_BUF_SIZE),
    window: here.BINPRM_BUF_SIZE,
    forms: formsOf(line, entry),
  };
}

/** A kernel without a row is answered for by current Linux. */
export function versionOf(kernel: string): KernelVersion {
  const version = kernelVersion(kernel);
  if (typeof version !== 'string') return version;
  const current = kernelVersion(CURRENT_LINUX);
  if (typeof current === 'string') throw new Error(current);
  return current;
}

function opinion({ line, damage, host, machine, file }: Input, kernel: string, version: KernelVersion): Opinion {
  const facts: Facts = { ...machine.facts, host, shell: damage };
  const explanation = explainRule(line, { version, facts });
  return { kernel, explanation, takers: file === null ? null : takers(file, withRule(machine.rules, explanation.entry), version, host) };
}

/** The newest is asked first; it takes the place of an older one of its name. */
function withRule(rules: readonly MiscRule[], entry: MiscRule | null): readonly MiscRule[] {
  return entry === null ? rules : [entry, ...rules.filter((r) => r.name !== entry.name)];
}

/** A warning that all kernels give in the same words stands once. */
function placed(opinions: readonly Opinion[]): readonly PlacedWarning[] {
  const all = opinions.flatMap(({ kernel, explanation }) => explanation.warnings.map((w) => ({ ...w, only: kernel })));
  const same = (a: Warning, b: Warning): boolean => a.id === b.id && a.sentence === b.sentence;
  return all
    .filter((w, i) => all.findIndex((o) => same(o, w)) === i)
    .map((w) => (all.filter((o) => same(o, w)).length === opinions.length ? { ...w, only: null } : w))
    .sort(bySeverity);
}
