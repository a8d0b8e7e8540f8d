/** The same rule for a shell, for systemd-binfmt and for binfmt-support; what a form cannot say, it names. */

import type { MiscRule } from '../kernel/fs/binfmt_misc_entry.ts';
import type { Bytes } from '../uapi/types.ts';
import { BinfmtDError, toBinfmtD } from './binfmt-d.ts';
import type { Notation } from './read.ts';
import { toShell } from './shell.ts';
import { toFormatFile, toUpdateBinfmts, type UpdateBinfmtsError } from './update-binfmts.ts';

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
  const shell: Form = { notation: 'shell', title: 'Shell command', text: toShell(line), message: '' };
  if (entry === null) return [shell, ...REFUSED.map(([notation, title]) => ({ notation, title, text: null, message: NO_FORM }))];
  const file = toBinfmtD(line, entry.name);
  return [
    shell,
    file instanceof BinfmtDError
      ? { notation: 'binfmt.d', title: '/etc/binfmt.d', text: null, message: file.message }
      : { notation: 'binfmt.d', title: file.path, text: file.text, message: '' },
    form('update-binfmts', 'update-binfmts', toUpdateBinfmts(entry)),
    form('format file', `/usr/share/binfmts/${entry.name}`, toFormatFile(entry, entry.name)),
  ];
}

const NO_FORM = 'a line that the kernel refuses has no such form';
const REFUSED = [
  ['binfmt.d', '/etc/binfmt.d'],
  ['update-binfmts', 'update-binfmts'],
  ['format file', '/usr/share/binfmts'],
] as const;

function form(notation: Form['notation'], title: string, got: string | UpdateBinfmtsError): Form {
  return typeof got === 'string' ? { notation, title, text: got, message: '' } : { notation, title, text: null, message: got.message };
}
