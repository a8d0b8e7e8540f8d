/** The options of a tmpfs. Follows mm/shmem.c. */
import { EINVAL, type Errno, IS_ERR, type Status } from '../../uapi/errno.ts';
import type { Mode } from '../../uapi/types.ts';
import type { Kernel } from '../include/sched.ts';
import { pages, type RamOptions, type RamSuper } from './ramfs_inode.ts';

/** @linux mm/shmem.c shmem_show_options #P[size, mode] */
export function show_tmpfs(info: RamSuper, mode: Mode): string {
  const size = info.max_pages === Number.MAX_SAFE_INTEGER ? '' : `,size=${info.max_pages * 4}k`;
  return size + (mode === 0o1777 ? '' : `,mode=${mode.toString(8).padStart(3, '0')}`);
}

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

/**
 * Options of a tmpfs: `mode=`, `size=` (bytes, k, m, g, %), `uid=`, `gid=`; counts of inodes are read and not enforced.
 * @linux mm/shmem.c shmem_parse_one #P[no huge=, mpol=, quota]
 */
export function parse_tmpfs(kernel: Kernel, data: string, defaults: RamOptions): RamOptions | Errno {
  let options = defaults;
  for (const item of data.split(',')) {
    const [key = '', value = ''] = item.split('=', 2);
    if (item === '' || key === 'inode64' || key === 'inode32') continue;
    if (key === 'mode' && /^[0-7]+$/.test(value)) options = { ...options, mode: Number.parseInt(value, 8) & 0o7777 };
    else if ((key === 'uid' || key === 'gid') && /^\d+$/.test(value)) options = { ...options, [key]: Number(value) };
    else if (key === 'size') {
      const size = parse_size(kernel, value);
      if (IS_ERR(size)) return size;
      options = { ...options, size };
    } else if (!(key === 'nr_inodes' || key === 'nr_blocks') || !/^\d+[kmg]?$/i.test(value)) return EINVAL;
  }
  return options;
}

function parse_size(kernel: Kernel, text: string): number | null | Errno {
  const m = /^(\d+)([kmgt%]?)$/i.exec(text);
  if (!m) return EINVAL;
  const n = Number(m[1]);
  if (m[2] === '%') return Math.floor((kernel.limits.max_bytes * n) / 100);
  return n === 0 ? null : n * (UNITS[(m[2] ?? '').toLowerCase()] ?? 1);
}

export function remount_tmpfs(info: RamSuper, data: string): Status {
  const options = parse_tmpfs(info.kernel, data, { mode: 0, size: null, uid: 0, gid: 0 });
  if (IS_ERR(options)) return options;
  if (!/(^|,)size=/.test(data)) return 0;
  const max = options.size === null ? Number.MAX_SAFE_INTEGER : pages(options.size);
  if (max < info.used) return EINVAL;
  info.max_pages = max;
  return 0;
}
