/** The language of find(1)'s expressions: operators, options, and a table of what takes how many arguments. */
import { IS_ERR } from '../../uapi/errno.ts';
import type { MaybeAsync } from '../../uapi/types.ts';
import { Failure } from '../lib/error.ts';
import { actions } from './find-actions.ts';
import { type Found, type Search, tests } from './find-tests.ts';

export type Expression = (found: Found) => MaybeAsync<boolean>;

export interface Settings {
  follow: 'never' | 'operands' | 'always';
  minDepth: number;
  maxDepth: number;
  depthFirst: boolean;
  sameDevice: boolean;
  /** Times count from the end of today. */
  dayStart: boolean;
  regexType: 'emacs' | 'basic' | 'extended';
}

/** Makes an expression of its arguments, the words behind its name. */
export type Maker = (args: readonly string[], search: Search, settings: Settings, name: string) => Expression;
export interface Primary {
  /** How many words it takes; those of an action that ends with `;` are found by it itself. */
  readonly takes: number | ((rest: readonly string[], name: string) => number);
  readonly make: Maker;
  /** It prints, runs or deletes: then -print is not implied. */
  readonly isAction?: boolean;
}

export async function parseExpression(
  words: readonly string[],
  search: Search,
  follow: Settings['follow'],
): Promise<{ expression: Expression; settings: Settings }> {
  const settings: Settings = {
    follow,
    minDepth: 0,
    maxDepth: Number.POSITIVE_INFINITY,
    depthFirst: false,
    sameDevice: false,
    dayStart: false,
    regexType: 'emacs',
  };
  const parser = new Parser(words, search, settings);
  const expression = parser.parse();
  return { expression, settings };
}

const TRUE: Expression = () => true;

class Parser {
  private position = 0;
  private acts = false;

  constructor(
    private readonly words: readonly string[],
    private readonly search: Search,
    private readonly settings: Settings,
  ) {}

  parse(): Expression {
    const print = actions['-print'] as Primary;
    const implied = (): Expression => print.make([], this.search, this.settings, '-print');
    if (this.words.length === 0) return implied();
    const expression = this.comma();
    const extra = this.words[this.position];
    if (extra === ')') throw new Failure("invalid expression; you have too many ')'");
    return this.acts ? expression : and(expression, implied());
  }

  private peek(): string | undefined {
    return this.words[this.position];
  }

  private takes(...operators: readonly string[]): boolean {
    if (!operators.includes(this.peek() ?? '')) return false;
    this.position++;
    return true;
  }

  private comma(): Expression {
    let left = this.or();
    while (this.takes(',')) {
      const [before, right] = [left, this.or()];
      left = async (found) => {
        await before(found);
        return await right(found);
      };
    }
    return left;
  }

  private or(): Expression {
    let left = this.and();
    while (this.takes('-o', '-or')) {
      const [before, right] = [left, this.and()];
      left = async (found) => (await before(found)) || (await right(found));
    }
    return left;
  }

  private and(): Expression {
    let left = this.not();
    for (;;) {
      const word = this.peek();
      if (word === undefined || [')', ',', '-o', '-or'].includes(word)) return left;
      this.takes('-a', '-and');
      left = and(left, this.not());
    }
  }

  private not(): Expression {
    if (!this.takes('!', '-not')) return this.primary();
    const inner = this.not();
    return async (found) => !(await inner(found));
  }

  private primary(): Expression {
    const name = this.peek();
    if (name === undefined) throw this.missingOperand();
    this.position++;
    if (name === '(') return this.parenthesized();
    if (name === ')') throw new Failure("invalid expression; expected to find an expression before ')'");
    if (['-a', '-and', '-o', '-or', ','].includes(name)) {
      throw new Failure(`invalid expression; you have used a binary operator '${name}' with nothing before it.`);
    }
    if (!name.startsWith('-')) throw this.misplacedPath(name);
    const option = this.option(name);
    if (option) return option;
    const primary = tests[name] ?? actions[name] ?? this.newerXY(name);
    if (!primary) throw new Failure(`unknown predicate \`${name}'`);
    if (primary.isAction) this.acts = true;
    return primary.make(this.arguments(primary, name), this.search, this.settings, name);
  }

  private arguments(primary: Primary, name: string): string[] {
    const rest = this.words.slice(this.position);
    const count = typeof primary.takes === 'number' ? primary.takes : primary.takes(rest, name);
    if (rest.length < count) throw new Failure(`missing argument to \`${name}'`);
    this.position += count;
    return rest.slice(0, count);
  }

  private missingOperand(): Failure {
    const before = this.words[this.position - 1] ?? '';
    if (before !== '(') return new Failure(`expected an expression after '${before}'`);
    return new Failure("invalid expression; expected to find a ')' but didn't see one. Perhaps you need an extra predicate after '('");
  }

  private misplacedPath(name: string): Failure {
    const before = this.words[this.position - 3] ?? '';
    // A shell may have made several names of an unquoted pattern.
    const expanded = /^-i?(name|path|wholename|lname)$/.test(before) && !IS_ERR(this.search.io.sys.lstat(name));
    const hint = expanded ? `\n${this.search.io.name}: possible unquoted pattern after predicate \`${before}'?` : '';
    return new Failure(`paths must precede expression: \`${name}'${hint}`);
  }

  private parenthesized(): Expression {
    if (this.peek() === ')') throw new Failure('invalid expression; empty parentheses are not allowed.');
    const inner = this.comma();
    if (!this.takes(')')) {
      throw new Failure("invalid expression; I was expecting to find a ')' somewhere but did not see one.");
    }
    return inner;
  }

  private newerXY(name: string): Primary | undefined {
    return /^-newer[aBcm][aBcmt]$/.test(name) ? tests['-newerXY'] : undefined;
  }

  /** What holds for the whole search, wherever it stands. */
  private option(name: string): Expression | null {
    switch (name) {
      case '-depth':
      case '-d':
        this.settings.depthFirst = true;
        return TRUE;
      case '-xdev':
      case '-mount':
        this.settings.sameDevice = true;
        return TRUE;
      case '-follow':
        this.settings.follow = 'always';
        return TRUE;
      case '-daystart':
        this.settings.dayStart = true;
        return TRUE;
      case '-noleaf':
      case '-warn':
      case '-nowarn':
      case '-ignore_readdir_race':
      case '-noignore_readdir_race':
        return TRUE;
      case '-maxdepth':
      case '-mindepth':
        return this.depthOption(name);
      case '-regextype':
        return this.regexType();
      default:
        return null;
    }
  }

  private depthOption(name: '-maxdepth' | '-mindepth'): Expression {
    const [text = ''] = this.arguments({ takes: 1, make: () => TRUE }, name);
    if (!/^\d+$/.test(text)) throw new Failure(`Expected a positive decimal integer argument to ${name}, but got '${text}'`);
    this.settings[name === '-maxdepth' ? 'maxDepth' : 'minDepth'] = Number(text);
    return TRUE;
  }

  private regexType(): Expression {
    const [text = ''] = this.arguments({ takes: 1, make: () => TRUE }, '-regextype');
    const types: Readonly<Record<string, Settings['regexType']>> = {
      emacs: 'emacs',
      'findutils-default': 'emacs',
      'posix-basic': 'basic',
      grep: 'basic',
      sed: 'basic',
      ed: 'basic',
      'posix-extended': 'extended',
      'posix-egrep': 'extended',
      egrep: 'extended',
      awk: 'extended',
      'posix-awk': 'extended',
    };
    const type = types[text];
    if (!type) throw new Failure(`Unknown regular expression type '${text}'`);
    this.settings.regexType = type;
    return TRUE;
  }
}

function and(left: Expression, right: Expression): Expression {
  return async (found) => (await left(found)) && (await right(found));
}
