/** File modes as text and text as modes: ls(1)'s letters, chmod(1)'s language. */
import { S_IFBLK, S_IFCHR, S_IFDIR, S_IFIFO, S_IFLNK, S_IFMT, S_IFREG, S_IFSOCK, S_ISGID, S_ISUID, S_ISVTX } from '../../uapi/stat.ts';

const TYPE_LETTERS = new Map([
  [S_IFREG, '-'],
  [S_IFDIR, 'd'],
  [S_IFLNK, 'l'],
  [S_IFCHR, 'c'],
  [S_IFBLK, 'b'],
  [S_IFIFO, 'p'],
  [S_IFSOCK, 's'],
]);

/** "-rwsr-xr-t". */
export function modeString(mode: number): string {
  const triple = (shift: number, special: number, letter: string): string => {
    const bits = (mode >> shift) & 7;
    const x = bits & 1 ? (mode & special ? letter : 'x') : mode & special ? letter.toUpperCase() : '-';
    return (bits & 4 ? 'r' : '-') + (bits & 2 ? 'w' : '-') + x;
  };
  return (TYPE_LETTERS.get(mode & S_IFMT) ?? '?') + triple(6, S_ISUID, 's') + triple(3, S_ISGID, 's') + triple(0, S_ISVTX, 't');
}

/** A change of mode: what `chmod` was told. */
export type ModeChange = (oldMode: number, isDirectory: boolean, umask: number) => number;

/** Reads an octal mode or a symbolic one like "u=rwx,go+X,o-w,g=u"; null if it is neither. */
export function parseMode(text: string): ModeChange | null {
  if (/^[0-7]+$/.test(text)) return parseOctal(text);
  if (/^[-+=][0-7]+$/.test(text)) return parseOperatorOctal(text);
  const clauses = text.split(',').map(parseClause);
  if (clauses.some((c) => c === null)) return null;
  return (mode, isDirectory, umask) => clauses.reduce((m, clause) => (clause ? clause(m, isDirectory, umask) : m), mode);
}

/** A short octal mode leaves a directory's set-id bits as they are, as GNU's does. */
function parseOctal(text: string): ModeChange | null {
  const value = Number.parseInt(text, 8);
  if (value > 0o7777) return null;
  const kept = text.length < 5 ? S_ISUID | S_ISGID : 0;
  return (mode, isDirectory) => (isDirectory ? value | (mode & kept) : value);
}

function parseOperatorOctal(text: string): ModeChange | null {
  const value = Number.parseInt(text.slice(1), 8);
  if (value > 0o7777) return null;
  const operator = text[0];
  if (operator === '+') return (mode) => (mode & 0o7777) | value;
  if (operator === '-') return (mode) => mode & 0o7777 & ~value;
  return () => value;
}

const WHO: Readonly<Record<string, number>> = { u: 0o4700, g: 0o2070, o: 0o1007, a: 0o7777 };
const PERMISSIONS: Readonly<Record<string, number>> = { r: 0o444, w: 0o222, x: 0o111, s: 0o6000, t: 0o1000 };

function parseClause(clause: string): ModeChange | null {
  const m = /^([ugoa]*)((?:[-+=](?:[ugo]|[rwxXst]*))+)$/.exec(clause);
  if (!m) return null;
  const who = [...(m[1] ?? '')].reduce((bits, letter) => bits | (WHO[letter] ?? 0), 0);
  const actions = [...(m[2] ?? '').matchAll(/([-+=])([ugo]|[rwxXst]*)/g)];
  return (mode, isDirectory, umask) =>
    actions.reduce((now, [, operator = '', what = '']) => act(now, who, operator, what, isDirectory, umask), mode & 0o7777);
}

function act(mode: number, who: number, operator: string, what: string, isDirectory: boolean, umask: number): number {
  const affected = who === 0 ? 0o7777 & ~umask : who;
  const bits = permissionBits(mode, what, isDirectory) & affected;
  if (operator === '+') return mode | bits;
  if (operator === '-') return mode & ~bits;
  const cleared = who === 0 ? 0o7777 : who;
  const kept = isDirectory && !/[st]/.test(what) ? mode & (S_ISUID | S_ISGID) : 0;
  return (mode & ~cleared) | bits | kept;
}

function permissionBits(mode: number, what: string, isDirectory: boolean): number {
  const copied = { u: (mode >> 6) & 7, g: (mode >> 3) & 7, o: mode & 7 }[what];
  if (copied !== undefined) return copied * 0o111;
  let bits = 0;
  for (const letter of what) {
    if (letter === 'X') bits |= isDirectory || mode & 0o111 ? 0o111 : 0;
    else bits |= PERMISSIONS[letter] ?? 0;
  }
  return bits;
}
