/** Messages on standard error, with the prefix that bash gives them. */
import type { Shell } from './shell.ts';

/** A failure in the middle of an expansion or assignment: told, and the command is given up. */
export class ExpansionError {
  constructor(
    readonly message: string,
    readonly status = 1,
    /** A non-interactive shell ends (`${x?}`, `set -u`). */
    readonly fatal = false,
  ) {}
}

/** The locale decides what counts as printable, and what a char is. */
export function isUtf8(sh: Shell): boolean {
  const locale = sh.get('LC_ALL') || sh.get('LC_CTYPE') || sh.get('LANG') || 'C';
  return /utf-?8/i.test(locale);
}

/** What stands before a message: `bash: line 3: `, `-bash: `, `script: line 3: `. */
export function messagePrefix(sh: Shell, withLine = true): string {
  if (sh.interactiveShell) return `${interactiveName(sh)}: `;
  const name = sourceName(sh);
  if (sh.posixSh) return `${name}: ${sh.line}: `;
  return withLine ? `${name}: line ${sh.line}: ` : `${name}: `;
}

function interactiveName(sh: Shell): string {
  const base = sh.argv0.slice(sh.argv0.lastIndexOf('/') + 1);
  return sh.argv0.startsWith('-') ? sh.argv0 : base;
}

/** The file whose code runs, else `$0`. */
function sourceName(sh: Shell): string {
  const source = sh.frames[sh.frames.length - 1]?.source;
  return source && source !== 'main' ? source : sh.name;
}

export async function report(sh: Shell, message: string): Promise<void> {
  await sh.write(2, `${messagePrefix(sh)}${message}\n`);
}

/** As a builtin complains: `bash: line 1: cd: …`. */
export async function builtinError(sh: Shell, name: string, message: string): Promise<void> {
  await report(sh, `${name}: ${message}`);
}
