/** The note by which a program of ours says which applet it is. The format is the ELF note's; owner and type are in uapi/elf.ts. */
import { decode, encode } from '../../uapi/bytes.ts';
import { LAB_NOTE_OWNER, LAB_NOTE_TYPE, PT_NOTE } from '../../uapi/elf.ts';
import { IS_ERR } from '../../uapi/errno.ts';
import type { Bytes } from '../../uapi/types.ts';
import type { LinuxBinprm } from '../include/binfmts.ts';
import { type ElfFile, u32 } from '../include/elf.ts';
import type { Task } from '../include/sched.ts';
import { d_inode } from './dcache.ts';
import { lookup_one } from './namei_walk.ts';
import { kernel_read } from './read_write.ts';

const MAX_NOTE_BYTES = 4096;

/**
 * Whose code runs first: the interpreter's, as on Linux. Where ld.so would find nothing to say it is left out: the C library
 * alone is needed, it stands beside the loader as the machine was made, and no LD_ variable asks for anything.
 */
export function entry_applet({ task, envp }: LinuxBinprm, program: ElfFile, interp: ElfFile | null): string | null {
  if (interp === null) return lab_note(program);
  const plain = !envp.some((line) => line.startsWith('LD_')) && needs_libc_only(task, program, interp);
  return (plain ? lab_note(program) : null) ?? lab_note(interp);
}

const LIBC = 'libc.so.6';
const LIBC_STRING = encode(`\0${LIBC}\0`);
/** Programs of ours are smaller. */
const MAX_PLAIN_BYTES = 4096;

function needs_libc_only(task: Task, { file }: ElfFile, { file: loader }: ElfFile): boolean {
  const libc = lookup_one(task, loader.f_path.dentry.d_parent, LIBC);
  if (libc === null || IS_ERR(libc) || d_inode(libc).i_mtime !== loader.f_inode.i_mtime || file.f_inode.i_size > MAX_PLAIN_BYTES)
    return false;
  const bytes = kernel_read(file, 0, MAX_PLAIN_BYTES);
  return !IS_ERR(bytes) && holds(bytes, LIBC_STRING);
}

/** Looked for by its second byte: the first is a zero, and there are many. */
function holds(bytes: Bytes, text: Bytes): boolean {
  const second = text[1] ?? 0;
  for (let at = bytes.indexOf(second); at >= 0; at = bytes.indexOf(second, at + 1)) {
    if (text.every((byte, i) => bytes[at - 1 + i] === byte)) return true;
  }
  return false;
}

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
  const pad = (size: number): number => Math.ceil(size / 4) * 4;
  for (let at = 0; at + 12 <= notes.length; ) {
    const name_size = u32(notes, at);
    const desc_size = u32(notes, at + 4);
    const type = u32(notes, at + 8);
    const name_at = at + 12;
    const desc_at = name_at + pad(name_size);
    at = desc_at + pad(desc_size);
    if (at > notes.length + 3) return null;
    if (type !== LAB_NOTE_TYPE) continue;
    if (text(notes.subarray(name_at, name_at + name_size)) === LAB_NOTE_OWNER) return text(notes.subarray(desc_at, desc_at + desc_size));
  }
  return null;
}

function text(bytes: Bytes): string {
  const nul = bytes.indexOf(0);
  return decode(nul < 0 ? bytes : bytes.subarray(0, nul));
}
