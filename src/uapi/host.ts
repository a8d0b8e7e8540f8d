/** The machines that a lab can be: what uname -m says and which ELF files are native. */

export type HostArch = 'x86_64' | 'aarch64' | 'armv7l' | 'riscv64' | 'i686';
export const HOSTS: readonly HostArch[] = ['x86_64', 'aarch64', 'armv7l', 'riscv64', 'i686'];

/** Every instruction set that programs of ours are written for: the hosts and qemu's other targets, by qemu's name. */
export type Arch = 'x86_64' | 'i386' | 'aarch64' | 'arm' | 'riscv64' | 'ppc64le' | 's390x' | 'mips' | 'mipsel';
