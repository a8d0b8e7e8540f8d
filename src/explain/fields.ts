/** What each field of a line means, in words. */

import type { MiscFlag } from '../kernel/fs/binfmt_misc_entry.ts';
import type { KernelVersion } from '../kernel/init/version.ts';
import { hex, latin1 } from '../uapi/bytes.ts';
import type { Bytes } from '../uapi/types.ts';
import { decodeField } from './line.ts';
import { shown } from './refusals.ts';
import type { Role, Span } from './spans.ts';

export interface FieldMeaning {
  readonly role: Role;
  /** As it stands in the line; bytes that cannot be shown are escaped. */
  readonly text: string;
  readonly meaning: string;
  /** Number of the rule in docs/linux-exec.md. */
  readonly rule: string;
}

/** Each flag in a few words, and its rule. */
export const FLAG_MEANINGS: Readonly<Record<MiscFlag, readonly [meaning: string, rule: string]>> = {
  P: ['argv[0] as the caller gave it is passed on', 'M7'],
  O: ['the interpreter gets the file already opened', 'M9'],
  C: ['set-uid bits of the file count, not those of the interpreter', 'M10'],
  F: ['the interpreter is opened now and kept, for every root and container', 'M12'],
};

type Say = (raw: Bytes, text: string, version: KernelVersion, delimiter: number) => string;

const MEANINGS: Readonly<Partial<Record<Role, readonly [rule: string, say: Say]>>> = {
  name: ['R4', (_, text) => (text === '' ? 'missing' : `the file /proc/sys/fs/binfmt_misc/${text}`)],
  type: ['R5', (_, text) => ({ M: 'the first bytes of a file decide', E: "the end of a file's name decides" })[text] ?? 'neither M nor E'],
  offset: ['R6', (_, text) => (text === '' ? '0: the magic stands at the beginning' : `the magic stands at byte ${text}`)],
  magic: ['R7', bytesOf],
  mask: ['R8', (raw, text, version, delimiter) => (text === '' ? 'none: every bit is compared' : bytesOf(raw, text, version, delimiter))],
  extension: ['R10', (_, text) => `names that end in .${text}`],
  interpreter: ['R11', (_, text) => (text === '' ? 'missing' : "runs, with the file's name as its argument")],
  flags: ['R12', (_, text) => (text === '' ? 'none' : flagsOf(text))],
  junk: ['R12', () => 'belongs to no field'],
};

/** One row a field, in the order of the line. */
export function fieldMeanings(line: Bytes, spans: readonly Span[], version: KernelVersion): readonly FieldMeaning[] {
  const isE = spans.some((s) => s.role === 'extension');
  return spans.flatMap(({ role, start, end }) => {
    const [rule, say] = MEANINGS[role] ?? [];
    if (rule === undefined || say === undefined) return [];
    const raw = line.subarray(start, end);
    const text = shown(latin1(raw));
    const ignored = isE && (role === 'offset' || role === 'mask');
    return [{ role, text, rule, meaning: ignored ? 'not looked at by type E' : say(raw, text, version, line[0] ?? 0) }];
  });
}

function bytesOf(raw: Bytes, text: string, version: KernelVersion, delimiter: number): string {
  if (text === '') return 'missing';
  const bytes = decodeField(raw, delimiter, version);
  if (bytes === null) return 'cannot be read';
  return `${bytes.length} ${bytes.length === 1 ? 'byte' : 'bytes'}: ${spaced(bytes)}`;
}

/** "7f 45 4c 46" */
export const spaced = (bytes: Bytes): string => hex(bytes).replace(/(..)(?=.)/g, '$1 ');

function flagsOf(text: string): string {
  const letters = [...new Set(text)].filter((c): c is MiscFlag => c in FLAG_MEANINGS);
  return letters.map((c) => `${c}: ${FLAG_MEANINGS[c][0]}`).join('; ');
}
