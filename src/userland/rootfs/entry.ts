/** Short spellings for rows of the tree. */
import { encode } from '../../uapi/bytes.ts';
import type { RootEntry } from '../../uapi/rootfs.ts';
import { makedev } from '../../uapi/stat.ts';

/** The date of every file that came with the system: Debian 12's release day. */
export const BUILD_TIME = Date.UTC(2023, 5, 10);

type More = Partial<Pick<RootEntry, 'uid' | 'gid' | 'mtime'>>;

export function dir(path: string, mode = 0o755, more: More = {}): RootEntry {
  return { kind: 'dir', path, mode, mtime: BUILD_TIME, ...more };
}
export function text(path: string, content: string, mode = 0o644, more: More = {}): RootEntry {
  return { kind: 'file', path, mode, mtime: BUILD_TIME, data: encode(content), ...more };
}
export function symlink(path: string, target: string): RootEntry {
  return { kind: 'symlink', path, mode: 0o777, mtime: BUILD_TIME, target };
}
export function chr(path: string, major: number, minor: number, mode: number, more: More = {}): RootEntry {
  return { kind: 'chr', path, mode, rdev: makedev(major, minor), ...more };
}
