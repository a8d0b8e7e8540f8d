/** Draws prompt and line: what to write so that the screen shows a view, given what it shows already. Follows readline's display.c. */
import { type Cell, type Layout, layOut, type Row, type View } from './layout.ts';

const ERASE_RIGHT = '\x1b[K';
const ERASE_BELOW = '\x1b[J';

const EMPTY: Row = { cells: [], width: 0, wraps: false };

export class Display {
  /** What stands on the screen; undefined before the first drawing. */
  private shown: Layout | undefined;
  private row = 0;
  private column = 0;
  /** First row of the layout that is on the screen, when it has more rows than the screen. */
  private first = 0;
  private out = '';

  constructor(
    private columns: number,
    private height = Number.POSITIVE_INFINITY,
  ) {}

  /** Output that brings the screen to `view`. */
  draw(view: View): string {
    const next = layOut(view, this.columns);
    const first = this.window(next);
    if (this.shown && first === this.first && this.shown.prompt === next.prompt) this.update(this.shown, next);
    else this.repaint(next, first);
    this.shown = next;
    this.moveTo(next.row - this.first, next.column);
    return this.take();
  }

  /** Output that leaves the line: the cursor goes below its last row. */
  finish(): string {
    const last = this.shown?.rows.at(-1);
    const blank = last !== undefined && last.cells.length === 0 && this.shown?.rows.at(-2)?.wraps === true;
    if (this.shown) this.moveTo(this.shown.rows.length - 1 - this.first, 0);
    this.reset();
    // A line that fills its last row has opened the next already.
    if (!blank) this.out += '\r\n';
    return this.take();
  }

  /** Output that takes the line off the screen, so that something else can be printed in its place. */
  erase(): string {
    if (this.shown) this.moveTo(0, 0);
    this.out += `\r${ERASE_BELOW}`;
    this.reset();
    return this.take();
  }

  /** Forgets what stands there: the next drawing starts where the cursor is. */
  reset(): void {
    this.shown = undefined;
    this.row = this.column = this.first = 0;
  }

  /** The terminal has another size. It kept the rows of the line as they were, so they are drawn anew from their first. */
  resize(columns: number, height: number): string {
    this.columns = columns;
    this.height = height;
    return this.erase();
  }

  private take(): string {
    const { out } = this;
    this.out = '';
    return out;
  }

  /** The first row to show, so that the cursor's row is on the screen. */
  private window(next: Layout): number {
    if (next.rows.length <= this.height) return 0;
    const lowest = Math.max(0, next.row - this.height + 1);
    const highest = Math.min(next.row, next.rows.length - this.height);
    return Math.min(Math.max(this.first, lowest), Math.max(highest, lowest));
  }

  private repaint(next: Layout, first: number): void {
    if (this.shown) this.out += this.upTo(0) + ERASE_BELOW;
    this.first = first;
    this.row = this.column = 0;
    const rows = this.visible(next);
    rows.forEach((row, i) => {
      if (i > 0) this.stepInto(row, rows[i - 1] ?? EMPTY, i);
      this.writeCells(row.cells);
    });
  }

  private update(old: Layout, next: Layout): void {
    const before = this.visible(old);
    const rows = this.visible(next);
    rows.forEach((row, i) => {
      this.updateRow(before[i], row, rows[i - 1], i);
    });
    if (before.length > rows.length) {
      this.moveTo(rows.length, 0);
      this.out += ERASE_BELOW;
    }
  }

  private updateRow(old: Row | undefined, row: Row, above: Row | undefined, index: number): void {
    const from = firstDifference(old?.cells ?? [], row.cells);
    const same = old !== undefined && from === row.cells.length && from === old.cells.length;
    if (same) return;
    const column = widthOf(row.cells.slice(0, from));
    if (from === 0 && above?.wraps && this.row === index - 1 && this.column >= this.columns) this.stepInto(row, above, index);
    else this.moveTo(index, column);
    this.writeCells(row.cells.slice(from));
    if (old && old.width > row.width) this.out += ERASE_RIGHT;
  }

  /** From the end of the row above to the start of this one: by the terminal's own wrapping where the line wraps. */
  private stepInto(row: Row, above: Row, index: number): void {
    if (!above.wraps) this.out += '\r\n';
    else if (row.cells.length === 0) this.out += ' \r';
    this.row = index;
    this.column = 0;
  }

  private writeCells(cells: readonly Cell[]): void {
    let inverse = false;
    for (const cell of cells) {
      if (cell.inverse !== inverse) this.out += cell.inverse ? '\x1b[7m' : '\x1b[27m';
      inverse = cell.inverse;
      this.out += cell.text;
      this.column += cell.width;
    }
    if (inverse) this.out += '\x1b[27m';
  }

  private visible(layout: Layout): readonly Row[] {
    return layout.rows.slice(this.first, this.first + this.height);
  }

  private moveTo(row: number, column: number): void {
    if (row === this.row && column === this.column) return;
    if (row > this.row) this.out += '\r\n'.repeat(row - this.row) + right(column);
    else if (row < this.row) this.out += this.upTo(row) + right(column);
    else if (column < this.column && this.column - column <= 4 && this.column < this.columns) this.out += '\b'.repeat(this.column - column);
    else this.out += `\r${right(column)}`;
    this.row = row;
    this.column = column;
  }

  private upTo(row: number): string {
    const n = this.row - row;
    return n > 0 ? `\r\x1b[${n}A` : '\r';
  }
}

const right = (columns: number): string => (columns === 0 ? '' : `\x1b[${columns}C`);
const widthOf = (cells: readonly Cell[]): number => cells.reduce((sum, cell) => sum + cell.width, 0);

function firstDifference(a: readonly Cell[], b: readonly Cell[]): number {
  let i = 0;
  while (i < a.length && i < b.length && a[i]?.text === b[i]?.text && a[i]?.inverse === b[i]?.inverse) i++;
  return i;
}
