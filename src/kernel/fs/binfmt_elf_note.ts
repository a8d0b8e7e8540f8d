/** The note by which a program of ours says which applet it is. The format is the ELF note's; owner and type are in uapi/elf.ts. */
import { decode } from '../../uapi/bytes.ts';
import { LAB_NOTE_OWNER, LAB_NOTE_TYPE, PT_NOTE } from '../../uapi/elf.ts';
import { IS_ERR } from '../../uapi/errno.ts';
import type { Bytes } from '../../uapi/types.ts';
import type { ElfFile } from '../include/elf.ts';
import { kernel_read } from './read_write.ts';

const MAX_NOTE_BYTES = 4096;

/** The applet that the program's note names; null for machine code of somebody else. */
export function lab_note({ file, phdrs }: ElfFile): string | null {
  for (const phdr of phdrs) {
    if (phdr.p_type !== PT_NOTE || phdr.p_filesz > MAX_NOTE_BYTES || phdr.p_offset >= file.f_inode.i_size) continue;
    const bytes = kernel_read(file, phdr.p_offset, phdr.p_filesz);
    const applet = IS_ERR(bytes) ? null : find_applet(bytes);
    if (applet !== null) return applet;
  }
  return null;
}

/** Notes lie one after the other: sizes of name and descriptor, type, name, descriptor, each padded to four bytes. */
function find_applet(notes: Bytes): string | null {
  const view = new DataView(notes.buffer, notes.byteOffset, notes.byteLength);
  const pad = (size: number): number => Math.ceil(size / 4) * 4;
  for (let at = 0; at + 12 <= notes.length; ) {
    const name_size = view.getUint32(at, true);
    const desc_size = view.getUint32(at + 4, true);
    const type = view.getUint32(at + 8, true);
    const name_at = at + 12;
    const desc_at = name_at + pad(name_size);
    at = desc_at + pad(desc_size);
    if (at > notes.length + 3) return null;
    const name = text(notes.subarray(name_at, name_at + name_size));
    if (name === LAB_NOTE_OWNER && type === LAB_NOTE_TYPE) return text(notes.subarray(desc_at, desc_at + desc_size));
  }
  return null;
}

function text(bytes: Bytes): string {
  const nul = bytes.indexOf(0);
  return decode(nul < 0 ? bytes : bytes.subarray(0, nul));
}
