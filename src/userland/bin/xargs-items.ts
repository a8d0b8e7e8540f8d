/** How xargs(1) finds items in its input: by a delimiter, as whole lines, or as words with quotes. */
import { type Errno, IS_ERR } from '../../uapi/errno.ts';
import type { LineReader } from '../lib/stdio.ts';

export interface ItemsHow {
  /** One character; null for words. */
  readonly delimiter: string | null;
  readonly wholeLines: boolean;
  /** An item that ends the input. */
  readonly end: string | null;
}

export interface ItemSource {
  /** The next item; null at the end; an object for input that makes no sense. */
  next(): Promise<string | null | Errno | { readonly complaint: string }>;
  /** Whether the item was the last of its line. */
  readonly endedLine: boolean;
}

export function splitItems(reader: LineReader, how: ItemsHow): ItemSource {
  return how.delimiter === null ? new Words(reader, how) : new Delimited(reader, how.delimiter);
}

class Delimited implements ItemSource {
  readonly endedLine = true;
  private pending: string[] = [];
  private rest = '';
  private done = false;

  constructor(
    private readonly reader: LineReader,
    private readonly delimiter: string,
  ) {}

  async next(): Promise<string | null | Errno> {
    for (;;) {
      const item = this.pending.shift();
      if (item !== undefined) return item;
      if (this.done) return null;
      const line = await this.reader.next();
      if (IS_ERR(line)) return line;
      this.accept(line);
    }
  }

  private accept(line: string | undefined): void {
    if (line === undefined) {
      this.done = true;
      if (this.rest !== '') this.pending.push(this.rest);
      return;
    }
    if (this.delimiter === '\n' || this.delimiter === '\0') {
      this.pending.push(line);
      return;
    }
    const parts = (this.rest + line + (this.reader.terminated ? '\n' : '')).split(this.delimiter);
    this.rest = parts.pop() ?? '';
    this.pending.push(...parts);
  }
}

/** Words between blanks; quotes and backslashes as xargs has them; a line that ends in a blank goes on. */
class Words implements ItemSource {
  endedLine = false;
  private line = '';
  private position = 0;

  constructor(
    private readonly reader: LineReader,
    private readonly how: ItemsHow,
  ) {}

  async next(): Promise<string | null | Errno | { complaint: string }> {
    for (;;) {
      this.skipBlanks();
      if (this.position < this.line.length) break;
      const line = await this.reader.next();
      if (IS_ERR(line)) return line;
      if (line === undefined) return null;
      this.line = line;
      this.position = 0;
    }
    const item = this.item();
    if (typeof item !== 'string') return item;
    return item === this.how.end ? null : item;
  }

  private skipBlanks(): void {
    while (/^[ \t]$/.test(this.line[this.position] ?? '')) this.position++;
  }

  private item(): string | { complaint: string } {
    let out = '';
    for (let c = this.line[this.position]; c !== undefined; c = this.line[this.position]) {
      if ((c === ' ' || c === '\t') && !this.how.wholeLines) break;
      this.position++;
      if (c === '\\') out += this.line[this.position++] ?? '';
      else if (c === "'" || c === '"') {
        const close = this.line.indexOf(c, this.position);
        if (close < 0) {
          const kind = c === "'" ? 'single' : 'double';
          return { complaint: `unmatched ${kind} quote; by default quotes are special to xargs unless you use the -0 option` };
        }
        out += this.line.slice(this.position, close);
        this.position = close + 1;
      } else out += c;
    }
    this.endedLine = this.position >= this.line.length;
    return out;
  }
}
