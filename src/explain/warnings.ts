/** What the kernel accepts in silence and somebody regrets later: one row a warning, computed for one kernel and one machine. */

import type { MiscRule } from '../kernel/fs/binfmt_misc_entry.ts';
import type { KernelVersion } from '../kernel/init/version.ts';
import type { Bytes } from '../uapi/types.ts';
import type { Facts } from './facts.ts';
import type { Span } from './spans.ts';
import { INTERPRETER_ROWS } from './warnings-interpreter.ts';
import { LINE_ROWS } from './warnings-line.ts';
import { TARGET_ROWS } from './warnings-target.ts';

/** `danger`: the machine, or every use of the rule, breaks. `careful`: probably not what was meant. `note`: worth knowing. */
export type Severity = 'danger' | 'careful' | 'note';

export interface Warning {
  readonly id: string;
  readonly severity: Severity;
  readonly sentence: string;
  /** Number of the rule in docs/linux-exec.md. */
  readonly rule: string;
  readonly fix: string;
}

export interface WarningContext {
  readonly line: Bytes;
  readonly spans: readonly Span[];
  /** Null if the line is refused. */
  readonly entry: MiscRule | null;
  readonly version: KernelVersion;
  readonly facts: Facts;
}
export interface AcceptedContext extends WarningContext {
  readonly entry: MiscRule;
}

type Text = string;
/** A row's answer: nothing to say, or its sentence, or a sentence that is more or less serious than the row usually is. */
type Answer = Text | null | { readonly sentence: Text; readonly severity: Severity; readonly fix?: Text };

interface Row<C> {
  readonly id: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly fix: Text;
  says(context: C): Answer;
}
/** Rows that look at any line, and rows that need one that the parser accepts. */
export type LineRow = Row<WarningContext>;
export type EntryRow = Row<AcceptedContext>;

export function warningsFor(context: WarningContext): readonly Warning[] {
  const { entry } = context;
  const about = LINE_ROWS.flatMap((row) => warning(row, row.says(context)));
  if (entry === null) return about;
  const accepted = { ...context, entry };
  const more = [...TARGET_ROWS, ...INTERPRETER_ROWS].flatMap((row) => warning(row, row.says(accepted)));
  return [...more, ...about].sort(bySeverity);
}

const RANK: readonly Severity[] = ['danger', 'careful', 'note'];
export const bySeverity = (a: Warning, b: Warning): number => RANK.indexOf(a.severity) - RANK.indexOf(b.severity);

function warning({ id, rule, severity, fix }: Row<never>, answer: Answer): readonly Warning[] {
  if (answer === null) return [];
  return [typeof answer === 'string' ? { id, severity, sentence: answer, rule, fix } : { id, rule, fix, ...answer }];
}
