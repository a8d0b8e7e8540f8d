/** Which driver answers for a device number. Follows fs/char_dev.c. */
import { major, minor } from '../../uapi/stat.ts';
import type { FileOperations } from '../include/fs.ts';
import type { Kernel } from '../include/sched.ts';

interface Region {
  readonly major: number;
  readonly first: number;
  readonly count: number;
  readonly f_op: FileOperations | ((minor: number) => FileOperations | undefined);
}
const chrdevs = new WeakMap<Kernel, Region[]>();

/**
 * `f_op` answers for `count` minors from `first` on; a function chooses by minor.
 * @linux fs/char_dev.c cdev_add #Y
 */
export function cdev_add(kernel: Kernel, major_nr: number, first: number, count: number, f_op: Region['f_op']): void {
  const regions = chrdevs.get(kernel) ?? [];
  regions.push({ major: major_nr, first, count, f_op });
  chrdevs.set(kernel, regions);
}

/**
 * The driver behind a device number; undefined: ENXIO.
 * @linux fs/char_dev.c chrdev_open #Y
 */
export function chrdev_lookup(kernel: Kernel, rdev: number): FileOperations | undefined {
  const n = minor(rdev);
  const region = chrdevs.get(kernel)?.find((r) => r.major === major(rdev) && n >= r.first && n < r.first + r.count);
  return typeof region?.f_op === 'function' ? region.f_op(n) : region?.f_op;
}
