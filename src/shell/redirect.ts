/** Redirections: applied in order, undone in reverse. */
import { encode } from '../uapi/bytes.ts';
import { EBADF, EEXIST, type Errno, IS_ERR } from '../uapi/errno.ts';
import {
  F_DUPFD,
  F_DUPFD_CLOEXEC,
  F_GETFD,
  O_APPEND,
  O_CREAT,
  O_EXCL,
  O_RDONLY,
  O_RDWR,
  O_TRUNC,
  O_WRONLY,
  SEEK_SET,
} from '../uapi/fcntl.ts';
import { S_ISREG } from '../uapi/stat.ts';
import type { Fd } from '../uapi/types.ts';
import { assignReference } from './assign.ts';
import type { Redirection } from './ast.ts';
import { expandString, expandWords } from './expand/expand.ts';
import { report } from './report.ts';
import type { Shell } from './shell.ts';

/** How to bring a descriptor back: from its copy, or by closing it. */
interface Undo {
  readonly fd: Fd;
  readonly copy: Fd | undefined;
}

export class RedirectionError {
  constructor(readonly message: string) {}
}

const SAVED_FROM = 10;
const PIPE_ROOM = 65536;

/** Applies all, or says why one cannot be and undoes those before it. Answers how to undo them. */
export async function redirect(sh: Shell, list: readonly Redirection[], undoable: boolean): Promise<Undo[] | undefined> {
  const undo: Undo[] = [];
  for (const r of list) {
    const error = await apply(sh, r, undoable ? undo : undefined);
    if (error) {
      restore(sh, undo);
      await report(sh, error.message);
      return undefined;
    }
  }
  return undo;
}

/** Of a command whose redirection failed. */
export function redirectionStatus(sh: Shell): number {
  return sh.posixSh ? 2 : 1;
}

export function restore(sh: Shell, undo: readonly Undo[]): void {
  for (const u of [...undo].reverse()) {
    if (u.copy === undefined) sh.sys.close(u.fd);
    else {
      sh.sys.dup2(u.copy, u.fd);
      sh.sys.close(u.copy);
    }
  }
}

/** Lets a redirection stay (`exec > file`): the copies are dropped. */
export function forget(sh: Shell, undo: readonly Undo[]): void {
  for (const u of undo) if (u.copy !== undefined) sh.sys.close(u.copy);
}

function save(sh: Shell, fd: Fd, undo: Undo[] | undefined): void {
  if (!undo) return;
  const copy = sh.sys.fcntl(fd, F_DUPFD_CLOEXEC, SAVED_FROM);
  undo.push({ fd, copy: IS_ERR(copy) ? undefined : copy });
}

async function apply(sh: Shell, r: Redirection, undo: Undo[] | undefined): Promise<RedirectionError | undefined> {
  switch (r.op) {
    case '<&':
    case '>&':
      return duplicate(sh, r, undo);
    case '&>':
    case '&>>':
      return both(sh, r, r.op === '&>>', undo);
    case '<<':
    case '<<-':
      return install(sh, r, await hereFd(sh, r.quoted ? r.body : await expandString(sh, r.body, 'heredoc', 'none')), 0, undo);
    case '<<<':
      return install(sh, r, await hereFd(sh, `${await expandString(sh, r.target, 'word', 'start')}\n`), 0, undo);
    default:
      return install(sh, r, await openTarget(sh, r), r.op === '<' || r.op === '<>' ? 0 : 1, undo);
  }
}

async function install(sh: Shell, r: Redirection, from: Fd | RedirectionError, normal: Fd, undo: Undo[] | undefined) {
  if (typeof from !== 'number') return from;
  if (r.fdVariable !== undefined) return intoVariable(sh, r.fdVariable, from, true);
  put(sh, from, r.fd ?? normal, undo);
  return undefined;
}

/** Moves a fresh descriptor to its number. */
function put(sh: Shell, from: Fd, to: Fd, undo: Undo[] | undefined): void {
  if (from === to) {
    undo?.push({ fd: to, copy: undefined });
    return;
  }
  save(sh, to, undo);
  sh.sys.dup2(from, to);
  sh.sys.close(from);
}

async function intoVariable(sh: Shell, name: string, from: Fd, close: boolean): Promise<RedirectionError | undefined> {
  const fd = sh.sys.fcntl(from, F_DUPFD, SAVED_FROM);
  if (close) sh.sys.close(from);
  if (IS_ERR(fd)) return new RedirectionError(`${name}: ${fd.message}`);
  await assignReference(sh, name, String(fd));
  return undefined;
}

/** The one word that a target must become. */
async function targetName(sh: Shell, r: Redirection): Promise<string | RedirectionError> {
  const words = await expandWords(sh, [r.target]);
  return words.length === 1 ? (words[0] as string) : new RedirectionError(`${r.target}: ambiguous redirect`);
}

const FLAGS: Readonly<Record<string, number>> = {
  '<': O_RDONLY,
  '>': O_WRONLY | O_CREAT | O_TRUNC,
  '>|': O_WRONLY | O_CREAT | O_TRUNC,
  '>>': O_WRONLY | O_CREAT | O_APPEND,
  '<>': O_RDWR | O_CREAT,
};

async function openTarget(sh: Shell, r: Redirection): Promise<Fd | RedirectionError> {
  const name = await targetName(sh, r);
  return typeof name === 'string' ? openNamed(sh, name, r.op) : name;
}

async function openNamed(sh: Shell, name: string, op: string): Promise<Fd | RedirectionError> {
  if (op === '>' && sh.options.get('noclobber')) {
    const st = sh.sys.stat(name);
    if (!IS_ERR(st) && S_ISREG(st.st_mode))
      return new RedirectionError(sh.posixSh ? `cannot create ${name}: File exists` : `${name}: cannot overwrite existing file`);
  }
  const fd = await sh.sys.open(name, FLAGS[op] ?? O_RDONLY, 0o666);
  if (!IS_ERR(fd)) return fd;
  return new RedirectionError(openMessage(sh, name, fd, op));
}

/** dash tells whether it wanted to read or to write. */
function openMessage(sh: Shell, name: string, e: Errno, op: string): string {
  if (!sh.posixSh) return `${name}: ${e === EEXIST ? 'cannot overwrite existing file' : e.message}`;
  const [what, missing] = op === '<' ? ['open', 'No such file'] : ['create', 'Directory nonexistent'];
  return `cannot ${what} ${name}: ${e.code === 'ENOENT' ? missing : e.message}`;
}

async function both(sh: Shell, r: Redirection, append: boolean, undo: Undo[] | undefined): Promise<RedirectionError | undefined> {
  const name = await targetName(sh, r);
  if (typeof name !== 'string') return name;
  const fd = await openNamed(sh, name, append ? '>>' : '>');
  if (typeof fd !== 'number') return fd;
  put(sh, fd, 1, undo);
  save(sh, 2, undo);
  sh.sys.dup2(1, 2);
  return undefined;
}

async function duplicate(sh: Shell, r: Redirection, undo: Undo[] | undefined): Promise<RedirectionError | undefined> {
  const target = await targetName(sh, r);
  if (typeof target !== 'string') return target;
  const to = r.fd ?? (r.op === '<&' ? 0 : 1);
  if (target === '-') {
    const fd = r.fdVariable === undefined ? to : Number(sh.get(r.fdVariable) ?? -1);
    if (r.fdVariable === undefined) save(sh, fd, undo);
    sh.sys.close(fd);
    return undefined;
  }
  const m = /^(\d+)(-?)$/.exec(target);
  if (!m) {
    if (r.op === '>&' && r.fd === undefined && r.fdVariable === undefined) return both(sh, { ...r, op: '&>' }, false, undo);
    return new RedirectionError(`${r.target}: ambiguous redirect`);
  }
  const from = Number(m[1]);
  if (IS_ERR(sh.sys.fcntl(from, F_GETFD))) return new RedirectionError(`${from}: ${EBADF.message}`);
  if (r.fdVariable !== undefined) return intoVariable(sh, r.fdVariable, from, m[2] === '-');
  if (from !== to) {
    save(sh, to, undo);
    sh.sys.dup2(from, to);
    if (m[2] === '-') {
      save(sh, from, undo);
      sh.sys.close(from);
    }
  }
  return undefined;
}

/** A here-document's text to read from: in a pipe if it fits, else in a file that has no name any more. */
async function hereFd(sh: Shell, text: string): Promise<Fd | RedirectionError> {
  const bytes = encode(text);
  if (bytes.length <= PIPE_ROOM) {
    const pipe = sh.sys.pipe2();
    if (IS_ERR(pipe)) return new RedirectionError(`cannot create temp file for here-document: ${pipe.message}`);
    if (bytes.length > 0) await sh.writeBytes(pipe[1], bytes);
    sh.sys.close(pipe[1]);
    return pipe[0];
  }
  const name = `/tmp/sh-thd.${sh.sys.getpid()}.${Math.floor(Math.random() * 1e9)}`;
  const fd = await sh.sys.open(name, O_RDWR | O_CREAT | O_EXCL, 0o600);
  if (IS_ERR(fd)) return new RedirectionError(`cannot create temp file for here-document: ${fd.message}`);
  sh.sys.unlink(name);
  await sh.writeBytes(fd, bytes);
  sh.sys.lseek(fd, 0, SEEK_SET);
  return fd;
}

export { openTarget };
