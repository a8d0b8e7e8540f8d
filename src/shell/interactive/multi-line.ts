/** How the lines of one command are joined into one history entry. Follows history_delimiting_chars in bash's parse.y. */

/** After these, a line end parts nothing. */
const NO_SEMICOLON: ReadonlySet<string> = new Set([
  '{',
  '(',
  ')',
  ';',
  '&',
  '|',
  'case',
  'do',
  'else',
  'if',
  ';;',
  ';&',
  ';;&',
  'then',
  'until',
  'while',
  '&&',
  '||',
  '|&',
  'in',
  'elif',
]);

export interface Continuation {
  /** The quote that is open: the next line belongs to it. */
  readonly quote: '' | '"' | "'" | '`';
  /** The last line ends in a backslash that takes the newline with it. */
  readonly escaped: boolean;
  /** A here-document began and has not ended. */
  readonly heredoc: boolean;
  /** The last three words and operators, newest last. */
  readonly tokens: readonly string[];
  /** A command's name may come next. */
  readonly commandPlace: boolean;
}

const TOKEN =
  /\\\n|[ \t]+|\n|#[^\n]*|<<-?\s*(?:\\?[\w.-]+|'[^'\n]*'|"[^"\n]*")|;;&|;;|;&|&&|\|\||\|&|[();&|]|[<>]+&?|(?:\\.|'[^']*'|"(?:\\.|[^"\\])*"|`[^`]*`|[^\s();&|<>'"`\\])+|['"`\\]/gs;

/** Where the text of a command, so far, leaves off. */
export function continuationOf(text: string): Continuation {
  const tokens: string[] = [];
  const heredocs: string[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    const token = match[0];
    if (/^['"`]$/.test(token)) return open(tokens, token as '"');
    if (token === '\\') return { ...open(tokens, ''), escaped: true };
    const word = /^<<-?\s*(.*)$/.exec(token)?.[1];
    if (word) heredocs.push(word.replace(/^\\|['"]/g, ''));
    if (token === '\n' && heredocs.length > 0) {
      const end = skipHeredocs(text, TOKEN.lastIndex, heredocs);
      if (end < 0) return { ...open(tokens, ''), heredoc: true };
      TOKEN.lastIndex = end;
      heredocs.length = 0;
    }
    if (!/^(?:[ \t]+|\\\n|#.*)$/.test(token)) tokens.push(token);
  }
  return { ...open(tokens, ''), heredoc: heredocs.length > 0 };
}

function open(tokens: readonly string[], quote: Continuation['quote']): Continuation {
  const last = tokens.findLast((token) => token !== '\n');
  const commandPlace =
    quote === '' && (last === undefined || tokens.at(-1) === '\n' || NO_SEMICOLON.has(last)) && last !== 'in' && last !== 'case';
  return { quote, escaped: false, heredoc: false, tokens: tokens.filter((token) => token !== '\n').slice(-3), commandPlace };
}

/** Where the text goes on after the bodies, -1 when one has no end yet. */
function skipHeredocs(text: string, from: number, ends: readonly string[]): number {
  let at = from;
  for (const end of ends) {
    for (let line = ''; ; ) {
      const newline = text.indexOf('\n', at);
      line = text.slice(at, newline < 0 ? undefined : newline);
      at = newline < 0 ? text.length : newline + 1;
      if (line.replace(/^\t+/, '') === end) break;
      if (newline < 0) return -1;
    }
  }
  return at;
}

/** The entry for a command whose text so far was `entry`, made from `source`, after one more line. */
export function joinLine(entry: string, source: string, line: string): string {
  const before = continuationOf(source);
  if (before.escaped) return entry.slice(0, -1) + line;
  if (entry.endsWith('\n') && before.quote === '') return entry + line;
  if (before.heredoc) return `${entry}\n${line}${continuationOf(`${source}\n${line}\n`).heredoc ? '' : '\n'}`;
  if (before.quote !== '') return `${entry}\n${line}`;
  if (line.trim() === '') return entry;
  return entry + delimiter(before.tokens, line) + line;
}

function delimiter(tokens: readonly string[], line: string): string {
  const [third, second, last] = [tokens.at(-3), tokens.at(-2), tokens.at(-1)];
  if (last === undefined) return '';
  if (last === ')') return second === '(' ? ' ' : '; ';
  if (second === 'function') return ' ';
  if (second === 'for') return /^\s*in\b/.test(line) ? ' ' : '; ';
  if (second === 'case' || (third === 'case' && last === 'in')) return ' ';
  return NO_SEMICOLON.has(last) ? ' ' : '; ';
}
