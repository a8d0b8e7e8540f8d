/**
 * A shell program as the interpreter walks it. Words stay raw source text, as in bash's own command tree: what quotes and
 * dollar signs in them mean is decided when they are expanded.
 */

export interface Assignment {
  readonly kind: 'assignment';
  readonly name: string;
  readonly index: string | undefined;
  readonly append: boolean;
  /** A raw word, or the raw elements between parentheses. */
  readonly value: string | readonly string[];
  readonly text: string;
}

export interface Redirection {
  readonly op: string;
  readonly fd: number | undefined;
  /** `{name}>` */
  readonly fdVariable: string | undefined;
  /** A raw word; for here-documents the delimiter as written. */
  readonly target: string;
  readonly body: string;
  readonly quoted: boolean;
  readonly line: number;
}

export interface Simple {
  readonly type: 'simple';
  readonly line: number;
  readonly assignments: readonly Assignment[];
  readonly words: readonly (string | Assignment)[];
  readonly redirections: readonly Redirection[];
}
export interface Redirected {
  readonly type: 'redirected';
  readonly line: number;
  readonly command: Command;
  readonly redirections: readonly Redirection[];
}
export interface If {
  readonly type: 'if';
  readonly line: number;
  readonly clauses: readonly { readonly test: List; readonly body: List }[];
  readonly otherwise: List | undefined;
}
export interface For {
  readonly type: 'for' | 'select';
  readonly line: number;
  readonly name: string;
  readonly words: readonly string[] | undefined;
  readonly body: List;
}
export interface ArithmeticFor {
  readonly type: 'arithmetic-for';
  readonly line: number;
  readonly init: string;
  readonly test: string;
  readonly update: string;
  readonly body: List;
}
export interface While {
  readonly type: 'while' | 'until';
  readonly line: number;
  readonly test: List;
  readonly body: List;
}
export interface CaseItem {
  readonly patterns: readonly string[];
  readonly body: List;
  readonly terminator: ';;' | ';&' | ';;&';
}
export interface Case {
  readonly type: 'case';
  readonly line: number;
  readonly word: string;
  readonly items: readonly CaseItem[];
}
export interface Group {
  readonly type: 'group' | 'subshell';
  readonly line: number;
  readonly body: List;
}
export interface Arithmetic {
  readonly type: 'arithmetic';
  readonly line: number;
  readonly expression: string;
}
export interface Conditional {
  readonly type: 'conditional';
  readonly line: number;
  readonly test: Test;
}
export interface FunctionDefinition {
  readonly type: 'function';
  readonly line: number;
  readonly name: string;
  readonly body: Command;
}
export interface Coprocess {
  readonly type: 'coproc';
  readonly line: number;
  readonly name: string;
  readonly body: Command;
}

export type Test =
  | { readonly op: 'unary'; readonly line: number; readonly operator: string; readonly operand: string }
  | { readonly op: 'binary'; readonly line: number; readonly operator: string; readonly left: string; readonly right: string }
  | { readonly op: '&&' | '||'; readonly operands: readonly Test[] }
  | { readonly op: 'not'; readonly count: number; readonly operand: Test }
  | { readonly op: 'group'; readonly operand: Test };

export type Command =
  | Simple
  | Redirected
  | If
  | For
  | ArithmeticFor
  | While
  | Case
  | Group
  | Arithmetic
  | Conditional
  | FunctionDefinition
  | Coprocess;

export interface Pipeline {
  readonly type: 'pipeline';
  readonly line: number;
  readonly commands: readonly Command[];
  /** `|&` after command i. */
  readonly both: readonly boolean[];
  readonly negations: number;
  readonly timed: 'no' | 'bash' | 'posix';
}
export interface AndOr {
  readonly type: 'and-or';
  readonly line: number;
  readonly pipelines: readonly Pipeline[];
  readonly operators: readonly ('&&' | '||')[];
}
export interface Statement {
  readonly command: AndOr;
  readonly background: boolean;
  /** A newline parts it from the next, not `;`. */
  readonly newline: boolean;
  readonly line: number;
}
export type List = readonly Statement[];
