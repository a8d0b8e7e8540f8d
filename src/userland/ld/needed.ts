/** What the dynamic loader asks of the tree before a program starts: its shared libraries. */
import { IS_ERR } from '../../uapi/errno.ts';
import type { Arch } from '../../uapi/host.ts';
import type { Syscalls } from '../../uapi/syscalls.ts';
import { ElfFile } from '../elf/elf_file.ts';
import { getenv } from '../lib/environ.ts';
import { readFile } from '../lib/stdio.ts';
import { ARCH } from '../rootfs/arch.ts';

/** ld.so's complaint about the first library that is missing or of the wrong kind; null when all are there. */
export async function missingLibrary(sys: Syscalls, elf: ElfFile, arch: Arch, envp: readonly string[]): Promise<string | null> {
  for (const name of elf.needed()) {
    const trouble = await lookFor(sys, name, arch, envp);
    if (trouble) return `error while loading shared libraries: ${name}: ${trouble}`;
  }
  return null;
}

async function lookFor(sys: Syscalls, name: string, arch: Arch, envp: readonly string[]): Promise<string | null> {
  for (const path of candidates(name, arch, envp)) {
    const bytes = await readFile(sys, path);
    if (IS_ERR(bytes)) continue;
    const library = ElfFile.parse(bytes);
    if (!library) return bytes.length < 64 ? 'file too short' : 'invalid ELF header';
    if (library.isFor(arch)) return null;
  }
  return 'cannot open shared object file: No such file or directory';
}

function candidates(name: string, arch: Arch, envp: readonly string[]): string[] {
  if (name.includes('/')) return [name];
  const multiarch = ARCH[arch].multiarch;
  const asked = (getenv(envp, 'LD_LIBRARY_PATH') ?? '').split(/[:;]/).filter((d) => d !== '');
  return [...asked, `/lib/${multiarch}`, `/usr/lib/${multiarch}`, '/lib', '/usr/lib'].map((directory) => `${directory}/${name}`);
}
