/** A history line cut into words, as the shell would part it. Follows history_tokenize in readline's histexpand.c. */

const BREAK = /[ \t\n;&()|<>]/;

/** The words of a line: quotes and escapes keep a word together, operators are words of their own. */
export function historyWords(line: string): string[] {
  const words: string[] = [];
  for (let at = 0; at < line.length; ) {
    while (/[ \t\n]/.test(line.charAt(at))) at++;
    if (at >= line.length) break;
    const end = wordEnd(line, at);
    words.push(line.slice(at, end));
    at = end;
  }
  return words;
}

/** Where the word that starts at `start` ends. */
export function wordEnd(line: string, start: number): number {
  const operator = operatorLength(line, start);
  if (operator > 0) return start + operator;
  let at = start;
  const first = line.slice(at, at + 2);
  if (/^[<>$][(]/.test(first)) at = skipParens(line, at + 1);
  while (at < line.length) {
    const c = line.charAt(at);
    if (c === '\\') at += 2;
    else if (c === '"' || c === "'" || c === '`') at = skipQuote(line, at);
    else if (/[<>$!@?+*]/.test(c) && line.charAt(at + 1) === '(') at = skipParens(line, at + 1);
    else if (BREAK.test(c)) break;
    else at++;
  }
  return Math.min(at, line.length);
}

function operatorLength(line: string, at: number): number {
  const rest = line.slice(at);
  const numbered = /^(?:\d+(?:[<>]&\d*-?|[<>]+)|[<>]&\d*-?|&>)/.exec(rest);
  if (numbered) return numbered[0].length;
  if (/^[<>]\(/.test(rest)) return 0;
  return /^(?:<<-|<<<|&>>|<<|>>|>&|<&|<>|>\||&>|;;&|;;|;&|&&|\|\||\|&|[()]|[<>;&|])/.exec(rest)?.[0].length ?? 0;
}

function skipQuote(line: string, at: number): number {
  const quote = line.charAt(at);
  for (let i = at + 1; i < line.length; i++) {
    if (line.charAt(i) === '\\' && quote !== "'") i++;
    else if (line.charAt(i) === quote) return i + 1;
  }
  return line.length;
}

function skipParens(line: string, at: number): number {
  let depth = 0;
  for (let i = at; i < line.length; i++) {
    const c = line.charAt(i);
    if (c === '\\') i++;
    else if (c === '(') depth++;
    else if (c === ')' && --depth === 0) return i + 1;
  }
  return line.length;
}

/** Word `n` of a line, '$' the last one; a negative number counts from the end. Undefined: there is none. */
export function argumentOf(line: string, n: number | '$'): string | undefined {
  const words = historyWords(line);
  if (n === '$') return words.at(-1);
  return n < 0 ? words[words.length + n] : words[n];
}
