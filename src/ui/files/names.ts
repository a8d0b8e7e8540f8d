/** Names that come from outside. One that would lead out of the chosen directory, or that Linux cannot hold, is refused. */
import { encode } from '../../uapi/bytes.ts';

const NAME_MAX = 255;
/** Room is left for the directory that it goes into. */
const PATH_MAX = 3800;

/** Why `path` cannot stand below a directory; null if it can. Slashes separate directories. */
export function nameError(path: string): string | null {
  if (path === '') return 'a file without a name';
  if (path.includes('\0')) return 'a NUL byte in the name';
  if (path.startsWith('/')) return 'an absolute path';
  const parts = path.split('/');
  if (parts.includes('..')) return '“..” leads out of the directory';
  if (parts.some((p) => p === '' || p === '.')) return 'an empty part in the path';
  if (parts.some((p) => encode(p).length > NAME_MAX)) return `a name longer than ${NAME_MAX} bytes`;
  return encode(path).length > PATH_MAX ? `a path longer than ${PATH_MAX} bytes` : null;
}

/** Control characters, and those that turn text around, are shown and not obeyed. */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (c) => `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`);
}

/** The same, and a long name is cut in its middle. */
export function shownName(path: string): string {
  const plain = visible(path);
  return plain.length <= 80 ? plain : `${plain.slice(0, 50)}…${plain.slice(-25)}`;
}

/** "64 MB", "1.5 KB" */
export function shownSize(bytes: number): string {
  const [unit, name] = bytes < 1024 ? [1, 'bytes'] : bytes < 1024 * 1024 ? [1024, 'KB'] : [1024 * 1024, 'MB'];
  return `${(bytes / unit).toFixed(1).replace('.0', '')} ${name}`;
}
