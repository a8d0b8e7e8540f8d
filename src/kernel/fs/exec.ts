/** Executes a file. Follows fs/exec.c. */
import { ENOEXEC, type Status } from '../../uapi/errno.ts';
import type { LinuxBinfmt } from '../include/binfmts.ts';
import type { Image, Task } from '../include/sched.ts';
import { compat_elf_format, elf_format } from './binfmt_elf.ts';
import { misc_format } from './binfmt_misc.ts';
import { script_format } from './binfmt_script.ts';

/** Every binary format there is; a kernel's version row names those it registers, in its order. */
export const FORMATS: Readonly<Record<LinuxBinfmt['name'], LinuxBinfmt>> = {
  misc: misc_format,
  script: script_format,
  elf: elf_format,
  compat_elf: compat_elf_format,
};

/** 0: task.image, comm, cred are those of the new program, or (AT_EXECVE_CHECK) it could be executed; the caller starts it. Sync. */
export function do_execveat_common(
  _task: Task,
  _dfd: number,
  _filename: string,
  _argv: readonly string[],
  _envp: readonly string[],
  _flags: number,
): Status {
  return ENOEXEC;
}

/** fork: the child's image is the same program; its file is used, and denied to writers, once more. */
export function dup_mm_exe_file(_image: Image | null): void {}

/** exit, or the image replaced: the program's file is let go. */
export function mmput(_image: Image | null): void {}
