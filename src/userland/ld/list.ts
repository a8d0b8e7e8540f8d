/** What a program is made of, as LD_TRACE_LOADED_OBJECTS shows it. The addresses are those of a machine without randomization. */
import type { Arch } from '../../uapi/host.ts';
import { ARCH } from '../rootfs/arch.ts';
import { isLoaded, isMissing, type LoadedObject, type Missing, needsLoader } from './objects.ts';

const VDSO: Partial<Readonly<Record<Arch, string>>> = { i386: 'linux-gate.so.1', ppc64le: 'linux-vdso64.so.1', s390x: 'linux-vdso64.so.1' };
const TOP = { 64: 0x7ffff7fc3000, 32: 0xf7fc3000 } as const;
const PAGE = 4096;

/** One line an object, the program itself left out. */
export function listing(objects: readonly (LoadedObject | Missing)[], arch: Arch): string {
  const { interp } = ARCH[arch];
  const is64 = objects.some((object) => !isMissing(object) && object.elf.is64);
  let address: number = TOP[is64 ? 64 : 32];
  const place = (size: number): string => {
    address -= Math.ceil(size / PAGE) * PAGE;
    return `(0x${address.toString(16).padStart(is64 ? 16 : 8, '0')})`;
  };
  const lines = objects.slice(1).map((object) => {
    if (isMissing(object)) return `${object.name} => not found`;
    const at = place(object.elf.bytes.length);
    return object.name === object.path ? `${object.name} ${at}` : `${object.name} => ${object.path} ${at}`;
  });
  if (objects.some((object) => isLoaded(object) && needsLoader(object, arch))) lines.push(`${interp} ${place(PAGE)}`);
  return [`${VDSO[arch] ?? 'linux-vdso.so.1'} ${place(PAGE)}`, ...lines].map((line) => `\t${line}\n`).join('');
}
