/** Runs files by rules that users write. Follows fs/binfmt_misc.c. */
import { ENOEXEC } from '../../uapi/errno.ts';
import type { LinuxBinfmt } from '../include/binfmts.ts';
import type { FileSystemType, OpenFile } from '../include/fs.ts';

export interface BinfmtMiscEntry {
  readonly name: string;
  enabled: boolean;
  readonly interp_file: OpenFile | null;
}
/** One table of entries, newest first. */
export interface BinfmtMisc {
  enabled: boolean;
  readonly entries: BinfmtMiscEntry[];
}

export function new_binfmt_misc(): BinfmtMisc {
  return { enabled: true, entries: [] };
}

export const binfmt_misc_fs_type: FileSystemType = { name: 'binfmt_misc', nodev: true, mount: () => ENOEXEC };
export const misc_format: LinuxBinfmt = { name: 'misc', load_binary: () => ENOEXEC };
