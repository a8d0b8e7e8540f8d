/** Interpreter lines and source text in the words of file(1) 5.44. */

export interface ScriptKind {
  /** What stands before the encoding. */
  readonly words: string;
  readonly mime: string;
  /** "executable" follows the encoding. */
  readonly executable: boolean;
  /** The whole text, where the encoding is not said. */
  readonly alone?: boolean;
}

const SHELL = 'text/x-shellscript';
const PYTHON = 'text/x-script.python';

/** An interpreter that file knows: what may stand after "#!", and its name. */
const INTERPRETERS: readonly (readonly [RegExp, string, string])[] = [
  [/^\/bin\/sh\s/, 'POSIX shell script', SHELL],
  [/^\/bin\/csh\s/, 'C shell script', SHELL],
  [/^(\/usr)?\/bin\/ksh\s/, 'Korn shell script', SHELL],
  [/^(\/usr|\/usr\/local)?\/bin\/tcsh\s/, 'Tenex C shell script', SHELL],
  [/^(\/usr|\/usr\/local)?\/bin\/zsh\s/, "Paul Falstad's zsh script", SHELL],
  [/^\/usr\/bin\/env zsh\s/, "Paul Falstad's zsh script", SHELL],
  [/^(\/usr|\/usr\/local)?\/bin\/bash\s/, 'Bourne-Again shell script', SHELL],
  [/^\/usr\/bin\/env bash\s/, 'Bourne-Again shell script', SHELL],
  [/^(\/usr|\/usr\/local)?\/bin\/(nawk)\s/, 'new awk script', 'text/x-nawk'],
  [/^(\/usr|\/usr\/local)?\/bin\/gawk\s/, 'GNU awk script', 'text/x-gawk'],
  [/^(\/usr)?\/bin\/awk\s/, 'awk script', 'text/x-awk'],
  [/^(\/usr\/bin\/env |(\/usr|\/usr\/local)\/bin\/)lua/, 'Lua script', 'text/x-lua'],
  [/^(\/usr\/bin\/env |(\/usr|\/usr\/local)?\/bin\/)ruby/, 'Ruby script', 'text/x-ruby'],
  [/^(\/usr\/bin\/env |.*\/)?python[0-9.]*\s/, 'Python script', PYTHON],
  [/^(\/usr\/bin\/env |(\/usr|\/usr\/local)\/bin\/)php/, 'PHP script', 'text/x-php'],
  [/^(\/usr\/bin\/env |(\/usr|\/usr\/local)\/bin\/)(tclsh|wish)/, 'Tcl/Tk script', 'text/x-tcl'],
];

/** What the "#!" line says; null where there is none. */
export function shebang(text: string): ScriptKind | null {
  const line = /^#! *([^\n]*(?:\n|$))/.exec(text)?.[1];
  if (line === undefined) return null;
  if (/^(\/usr\/bin\/env |.*\/bin\/)node(js)?\s/.test(line))
    return { words: 'Node.js script executable', mime: 'application/javascript', executable: false };
  if (/^(\/usr\/bin\/env |.*\/)perl[0-9.]*\s/.test(line))
    return { words: 'Perl script text executable', mime: 'text/x-perl', executable: false, alone: true };
  const known = INTERPRETERS.find(([pattern]) => pattern.test(line));
  if (known) return { words: known[1], mime: known[2], executable: true };
  const shown = line.replace(/^\/usr\/bin\/env +/, '').replace(/\s+$/, '');
  return { words: `a ${shown} script`, mime: 'text/plain', executable: true };
}

/** Source text without an interpreter line, as far as file recognizes it here. */
const SOURCES: readonly (readonly [RegExp, ScriptKind])[] = [
  [/^\s*<\?xml version=(["'])1\.0\1/i, { words: 'XML 1.0 document', mime: 'text/xml', executable: false }],
  [/^\s*<(!doctype html|html|head|title|body)/i, { words: 'HTML document', mime: 'text/html', executable: false }],
  [/^import [^\n]* from ['"]/m, { words: 'JavaScript source', mime: 'application/javascript', executable: false }],
  [/^#include /m, { words: 'C source', mime: 'text/x-c', executable: false }],
  [
    /^(def +[A-Za-z_]\w*\(.*\):|from +[\w.]+ +import\b|class +[A-Za-z_]\w*(\(.*\))?:)/m,
    { words: 'Python script', mime: PYTHON, executable: true },
  ],
];

export function sourceKind(text: string): ScriptKind | null {
  return SOURCES.find(([pattern]) => pattern.test(text.slice(0, 4096)))?.[1] ?? null;
}

export function isJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
