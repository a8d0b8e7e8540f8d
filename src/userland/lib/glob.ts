/** fnmatch(3) patterns as JavaScript expressions. */

import { escapeLiteral } from './regex.ts';
import { parseBracket } from './regex-bracket.ts';

/** Matches the whole name. `*` and `?` match slashes too, as find(1) and --include want it. */
export function globToRegex(pattern: string, ignoreCase = false): RegExp {
  let out = '';
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i] as string;
    if (c === '*') out += '[^]*';
    else if (c === '?') out += '[^]';
    else if (c === '\\' && i + 1 < pattern.length) out += escapeLiteral(pattern[++i] as string);
    else if (c === '[') {
      const set = bracket(pattern, i + 1, ignoreCase);
      if (set) i = set.end - 1;
      out += set ? set.pattern : '\\[';
    } else out += escapeLiteral(c);
  }
  return new RegExp(`^(?:${out})$`, ignoreCase ? 'i' : '');
}

/** `!` negates as `^` does; a bracket that is never closed is a character. */
function bracket(pattern: string, start: number, ignoreCase: boolean): { pattern: string; end: number } | null {
  const source = pattern[start] === '!' ? `${pattern.slice(0, start)}^${pattern.slice(start + 1)}` : pattern;
  const set = parseBracket(source, start, { utf8: false, ignoreCase });
  return typeof set === 'string' ? null : set;
}
