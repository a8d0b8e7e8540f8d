/** A conformance case: one script that a real Linux and the lab both run; what they print is compared. */

export interface Case {
  /** Unique; `topic/what it shows`, in the present tense. */
  readonly id: string;
  /** Run as `bash --norc -c SCRIPT` by root in an empty /root, binfmt_misc mounted and empty, LC_ALL=C. */
  readonly script: string;
  /** Given to the script's standard input; empty if not said. */
  readonly stdin?: string;
}

/** What a run showed. Bytes as latin1 text, so that JSON keeps them. */
export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

/** recorded/<kernel>.json: never edited by hand. */
export interface Recording {
  /** uname -r and the versions of the tools that were asked. */
  readonly machine: Readonly<Record<string, string>>;
  /** By case id; the script stands beside its answer so that a changed one is noticed. */
  readonly cases: Readonly<Record<string, { readonly script: string; readonly outcome: Outcome }>>;
}

/** What every run starts from, in the lab and on the real kernel. */
export const ENVIRONMENT: Readonly<Record<string, string>> = {
  HOME: '/root',
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
};

/**
 * Blanks out what may differ between two right answers: process numbers in bash's own messages, addresses, and the
 * kernel's build.
 */
export function normalise(text: string): string {
  return text
    .replace(/0x7f[0-9a-f]{6,}/g, '0x7fADDRESS')
    .replace(/(line \d+: )( *\d+)( [A-Z])/g, '$1PID$3')
    .replace(/\[pid +\d+\]/g, '[pid PID]')
    .replace(/\/\* \d+ vars \*\//g, '/* N vars */');
}
