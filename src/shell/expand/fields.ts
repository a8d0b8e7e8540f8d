/** Builds the fields of a word from its expanded pieces: where it splits, which chars are quoted. */

export interface Piece {
  readonly v: string;
  readonly q: boolean;
}

export class FieldBuilder {
  readonly fields: Piece[][] = [];
  private current: Piece[] | undefined;
  private delimiter: 'none' | 'blank' | 'other' = 'none';

  constructor(private readonly ifs: string) {}

  add(v: string, q: boolean): void {
    if (v === '' && !q) return;
    this.current ??= [];
    this.current.push({ v, q });
    this.delimiter = 'none';
  }

  /** Ends the field being built; a field that never began is not made. */
  breakField(): void {
    if (this.current) this.fields.push(this.current);
    this.current = undefined;
    this.delimiter = 'none';
  }

  /** The unquoted result of an expansion: splits at IFS. */
  split(v: string): void {
    if (this.ifs === '') return this.add(v, false);
    let start = 0;
    for (let i = 0; i < v.length; i++) {
      const c = v[i] as string;
      if (!this.ifs.includes(c)) continue;
      if (i > start) this.add(v.slice(start, i), false);
      start = i + 1;
      if (c === ' ' || c === '\t' || c === '\n') this.blank();
      else this.separator();
    }
    if (v.length > start) this.add(v.slice(start), false);
  }

  private blank(): void {
    if (!this.current) return;
    this.fields.push(this.current);
    this.current = undefined;
    this.delimiter = 'blank';
  }

  private separator(): void {
    if (this.current) this.fields.push(this.current);
    else if (this.delimiter !== 'blank') this.fields.push([]);
    this.current = undefined;
    this.delimiter = 'other';
  }

  finish(): Piece[][] {
    this.breakField();
    return this.fields;
  }
}

/** Text split at IFS as `read` and `$x` do it. */
export function splitFields(text: string, ifs: string): string[] {
  const b = new FieldBuilder(ifs);
  b.split(text);
  return b.finish().map((f) => f.map((p) => p.v).join(''));
}
