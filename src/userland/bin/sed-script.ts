/** What a sed(1) script is made of once it is read. */

export interface SedRegex {
  /** Null for the empty expression: the one used last. */
  readonly regexp: RegExp | null;
  readonly groups: number;
}

export type Address =
  | { readonly kind: 'line'; readonly line: number }
  | { readonly kind: 'step'; readonly first: number; readonly step: number }
  | { readonly kind: 'last' }
  | { readonly kind: 'regex'; readonly regex: SedRegex }
  /** Only as a second address: `+N` and `~N`. */
  | { readonly kind: 'plus'; readonly count: number }
  | { readonly kind: 'multiple'; readonly of: number };

/** A piece of the right side of `s`. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'group'; readonly group: number }
  /** `\U \L \E \u \l`. */
  | { readonly kind: 'case'; readonly letter: string };

export interface Substitution {
  readonly regex: SedRegex;
  readonly pieces: readonly Piece[];
  readonly global: boolean;
  readonly number: number;
  readonly print: boolean;
  readonly evaluate: boolean;
  readonly file: string | null;
}

export interface Command {
  readonly name: string;
  readonly from: Address | null;
  readonly to: Address | null;
  readonly negated: boolean;
  /** Text of a, i, c; file of r, R, w, W; command of e; label of :, b, t, T. */
  readonly text: string;
  /** Exit code of q, Q; width of l. */
  readonly number: number | null;
  readonly substitution: Substitution | null;
  readonly map: ReadonlyMap<string, string> | null;
  /** Where b, t, T and an unmatched { go on. */
  target: number;
  /** The range's state while the script runs. */
  range: 'inactive' | 'active' | 'closed';
  rangeEnd: number;
}

export interface Script {
  readonly commands: readonly Command[];
  /** The first line was `#n`. */
  readonly quiet: boolean;
}

/** A part of the script: of -e (numbered) or -f. */
export interface Source {
  readonly text: string;
  readonly name: { readonly expression: number } | { readonly file: string };
}
