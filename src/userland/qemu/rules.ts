/** The rules that QEMU's script and Debian's qemu-user-static register: facts, as data. */
import type { HostArch } from '../../uapi/host.ts';

export interface QemuRule {
  readonly name: string;
  readonly magic: string;
  readonly mask: string;
  readonly interpreter: string;
  readonly flags: string;
}

/** The usual masks: EI_OSABI and the lowest bit of e_type do not count. */
const LE = 'ffffffffffffff00fffffffffffffffffeffffff';
const BE = 'ffffffffffffff00fffffffffffffffffffeffff';

/** A row of the script: cpu, host family that skips it, magic, mask, and the emulator if it is another's. */
export const UPSTREAM: readonly (readonly [cpu: string, family: string, magic: string, mask: string, emulator?: string])[] = [
  ['i386', 'i386', '7f454c4601010100000000000000000002000300', 'fffffffffffefe00fffffffffffffffffeffffff'],
  ['i486', 'i386', '7f454c4601010100000000000000000002000600', 'fffffffffffefe00fffffffffffffffffeffffff', 'i386'],
  ['alpha', 'alpha', '7f454c4602010100000000000000000002002690', 'fffffffffffefe00fffffffffffffffffeffffff'],
  ['arm', 'arm', '7f454c4601010100000000000000000002002800', LE],
  ['armeb', 'armeb', '7f454c4601020100000000000000000000020028', BE],
  ['sparc', 'sparc', '7f454c4601020100000000000000000000020002', BE],
  ['sparc32plus', 'sparc', '7f454c4601020100000000000000000000020012', BE],
  ['sparc64', 'sparc', '7f454c460202010000000000000000000002002b', BE],
  ['ppc', 'ppc', '7f454c4601020100000000000000000000020014', BE],
  ['ppc64', 'ppc', '7f454c4602020100000000000000000000020015', BE],
  ['ppc64le', 'ppcle', '7f454c4602010100000000000000000002001500', 'ffffffffffffff00fffffffffffffffffeffff00'],
  ['m68k', 'm68k', '7f454c4601020100000000000000000000020004', 'fffffffffffffe00fffffffffffffffffffeffff'],
  [
    'mips',
    'mips',
    '7f454c46010201000000000000000000000200080000000100000000000000000000000000000000',
    'ffffffffffffff0000fffffffffffffffffeffffffffffff00000000000000000000000000000020',
  ],
  [
    'mipsel',
    'mips',
    '7f454c46010101000000000000000000020008000100000000000000000000000000000000000000',
    'ffffffffffffff0000fffffffffffffffeffffffffffffff00000000000000000000000020000000',
  ],
  [
    'mipsn32',
    'mips',
    '7f454c46010201000000000000000000000200080000000100000000000000000000000000000020',
    'ffffffffffffff0000fffffffffffffffffeffffffffffff00000000000000000000000000000020',
  ],
  [
    'mipsn32el',
    'mips',
    '7f454c46010101000000000000000000020008000100000000000000000000000000000020000000',
    'ffffffffffffff0000fffffffffffffffeffffffffffffff00000000000000000000000020000000',
  ],
  ['mips64', 'mips', '7f454c4602020100000000000000000000020008', 'ffffffffffffff0000fffffffffffffffffeffff'],
  ['mips64el', 'mips', '7f454c4602010100000000000000000002000800', 'ffffffffffffff0000fffffffffffffffeffffff'],
  ['sh4', 'sh4', '7f454c4601010100000000000000000002002a00', LE],
  ['sh4eb', 'sh4', '7f454c460102010000000000000000000002002a', BE],
  ['s390x', 's390x', '7f454c4602020100000000000000000000020016', BE],
  ['aarch64', 'arm', '7f454c460201010000000000000000000200b700', LE],
  ['aarch64_be', 'armeb', '7f454c46020201000000000000000000000200b7', BE],
  ['hppa', 'hppa', '7f454c460102010000000000000000000002000f', BE],
  ['riscv32', 'riscv32', '7f454c460101010000000000000000000200f300', LE],
  ['riscv64', 'riscv64', '7f454c460201010000000000000000000200f300', LE],
  ['xtensa', 'xtensa', '7f454c4601010100000000000000000002005e00', LE],
  ['xtensaeb', 'xtensaeb', '7f454c460102010000000000000000000002005e', BE],
  ['microblaze', 'microblaze', '7f454c460102010000000000000000000200baab', LE],
  ['microblazeel', 'microblazeel', '7f454c460101010000000000000000000200abba', LE],
  ['or1k', 'or1k', '7f454c460102010000000000000000000002005c', BE],
  ['x86_64', 'i386', '7f454c4602010100000000000000000002003e00', 'fffffffffffefe00fffffffffffffffffeffffff'],
  ['hexagon', 'hexagon', '7f454c460101010000000000000000000200a400', LE],
  ['loongarch64', 'loongarch', '7f454c4602010100000000000000000002000201', 'fffffffffffffffc00fffffffffffffffeffffff'],
];

/** What Debian 12's package registers for the guests that have an emulator here. */
const PACKAGE: readonly (readonly [cpu: string, family: string, magic: string, mask: string])[] = [
  ['aarch64', 'arm', '7f454c460201010000000000000000000200b700', LE],
  ['arm', 'arm', '7f454c4601010100000000000000000002002800', LE],
  ['i386', 'i386', '7f454c4601010100000000000000000002000300', 'fffffffffffefe00fffffffffffffffffeffffff'],
  [
    'mips',
    'mips',
    '7f454c46010201000000000000000000000200080000000000000000000000000000000000000000',
    'ffffffffffffff00fefffffffffffffffffeffff0000000000000000000000000000000000000020',
  ],
  [
    'mipsel',
    'mips',
    '7f454c46010101000000000000000000020008000000000000000000000000000000000000',
    'ffffffffffffff00fefffffffffffffffeffffff0000000000000000000000000000000020',
  ],
  ['ppc64le', 'ppcle', '7f454c4602010100000000000000000002001500', 'fffffffffffffffcfffffffffffffffffeffff00'],
  ['riscv64', 'riscv64', '7f454c460201010000000000000000000200f300', LE],
  ['s390x', 's390x', '7f454c4602020100000000000000000000020016', 'fffffffffffffffcfffffffffffffffffffeffff'],
  ['x86_64', 'i386', '7f454c4602010100000000000000000002003e00', 'fffffffffffefe00fffffffffffffffffeffffff'],
];

/** The family of a machine, by what `uname -m` says (`[pattern, family]`, first match; else the machine itself). */
export const FAMILIES: readonly (readonly [patterns: readonly string[], family: string])[] = [
  [['cpu', 'i386', 'i486', 'i586', 'i686', 'i86pc', 'BePC', 'x86_64', 'amd64'], 'i386'],
  [['mips*'], 'mips'],
  [['Power Macintosh', 'ppc64', 'powerpc', 'ppc'], 'ppc'],
  [['ppc64el', 'ppc64le'], 'ppcle'],
  [['armeb', 'armv5teb', 'aarch64_be'], 'armeb'],
  [['arm', 'armel', 'armhf', 'arm64', 'armv[4-9]*l', 'aarch64'], 'arm'],
  [['sparc*'], 'sparc'],
  [['loongarch*'], 'loongarch'],
];

const HOST_FAMILY: Readonly<Record<HostArch, string>> = {
  x86_64: 'i386',
  i686: 'i386',
  aarch64: 'arm',
  armv7l: 'arm',
  riscv64: 'riscv64',
};

/** The package's rules on a host: not those of the host's own family. */
export function rulesOfPackage(host: HostArch): QemuRule[] {
  return PACKAGE.filter(([, family]) => family !== HOST_FAMILY[host]).map(([cpu, , magic, mask]) => ({
    name: `qemu-${cpu}`,
    magic,
    mask,
    interpreter: `/usr/libexec/qemu-binfmt/${cpu}-binfmt-P`,
    flags: 'OPF',
  }));
}

/** A register line with every byte as \\xNN. */
export function binfmtLine(rule: QemuRule): string {
  return `:${rule.name}:M::${escaped(rule.magic)}:${escaped(rule.mask)}:${rule.interpreter}:${rule.flags}`;
}

/** Hex digits as \\xNN escapes. */
export function escaped(hex: string): string {
  return hex.replace(/../g, '\\x$&');
}
