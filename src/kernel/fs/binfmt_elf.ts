/** Runs ELF files. Follows fs/binfmt_elf.c and fs/compat_binfmt_elf.c. */
import { ENOEXEC } from '../../uapi/errno.ts';
import type { LinuxBinfmt } from '../include/binfmts.ts';

export const elf_format: LinuxBinfmt = { name: 'elf', load_binary: () => ENOEXEC };
export const compat_elf_format: LinuxBinfmt = { name: 'compat_elf', load_binary: () => ENOEXEC };
