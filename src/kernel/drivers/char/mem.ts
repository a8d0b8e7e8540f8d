/** null, zero, full, random, urandom. Follows drivers/char/mem.c and random.c. */
import { EINVAL, ENOSPC } from '../../../uapi/errno.ts';
import type { Bytes } from '../../../uapi/types.ts';
import { cdev_add } from '../../fs/char_dev.ts';
import type { FileOperations } from '../../include/fs.ts';
import type { Kernel } from '../../include/sched.ts';

/** Major number of the memory devices. */
export const MEM_MAJOR = 1;

/** The host's source of randomness, where there is one. */
declare const crypto: { getRandomValues(into: Uint8Array): unknown } | undefined;
/** The most that getRandomValues gives at once. */
const QUOTA = 65536;

/** Takes what is written and forgets it; position stays 0. */
const swallow: FileOperations = { write: (_file, data) => data.length, llseek: () => 0 };
const read_zero = (_file: unknown, count: number): Bytes => new Uint8Array(count);

const null_fops: FileOperations = { ...swallow, read: () => new Uint8Array(0) };
const zero_fops: FileOperations = { ...swallow, read: read_zero };
const full_fops: FileOperations = { ...swallow, read: read_zero, write: (_file, data) => (data.length === 0 ? 0 : ENOSPC) };
const random_fops = (kernel: Kernel): FileOperations => ({
  ...swallow,
  read: (_file, count) => get_random_bytes(kernel, count),
  ioctl: () => EINVAL,
});

/** Devices by minor number; what is missing answers ENXIO. */
function device(kernel: Kernel): (minor: number) => FileOperations | undefined {
  const random = random_fops(kernel);
  const devlist: Readonly<Record<number, FileOperations>> = { 3: null_fops, 5: zero_fops, 7: full_fops, 8: random, 9: random };
  return (minor) => devlist[minor];
}

/** @linux drivers/char/mem.c chr_dev_init #P[no mem, port, kmsg] */
export function chr_dev_init(kernel: Kernel): void {
  cdev_add(kernel, MEM_MAJOR, 0, 256, device(kernel));
}

/** Seeds of machines whose randomness is to be repeated. */
const seeds = new WeakMap<Kernel, { state: number }>();

/** From now on this machine's random bytes are a function of `seed`. */
export function seedRandom(kernel: Kernel, seed: number): void {
  seeds.set(kernel, { state: seed >>> 0 });
}

/**
 * @linux drivers/char/random.c get_random_bytes #Y
 */
export function get_random_bytes(kernel: Kernel, count: number): Bytes {
  const out = new Uint8Array(count);
  const seeded = seeds.get(kernel);
  if (!seeded && typeof crypto !== 'undefined') {
    for (let i = 0; i < count; i += QUOTA) crypto.getRandomValues(out.subarray(i, i + QUOTA));
    return out;
  }
  const generator = seeded ?? { state: kernel.clock.now() >>> 0 };
  if (!seeded) seeds.set(kernel, generator);
  for (let i = 0; i < count; i++) out[i] = splitmix32(generator) >>> 24;
  return out;
}

/** A small generator that passes the usual tests; not for secrets. */
function splitmix32(generator: { state: number }): number {
  generator.state = (generator.state + 0x9e3779b9) | 0;
  let z = generator.state;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
}
