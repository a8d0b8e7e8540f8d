/** awk's language as a tree. */

export type Lvalue =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'element'; readonly array: string; readonly index: readonly Expr[] }
  | { readonly kind: 'field'; readonly index: Expr };

export type Expr =
  | Lvalue
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'regex'; readonly source: string }
  /** `(a, b)`, which only print, printf and `in` take. */
  | { readonly kind: 'list'; readonly items: readonly Expr[] }
  | { readonly kind: 'group'; readonly inner: Expr }
  | { readonly kind: 'unary'; readonly op: '-' | '+' | '!'; readonly operand: Expr }
  | { readonly kind: 'binary'; readonly op: string; readonly left: Expr; readonly right: Expr }
  | { readonly kind: 'logical'; readonly op: '&&' | '||'; readonly left: Expr; readonly right: Expr }
  | { readonly kind: 'match'; readonly negated: boolean; readonly text: Expr; readonly pattern: Expr }
  | { readonly kind: 'in'; readonly index: readonly Expr[]; readonly array: string }
  | { readonly kind: 'conditional'; readonly test: Expr; readonly yes: Expr; readonly no: Expr }
  | { readonly kind: 'assign'; readonly op: string; readonly target: Lvalue; readonly value: Expr }
  | { readonly kind: 'step'; readonly by: 1 | -1; readonly prefix: boolean; readonly target: Lvalue }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expr[]; readonly line: number }
  | { readonly kind: 'builtin'; readonly name: string; readonly args: readonly Expr[]; readonly line: number }
  | { readonly kind: 'getline'; readonly from: 'main' | 'file' | 'command'; readonly source: Expr | null; readonly target: Lvalue | null };

export interface Redirection {
  readonly to: '>' | '>>' | '|';
  readonly name: Expr;
}

export type Statement =
  | { readonly kind: 'expression'; readonly value: Expr }
  | { readonly kind: 'print'; readonly args: readonly Expr[]; readonly format: boolean; readonly redirection: Redirection | null }
  | { readonly kind: 'if'; readonly test: Expr; readonly yes: Statement; readonly no: Statement | null }
  | { readonly kind: 'while'; readonly test: Expr; readonly body: Statement }
  | { readonly kind: 'do'; readonly body: Statement; readonly test: Expr }
  | {
      readonly kind: 'for';
      readonly init: Statement | null;
      readonly test: Expr | null;
      readonly step: Statement | null;
      readonly body: Statement;
    }
  | { readonly kind: 'for-in'; readonly name: Lvalue; readonly array: string; readonly body: Statement }
  | { readonly kind: 'block'; readonly body: readonly Statement[] }
  | { readonly kind: 'delete'; readonly array: string; readonly index: readonly Expr[] | null }
  | { readonly kind: 'next' | 'nextfile' | 'break' | 'continue' }
  | { readonly kind: 'exit' | 'return'; readonly value: Expr | null };

export interface Rule {
  /** BEGIN and END, a pattern, a range of two, or nothing: every record. */
  readonly when: 'BEGIN' | 'END' | readonly Expr[];
  /** Null prints the record. */
  readonly action: Statement | null;
}

export interface AwkFunction {
  readonly params: readonly string[];
  readonly body: Statement;
}

export interface AwkProgram {
  readonly rules: readonly Rule[];
  readonly functions: ReadonlyMap<string, AwkFunction>;
}
