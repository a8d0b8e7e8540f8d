/** After execve has failed: what bash says, or how it runs the file itself. */
import { decode, latin1 } from '../uapi/bytes.ts';
import { type Errno, IS_ERR } from '../uapi/errno.ts';
import { O_RDONLY, X_OK } from '../uapi/fcntl.ts';
import { S_ISDIR } from '../uapi/stat.ts';
import type { ExitCode } from '../uapi/types.ts';
import { messagePrefix } from './report.ts';
import type { Shell } from './shell.ts';

const SAMPLE = 128;

async function readSample(sh: Shell, path: string): Promise<Uint8Array | Errno> {
  const fd = await sh.sys.open(path, O_RDONLY);
  if (IS_ERR(fd)) return fd;
  const sample = await sh.sys.read(fd, SAMPLE);
  sh.sys.close(fd);
  return sample;
}

/**
 * True when the start of a file does not look like text: an ELF magic, or a NUL before the first newline (before the second,
 * if the file starts with `#!`). Follows general.c check_binary_file.
 */
export function looksBinary(sample: Uint8Array): boolean {
  const text = latin1(sample);
  if (text.startsWith('\x7fELF')) return true;
  let lines = text.startsWith('#!') ? 2 : 1;
  for (const c of text) {
    if (c === '\n' && --lines === 0) return false;
    if (c === '\0') return true;
  }
  return false;
}

/** What to do about a failed execve: a status (the message is out), or run the file as a script. */
export async function explainFailure(sh: Shell, path: string, e: Errno): Promise<ExitCode | 'script'> {
  if (sh.posixSh) return explainAsDash(sh, path, e);
  if (e.code === 'ENOEXEC') return explainFormat(sh, path);
  const status = e.code === 'ENOENT' ? 127 : 126;
  const st = sh.sys.stat(path);
  if (!IS_ERR(st) && S_ISDIR(st.st_mode)) return say(sh, path, 'Is a directory', status);
  if (IS_ERR(st) || sh.sys.eaccess(path, X_OK) !== 0) return say(sh, path, e.message, status);
  if (e.code === 'E2BIG' || e.code === 'ENOMEM') return say(sh, path, e.message, 126);
  if (e.code === 'ENOENT') return say(sh, path, 'cannot execute: required file not found', 127);
  const interpreter = await interpreterOf(sh, path);
  if (interpreter === undefined) return say(sh, path, e.message, status);
  await sh.write(2, `${messagePrefix(sh, false)}${path}: ${interpreter}: bad interpreter: ${e.message}\n`);
  return 126;
}

async function say(sh: Shell, path: string, what: string, status: ExitCode): Promise<ExitCode> {
  await sh.write(2, `${messagePrefix(sh)}${path}: ${what}\n`);
  return status;
}

async function explainFormat(sh: Shell, path: string): Promise<ExitCode | 'script'> {
  const sample = await readSample(sh, path);
  if (IS_ERR(sample)) return say(sh, path, 'Exec format error', 126);
  if (sample.length === 0) return 0;
  if (looksBinary(sample)) return say(sh, path, 'cannot execute binary file: Exec format error', 126);
  return 'script';
}

/** The word after `#!` up to a zero byte, a CR at its end made visible. */
async function interpreterOf(sh: Shell, path: string): Promise<string | undefined> {
  const sample = await readSample(sh, path);
  if (IS_ERR(sample) || sample.length <= 2) return undefined;
  const text = decode(sample);
  if (!text.startsWith('#!')) return undefined;
  const word = /^[ \t]*([^ \t\n]*)/.exec(text.slice(2))?.[1] ?? '';
  return word.split('\0', 1).join('').replace(/\r$/, '^M');
}

/** dash has fewer words: the errno's, and `not found`. */
async function explainAsDash(sh: Shell, path: string, e: Errno): Promise<ExitCode | 'script'> {
  if (e.code === 'ENOEXEC') {
    const sample = await readSample(sh, path);
    if (!IS_ERR(sample) && !dashBinary(sample)) return 'script';
  }
  const missing = ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'].includes(e.code);
  return say(sh, path, e.code === 'ENOENT' || e.code === 'ENOTDIR' ? 'not found' : e.message, missing ? 127 : 126);
}

/** Debian's test: a control char other than blanks and ESC in the first line. */
function dashBinary(sample: Uint8Array): boolean {
  for (const b of sample) {
    if (b === 10) return false;
    if (b <= 8 || (b >= 14 && b <= 31 && b !== 27) || b === 0x7f) return true;
  }
  return false;
}
