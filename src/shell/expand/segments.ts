/** What a raw word is made of, once quotes and dollar signs are understood. */

export interface Literal {
  readonly t: 'lit';
  readonly v: string;
  /** Quoted: neither split, nor a pattern. */
  readonly q: boolean;
}
export interface Tilde {
  readonly t: 'tilde';
  readonly user: string;
}
export interface Param {
  readonly t: 'param';
  readonly q: boolean;
  readonly name: string;
  readonly index: string | undefined;
  /** `${!x…}` */
  readonly indirect: boolean;
  /** `${#x}` */
  readonly length: boolean;
  /** `${!prefix@}` or `${!array[@]}` without the bracket. */
  readonly names: '@' | '*' | undefined;
  readonly op: string;
  readonly word: string;
  /** Second operand of `/` and of `:`. */
  readonly word2: string | undefined;
  readonly raw: string;
}
export interface Substitution {
  readonly t: 'cmd';
  readonly q: boolean;
  readonly source: string;
  readonly backtick: boolean;
  /** Newlines before it in the word. */
  readonly line: number;
}
export interface ArithmeticExpansion {
  readonly t: 'arith';
  readonly q: boolean;
  readonly expression: string;
}
export interface ProcessSubstitution {
  readonly t: 'proc';
  readonly direction: '<' | '>';
  readonly source: string;
}
export type Segment = Literal | Tilde | Param | Substitution | ArithmeticExpansion | ProcessSubstitution;

/**
 * How quotes are read. `word`: the shell's ordinary rules. `dq`: inside double quotes. `operand`: the word of `"${x:-word}"`,
 * where double quotes vanish but single ones are text. `heredoc`: both are text.
 */
export type QuoteMode = 'word' | 'dq' | 'operand' | 'heredoc';
