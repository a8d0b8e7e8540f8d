/** Path name expansion. */
import { IS_ERR } from '../uapi/errno.ts';
import { O_DIRECTORY, O_RDONLY } from '../uapi/fcntl.ts';
import { S_IFDIR, S_ISDIR } from '../uapi/stat.ts';
import type { Piece } from './expand/fields.ts';
import { hasPattern, patternRegExp, quotePattern } from './pattern.ts';
import { ExpansionError } from './report.ts';
import type { Shell } from './shell.ts';

/** Appends each field, replaced by the names it matches if it is a pattern. */
export async function globFields(sh: Shell, fields: readonly (readonly Piece[])[], out: string[]): Promise<void> {
  const extglob = sh.options.shopt('extglob');
  for (const field of fields) {
    const plain = field.length === 1 ? (field[0] as Piece).v : field.map((p) => p.v).join('');
    const isPattern = !sh.options.get('noglob') && hasPattern(unquoted(field), extglob);
    if (!isPattern) {
      out.push(plain);
      continue;
    }
    const pattern = field.map((p) => (p.q ? quotePattern(p.v) : p.v)).join('');
    const names = await glob(sh, pattern);
    if (names.length > 0) out.push(...names);
    else if (sh.options.shopt('failglob')) throw new ExpansionError(`no match: ${plain}`);
    else if (!sh.options.shopt('nullglob')) out.push(plain);
  }
}

/** A bracket may open in one piece and close in another. */
function unquoted(field: readonly Piece[]): string {
  return field.map((p) => (p.q ? '' : p.v)).join('');
}

/** Names that match, sorted. */
export async function glob(sh: Shell, pattern: string): Promise<string[]> {
  const absolute = pattern.startsWith('/');
  const parts = splitPath(pattern);
  let found = [absolute ? '/' : ''];
  for (let i = 0; i < parts.length; i++) {
    found = await step(sh, found, parts[i] as string, i === parts.length - 1);
    if (found.length === 0) return [];
  }
  const collate = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return withoutIgnored(
    sh,
    found.filter((f) => f !== ''),
  ).sort(collate);
}

/** GLOBIGNORE: patterns of names that are not wanted, parted at colons. */
function withoutIgnored(sh: Shell, names: readonly string[]): string[] {
  const ignore = sh.get('GLOBIGNORE');
  if (!ignore) return [...names];
  const options = { extglob: sh.options.shopt('extglob'), ignoreCase: sh.options.shopt('nocaseglob'), pathname: true };
  const patterns = ignore.split(':').map((p) => patternRegExp(p, options));
  return names.filter((n) => !patterns.some((re) => re.test(n)));
}

/** At slashes that are in no bracket; a run of slashes is one, one at the end leaves an empty last part. */
function splitPath(pattern: string): string[] {
  const parts: string[] = [];
  let part = '';
  const body = pattern.replace(/^\/+/, '');
  for (let i = 0; i < body.length; i++) {
    const c = body[i] as string;
    if (c === '\\') part += c + (body[++i] ?? '');
    else if (c === '/') {
      parts.push(part);
      part = '';
      while (body[i + 1] === '/') i++;
    } else part += c;
  }
  return [...parts, part];
}

async function step(sh: Shell, bases: readonly string[], part: string, last: boolean): Promise<string[]> {
  const extglob = sh.options.shopt('extglob');
  const out: string[] = [];
  for (const base of bases) {
    if (part === '') {
      if (last && isDirectory(sh, base)) out.push(base);
    } else if (part === '**' && sh.options.shopt('globstar')) {
      await descend(sh, base, last, out);
    } else if (!hasPattern(part.replace(/\\./g, ''), extglob)) {
      const name = base + part.replace(/\\(.)/gs, '$1');
      if (last ? !IS_ERR(sh.sys.lstat(name)) : isDirectory(sh, name)) out.push(last ? name : `${name}/`);
    } else {
      for (const name of await matching(sh, base, part)) {
        if (last) out.push(base + name);
        else if (isDirectory(sh, base + name)) out.push(`${base}${name}/`);
      }
    }
  }
  return out;
}

function isDirectory(sh: Shell, path: string): boolean {
  const st = sh.sys.stat(path === '' ? '.' : path);
  return !IS_ERR(st) && S_ISDIR(st.st_mode);
}

export interface DirectoryName {
  readonly name: string;
  readonly type: number;
}

export async function readDirectory(sh: Shell, path: string): Promise<DirectoryName[]> {
  const fd = await sh.sys.open(path === '' ? '.' : path, O_RDONLY | O_DIRECTORY);
  if (IS_ERR(fd)) return [];
  const out: DirectoryName[] = [];
  for (;;) {
    const entries = sh.sys.getdents64(fd);
    if (IS_ERR(entries) || entries.length === 0) break;
    for (const e of entries) out.push({ name: e.d_name, type: e.d_type });
  }
  sh.sys.close(fd);
  return out;
}

async function matching(sh: Shell, base: string, part: string): Promise<string[]> {
  const re = patternRegExp(part, { extglob: sh.options.shopt('extglob'), ignoreCase: sh.options.shopt('nocaseglob'), pathname: true });
  const hidden = /^(?:\\?\.|\[\.\])/.test(part);
  const names = (await readDirectory(sh, base)).map((e) => e.name);
  const ignore = sh.get('GLOBIGNORE');
  const dotglob = sh.options.shopt('dotglob') || Boolean(ignore);
  return names.filter((n) => n !== '.' && n !== '..' && (hidden || dotglob || !n.startsWith('.')) && re.test(n));
}

async function descend(sh: Shell, base: string, last: boolean, out: string[]): Promise<void> {
  out.push(base);
  const names = (await readDirectory(sh, base)).filter(
    (e) => e.name !== '.' && e.name !== '..' && (sh.options.shopt('dotglob') || e.name[0] !== '.'),
  );
  for (const e of names.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const isDir = e.type === S_IFDIR || (e.type === 0 && isDirectory(sh, base + e.name));
    if (isDir) {
      const at = out.length;
      await descend(sh, `${base}${e.name}/`, last, out);
      if (last) out[at] = base + e.name;
    } else if (last) out.push(base + e.name);
  }
}
