/** Whether the browser keeps a machine of this page: a first visit need not wait for an answer of its storage. */

const PREFIX = 'binfmt-lab kept ';

export function wasKept(key: string | null): { readonly keep: string | null; readonly resume: boolean } {
  return { keep: key, resume: key !== null && read(PREFIX + key) };
}

export function markKept(key: string): void {
  try {
    localStorage.setItem(PREFIX + key, 'yes');
  } catch {
    // No storage for this page: the worker says so when it saves.
  }
}

function read(name: string): boolean {
  try {
    return localStorage.getItem(name) !== null;
  } catch {
    return false;
  }
}
