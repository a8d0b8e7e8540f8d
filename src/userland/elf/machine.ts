/** The instruction set that a program finds itself on: the host's, or the one that qemu pretends. */
import type { Arch } from '../../uapi/host.ts';
import type { Syscalls } from '../../uapi/syscalls.ts';
import { ARCH, ARCHES } from '../rootfs/arch.ts';

export function machineArch(sys: Syscalls): Arch {
  const machine = sys.uname().machine;
  return ARCHES.find((arch) => ARCH[arch].uname === machine) ?? (/^i.86$/.test(machine) ? 'i386' : 'x86_64');
}
