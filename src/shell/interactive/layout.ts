/** Where each character of prompt and line stands on a screen of a given width. Pure; display.ts turns two layouts into output. */
import { charWidth } from './width.ts';

export interface Cell {
  /** What is written: the character, its combining marks, invisible sequences of the prompt. */
  readonly text: string;
  readonly width: number;
  readonly inverse: boolean;
}

export interface View {
  /** Its last line; \x01 and \x02 enclose what takes no room. */
  readonly prompt: string;
  readonly text: string;
  /** Index into `text`. */
  readonly point: number;
  /** Start and end of the stretch shown inverted. */
  readonly region?: readonly [number, number] | undefined;
}

export interface Row {
  readonly cells: Cell[];
  width: number;
  /** The line goes on in the next row because this one is full. */
  wraps: boolean;
}

export interface Layout {
  readonly prompt: string;
  readonly rows: Row[];
  readonly row: number;
  readonly column: number;
}

const TAB_STOP = 8;

class Builder {
  readonly rows: Row[] = [newRow()];
  constructor(readonly columns: number) {}

  get last(): Row {
    return this.rows.at(-1) ?? newRow();
  }
  put(text: string, width: number, inverse = false): void {
    if (this.last.width + width > this.columns) this.fill();
    this.last.cells.push({ text, width, inverse });
    this.last.width += width;
    if (this.last.width === this.columns) this.wrap();
  }
  /** Adds what takes no room to the cell before, or to the next one when there is none. */
  attach(text: string): void {
    const row = this.last.cells.length === 0 && this.rows.length > 1 ? (this.rows.at(-2) ?? this.last) : this.last;
    const cell = row.cells.pop();
    if (cell) row.cells.push({ ...cell, text: cell.text + text });
    else row.cells.push({ text, width: 0, inverse: false });
  }
  newline(): void {
    this.rows.push(newRow());
  }
  /** A wide character does not fit: a blank takes the last column. */
  private fill() {
    this.last.cells.push({ text: ' ', width: 1, inverse: false });
    this.last.width++;
    this.wrap();
  }
  private wrap() {
    this.last.wraps = true;
    this.newline();
  }
}

const newRow = (): Row => ({ cells: [], width: 0, wraps: false });

export function layOut(view: View, columns: number): Layout {
  const builder = new Builder(Math.max(columns, 2));
  putPrompt(builder, view.prompt);
  let at = 0;
  let cursor: { row: number; column: number } | undefined;
  for (const char of view.text) {
    if (at === view.point) cursor = position(builder, charWidth(char));
    putChar(builder, char, view.region !== undefined && at >= view.region[0] && at < view.region[1]);
    at += char.length;
  }
  return { prompt: view.prompt, rows: builder.rows, ...(cursor ?? position(builder)) };
}

/** Where the next character of that width will stand. */
function position(builder: Builder, width = 0): { row: number; column: number } {
  if (builder.last.width + width > builder.columns) return { row: builder.rows.length, column: 0 };
  return { row: builder.rows.length - 1, column: builder.last.width };
}

// What a prompt may hold that takes no room: marked by bash's \[ \], or a sequence that the terminal swallows.
const INVISIBLE = /\x01[^\x02]*\x02?|\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|./gsu;

function putPrompt(builder: Builder, prompt: string) {
  for (const [part] of prompt.matchAll(INVISIBLE)) {
    if (part.startsWith('\x01')) builder.attach(part.replace(/[\x01\x02]/g, ''));
    else if (part.startsWith('\x1b') || part === '\x07') builder.attach(part);
    else putChar(builder, part, false);
  }
}

function putChar(builder: Builder, char: string, inverse: boolean) {
  if (char === '\n') return builder.newline();
  if (char === '\t') return putTab(builder, inverse);
  if (char < ' ' || char === '\x7f') return putControl(builder, char, inverse);
  if (/^[\udc80-\udcff]$/.test(char)) return putOctal(builder, char.charCodeAt(0) - 0xdc00, inverse);
  const width = charWidth(char);
  if (width === 0) builder.attach(char);
  else builder.put(char, width, inverse);
}

function putTab(builder: Builder, inverse: boolean): void {
  const n = TAB_STOP - (builder.last.width % TAB_STOP);
  for (let i = 0; i < n; i++) builder.put(' ', 1, inverse);
}

function putControl(builder: Builder, char: string, inverse: boolean): void {
  builder.put('^', 1, inverse);
  builder.put(char === '\x7f' ? '?' : String.fromCharCode(char.charCodeAt(0) + 64), 1, inverse);
}

function putOctal(builder: Builder, byte: number, inverse: boolean): void {
  for (const c of `\\${byte.toString(8)}`) builder.put(c, 1, inverse);
}
