/** Finds where quoted and nested constructs end in raw shell text. Indices are of the char after the construct. */

/** After the closing `'` for text at `i` just past the opening one. */
export function skipSingle(s: string, i: number): number {
  const end = s.indexOf("'", i);
  return end < 0 ? s.length : end + 1;
}

export function skipAnsiC(s: string, i: number): number {
  for (; i < s.length; i++) {
    if (s[i] === '\\') i++;
    else if (s[i] === "'") return i + 1;
  }
  return s.length;
}

export function skipBacktick(s: string, i: number): number {
  for (; i < s.length; i++) {
    if (s[i] === '\\') i++;
    else if (s[i] === '`') return i + 1;
  }
  return s.length;
}

export function skipDouble(s: string, i: number): number {
  while (i < s.length) {
    const c = s[i];
    if (c === '"') return i + 1;
    if (c === '\\') i += 2;
    else if (c === '`') i = skipBacktick(s, i + 1);
    else if (c === '$') i = skipDollar(s, i, true);
    else i++;
  }
  return s.length;
}

/** Past whatever starts with the `$` at `i`. */
export function skipDollar(s: string, i: number, quoted: boolean): number {
  const c = s[i + 1];
  if (c === '(') return skipParens(s, i + 2);
  if (c === '{') return skipBraces(s, i + 2, quoted);
  if (c === '[') return skipBrackets(s, i + 2);
  if (!quoted && c === "'") return skipAnsiC(s, i + 2);
  if (!quoted && c === '"') return skipDouble(s, i + 2);
  return i + 1;
}

/** Past one quoted or nested construct at `i`, or past one plain char. */
export function skipOne(s: string, i: number): number {
  switch (s[i]) {
    case '\\':
      return i + 2;
    case "'":
      return skipSingle(s, i + 1);
    case '"':
      return skipDouble(s, i + 1);
    case '`':
      return skipBacktick(s, i + 1);
    case '$':
      return skipDollar(s, i, false);
    default:
      return i + 1;
  }
}

const PATTERN_OPERATOR = /^!?[A-Za-z_0-9@*#?$!-]*(?:\[[^\]]*\])?(?:[#%/^,])/;

/** Past the `}` of `${`; `i` is just past `${`. */
export function skipBraces(s: string, i: number, quoted: boolean): number {
  const singleQuotes = !quoted || PATTERN_OPERATOR.test(s.slice(i, i + 80));
  while (i < s.length) {
    const c = s[i];
    if (c === '}') return i + 1;
    if (c === "'" && !singleQuotes) i++;
    else if ((c === '<' || c === '>') && s[i + 1] === '(' && !quoted) i = skipParens(s, i + 2);
    else i = skipOne(s, i);
  }
  return s.length;
}

export function skipBrackets(s: string, i: number): number {
  let depth = 0;
  while (i < s.length) {
    const c = s[i];
    if (c === ']' && depth-- === 0) return i + 1;
    if (c === '[') depth++;
    i = skipOne(s, i);
  }
  return s.length;
}

/**
 * Past the `)` that closes a command substitution; `i` is just past the `(`. Follows quotes, comments, here-documents and
 * `case` items, whose `)` opens nothing.
 */
export function skipParens(s: string, i: number): number {
  let depth = 0;
  const cases: number[] = [];
  const heredocs: { readonly delimiter: string; readonly strip: boolean }[] = [];
  let wordStart = true;
  while (i < s.length) {
    const c = s[i] as string;
    if (c === ')') {
      const inCase = cases.length > 0 && cases[cases.length - 1] === depth;
      if (!inCase && depth-- === 0) return i + 1;
      i++;
      wordStart = true;
    } else if (c === '(') {
      const optional = cases.length > 0 && cases[cases.length - 1] === depth && /(?:\bin|;;&?|;&)\s*$/.test(s.slice(0, i));
      if (!optional) depth++;
      i++;
      wordStart = true;
    } else if (c === '#' && wordStart) {
      while (i < s.length && s[i] !== '\n') i++;
    } else if (c === '\n') {
      i++;
      for (const h of heredocs.splice(0)) i = skipHeredoc(s, i, h.delimiter, h.strip);
      wordStart = true;
    } else if (c === '<' && s[i + 1] === '<' && s[i + 2] !== '<') {
      const m = /^<<(-?)[ \t]*((?:[^\s;&|<>()'"\\]|\\.|'[^']*'|"[^"]*")+)/.exec(s.slice(i, i + 200));
      if (m) heredocs.push({ delimiter: (m[2] as string).replace(/\\(.)|['"]/g, '$1'), strip: m[1] === '-' });
      i += m ? m[0].length : 2;
      wordStart = false;
    } else if (c === '<' && s.startsWith('<<<', i)) {
      i += 3;
      wordStart = true;
    } else if (wordStart && /[a-z]/.test(c)) {
      const word = /^[A-Za-z0-9_]+/.exec(s.slice(i, i + 100))?.[0] ?? c;
      if (word === 'case' && /[\s]/.test(s[i + 4] ?? '')) cases.push(depth);
      else if (word === 'esac' && cases.length > 0) cases.pop();
      i += word.length;
      wordStart = false;
    } else {
      const next = skipOne(s, i);
      wordStart = /[\s;&|]/.test(c);
      i = next;
    }
  }
  return s.length;
}

function skipHeredoc(s: string, i: number, delimiter: string, strip: boolean): number {
  while (i < s.length) {
    const end = s.indexOf('\n', i);
    const stop = end < 0 ? s.length : end;
    const line = s.slice(i, stop);
    if ((strip ? line.replace(/^\t+/, '') : line) === delimiter) return Math.min(stop + 1, s.length);
    i = stop + 1;
  }
  return s.length;
}

/** Past the `))` of an arithmetic expansion when the text at `i` (just past `((`) is one; -1 if it is a command after all. */
export function skipArithmetic(s: string, i: number): number {
  let depth = 0;
  while (i < s.length) {
    const c = s[i];
    if (c === '(') depth++;
    if (c === ')') {
      if (depth === 0) return s[i + 1] === ')' ? i + 2 : -1;
      depth--;
    }
    i = c === '\\' || c === "'" || c === '"' || c === '`' || c === '$' ? skipOne(s, i) : i + 1;
  }
  return -1;
}
