/** The versions that the C library of our tree would define, were it the real one: its file holds only what the kernel looks at. */
import type { Arch } from '../../uapi/host.ts';
import type { ElfFile } from '../elf/elf_file.ts';

/** The GLIBC_… versions up to Debian 12's. */
const GLIBC =
  '2.0 2.1 2.1.1 2.1.2 2.1.3 2.2 2.2.1 2.2.2 2.2.3 2.2.4 2.2.5 2.2.6 2.3 2.3.2 2.3.3 2.3.4 2.4 2.5 2.6 2.7 2.8 2.9 2.10 2.11 2.12 2.13 2.14 2.15 2.16 2.17 2.18 2.22 2.23 2.24 2.25 2.26 2.27 2.28 2.29 2.30 2.31 2.32 2.33 2.34 2.35 2.36'.split(
    ' ',
  );
/** The first one that an architecture has. */
const FIRST: Readonly<Record<Arch, string>> = {
  x86_64: '2.2.5',
  i386: '2.0',
  aarch64: '2.17',
  arm: '2.4',
  riscv64: '2.27',
  ppc64le: '2.17',
  s390x: '2.2',
  mips: '2.0',
  mipsel: '2.0',
};

export const isOwnLibc = (elf: ElfFile): boolean => elf.applet === 'libc.so.6';

export function ownVersions(arch: Arch): ReadonlySet<string> {
  return new Set([...GLIBC.slice(GLIBC.indexOf(FIRST[arch])).map((version) => `GLIBC_${version}`), 'GLIBC_PRIVATE']);
}
