/** Absolute names without symbolic links. Follows gnulib's canonicalize.c. */
import { EINVAL, ELOOP, ENOENT, ENOTDIR, type Errno, IS_ERR } from '../../uapi/errno.ts';
import { S_ISDIR } from '../../uapi/stat.ts';
import type { Syscalls } from '../../uapi/syscalls.ts';

/** `existing`: all components must exist; `all-but-last`; `missing`: none need to. */
export type Strictness = 'existing' | 'all-but-last' | 'missing';

const MAX_LINKS = 40;

export function resolve(sys: Syscalls, path: string, strictness: Strictness, followLinks = true): string | Errno {
  if (path === '') return ENOENT;
  const cwd = path.startsWith('/') ? '/' : sys.getcwd();
  if (IS_ERR(cwd)) return cwd;
  let done = cwd === '/' ? '' : cwd;
  const todo = components(path);
  let links = 0;
  while (todo.length > 0) {
    const name = todo.shift() as string;
    if (name === '..') {
      done = done.slice(0, Math.max(0, done.lastIndexOf('/')));
      continue;
    }
    const next = `${done}/${name}`;
    const target = followLinks ? sys.readlink(next) : EINVAL;
    if (!IS_ERR(target)) {
      if (++links > MAX_LINKS) {
        if (strictness === 'missing') return `${next}${todo.map((c) => `/${c}`).join('')}`;
        return ELOOP;
      }
      if (target.startsWith('/')) done = '';
      todo.unshift(...components(target));
      continue;
    }
    const trouble = check(sys, next, target, todo.length === 0 && !path.endsWith('/'), todo.length > 0, strictness);
    if (trouble) return trouble;
    done = next;
  }
  return done === '' ? '/' : done;
}

function components(path: string): string[] {
  return path.split('/').filter((c) => c !== '' && c !== '.');
}

/** Why the walk cannot go on at `next`, null if it can. */
function check(sys: Syscalls, next: string, linkError: Errno, last: boolean, more: boolean, strictness: Strictness): Errno | null {
  if (strictness === 'missing') return null;
  if (linkError !== EINVAL) {
    if (linkError === ENOENT && strictness === 'all-but-last' && !more) return null;
    return linkError;
  }
  if (last) return strictness === 'existing' ? missing(sys, next) : null;
  const st = sys.stat(next);
  if (IS_ERR(st)) return st === ENOENT && strictness === 'all-but-last' && !more ? null : st;
  return S_ISDIR(st.st_mode) ? null : ENOTDIR;
}

function missing(sys: Syscalls, path: string): Errno | null {
  const st = sys.lstat(path);
  return IS_ERR(st) ? st : null;
}

/** `to` as seen from the directory `from`; both absolute. */
export function relative(from: string, to: string): string {
  const [a, b] = [components(from), components(to)];
  let common = 0;
  while (common < a.length && common < b.length && a[common] === b[common]) common++;
  const parts = [...a.slice(common).map(() => '..'), ...b.slice(common)];
  return parts.length === 0 ? '.' : parts.join('/');
}
