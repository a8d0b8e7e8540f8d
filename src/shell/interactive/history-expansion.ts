/** `!!`, `!-2:$`, `^old^new^`: history expansion of a line before it is parsed. Follows readline's histexpand.c. */
import { applyModifiers, type ModifierMemory } from './history-modifiers.ts';
import { historyWords } from './history-words.ts';

export type Expansion =
  | { readonly kind: 'same' }
  /** The line changed: it is printed before it runs. */
  | { readonly kind: 'expanded'; readonly line: string }
  /** `:p`: it is printed and remembered, not run. */
  | { readonly kind: 'print'; readonly line: string }
  | { readonly kind: 'error'; readonly message: string };

export interface ExpansionContext {
  /** Oldest first. */
  readonly entries: readonly string[];
  /** Number of the first entry. */
  readonly base: number;
  /** The quote that an earlier line of this command left open. */
  readonly quote?: '' | '"' | "'";
  readonly extglob?: boolean;
  /** What `!?str?`, `:s` and `:&` used last. */
  readonly memory: ModifierMemory;
}

/** A failed expansion; `text` is what bash quotes in front of the words. */
export class ExpansionError {
  constructor(
    readonly text: string,
    readonly words: string,
  ) {}
}

export function expandHistory(line: string, context: ExpansionContext): Expansion {
  const quick = line.startsWith('^') && !context.quote ? quickSubstitution(line) : line;
  const scan = new Scan(quick, context);
  const result = scan.run();
  if (result instanceof ExpansionError) return { kind: 'error', message: `${result.text}: ${result.words}` };
  if (scan.printOnly) return { kind: 'print', line: result };
  return scan.changed ? { kind: 'expanded', line: result } : { kind: 'same' };
}

/** `^a^b^` is `!!:s^a^b^`. */
function quickSubstitution(line: string): string {
  return `!!:s${line}`;
}

const NO_EXPAND = ' \t\n\r=';
const EVENT_DELIMITERS = '^$*%-';
const SEARCH_DELIMITERS = ';&()|<>';
// After `:` any designator; `$`, `%`, `*`, `^` and `-` do without it.
const DESIGNATOR = /^(?::(?:[$%*]|(?:\d+|\^)?-(?:\d+|\$|\^)?|(?:\d+|\^)\*?)|[$%*]|\^(?:\*|-(?:\d+|\$)?)?|-(?:\d+|\$)?)/;

class Scan {
  changed = false;
  printOnly = false;
  private at = 0;
  private out = '';
  private quote: string;

  constructor(
    private readonly line: string,
    private readonly context: ExpansionContext,
  ) {
    this.quote = context.quote ?? '';
  }

  run(): string | ExpansionError {
    while (this.at < this.line.length) {
      const c = this.line.charAt(this.at);
      if (this.startsComment(c)) return this.out + this.line.slice(this.at);
      if (c === '!' && this.expands()) {
        const error = this.event();
        if (error) return error;
      } else this.copy(c);
    }
    return this.out;
  }

  private startsComment(c: string): boolean {
    return c === '#' && this.quote === '' && (this.at === 0 || /[\s;&|()<>]/.test(this.line.charAt(this.at - 1)));
  }

  /** Copies what is no event: an escaped character or a single-quoted string as a whole. */
  private copy(c: string): void {
    let length = 1;
    if (c === '\\' && this.quote !== "'") length = 2;
    else if (c === "'" && this.quote === '') length = this.singleQuoted();
    else if (c === "'" && this.quote === "'") this.quote = '';
    else if (c === '"' && this.quote !== "'") this.quote = this.quote === '"' ? '' : '"';
    this.out += this.line.slice(this.at, this.at + length);
    this.at += length;
  }

  private singleQuoted(): number {
    const dollar = this.line.charAt(this.at - 1) === '$';
    for (let i = this.at + 1; i < this.line.length; i++) {
      if (dollar && this.line.charAt(i) === '\\') i++;
      else if (this.line.charAt(i) === "'") return i + 1 - this.at;
    }
    return this.line.length - this.at;
  }

  private expands(): boolean {
    const next = this.line.charAt(this.at + 1);
    if (this.quote === "'" || next === '' || NO_EXPAND.includes(next)) return false;
    if (this.quote === '"' && next === '"') return false;
    return !this.inhibited(next);
  }

  /** `$!`, `${!name}`, `[!a-z]` and, with extglob, `!(…)` are the shell's. */
  private inhibited(next: string): boolean {
    const before = this.line.slice(0, this.at);
    const after = this.line.slice(this.at + 1);
    if (before.endsWith('$')) return true;
    if (before.endsWith('${') && after.includes('}')) return true;
    if (before.endsWith('[') && after.includes(']')) return true;
    return next === '(' && this.context.extglob === true;
  }

  /** An event with its words and modifiers, from `!` on. */
  private event(): ExpansionError | undefined {
    const found = this.findEvent();
    if (found instanceof ExpansionError) return found;
    const words = this.selectWords(found);
    if (words instanceof ExpansionError) return words;
    const modified = applyModifiers(words, this.line, this.at, this.context.memory);
    if (modified instanceof ExpansionError) return modified;
    this.at = modified.end;
    this.printOnly ||= modified.print;
    this.changed = true;
    this.out += modified.text;
    return undefined;
  }

  /** The entry that `!…` names; leaves `at` after the name. */
  private findEvent(): string | ExpansionError {
    const start = this.at;
    const rest = this.line.slice(start + 1);
    if (/^[:$^*%]/.test(rest)) return this.take(start + 1, this.entry(-1), start);
    if (rest.startsWith('!')) return this.take(start + 2, this.entry(-1), start);
    if (rest.startsWith('#')) return this.take(start + 2, this.out, start);
    const number = /^-?\d+/.exec(rest);
    if (number) return this.take(start + 1 + number[0].length, this.numbered(Number(number[0])), start);
    return rest.startsWith('?') ? this.containing(start) : this.starting(start);
  }

  private take(end: number, text: string | undefined, start: number): string | ExpansionError {
    this.at = end;
    return text ?? new ExpansionError(this.line.slice(start, end), 'event not found');
  }

  private entry(fromEnd: number): string | undefined {
    return this.context.entries.at(fromEnd);
  }

  private numbered(n: number): string | undefined {
    if (n < 0) return -n <= this.context.entries.length ? this.entry(n) : undefined;
    const index = n - this.context.base;
    return index < 0 ? undefined : this.context.entries[index];
  }

  private starting(start: number): string | ExpansionError {
    let end = start + 1;
    while (end < this.line.length && !this.endsEvent(end, start + 1)) end++;
    const text = this.line.slice(start + 1, end);
    return this.take(end, text === '' ? undefined : this.context.entries.findLast((entry) => entry.startsWith(text)), start);
  }

  private endsEvent(at: number, first: number): boolean {
    const c = this.line.charAt(at);
    if (/[ \t\n:]/.test(c) || SEARCH_DELIMITERS.includes(c)) return true;
    if (this.quote !== '' && c === this.quote) return true;
    return EVENT_DELIMITERS.includes(c) && (c !== '-' || at > first);
  }

  private containing(start: number): string | ExpansionError {
    const close = this.line.indexOf('?', start + 2);
    const end = close < 0 ? this.line.length : close;
    const { memory } = this.context;
    const text = this.line.slice(start + 2, end) || (memory.searched ?? '');
    memory.searched = text;
    const found = text === '' ? undefined : this.context.entries.findLast((entry) => entry.includes(text));
    if (found !== undefined) memory.matchedWord = historyWords(found).find((word) => word.includes(text));
    return this.take(close < 0 ? end : close + 1, found, start);
  }

  /** The words that a designator picks; the whole line without one. */
  private selectWords(line: string): string | ExpansionError {
    const rest = this.line.slice(this.at);
    const designator = DESIGNATOR.exec(rest)?.[0];
    if (designator === undefined) return line;
    this.at += designator.length;
    const picked = wordsOf(line, designator.replace(/^:/, ''), this.context.memory.matchedWord);
    return picked ?? new ExpansionError(designator, 'bad word specifier');
  }
}

/** The words that `designator` names, undefined when there are none such. */
function wordsOf(line: string, designator: string, matched: string | undefined): string | undefined {
  const words = historyWords(line);
  const last = words.length - 1;
  if (designator === '%') return matched ?? '';
  if (designator === '*') return words.slice(1).join(' ');
  if (designator === '$') return words[last] ?? '';
  const [, from = '', range = '', to = ''] = /^(\d+|\^)?([-*])?(\d+|\$|\^)?$/.exec(designator) ?? [];
  const first = from === '' ? 0 : from === '^' ? 1 : Number(from);
  const end = range === '' ? first : range === '*' ? last : to === '' ? last - 1 : to === '$' ? last : to === '^' ? 1 : Number(to);
  if (first > last || end > last || end < first) return undefined;
  return words.slice(first, end + 1).join(' ');
}
