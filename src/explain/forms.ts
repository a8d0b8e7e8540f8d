/** The same rule for a shell, for systemd-binfmt and for binfmt-support; what a form cannot say, it names. */

import type { MiscRule } from '../kernel/fs/binfmt_misc_entry.ts';
import type { Bytes } from '../uapi/types.ts';
import { BinfmtDError, toBinfmtD } from './binfmt-d.ts';
import type { Notation } from './read.ts';
import { toShell } from './shell.ts';
import { toUpdateBinfmts, UpdateBinfmtsError } from './update-binfmts.ts';

export interface Form {
  readonly notation: Exclude<Notation, 'line'>;
  /** What it is called, and where it goes. */
  readonly title: string;
  /** Null: `message` says why there is none. */
  readonly text: string | null;
  readonly message: string;
}

/** `entry` is null where the line is refused: then only the shell's form makes sense. */
export function formsOf(line: Bytes, entry: MiscRule | null): readonly Form[] {
  const refused = 'a line that the kernel refuses has no such form';
  const file = entry === null ? null : toBinfmtD(line, entry.name);
  const command = entry === null ? null : toUpdateBinfmts(entry);
  return [
    { notation: 'shell', title: 'Shell command', text: toShell(line), message: '' },
    file === null || file instanceof BinfmtDError
      ? { notation: 'binfmt.d', title: '/etc/binfmt.d', text: null, message: file?.message ?? refused }
      : { notation: 'binfmt.d', title: file.path, text: file.text, message: '' },
    command === null || command instanceof UpdateBinfmtsError
      ? { notation: 'update-binfmts', title: 'update-binfmts', text: null, message: command?.message ?? refused }
      : { notation: 'update-binfmts', title: 'update-binfmts', text: command, message: '' },
  ];
}
