/** POSIX extended regular expressions as this language's. */

const CLASSES: Readonly<Record<string, string>> = {
  alpha: '\\p{L}',
  digit: '0-9',
  alnum: '\\p{L}\\p{N}',
  upper: '\\p{Lu}',
  lower: '\\p{Ll}',
  space: '\\s',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~',
  print: ' -~',
  graph: '!-~',
  cntrl: '\\x00-\\x1f\\x7f',
  xdigit: '0-9A-Fa-f',
};

/** undefined: the pattern is none. */
export function posixRegExp(pattern: string, ignoreCase: boolean): RegExp | undefined {
  const source = translate(pattern);
  if (source === undefined) return undefined;
  try {
    return new RegExp(source, ignoreCase ? 'sui' : 'su');
  } catch (e) {
    if (e instanceof SyntaxError) return undefined;
    throw e;
  }
}

function translate(p: string): string | undefined {
  let out = '';
  for (let i = 0; i < p.length; i++) {
    const c = p[i] as string;
    if (c === '\\') {
      const next = p[++i];
      if (next === undefined) return undefined;
      out += escaped(next);
    } else if (c === '[') {
      const end = bracketEnd(p, i);
      if (end < 0) return undefined;
      out += bracket(p.slice(i + 1, end));
      i = end;
    } else if (c === '{' && !/^\{\d+(?:,\d*)?\}/.test(p.slice(i))) out += '\\{';
    else if (c === '}' && !/\{\d+(?:,\d*)?$/.test(out)) out += '\\}';
    else if (c === ']') out += '\\]';
    else if (c === '/') out += '\\/';
    else out += c;
  }
  return out;
}

function escaped(c: string): string {
  if (/[bBdDsSwW]/.test(c)) return `\\${c}`;
  if (c === '<') return '\\b(?=[\\p{L}\\p{N}_])';
  if (c === '>') return '\\b(?<=[\\p{L}\\p{N}_])';
  return /[\\^$.*+?()[\]{}|/]/.test(c) ? `\\${c}` : c;
}

function bracketEnd(p: string, start: number): number {
  let i = start + 1;
  if (p[i] === '^') i++;
  if (p[i] === ']') i++;
  for (; i < p.length; i++) {
    const named = /^\[([:=.]).*?\1\]/.exec(p.slice(i));
    if (named) i += named[0].length - 1;
    else if (p[i] === ']') return i;
  }
  return -1;
}

function bracket(body: string): string {
  const negated = body.startsWith('^');
  let out = '';
  const text = negated ? body.slice(1) : body;
  for (let i = 0; i < text.length; i++) {
    const named = /^\[([:=.])(.*?)\1\]/.exec(text.slice(i));
    if (named) {
      out += named[1] === ':' ? (CLASSES[named[2] as string] ?? '') : escapeInClass(named[2] as string);
      i += named[0].length - 1;
    } else if (text[i] === '-' && i > 0 && i < text.length - 1) out += '-';
    else out += escapeInClass(text[i] as string);
  }
  return `[${negated ? '^' : ''}${out}]`;
}

function escapeInClass(c: string): string {
  return /[\\\][^$.*+?(){}|/-]/.test(c)
    ? c === '-'
      ? '\\-'
      : `\\${c}`
    : /[&!#%,:;<=>@`~]/.test(c)
      ? `\\x${c.charCodeAt(0).toString(16)}`
      : c;
}
