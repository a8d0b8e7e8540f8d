/** What an ELF file of each instruction set looks like on Debian, and the few instructions that our programs consist of. */
import {
  ELFCLASS32,
  ELFCLASS64,
  ELFDATA2LSB,
  ELFDATA2MSB,
  EM_386,
  EM_AARCH64,
  EM_ARM,
  EM_MIPS,
  EM_PPC64,
  EM_RISCV,
  EM_S390,
  EM_X86_64,
} from '../../uapi/elf.ts';
import type { Arch, HostArch } from '../../uapi/host.ts';

export interface ArchFacts {
  readonly class: number;
  readonly data: number;
  readonly machine: number;
  readonly flags: number;
  /** EI_OSABI of a static glibc program: 3 ("GNU/Linux") where the C library has indirect functions. */
  readonly staticOsabi: 0 | 3;
  /** Where a program that is not position-independent is linked. */
  readonly base: number;
  /** p_align of PT_LOAD. */
  readonly page: number;
  /** Oldest kernel in the ABI tag. */
  readonly abi: readonly [number, number, number];
  /** PT_INTERP, as programs name it. */
  readonly interp: string;
  readonly debian: string;
  readonly multiarch: string;
  /** What uname -m says on (or under qemu on) this CPU. */
  readonly uname: string;
  /** The private call, then exit_group with what it answered. */
  readonly code: readonly number[];
}

const le32 = (...words: number[]): number[] => words.flatMap((w) => [w & 255, (w >>> 8) & 255, (w >>> 16) & 255, w >>> 24]);
const be32 = (...words: number[]): number[] => words.flatMap((w) => [w >>> 24, (w >>> 16) & 255, (w >>> 8) & 255, w & 255]);

/** ori v0,zero,NR; syscall; or a0,v0,zero; ori v0,zero,exit_group; syscall */
const MIPS = [0x3402b1f0, 0x0000000c, 0x00402025, 0x34021096, 0x0000000c] as const;

export const ARCH: Readonly<Record<Arch, ArchFacts>> = {
  x86_64: {
    class: ELFCLASS64,
    data: ELFDATA2LSB,
    machine: EM_X86_64,
    flags: 0,
    staticOsabi: 3,
    base: 0x400000,
    page: 0x1000,
    abi: [3, 2, 0],
    interp: '/lib64/ld-linux-x86-64.so.2',
    debian: 'amd64',
    multiarch: 'x86_64-linux-gnu',
    uname: 'x86_64',
    // mov eax,NR; syscall; mov edi,eax; mov eax,231; syscall
    code: [0xb8, 0xf0, 0xb1, 0, 0, 0x0f, 0x05, 0x89, 0xc7, 0xb8, 231, 0, 0, 0, 0x0f, 0x05],
  },
  i386: {
    class: ELFCLASS32,
    data: ELFDATA2LSB,
    machine: EM_386,
    flags: 0,
    staticOsabi: 3,
    base: 0x8048000,
    page: 0x1000,
    abi: [3, 2, 0],
    interp: '/lib/ld-linux.so.2',
    debian: 'i386',
    multiarch: 'i386-linux-gnu',
    uname: 'i686',
    // mov eax,NR; int 0x80; mov ebx,eax; mov eax,252; int 0x80
    code: [0xb8, 0xf0, 0xb1, 0, 0, 0xcd, 0x80, 0x89, 0xc3, 0xb8, 252, 0, 0, 0, 0xcd, 0x80],
  },
  aarch64: {
    class: ELFCLASS64,
    data: ELFDATA2LSB,
    machine: EM_AARCH64,
    flags: 0,
    staticOsabi: 3,
    base: 0x400000,
    page: 0x10000,
    abi: [3, 7, 0],
    interp: '/lib/ld-linux-aarch64.so.1',
    debian: 'arm64',
    multiarch: 'aarch64-linux-gnu',
    uname: 'aarch64',
    // movz x8,NR; svc 0; movz x8,94; svc 0
    code: le32(0xd2963e08, 0xd4000001, 0xd2800bc8, 0xd4000001),
  },
  arm: {
    class: ELFCLASS32,
    data: ELFDATA2LSB,
    machine: EM_ARM,
    flags: 0x5000400,
    staticOsabi: 3,
    base: 0x10000,
    page: 0x10000,
    abi: [3, 2, 0],
    interp: '/lib/ld-linux-armhf.so.3',
    debian: 'armhf',
    multiarch: 'arm-linux-gnueabihf',
    uname: 'armv7l',
    // movw r7,NR; svc 0; mov r7,248; svc 0
    code: le32(0xe30b71f0, 0xef000000, 0xe3a070f8, 0xef000000),
  },
  riscv64: {
    class: ELFCLASS64,
    data: ELFDATA2LSB,
    machine: EM_RISCV,
    flags: 0x5,
    staticOsabi: 0,
    base: 0x10000,
    page: 0x1000,
    abi: [4, 15, 0],
    interp: '/lib/ld-linux-riscv64-lp64d.so.1',
    debian: 'riscv64',
    multiarch: 'riscv64-linux-gnu',
    uname: 'riscv64',
    // lui a7,0xb; addi a7,a7,0x1f0; ecall; li a7,94; ecall
    code: le32(0x0000b8b7, 0x1f088893, 0x00000073, 0x05e00893, 0x00000073),
  },
  ppc64le: {
    class: ELFCLASS64,
    data: ELFDATA2LSB,
    machine: EM_PPC64,
    flags: 0x2,
    staticOsabi: 3,
    base: 0x10000000,
    page: 0x10000,
    abi: [3, 10, 0],
    interp: '/lib64/ld64.so.2',
    debian: 'ppc64el',
    multiarch: 'powerpc64le-linux-gnu',
    uname: 'ppc64le',
    // li r0,0; ori r0,r0,NR; sc; li r0,234; sc
    code: le32(0x38000000, 0x6000b1f0, 0x44000002, 0x380000ea, 0x44000002),
  },
  s390x: {
    class: ELFCLASS64,
    data: ELFDATA2MSB,
    machine: EM_S390,
    flags: 0,
    staticOsabi: 3,
    base: 0x1000000,
    page: 0x1000,
    abi: [3, 2, 0],
    interp: '/lib/ld64.so.1',
    debian: 's390x',
    multiarch: 's390x-linux-gnu',
    uname: 's390x',
    // lgfi r1,NR; svc 0; lghi r1,248; svc 0
    code: [0xc0, 0x11, 0, 0, 0xb1, 0xf0, 0x0a, 0, 0xa7, 0x19, 0, 248, 0x0a, 0],
  },
  mips: {
    class: ELFCLASS32,
    data: ELFDATA2MSB,
    machine: EM_MIPS,
    flags: 0x70001007,
    staticOsabi: 0,
    base: 0x400000,
    page: 0x10000,
    abi: [3, 2, 0],
    interp: '/lib/ld.so.1',
    debian: 'mips',
    multiarch: 'mips-linux-gnu',
    uname: 'mips',
    code: be32(...MIPS),
  },
  mipsel: {
    class: ELFCLASS32,
    data: ELFDATA2LSB,
    machine: EM_MIPS,
    flags: 0x70001007,
    staticOsabi: 0,
    base: 0x400000,
    page: 0x10000,
    abi: [3, 2, 0],
    interp: '/lib/ld.so.1',
    debian: 'mipsel',
    multiarch: 'mipsel-linux-gnu',
    uname: 'mips',
    code: le32(...MIPS),
  },
};

export const ARCHES = Object.keys(ARCH) as Arch[];

const HOST_ARCH: Readonly<Record<HostArch, Arch>> = {
  x86_64: 'x86_64',
  aarch64: 'aarch64',
  armv7l: 'arm',
  riscv64: 'riscv64',
  i686: 'i386',
};
/** The instruction set of a host's own programs. */
export const archOfHost = (host: HostArch): Arch => HOST_ARCH[host];

/** libc.so.6's place in the merged /usr. */
export const libcPath = (arch: Arch): string => `/usr/lib/${ARCH[arch].multiarch}/libc.so.6`;
