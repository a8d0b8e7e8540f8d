/** /proc/cpuinfo: one processor of the host's kind. Follows arch/x86/kernel/cpu/proc.c, arch/arm64/kernel/cpuinfo.c and their like. */
import type { HostArch } from '../../../uapi/host.ts';

const X86_FLAGS = 'fpu tsc cx8 cmov mmx fxsr sse sse2 ht syscall nx lm';
const I686_FLAGS = 'fpu tsc cx8 cmov mmx fxsr sse sse2 ht nx';

const x86 = (family: number, flags: string): string[][] => [
  ['processor\t', '0'],
  ['vendor_id\t', 'BinfmtLab'],
  ['cpu family\t', String(family)],
  ['model\t\t', '1'],
  ['model name\t', 'binfmt-lab virtual CPU'],
  ['stepping\t', '0'],
  ['physical id\t', '0'],
  ['siblings\t', '1'],
  ['core id\t\t', '0'],
  ['cpu cores\t', '1'],
  ['fpu\t\t', 'yes'],
  ['flags\t\t', flags],
  ['clflush size\t', '64'],
];

const arm = (architecture: string, features: string, name?: string): string[][] => [
  ['processor\t', '0'],
  ...(name ? [['model name\t', name]] : []),
  ['BogoMIPS\t', '100.00'],
  ['Features\t', features],
  ['CPU implementer\t', '0x00'],
  ['CPU architecture', architecture],
  ['CPU variant\t', '0x0'],
  ['CPU part\t', '0x000'],
  ['CPU revision\t', '0'],
];

const CPUINFO: Readonly<Record<HostArch, string[][]>> = {
  x86_64: x86(6, X86_FLAGS),
  i686: x86(6, I686_FLAGS),
  aarch64: arm('8', 'fp asimd cpuid'),
  armv7l: arm('7', 'half thumb fastmult vfp edsp neon vfpv3 tls vfpv4 idiva idivt vfpd32', 'ARMv7 Processor rev 0 (v7l)'),
  riscv64: [
    ['processor\t', '0'],
    ['hart\t\t', '0'],
    ['isa\t\t', 'rv64imafdc'],
    ['mmu\t\t', 'sv39'],
  ],
};

/** @linux fs/proc/cpuinfo.c cpuinfo_op #P[one processor, made up] */
export function cpuinfo(host: HostArch): string {
  return `${CPUINFO[host].map(([name, text]) => `${name}: ${text}\n`).join('')}\n`;
}
