/** A register line cut into coloured pieces: the parser's own fields as far as it came, the rest by its delimiters. */

import type { FieldSpan, MiscField } from '../kernel/fs/binfmt_misc_entry.ts';
import type { Bytes } from '../uapi/types.ts';

/** `extension` is the magic field of a rule of type E; `newline` the one that may end a line; `junk` what no field holds. */
export type Role = MiscField | 'extension' | 'delimiter' | 'newline' | 'junk';

/** Bytes `start` up to `end` of the line. */
export interface Span {
  readonly role: Role;
  readonly start: number;
  readonly end: number;
}

const ORDER: readonly MiscField[] = ['name', 'type', 'offset', 'magic', 'mask', 'interpreter', 'flags'];
const NEWLINE = 0x0a;

/** Every byte of the line belongs to exactly one span; a field without bytes has an empty span. */
export function spansOf(line: Bytes, fields: readonly FieldSpan[]): readonly Span[] {
  if (line.length === 0) return [];
  const known = [...fields, ...tokenize(line, fields)].sort((a, b) => a.start - b.start || a.end - b.end);
  const type = known.find((f) => f.field === 'type');
  const isE = type !== undefined && line[type.start] === 0x45;
  const spans: Span[] = [{ role: 'delimiter', start: 0, end: 1 }];
  for (const { field, start, end } of known) {
    fill(line, spans, start);
    spans.push({ role: isE && field === 'magic' ? 'extension' : field, start, end });
  }
  fill(line, spans, line.length);
  return spans;
}

/** What the parser did not come to: split at each delimiter, whatever it holds. */
function tokenize(line: Bytes, read: readonly FieldSpan[]): readonly FieldSpan[] {
  const rest: FieldSpan[] = [];
  const last = read.at(-1);
  let start = last === undefined ? 1 : last.end + 1;
  for (const field of ORDER.slice(read.length)) {
    if (start > line.length || last?.end === line.length) break;
    const cut = field === 'flags' ? flagsEnd(line, start) : line.indexOf(line[0] ?? 0, start);
    const end = cut < 0 ? line.length : cut;
    rest.push({ field, start, end });
    if (end === line.length) break;
    start = end + 1;
  }
  return rest;
}

function flagsEnd(line: Bytes, start: number): number {
  let end = start;
  while (end < line.length && 'POCF'.includes(String.fromCharCode(line[end] ?? 0))) end++;
  return end;
}

/** The bytes between two fields. */
function fill(line: Bytes, spans: Span[], upTo: number): void {
  const start = spans.at(-1)?.end ?? 0;
  if (start >= upTo) return;
  const afterFlags = spans.some((s) => s.role === 'flags');
  if (!afterFlags && line[start] === line[0]) {
    spans.push({ role: 'delimiter', start, end: start + 1 });
    fill(line, spans, upTo);
  } else if (afterFlags && start === line.length - 1 && line[start] === NEWLINE) spans.push({ role: 'newline', start, end: upTo });
  else spans.push({ role: 'junk', start, end: upTo });
}
