/** As much of ELF as a sentence about a rule needs: whose program it is, and which loader it names. */
import {
  ELFMAG,
  EM_386,
  EM_486,
  EM_AARCH64,
  EM_ARM,
  EM_MIPS,
  EM_PPC,
  EM_PPC64,
  EM_RISCV,
  EM_S390,
  EM_X86_64,
  ET_DYN,
  ET_EXEC,
  PT_INTERP,
} from '../uapi/elf.ts';
import type { HostArch } from '../uapi/host.ts';
import type { Bytes } from '../uapi/types.ts';

/** One loader of a host: the machines and the class it takes (E4). */
interface Loader {
  readonly machines: readonly number[];
  readonly bits: 32 | 64;
}
const X64: Loader = { machines: [EM_X86_64], bits: 64 };
const X32: Loader = { machines: [EM_386, EM_486], bits: 32 };
const ARM: Loader = { machines: [EM_ARM], bits: 32 };

const LOADERS: Readonly<Record<HostArch, { readonly elf: Loader; readonly compat_elf?: Loader }>> = {
  x86_64: { elf: X64, compat_elf: X32 },
  i686: { elf: X32 },
  aarch64: { elf: { machines: [EM_AARCH64], bits: 64 }, compat_elf: ARM },
  armv7l: { elf: ARM },
  riscv64: { elf: { machines: [EM_RISCV], bits: 64 } },
};

const MACHINES: Readonly<Record<number, string>> = {
  [EM_386]: 'i386',
  [EM_486]: 'i486',
  [EM_MIPS]: 'mips',
  [EM_PPC]: 'ppc',
  [EM_PPC64]: 'ppc64',
  [EM_S390]: 's390x',
  [EM_ARM]: 'arm',
  [EM_X86_64]: 'x86-64',
  [EM_AARCH64]: 'aarch64',
  [EM_RISCV]: 'riscv',
};

export const isElf = (bytes: Bytes): boolean => ELFMAG.every((b, i) => bytes[i] === b);

/** "aarch64", "x86-64", or "e_machine 258". */
export function machineName(bytes: Bytes): string {
  const machine = half(bytes, 18, bytes[5] === 2);
  return MACHINES[machine] ?? `e_machine ${machine}`;
}

/** Which of the host's two loaders takes a file with this header; null if neither does (E1–E4). */
export function elfLoader(bytes: Bytes, host: HostArch): 'elf' | 'compat_elf' | null {
  const type = half(bytes, 16);
  if (!isElf(bytes) || (type !== ET_EXEC && type !== ET_DYN)) return null;
  const { elf, compat_elf } = LOADERS[host];
  if (takes(elf, bytes)) return 'elf';
  return compat_elf !== undefined && takes(compat_elf, bytes) ? 'compat_elf' : null;
}

function takes(loader: Loader, bytes: Bytes): boolean {
  const phentsize = half(bytes, loader.bits === 64 ? 54 : 42);
  return loader.machines.includes(half(bytes, 18)) && phentsize === (loader.bits === 64 ? 56 : 32);
}

/** The loader that a dynamic program names (PT_INTERP); null for a static one, or if these bytes do not reach it. */
export function elfInterpreter(bytes: Bytes): string | null {
  if (!isElf(bytes) || bytes[5] !== 1) return null;
  const wide = bytes[4] === 2;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [phoffAt, numAt, size, offsetAt, sizeAt] = wide ? [32, 56, 56, 8, 32] : [28, 44, 32, 4, 16];
  if (bytes.length < (wide ? 64 : 52)) return null;
  const phoff = view.getUint32(phoffAt, true);
  for (let i = 0; i < half(bytes, numAt); i++) {
    const at = phoff + i * size;
    if (at + size > bytes.length) return null;
    if (view.getUint32(at, true) !== PT_INTERP) continue;
    const start = view.getUint32(at + offsetAt, true);
    return text(bytes.subarray(start, start + view.getUint32(at + sizeAt, true)));
  }
  return null;
}

function text(bytes: Bytes): string | null {
  const end = bytes.indexOf(0);
  return end < 1 ? null : String.fromCharCode(...bytes.subarray(0, end));
}

/** The first bytes of typical programs of the host: fixed and position-independent, with either common EI_OSABI. */
export function hostPrograms(host: HostArch): readonly Bytes[] {
  const { machines, bits } = LOADERS[host].elf;
  const machine = machines[0] ?? 0;
  return [ET_EXEC, ET_DYN].flatMap((type) => [0, 3].map((osabi) => header(bits, osabi, type, machine)));
}

function header(bits: 32 | 64, osabi: number, type: number, machine: number): Bytes {
  const bytes = new Uint8Array(256);
  const wide = bits === 64;
  bytes.set([...ELFMAG, wide ? 2 : 1, 1, 1, osabi]);
  bytes.set([type, 0, machine & 0xff, machine >> 8, 1], 16);
  bytes[wide ? 32 : 28] = wide ? 64 : 52;
  bytes[wide ? 54 : 42] = wide ? 56 : 32;
  return bytes;
}

function half(bytes: Bytes, at: number, big = false): number {
  const [low, high] = big ? [bytes[at + 1], bytes[at]] : [bytes[at], bytes[at + 1]];
  return (low ?? 0) | ((high ?? 0) << 8);
}
