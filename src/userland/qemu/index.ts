/** The applets of qemu-ARCH-static: one emulator, a guest each. */
import type { ProgramLoader } from '../../uapi/syscalls.ts';
import { ARCHES } from '../rootfs/arch.ts';

export const emulators: Readonly<Record<string, ProgramLoader>> = Object.fromEntries(
  ARCHES.map((guest) => [`qemu-${guest}`, (): ReturnType<ProgramLoader> => import('./qemu.ts').then((m) => m.qemu(guest))]),
);
