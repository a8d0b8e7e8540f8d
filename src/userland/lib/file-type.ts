/** What coreutils calls a kind of file in its messages. */
import { type Errno, IS_ERR } from '../../uapi/errno.ts';
import { S_IFBLK, S_IFCHR, S_IFDIR, S_IFIFO, S_IFLNK, S_IFMT, S_IFREG, S_IFSOCK, type Stat } from '../../uapi/stat.ts';

const NAMES = new Map([
  [S_IFDIR, 'directory'],
  [S_IFLNK, 'symbolic link'],
  [S_IFCHR, 'character special file'],
  [S_IFBLK, 'block special file'],
  [S_IFIFO, 'fifo'],
  [S_IFSOCK, 'socket'],
]);

export function fileType(st: Stat): string {
  if ((st.st_mode & S_IFMT) === S_IFREG) return st.st_size === 0 ? 'regular empty file' : 'regular file';
  return NAMES.get(st.st_mode & S_IFMT) ?? 'weird file';
}

/** A regular file that somebody may execute. */
export function isProgram(st: Stat | Errno): boolean {
  return !IS_ERR(st) && (st.st_mode & S_IFMT) === S_IFREG && (st.st_mode & 0o111) !== 0;
}

export function sameFile(a: Stat, b: Stat): boolean {
  return a.st_ino === b.st_ino && a.st_dev === b.st_dev;
}
