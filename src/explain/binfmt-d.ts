/** A rule as a file of /etc/binfmt.d, which systemd-binfmt writes to `register` line by line. */
import { decode, encode } from '../uapi/bytes.ts';
import type { Bytes } from '../uapi/types.ts';

export type BinfmtDReason = 'no_rule' | 'several_rules' | 'not_one_line' | 'comment' | 'trimmed';
export class BinfmtDError {
  constructor(
    readonly reason: BinfmtDReason,
    readonly message: string,
  ) {}
}

export interface BinfmtDFile {
  readonly path: string;
  readonly text: string;
}

/** `name` gives the file its name. */
export function toBinfmtD(line: Bytes, name: string): BinfmtDFile | BinfmtDError {
  const text = decode(line).replace(/\n$/, '');
  if (text === '') return new BinfmtDError('no_rule', 'an empty line is passed over');
  if (/[\n\0]/.test(text)) return new BinfmtDError('not_one_line', 'a newline or a zero byte in the rule cannot stand in such a file');
  if (/^[#;]/.test(text)) return new BinfmtDError('comment', `systemd-binfmt takes a line that begins with ${text[0]} for a comment`);
  if (strip(text) !== text) return new BinfmtDError('trimmed', 'systemd-binfmt takes blanks at both ends of a line away');
  return { path: `/etc/binfmt.d/${fileName(name)}.conf`, text: `${text}\n` };
}

/** What systemd calls white space. */
const strip = (text: string): string => text.replace(/^[ \t\r]+|[ \t\r]+$/g, '');

/** A name that is no trouble in a directory. */
const fileName = (name: string): string => name.replace(/[^\w.+-]/g, '_').slice(0, 200) || 'rule';

/** The one rule of such a file. */
export function fromBinfmtD(text: string): Bytes | BinfmtDError {
  const rules = text.split('\n').flatMap((line) => (/^[ \t\r]*([#;]|$)/.test(line) ? [] : [strip(line)]));
  const [rule, ...more] = rules;
  if (rule === undefined)
    return new BinfmtDError('no_rule', 'there is no rule: empty lines and those that begin with # or ; are passed over');
  if (more.length > 0) return new BinfmtDError('several_rules', `${rules.length} rules stand here; one is read at a time`);
  return encode(rule);
}
