/**
 * Under which name the browser keeps the machine of this tab, and whether it does: a first visit need not wait for an
 * answer of its storage, and two tabs do not overwrite each other's.
 */

export interface Kept {
  readonly keep: string | null;
  /** A machine is stored there. */
  readonly resume: boolean;
}

const MARK = 'binfmt-lab kept';

/** `page` is what the element's author calls it; null: it is not kept. */
export function wasKept(page: string | null): Kept {
  if (page === null) return { keep: null, resume: false };
  const tab = read(MARK);
  return { keep: `${page}:${tab ?? fresh()}`, resume: tab !== null };
}

/** Stored under `keep`: from now on a reload finds it. */
export function markKept(keep: string): void {
  try {
    sessionStorage.setItem(MARK, keep.slice(keep.indexOf(':') + 1));
  } catch {
    // No storage for this page: the worker says so when it saves.
  }
}

const fresh = (): string => `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;

function read(name: string): string | null {
  try {
    return sessionStorage.getItem(name);
  } catch {
    return null;
  }
}
