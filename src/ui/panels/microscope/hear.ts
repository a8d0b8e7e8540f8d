/**
 * How one hears of an errno: what bash 5.2, dash, Python 3, runc 1.3 and docker 28 print for it, to the letter. Each is a row.
 * The bytes are looked at as bash and dash look at them: by ENOEXEC, both turn to the file themselves.
 */
import { decode } from '../../../uapi/bytes.ts';
import { E2BIG, EACCES, EISDIR, ELOOP, ENAMETOOLONG, ENOENT, ENOEXEC, ENOMEM, ENOTDIR, EPERM, type Errno } from '../../../uapi/errno.ts';
import type { Heard } from './model.ts';
import type { Refusal } from './refusal.ts';

export function heard(refusal: Refusal): readonly Heard[] {
  return LISTENERS.map(([who, hears]) => ({ who, ...hears(refusal) }));
}

type Sentence = Omit<Heard, 'who'>;

const LISTENERS: readonly (readonly [who: string, hears: (refusal: Refusal) => Sentence])[] = [
  ['bash', bash],
  ['dash', dash],
  ['python3', python],
  ['runc', runc],
  ['docker', docker],
];

const is = (errno: Errno, ...these: readonly Errno[]): boolean => these.includes(errno);
const isDirectory = ({ own }: Refusal): boolean => own?.step === 'type' && own.what === 'directory';

// bash

const SAMPLE = 128;

function bash(refusal: Refusal): Sentence {
  const { path, errno, own, head } = refusal;
  if (errno === ENOEXEC) return bashItself(path, head);
  const status = errno === ENOENT ? 127 : 126;
  const says = (what: string): Sentence => ({ text: `-bash: ${path}: ${what}`, status });
  if (isDirectory(refusal)) return says('Is a directory');
  if ((own !== null && own.step !== 'writers') || is(errno, E2BIG, ENOMEM)) return says(errno.message);
  if (errno === ENOENT) return says('cannot execute: required file not found');
  if (head === null)
    return {
      ...says(errno.message),
      note: `The kernel has not read it, but bash does: of a script it says "INTERPRETER: bad interpreter".`,
    };
  const named = interpreterOf(head);
  return says(named === null ? errno.message : `${named}: bad interpreter: ${errno.message}`);
}

/** The second act: bash reads the file, and runs it as its own script unless it looks binary. */
function bashItself(path: string, head: Uint8Array | null): Sentence {
  if (head === null)
    return { text: null, status: null, note: 'It reads the file itself then: a text is run as a script, anything else refused.' };
  if (head.length === 0) return { text: null, status: 0, note: 'The file is empty: nothing to do, and nothing to complain about.' };
  if (!isBinary(head)) return { text: null, status: null, note: RUNS_IT };
  return {
    text: `-bash: ${path}: cannot execute binary file: Exec format error`,
    status: 126,
    note: 'There is a NUL byte in the first line.',
  };
}
const RUNS_IT =
  'No NUL byte in the first line: it takes the file for a text and runs it as a script. What you see are the errors of that script.';

/** A zero byte before the first newline; before the second behind #!. An ELF file in any case. */
function isBinary(head: Uint8Array): boolean {
  const sample = head.subarray(0, SAMPLE);
  if (isElf(sample)) return true;
  let lines = startsWith(sample, '#!') ? 2 : 1;
  for (const byte of sample) {
    if (byte === 0) return true;
    if (byte === 0x0a && --lines === 0) return false;
  }
  return false;
}

const isElf = (bytes: Uint8Array): boolean => startsWith(bytes, '\x7fELF');
const startsWith = (bytes: Uint8Array, text: string): boolean => [...text].every((c, i) => bytes[i] === c.charCodeAt(0));

/** The word behind #!, as bash shows it. */
function interpreterOf(head: Uint8Array): string | null {
  if (!startsWith(head, '#!') || head.length <= 2) return null;
  const line = decode(head.subarray(2, SAMPLE)).replace(/^[ \t]+/, '');
  return (/^[^ \t\n]*/.exec(line)?.[0] ?? '').replace(/\r$/, '^M');
}

// dash

function dash(refusal: Refusal): Sentence {
  const { path, errno, head } = refusal;
  const says = (what: string): Sentence => ({ text: `sh: 1: ${path}: ${what}`, status: is(errno, ...NOT_FOUND) ? 127 : 126 });
  if (errno !== ENOEXEC) return says(is(errno, ENOENT, ENOTDIR) ? 'not found' : errno.message);
  if (head === null) return { text: null, status: null, note: 'It hands a text to /bin/sh, and refuses anything else.' };
  if (looksBinary(head)) return says(errno.message);
  if (head.length === 0) return { text: null, status: 0, note: 'The file is empty: /bin/sh has nothing to do.' };
  return {
    text: null,
    status: null,
    note: 'It takes the file for a text and executes /bin/sh with it. What you see are the errors of that script.',
  };
}
const NOT_FOUND: readonly Errno[] = [ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG];

/** A control byte in the first line; those of layout, and Escape, are none. */
function looksBinary(head: Uint8Array): boolean {
  for (const byte of head.subarray(0, SAMPLE)) {
    if (byte === 0x0a) return false;
    if (byte <= 8 || (byte >= 16 && byte <= 31 && byte !== 27) || byte === 0x7f) return true;
  }
  return false;
}

// Python

const CLASSES: ReadonlyMap<Errno, string> = new Map([
  [ENOENT, 'FileNotFoundError'],
  [EACCES, 'PermissionError'],
  [EPERM, 'PermissionError'],
  [ENOTDIR, 'NotADirectoryError'],
  [EISDIR, 'IsADirectoryError'],
]);

function python({ path, errno }: Refusal): Sentence {
  const quote = path.includes("'") && !path.includes('"') ? '"' : "'";
  const repr = quote + path.replace(/[\\']/g, (c) => (c === quote || c === '\\' ? `\\${c}` : c)) + quote;
  return { text: `${CLASSES.get(errno) ?? 'OSError'}: [Errno ${errno.errno}] ${errno.message}: ${repr}`, status: 1 };
}

// Containers

/** What looking for the program, before any exec, has to say; null if it is found. */
function lookedUp(refusal: Refusal): string | null {
  const { absolute, own, errno } = refusal;
  if (own === null || own.step === 'writers') return null;
  if (isDirectory(refusal)) return `exec: "${absolute}": is a directory`;
  const searched = own.step === 'component' || (own.step === 'permission' && own.what.startsWith('no search'));
  return searched ? `exec: "${absolute}": stat ${absolute}: ${inGo(errno)}` : `exec: "${absolute}": ${inGo(errno)}`;
}

/** Go's table has the same sentences, in small letters. */
const inGo = (errno: Errno): string => errno.message.toLowerCase();

const INIT = 'unable to start container process: error during container init: ';

function runc(refusal: Refusal): Sentence {
  const lookup = lookedUp(refusal);
  if (lookup === null) return { text: `exec ${refusal.absolute}: ${inGo(refusal.errno)}`, status: 255 };
  return { text: `ERRO[0000] runc run failed: ${INIT}${lookup} `, status: 1 };
}

const DAEMON = `docker: Error response from daemon: failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: `;

function docker(refusal: Refusal): Sentence {
  const lookup = lookedUp(refusal);
  if (lookup === null) return runc(refusal);
  const denied = isDirectory(refusal) ? ': permission denied' : '';
  return { text: `${DAEMON}${INIT}${lookup}${denied}`, status: refusal.errno === ENOENT ? 127 : 126 };
}

// A program that was killed at once

const DEATHS: Readonly<Record<string, string>> = { SEGV: 'Segmentation fault', KILL: 'Killed', BUS: 'Bus error' };

/** execve has answered 0; what starts programs sees one that died. */
export function heardOfSignal(signal: string, number: number): readonly Heard[] {
  const text = DEATHS[signal] ?? null;
  const silent = 'It says nothing: the program was executed, and has ended.';
  return [
    { who: 'bash', text, status: 128 + number },
    { who: 'dash', text, status: 128 + number },
    { who: 'python3', text: null, status: null, note: `No exception: the return code is ${-number}.` },
    { who: 'docker', text: null, status: 128 + number, note: silent },
  ];
}
