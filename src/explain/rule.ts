/** One line for `register`, explained: what each byte of it is, what the kernel answers and why, and what to beware of. */

import { type MiscField, type MiscRule, parse_register_line, type RegisterError } from '../kernel/fs/binfmt_misc_entry.ts';
import type { KernelVersion } from '../kernel/init/version.ts';
import { encode } from '../uapi/bytes.ts';
import { EEXIST, ENAMETOOLONG, type Errno } from '../uapi/errno.ts';
import type { Bytes } from '../uapi/types.ts';
import type { Facts } from './facts.ts';
import { fixFor, sentenceFor } from './refusals.ts';
import { type Span, spansOf } from './spans.ts';
import { type Warning, warningsFor } from './warnings.ts';

export type { MiscRule } from '../kernel/fs/binfmt_misc_entry.ts';

/** The kernel that readers have at home: every answer is also given for this one. */
export { CURRENT_LINUX } from './kernels.ts';

export interface Accepted {
  readonly accepted: true;
  readonly sentence: string;
  readonly rule: string;
}
export interface Refused {
  readonly accepted: false;
  readonly errno: Errno;
  /** The field to blame and the byte of the line where it starts; null if it is not one field's fault. */
  readonly field: MiscField | null;
  readonly at: number;
  readonly sentence: string;
  /** Number of the rule in docs/linux-exec.md. */
  readonly rule: string;
  readonly fix: string;
}

export interface Explanation {
  readonly line: Bytes;
  readonly spans: readonly Span[];
  readonly verdict: Accepted | Refused;
  /** The rule, if the line is one; the machine may refuse it all the same. */
  readonly entry: MiscRule | null;
  readonly warnings: readonly Warning[];
}

export interface ExplainOptions {
  readonly version: KernelVersion;
  readonly facts?: Facts;
}

export function explainRule(text: Bytes | string, { version, facts = {} }: ExplainOptions): Explanation {
  const line = typeof text === 'string' ? encode(text) : text;
  const { result, fields } = parse_register_line(line, version);
  const spans = spansOf(line, fields);
  const entry = 'errno' in result ? null : result;
  const verdict = 'errno' in result ? refusedLine(result, line, spans, version) : verdictOfMachine(result, version, facts);
  return { line, spans, verdict, entry, warnings: warningsFor({ line, spans, entry, version, facts }) };
}

function refusedLine(error: RegisterError, line: Bytes, spans: readonly Span[], version: KernelVersion): Refused {
  const { errno, field, at, rule } = error;
  const sentence = sentenceFor(error, line, spans, version);
  return { accepted: false, errno, field, at, rule, sentence, fix: fixFor(error, line, spans, version) };
}

/** What is checked once the line is found good: flag F's file, the name's length, the name (R15). */
function verdictOfMachine(entry: MiscRule, version: KernelVersion, facts: Facts): Accepted | Refused {
  const { interpreter, entries = [] } = facts;
  if (entry.flags.has('F') && interpreter !== undefined && 'errno' in interpreter) return refusedF(entry, interpreter.errno);
  if (encode(entry.name).length > 255) return refusedName(ENAMETOOLONG, 'the name is longer than 255 bytes', 'shorten the name');
  if (entry.name === 'register' || entry.name === 'status') {
    return refusedName(version.duplicate_name, `${entry.name} is a file of binfmt_misc itself`, 'choose another name');
  }
  if (entries.includes(entry.name)) return refusedName(version.duplicate_name, `an entry named ${entry.name} exists`, removal(entry.name));
  return { accepted: true, sentence: `The rule ${entry.name} would be the first that is asked.`, rule: 'R16' };
}

const removal = (name: string): string => `remove it first (echo -1 > /proc/sys/fs/binfmt_misc/${name}), or choose another name`;

function refusedF(entry: MiscRule, errno: Errno): Refused {
  const sentence = `flag F opens the interpreter now, and ${entry.interpreter} cannot be opened: ${errno.message}`;
  return {
    accepted: false,
    errno,
    field: 'interpreter',
    at: 0,
    sentence,
    rule: 'R14',
    fix: 'install the interpreter first, or leave F away',
  };
}

function refusedName(errno: Errno, sentence: string, fix: string): Refused {
  const rule = errno === EEXIST || errno === ENAMETOOLONG ? 'R4' : 'R19';
  return { accepted: false, errno, field: 'name', at: 1, sentence, rule, fix };
}
