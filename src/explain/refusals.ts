/** What the kernel leaves unsaid when it answers EINVAL: what exactly is wrong with this line, and how to mend it. */

import type { RegisterError, RegisterReason } from '../kernel/fs/binfmt_misc_entry.ts';
import type { KernelVersion } from '../kernel/init/version.ts';
import { latin1 } from '../uapi/bytes.ts';
import type { Bytes } from '../uapi/types.ts';
import { decodeField } from './line.ts';
import type { Span } from './spans.ts';

interface Refusal {
  readonly error: RegisterError;
  readonly line: Bytes;
  readonly spans: readonly Span[];
  readonly version: KernelVersion;
  /** The line, one character a byte. */
  readonly text: string;
  readonly delimiter: string;
}
type Say = string | ((refusal: Refusal) => string);

/** One row a reason: details to its sentence, if any, and the way out. */
const ROWS: Readonly<Record<RegisterReason, { readonly detail?: Say; readonly fix: Say }>> = {
  too_short: { detail: ({ line }) => `it has ${line.length}`, fix: 'the shortest rule is 11 bytes long, such as :a:E::b::/:' },
  too_long: {
    detail: ({ line, version }) => `${line.length} bytes, ${version.MAX_REGISTER_LENGTH} at most`,
    fix: 'shorten the magic, the mask or the path',
  },
  delimiter_is_a_flag: { detail: ({ delimiter }) => `here it is ${delimiter}`, fix: 'begin the line with another byte, such as :' },
  unterminated: { fix: unterminatedFix },
  nul_in_field: { fix: 'write zero bytes as \\x00, and only in magic and mask' },
  name_empty: { fix: 'give the rule a name, between the first two delimiters' },
  name_is_dots: { fix: 'choose another name' },
  name_has_slash: { fix: 'choose a name without /: it becomes a file name' },
  type_unknown: { detail: typeFound, fix: 'write M for a magic, E for an extension' },
  type_too_long: { fix: 'write one letter, M or E, and the delimiter right behind it' },
  offset_not_a_number: { detail: fieldFound('offset'), fix: 'write decimal digits only, or nothing for 0' },
  offset_out_of_range: { detail: fieldFound('offset'), fix: 'count from the beginning of the file, at most to the end of the window' },
  bad_escape: { fix: 'write two hex digits behind \\x, or \\x5cx for a backslash and an x' },
  magic_empty: { fix: 'write the magic; a zero byte in it as \\x00 within single quotes' },
  mask_length: { detail: maskLengths, fix: 'give mask and magic the same number of bytes, or leave the mask empty' },
  beyond_window: {
    detail: ({ version }) => `this kernel looks at the first ${version.BINPRM_BUF_SIZE}`,
    fix: 'use a smaller offset or a shorter magic',
  },
  extension_empty: { fix: 'write the extension in the field behind the offset, without its dot' },
  extension_has_slash: { fix: 'write the extension alone: it is compared with what follows the last dot of a name' },
  interpreter_empty: { fix: 'name the interpreter, by its full path' },
  flags_junk: { detail: junkFound, fix: junkFix },
};

export function sentenceFor(error: RegisterError, line: Bytes, spans: readonly Span[], version: KernelVersion): string {
  const { detail } = ROWS[error.reason];
  const more = detail === undefined ? '' : say(detail, error, line, spans, version);
  return more === '' ? error.why : `${error.why}: ${more}`;
}

export function fixFor(error: RegisterError, line: Bytes, spans: readonly Span[], version: KernelVersion): string {
  return say(ROWS[error.reason].fix, error, line, spans, version);
}

function say(what: Say, error: RegisterError, line: Bytes, spans: readonly Span[], version: KernelVersion): string {
  if (typeof what === 'string') return what;
  const text = latin1(line);
  return what({ error, line, spans, version, text, delimiter: shown(text.slice(0, 1)) });
}

/** Bytes that cannot be seen, as <00>: a raw one looks unlike an escape. */
export function shown(text: string): string {
  return text.replace(/[^ -~]/g, (c) => `<${c.charCodeAt(0).toString(16).padStart(2, '0')}>`);
}

function fieldFound(role: Span['role']): Say {
  return ({ text, spans }) => {
    const span = spans.find((s) => s.role === role);
    return span === undefined ? '' : `"${shown(text.slice(span.start, span.end))}"`;
  };
}

function typeFound({ text, error, delimiter }: Refusal): string {
  const found = shown(text.slice(error.at, error.at + 1));
  if (found === delimiter) return 'the field is empty';
  return found === 'm' || found === 'e' ? `"${found}" is lower case` : `"${found}"`;
}

function maskLengths({ line, spans, version }: Refusal): string {
  const length = (role: Span['role']): number => {
    const span = spans.find((s) => s.role === role);
    if (span === undefined) return 0;
    const raw = line.subarray(span.start, span.end);
    return decodeField(raw, line[0] ?? 0, version)?.length ?? 0;
  };
  return `the magic has ${count(length('magic'))}, the mask ${count(length('mask'))}`;
}
const count = (n: number): string => `${n} ${n === 1 ? 'byte' : 'bytes'}`;

function unterminatedFix({ error, delimiter, text }: Refusal): string {
  const seen = text.split(text.slice(0, 1)).length - 1;
  if (error.field === 'interpreter') return `add ${delimiter} behind the interpreter: it has to be there even without flags`;
  return `a rule has seven delimiters, this line has ${seen}: fields may be empty, their delimiters may not be missing`;
}

/** What follows the flags. */
function junk({ text, spans }: Refusal): string {
  const flags = spans.find((s) => s.role === 'flags');
  return flags === undefined ? '' : text.slice(flags.end);
}

function junkFound(refusal: Refusal): string {
  return `"${shown(junk(refusal).slice(0, 24))}" follows`;
}

/** Well-known mistakes by what stands behind the flags; the first that fits. */
const JUNK: ReadonlyArray<readonly [RegExp, string]> = [
  [/^\r?\n?$/, 'take away the carriage return: the line was written with Windows line ends'],
  [/^\n\n*$/, 'write one newline at most'],
  [/^\n/, 'write each rule with a write of its own: while read -r rule; do echo "$rule" > register; done'],
  [/^[pocf]+\n?$/, 'write flags in capital letters'],
  [/^[ \t]/, 'take away the blanks at the end'],
];

function junkFix(refusal: Refusal): string {
  const found = junk(refusal);
  if (found.startsWith('F') && !refusal.version.flag_F) return 'leave F away: it came with Linux 4.8';
  const known = JUNK.find(([pattern]) => pattern.test(found))?.[1];
  if (known !== undefined) return known;
  const { delimiter } = refusal;
  if (found.includes(refusal.text.slice(0, 1)) || found.startsWith('/')) {
    return `the line has too many ${delimiter}: if one of them belongs to a name, a path or a magic, begin the line with another delimiter`;
  }
  return 'end the line with the flags: P, O, C, F and nothing else';
}
