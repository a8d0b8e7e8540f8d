/** Puts a completion into the line, and lays out the list of possibilities. Follows readline's complete.c. */
import { type Completion, commonPrefix, type Match, needsQuote, quoteName } from './completion.ts';
import type { CompletionRequest, Editor } from './editor.ts';
import { textWidth } from './width.ts';

/** Possibilities to be shown. */
export interface CompletionList {
  readonly count: number;
  /** As columns on a screen so wide. */
  rows(columns: number): string[];
}

/** Does what the key asked; answers the possibilities that are to be shown, if any. */
export function applyCompletion(
  ed: Editor,
  request: CompletionRequest,
  completion: Completion,
  habits: CompletionHabits = {},
): readonly Match[] | undefined {
  const { matches } = completion;
  ed.lastCompletionStuck = false;
  if (matches.length === 0) {
    ed.bell();
    return undefined;
  }
  if (request.action === 'list' || (request.action === 'complete' && request.again)) return matches;
  if (request.action === 'insert') insertAll(ed, completion);
  else if (request.action === 'braces') insertBraces(ed, completion);
  else return insertOne(ed, completion, habits);
  return undefined;
}

/** Variables of readline's. */
export interface CompletionHabits {
  readonly ignoreCase?: boolean;
  /** show-all-if-ambiguous, show-all-if-unmodified: several possibilities are listed at once. */
  readonly showAll?: 'ambiguous' | 'unmodified' | undefined;
}

function insertOne(ed: Editor, completion: Completion, { ignoreCase, showAll }: CompletionHabits): readonly Match[] | undefined {
  const before = ed.text;
  const { matches, word } = completion;
  const [only] = matches;
  replaceWord(ed, completion, commonPrefix(matches, ignoreCase));
  if (matches.length === 1 && only) appendSuffix(ed, only, word.quote);
  else if (showAll === 'ambiguous' || (showAll === 'unmodified' && ed.text === before)) return matches;
  else ed.bell();
  ed.lastCompletionStuck = ed.text === before;
  return undefined;
}

function replaceWord(ed: Editor, completion: Completion, text: string): void {
  const { word, files } = completion;
  const inserted = files ? keepDirectory(word.raw, word.text, text, word.quote) : text;
  if (inserted === '' || inserted === word.raw) return;
  if (inserted.startsWith(word.raw)) ed.insert(inserted.slice(word.raw.length));
  else ed.replace(word.start, word.end, inserted);
}

/** The directory part stays as it was typed, so that `~` and variables in it go on working. */
function keepDirectory(raw: string, typed: string, text: string, quote: '' | '"' | "'"): string {
  const rawDirectory = raw.slice(0, raw.lastIndexOf('/') + 1);
  const directory = typed.slice(0, typed.lastIndexOf('/') + 1);
  if (rawDirectory === '' || /['"]/.test(rawDirectory) || !text.startsWith(directory)) return quoteName(text, quote);
  return rawDirectory + quoteName(text.slice(directory.length), quote);
}

/** A slash after a directory, else the closing quote and a blank; the blank only at the end of the line. */
function appendSuffix(ed: Editor, match: Match, quote: string): void {
  const after = ed.text.charAt(ed.point);
  if (match.suffix === '/') {
    if (quote !== '' && after !== quote && needsQuote(match.text)) ed.insert(quote);
    if (after !== '/' && !(after === '' && ed.text.endsWith('/'))) ed.insert('/');
  } else if (match.suffix === ' ') {
    const close = quote !== '' && after !== quote ? quote : '';
    ed.insert(close + (ed.point === ed.text.length ? ' ' : ''));
  }
}

function insertAll(ed: Editor, { matches, word, files }: Completion): void {
  const text = matches.map((match) => (files ? quoteName(match.text, word.quote) : match.text)).join(' ');
  ed.replace(word.start, word.end, `${text} `);
}

/** `complete-into-braces`: a{b,c}. */
function insertBraces(ed: Editor, { matches, word }: Completion): void {
  const prefix = commonPrefix(matches);
  const rest = matches.map((match) => match.text.slice(prefix.length) + (match.suffix === '/' ? '/' : ''));
  ed.replace(word.start, word.end, matches.length === 1 ? `${prefix}${rest[0] ?? ''} ` : `${prefix}{${rest.join(',')}} `);
}

const GAP = 2;

/** The rows of a list on a screen so wide: columns filled downwards, as `ls` does. */
export function listRows(matches: readonly Match[], columns: number): string[] {
  const widest = Math.max(...matches.map((match) => textWidth(match.shown.replace(/\/$/, '')))) + GAP;
  let perRow = Math.floor(columns / widest);
  if (perRow !== 1 && perRow * widest === columns) perRow--;
  perRow = Math.max(1, perRow);
  const count = Math.ceil(matches.length / perRow);
  return Array.from({ length: count }, (_, row) => {
    let text = '';
    for (let i = row, column = 0; i < matches.length && column < perRow; i += count, column++) {
      const shown = matches[i]?.shown ?? '';
      text += column + 1 < perRow ? shown + ' '.repeat(Math.max(1, widest - textWidth(shown))) : shown;
    }
    return text;
  });
}
