/** Reading directories. */
import { type Errno, IS_ERR } from '../../uapi/errno.ts';
import { O_DIRECTORY, O_RDONLY } from '../../uapi/fcntl.ts';
import type { Dirent } from '../../uapi/stat.ts';
import type { Syscalls } from '../../uapi/syscalls.ts';

/** A directory's entries in its own order, with "." and "..". */
export async function scandir(sys: Syscalls, path: string): Promise<Dirent[] | Errno> {
  const fd = await sys.open(path, O_RDONLY | O_DIRECTORY);
  if (IS_ERR(fd)) return fd;
  const entries: Dirent[] = [];
  for (;;) {
    const some = sys.getdents64(fd);
    if (IS_ERR(some)) {
      sys.close(fd);
      return some;
    }
    if (some.length === 0) break;
    entries.push(...some);
  }
  sys.close(fd);
  return entries;
}

/** The names in a directory without "." and "..", in the directory's order. */
export async function readNames(sys: Syscalls, path: string): Promise<string[] | Errno> {
  const entries = await scandir(sys, path);
  if (IS_ERR(entries)) return entries;
  return entries.map((e) => e.d_name).filter((name) => name !== '.' && name !== '..');
}
