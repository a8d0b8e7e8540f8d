/** Whatever somebody pastes as a rule: a line, a shell command, a file of binfmt.d, and what binfmt-support reads. */

import type { RegisterLimits } from '../kernel/fs/binfmt_misc_entry.ts';
import { encode } from '../uapi/bytes.ts';
import type { Bytes } from '../uapi/types.ts';
import { BinfmtDError, fromBinfmtD } from './binfmt-d.ts';
import type { ShellDamage } from './facts.ts';
import { formatLine } from './line.ts';
import { fromShell } from './shell-command.ts';
import { ShellError } from './shell-words.ts';
import { fromFormatFile, fromUpdateBinfmts, UpdateBinfmtsError } from './update-binfmts.ts';

export type Notation = 'line' | 'shell' | 'binfmt.d' | 'update-binfmts' | 'format file';

export interface Read {
  readonly notation: Notation;
  /** What the kernel gets. */
  readonly line: Bytes;
  readonly damage: ReadonlySet<ShellDamage>;
}
export interface Unread {
  readonly notation: Notation;
  readonly reason: string;
  readonly message: string;
}

const NOTATIONS: ReadonlyArray<readonly [Notation, RegExp]> = [
  ['shell', /^\s*(sudo\s|env\s|(\/usr)?\/bin\/)?\s*(echo|printf|sh|bash)\s[\s\S]*register/],
  ['update-binfmts', /^\s*(sudo\s+)?\S*update-binfmts\s/],
  ['format file', /^(package|interpreter|magic|extension|offset|mask)[ \t]+\S.*\n/],
  ['binfmt.d', /^([#;\s].*)?\n[\s\S]*\S|^[#;] /],
];

/** Anything that looks like none of the others is a line as it stands. */
export function notationOf(text: string): Notation {
  return NOTATIONS.find(([, pattern]) => pattern.test(text))?.[0] ?? 'line';
}

/** `name` is the rule's for a format file, whose own name it is and which does not say it. */
export function readRule(text: string, limits: RegisterLimits, notation = notationOf(text), name = 'rule'): Read | Unread {
  const read = (line: Bytes, damage: ReadonlySet<ShellDamage> = new Set()): Read => ({ notation, line, damage });
  switch (notation) {
    case 'line':
      return read(encode(text));
    case 'shell': {
      const got = fromShell(text);
      return got instanceof ShellError ? { notation, ...plain(got) } : read(got.line, got.damage);
    }
    case 'binfmt.d': {
      const got = fromBinfmtD(text);
      return got instanceof BinfmtDError ? { notation, ...plain(got) } : read(got);
    }
    case 'update-binfmts':
    case 'format file': {
      const got = notation === 'format file' ? fromFormatFile(text, name, limits) : fromUpdateBinfmts(text, limits);
      if (got instanceof UpdateBinfmtsError) return { notation, ...plain(got) };
      const line = formatLine(got);
      return line === null ? { notation, reason: 'no_delimiter', message: 'no byte is left to stand between the fields' } : read(line);
    }
  }
}

const plain = ({ reason, message }: { reason: string; message: string }): { reason: string; message: string } => ({ reason, message });
