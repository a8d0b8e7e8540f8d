/** What head(1) and tail(1) share: how much to print, and the headers between files. */
import type { Io, Options } from './command.ts';
import { Failure } from './error.ts';
import { parseSize } from './humanize.ts';

export interface Count {
  readonly unit: 'bytes' | 'lines';
  readonly amount: number;
  /** The sign in front: head's "all but", tail's "from". */
  readonly sign: '' | '-' | '+';
}

export function countOf(io: Io, options: Options, standard: Count): Count {
  const key = options.last('c', 'n');
  if (key === null) return standard;
  const text = options.value(key) ?? '';
  const m = /^([-+]?)(.*)$/s.exec(text);
  const amount = parseSize(m?.[2] ?? '');
  const unit = key === 'c' ? 'bytes' : 'lines';
  if (amount === null) throw new Failure(`invalid number of ${unit}: ${io.quote(text.replace(/^-/, ''))}`);
  return { unit, amount, sign: (m?.[1] ?? '') as Count['sign'] };
}

/** "==> name <==" before each file when there are several. */
export class Headers {
  private printed = false;
  private readonly wanted: boolean;

  constructor(
    private readonly io: Io,
    options: Options,
    several: boolean,
  ) {
    const last = options.last('q', 'v', 'silent');
    this.wanted = last === null ? several : last === 'v';
  }

  print(name: string): void {
    if (!this.wanted) return;
    this.io.stdout.put(`${this.printed ? '\n' : ''}==> ${name === '-' ? 'standard input' : name} <==\n`);
    this.printed = true;
  }
}
