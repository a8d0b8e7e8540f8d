/** Warnings about the bytes of the line itself: quoting that went wrong, escapes that are none, delimiters that surprise. */
import { latin1 } from '../uapi/bytes.ts';
import { shown } from './refusals.ts';
import type { Role } from './spans.ts';
import type { LineRow, WarningContext } from './warnings.ts';

const QUOTES = 'write the line in single quotes, with echo but without -e';

export const LINE_ROWS: readonly LineRow[] = [
  {
    id: 'raw-nul',
    rule: 'R7',
    severity: 'danger',
    fix: `write \\x00 and let the kernel decode it: ${QUOTES}`,
    says(c) {
      const role = (['magic', 'mask'] as const).find((r) => field(c, r).includes('\0'));
      if (role === undefined || c.line[0] === 0) return null;
      const kept = field(c, role).indexOf('\0');
      return `The ${role} holds a raw zero byte. It ends the field without a word: ${kept === 0 ? 'nothing' : `only ${kept} of its bytes`} would be left.`;
    },
  },
  {
    id: 'backslashes-eaten',
    rule: 'F8',
    severity: 'danger',
    fix: QUOTES,
    says(c) {
      const magic = field(c, 'magic');
      if (c.facts.shell?.has('backslashes eaten')) return `The shell took the backslashes away: the magic arrives as ${shown(magic)}.`;
      if (magic.includes('\\') || !/^(x[0-9a-fA-F]{2}){2,}/.test(magic)) return null;
      return `The magic begins with the letters ${magic.slice(0, 3)}, not with a byte: the shell seems to have eaten the backslashes.`;
    },
  },
  {
    id: 'escapes-decoded',
    rule: 'F8',
    severity: 'note',
    fix: QUOTES,
    says(c) {
      if (c.facts.shell?.has('escapes decoded')) {
        return "The shell decoded the escapes (echo -e, printf or $'…'), so the kernel gets raw bytes. A \\x00 or a newline among them would cut the rule.";
      }
      const raw = /[\x01-\x1f\x7f-\xff]/.test(field(c, 'magic') + field(c, 'mask'));
      return raw
        ? 'Magic or mask hold raw bytes. The kernel takes them, but a zero byte or a newline among them would cut the rule.'
        : null;
    },
  },
  {
    id: 'escaped-backslash',
    rule: 'R7',
    severity: 'careful',
    fix: 'write one backslash: \\x41. The kernel sees what the single quotes hold',
    says(c) {
      const found = /\\\\x[0-9a-fA-F]{2}/.exec(field(c, 'magic') + field(c, 'mask'))?.[0];
      if (found === undefined) return null;
      return c.version.magic_decoder === 'unquote'
        ? `${found} is a backslash and a byte to this kernel; to later ones it is five characters as they stand.`
        : `${found} is no escape: a backslash behind a backslash makes both literal, and so is what follows.`;
    },
  },
  {
    id: 'other-escape',
    rule: 'R7',
    severity: 'careful',
    fix: 'write bytes as \\x and two hex digits, with a small x',
    says(c) {
      const found = /\\[^x\\]/.exec(field(c, 'magic').replaceAll('\\\\', ''))?.[0];
      if (found === undefined || latin1(c.line.subarray(0, 1)) === '\\') return null;
      return `${shown(found)} stays as it stands, a backslash and a character: \\xHH is the only escape.`;
    },
  },
  {
    id: 'odd-delimiter',
    rule: 'R2',
    severity: 'careful',
    fix: 'begin the line with : and let it stand between all fields',
    says(c) {
      const first = latin1(c.line.subarray(0, 1));
      if (first === '' || /[!-.:-@[\]^_`{-~/]/.test(first)) return null;
      return `The first byte is the delimiter, and here that is "${first === ' ' ? ' ' : shown(first)}"${first === ' ' || first === '\t' ? ': a blank before the line counts' : ''}.`;
    },
  },
  {
    id: 'comment-delimiter',
    rule: 'R2',
    severity: 'careful',
    fix: 'use : as the delimiter',
    says(c) {
      const first = latin1(c.line.subarray(0, 1));
      return first === '#' || first === ';'
        ? `systemd-binfmt takes a line that begins with ${first} for a comment; the kernel does not.`
        : null;
    },
  },
  {
    id: 'blank-in-name',
    rule: 'R4',
    severity: 'careful',
    fix: 'take the blanks away: they become part of a file name',
    says: (c) => (/^[ \t]|[ \t\n]$/.test(field(c, 'name')) ? 'The name begins or ends with a blank, and the kernel keeps it.' : null),
  },
];

/** A field's bytes, one character each. */
export function field({ line, spans }: Pick<WarningContext, 'line' | 'spans'>, role: Role): string {
  const span = spans.find((s) => s.role === role);
  return span === undefined ? '' : latin1(line.subarray(span.start, span.end));
}
