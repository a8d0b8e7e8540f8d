/** The marks of cat -n, -b, -s, -E, -T and -v on text of one char a byte. */

export interface Marking {
  readonly ends: boolean;
  readonly tabs: boolean;
  readonly nonprinting: boolean;
  readonly number: 'all' | 'nonblank' | null;
  readonly squeeze: boolean;
}

/** Remembers across chunks (and files) where in a line the last one stopped. */
export class Marker {
  private line = 0;
  private atLineStart = true;
  private blankLines = 0;

  constructor(private readonly how: Marking) {}

  mark(text: string): string {
    const lines = text.split('\n');
    const last = lines.pop() as string;
    let out = '';
    for (const line of lines) out += this.whole(line);
    return out + this.start(last);
  }

  /** The rest of a line with its end. */
  private whole(line: string): string {
    const blank = this.atLineStart && line === '';
    this.blankLines = blank ? this.blankLines + 1 : 0;
    if (blank && this.how.squeeze && this.blankLines > 1) return '';
    const number = blank && this.how.number === 'all' ? this.nextNumber() : '';
    const body = `${number}${this.start(line)}${this.how.ends ? '$' : ''}\n`;
    this.atLineStart = true;
    return body;
  }

  private start(text: string): string {
    if (text === '') return '';
    const number = this.atLineStart && this.how.number ? this.nextNumber() : '';
    this.atLineStart = false;
    this.blankLines = 0;
    return number + this.visible(text);
  }

  private nextNumber(): string {
    return `${String(++this.line).padStart(6)}\t`;
  }

  private visible(text: string): string {
    if (this.how.nonprinting) return text.replace(/[^\x20-\x7e]/g, (c) => (c === '\t' ? this.tab() : showByte(c.charCodeAt(0))));
    return this.how.tabs ? text.replaceAll('\t', '^I') : text;
  }

  private tab(): string {
    return this.how.tabs ? '^I' : '\t';
  }
}

/** "^A", "^?", "M-x", "M-^A". */
function showByte(byte: number): string {
  const low = byte & 0x7f;
  const shown = low < 32 ? `^${String.fromCharCode(low + 64)}` : low === 127 ? '^?' : String.fromCharCode(low);
  return byte > 127 ? `M-${shown}` : shown;
}
