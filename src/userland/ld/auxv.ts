/** LD_SHOW_AUXV: what the kernel hands to a program beside arguments and environment. Follows glibc's elf/dl-sysdep.c _dl_show_auxv. */
import type { Auxv } from '../../uapi/auxv.ts';

const hexadecimal = (value: number | string): string => `0x${Number(value).toString(16)}`;

/** In the kernel's order. */
const ENTRIES: readonly (readonly [name: keyof Auxv, show: (value: number | string) => string])[] = [
  ['AT_PAGESZ', String],
  ['AT_CLKTCK', String],
  ['AT_PHDR', hexadecimal],
  ['AT_PHENT', String],
  ['AT_PHNUM', String],
  ['AT_BASE', hexadecimal],
  ['AT_FLAGS', hexadecimal],
  ['AT_ENTRY', hexadecimal],
  ['AT_UID', String],
  ['AT_EUID', String],
  ['AT_GID', String],
  ['AT_EGID', String],
  ['AT_SECURE', String],
  ['AT_EXECFN', String],
  ['AT_PLATFORM', String],
  ['AT_EXECFD', String],
];

export function auxvText(auxv: Auxv): string {
  return ENTRIES.map(([name, show]) => {
    const value = auxv[name];
    return value === undefined ? '' : `${`${name}:`.padEnd(22)}${show(value)}\n`;
  }).join('');
}
