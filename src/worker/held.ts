/** What the service worker holds of a built page, and under which names. */

export interface Held {
  readonly version: string;
  /** Fetched at once, so that the page is whole. */
  readonly files: readonly string[];
  /** Kept when first used: a hash of each. */
  readonly late: Readonly<Record<string, string>>;
}

/** The file below `root` that an address names: its folder is its index.html; null for what stands elsewhere. */
export function nameOf(url: string, root: string): string | null {
  const path = url.replace(/[?#].*$/, '');
  if (!path.startsWith(root)) return null;
  const name = path.slice(root.length);
  return name === '' ? 'index.html' : name;
}

export function heldBy(held: Held, name: string): 'whole' | 'late' | null {
  if (held.files.includes(name)) return 'whole';
  return Object.hasOwn(held.late, name) ? 'late' : null;
}

/** Another content has another key, although its name is the same. */
export const lateKey = (root: string, name: string, hash: string): string => `${root}${name}?held=${hash}`;
