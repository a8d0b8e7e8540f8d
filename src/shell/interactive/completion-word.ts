/** The word that a completion key works on, and what kind of word it is by its place. Follows bash's bashline.c. */

export interface CompletionWord {
  /** Where the word starts in the line; its end is the point. */
  readonly start: number;
  readonly end: number;
  /** As it stands in the line. */
  readonly raw: string;
  /** Without quotes and escapes. */
  readonly text: string;
  /** The quote that is open at the point. */
  readonly quote: '' | '"' | "'";
  /** True where a command's name is expected. */
  readonly command: boolean;
}

/** bash's COMP_WORDBREAKS. */
export const WORD_BREAKS = ' \t\n"\'@><=;|&(:';
const COMMAND_SEPARATORS = ';|&{(`';
const KEYWORDS: ReadonlySet<string> = new Set(['if', 'then', 'elif', 'else', 'while', 'until', 'do', '!', 'time', '{', 'coproc']);
/** Commands whose operand is a command; bash's own completion files say the same of them. */
const WRAPPERS: ReadonlySet<string> = new Set(
  'sudo exec command env nohup xargs nice strace which type builtin time setsid unshare watch doas hash'.split(' '),
);

interface Quoting {
  /** Index of the quote that is open at the end, or -1. */
  readonly open: number;
  /** Indexes of characters that a quote or backslash protects. */
  readonly quoted: ReadonlySet<number>;
}

export function quotingOf(line: string): Quoting {
  const quoted = new Set<number>();
  let open = -1;
  for (let i = 0; i < line.length; i++) {
    const c = line.charAt(i);
    const quote = open < 0 ? '' : line.charAt(open);
    if (quote !== '') quoted.add(i);
    if (c === '\\' && quote !== "'") quoted.add(++i);
    else if (c === quote) {
      quoted.add(open);
      open = -1;
    } else if (quote === '' && (c === '"' || c === "'")) open = i;
  }
  return { open, quoted };
}

/** `commandAtStart`: a command may stand at the very start (not so inside a quote or word list that goes on from the line before). */
export function findWord(line: string, point: number, commandAtStart: boolean): CompletionWord {
  const before = line.slice(0, point);
  const { open, quoted } = quotingOf(before);
  const start = open >= 0 ? open + 1 : wordStart(before, quoted);
  const raw = before.slice(start);
  const quote = open >= 0 ? (before.charAt(open) as '"' | "'") : '';
  const head = before.slice(0, open >= 0 ? open : start);
  return { start, end: point, raw, text: dequote(raw, quote), quote, command: isCommandPlace(head, commandAtStart) };
}

function wordStart(before: string, quoted: ReadonlySet<number>): number {
  let at = before.length;
  while (at > 0 && (quoted.has(at - 1) || !WORD_BREAKS.includes(before.charAt(at - 1)))) at--;
  // A host name is completed with its @.
  return before.charAt(at - 1) === '@' ? at - 1 : at;
}

/** Takes quotes and escapes off a word; `quote` is already open at its start. */
export function dequote(raw: string, quote: '' | '"' | "'"): string {
  let out = '';
  let open: string = quote;
  for (let i = 0; i < raw.length; i++) {
    const c = raw.charAt(i);
    if (c === '\\' && open !== "'" && !(open === '"' && !'$`"\\\n'.includes(raw.charAt(i + 1)))) out += raw.charAt(++i);
    else if (c === open) open = '';
    else if (open === '' && (c === '"' || c === "'")) open = c;
    else out += c;
  }
  return out;
}

function isCommandPlace(head: string, atStart: boolean): boolean {
  if (/[=:@]$/.test(head)) return false;
  const trimmed = head.trimEnd();
  if (trimmed === '') return atStart;
  if (COMMAND_SEPARATORS.includes(trimmed.slice(-1))) return !/(?:[<>]&|&>|>\|)$/.test(trimmed);
  const words = lastCommand(trimmed).split(/[ \t]+/);
  return runsOperand(words, atStart || trimmed !== lastCommand(trimmed));
}

/** The text after the last separator. */
function lastCommand(text: string): string {
  return /[^;|&{(`]*$/.exec(text)?.[0].trimStart() ?? text;
}

/** True when every word before is an assignment, a keyword or a wrapper command with its options. */
function runsOperand(words: readonly string[], atStart: boolean): boolean {
  if (!atStart) return false;
  let wrapped = false;
  for (const word of words) {
    if (WRAPPERS.has(word)) wrapped = true;
    else if (!(KEYWORDS.has(word) || /^[A-Za-z_]\w*\+?=/.test(word) || (wrapped && word.startsWith('-')))) return false;
  }
  return true;
}
