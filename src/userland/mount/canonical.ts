/** Path names as libmount shows them: absolute, without links, as far as they exist. */
import { IS_ERR } from '../../uapi/errno.ts';
import type { Syscalls } from '../../uapi/syscalls.ts';

const MAX_LINKS = 40;

/** realpath(3); a path that does not exist keeps its text, made absolute. */
export function canonical(sys: Syscalls, path: string): string {
  const cwd = sys.getcwd();
  let rest = (path.startsWith('/') ? path : `${IS_ERR(cwd) ? '' : cwd}/${path}`).split('/').filter((c) => c !== '' && c !== '.');
  let done: string[] = [];
  for (let links = 0; rest.length > 0; ) {
    const [name, ...after] = rest as [string, ...string[]];
    rest = after;
    if (name === '..') {
      done = done.slice(0, -1);
      continue;
    }
    const target = sys.readlink(`/${[...done, name].join('/')}`);
    if (IS_ERR(target) || ++links > MAX_LINKS) done.push(name);
    else {
      rest = [...target.split('/').filter((c) => c !== '' && c !== '.'), ...rest];
      if (target.startsWith('/')) done = [];
    }
  }
  return `/${done.join('/')}`;
}
