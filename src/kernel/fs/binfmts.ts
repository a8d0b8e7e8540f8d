/** Every binary format there is. A kernel's version row names those it registers, in its order (init/version.ts). */
import type { LinuxBinfmt } from '../include/binfmts.ts';
import { compat_elf_format, elf_format } from './binfmt_elf.ts';
import { misc_format } from './binfmt_misc_load.ts';
import { script_format } from './binfmt_script.ts';

export const FORMATS: Readonly<Record<LinuxBinfmt['name'], LinuxBinfmt>> = {
  misc: misc_format,
  script: script_format,
  elf: elf_format,
  compat_elf: compat_elf_format,
};
