/** What a line's changes were, newest last, so that each can be taken back. Follows readline's undo.c. */

export type UndoRecord =
  | { readonly what: 'insert'; readonly start: number; end: number }
  | { readonly what: 'delete'; readonly start: number; readonly text: string }
  | { readonly what: 'begin' }
  | { readonly what: 'end' };

const MAX_COALESCED = 20;

/** Notes an insertion; single ASCII characters typed in a row become one record of at most twenty. */
export function noteInsert(list: UndoRecord[], start: number, text: string): void {
  const last = list.at(-1);
  const joins = last?.what === 'insert' && last.end === start && last.end - last.start < MAX_COALESCED;
  if (joins && text.length === 1 && text < '\x80') last.end++;
  else list.push({ what: 'insert', start, end: start + text.length });
}

export interface Undone {
  readonly text: string;
  readonly point: number;
}

/** Takes back the last record, or the last group as a whole. Undefined when there is nothing. */
export function undoOne(list: UndoRecord[], text: string, point: number): Undone | undefined {
  if (list.length === 0) return undefined;
  let state: Undone = { text, point };
  let depth = 0;
  do {
    const record = list.pop();
    if (record === undefined) break;
    if (record.what === 'end') depth++;
    else if (record.what === 'begin') depth--;
    else state = revert(record, state.text);
  } while (depth > 0);
  return state;
}

function revert(record: Extract<UndoRecord, { start: number }>, text: string): Undone {
  if (record.what === 'insert') return { text: text.slice(0, record.start) + text.slice(record.end), point: record.start };
  return { text: text.slice(0, record.start) + record.text + text.slice(record.start), point: record.start + record.text.length };
}
