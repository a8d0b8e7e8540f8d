/** Every applet that a program of the tree may name. */
import type { ProgramLoader } from '../uapi/syscalls.ts';
import { bin } from './bin/index.ts';
import { emulators } from './qemu/index.ts';

const others: Readonly<Record<string, ProgramLoader>> = {
  hello: () => import('./samples/hello.ts').then((m) => m.main),
  'ld.so': () => import('./ld/ld_so.ts').then((m) => m.main),
  'libc.so.6': () => import('./ld/libc.ts').then((m) => m.main),
};

/** The kernel's table: our own programs and what the lab brings (bash, sh, lua, luac, python3). */
export function programs(payloads: Readonly<Record<string, ProgramLoader>>): Record<string, ProgramLoader> {
  return { ...bin, ...others, ...emulators, ...payloads };
}
