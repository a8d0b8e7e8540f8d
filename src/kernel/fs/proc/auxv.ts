/** /proc/PID/auxv: the auxiliary vector as the words that lie on the stack. Follows include/uapi/linux/auxvec.h. */
import type { Auxv } from '../../../uapi/auxv.ts';
import type { Bytes } from '../../../uapi/types.ts';

/** Types by number, in the kernel's order; strings are pointers into a stack that does not exist, so they are left out. */
const TYPES: readonly (readonly [keyof Auxv, number])[] = [
  ['AT_PAGESZ', 6],
  ['AT_CLKTCK', 17],
  ['AT_PHDR', 3],
  ['AT_PHENT', 4],
  ['AT_PHNUM', 5],
  ['AT_BASE', 7],
  ['AT_FLAGS', 8],
  ['AT_ENTRY', 9],
  ['AT_UID', 11],
  ['AT_EUID', 12],
  ['AT_GID', 13],
  ['AT_EGID', 14],
  ['AT_SECURE', 23],
  ['AT_EXECFD', 2],
];

/** @linux fs/proc/base.c proc_pid_auxv #P[64-bit words; numbers only] */
export function auxv_bytes(auxv: Auxv): Bytes {
  const pairs = TYPES.flatMap(([name, type]) => (typeof auxv[name] === 'number' ? [[type, auxv[name]] as const] : []));
  const view = new DataView(new ArrayBuffer((pairs.length + 1) * 16));
  pairs.forEach(([type, value], i) => {
    view.setBigUint64(i * 16, BigInt(type), true);
    view.setBigUint64(i * 16 + 8, BigInt(value), true);
  });
  return new Uint8Array(view.buffer);
}
