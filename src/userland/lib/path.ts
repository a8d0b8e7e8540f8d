/** Path names as text. */

/** The part after the last slash, trailing slashes aside; "/" of "/". */
export function basename(path: string): string {
  const trimmed = stripSlashes(path);
  return trimmed === '/' ? '/' : trimmed.slice(trimmed.lastIndexOf('/') + 1);
}

export function dirname(path: string): string {
  const trimmed = stripSlashes(path);
  const slash = trimmed.lastIndexOf('/');
  if (slash < 0) return '.';
  return stripSlashes(trimmed.slice(0, slash)) || '/';
}

/** Without trailing slashes, but "/" stays. */
export function stripSlashes(path: string): string {
  const trimmed = path.replace(/\/+$/, '');
  return trimmed === '' && path.startsWith('/') ? '/' : trimmed;
}

export function join(directory: string, name: string): string {
  return directory.endsWith('/') ? directory + name : `${directory}/${name}`;
}
