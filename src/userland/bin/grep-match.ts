/** grep(1)'s patterns compiled, and where in a line they match. */
import { compileRegex, escapeLiteral } from '../lib/regex.ts';

export interface MatcherHow {
  readonly dialect: 'G' | 'E' | 'F' | 'P';
  readonly ignoreCase: boolean;
  readonly words: boolean;
  readonly lines: boolean;
  readonly utf8: boolean;
}

export interface Match {
  readonly start: number;
  readonly end: number;
}

export class Matcher {
  private constructor(
    private readonly expressions: readonly RegExp[],
    private readonly how: MatcherHow,
  ) {}

  /** Or what is wrong with the patterns. */
  static compile(patterns: readonly string[], how: MatcherHow): Matcher | string {
    if (how.dialect === 'F') return new Matcher(fixed(patterns, how), how);
    const expressions: RegExp[] = [];
    for (const pattern of patterns) {
      const compiled = how.dialect === 'P' ? perl(pattern, how) : posix(pattern, how);
      if (typeof compiled === 'string') return compiled;
      expressions.push(compiled);
    }
    return new Matcher(expressions, how);
  }

  matches(line: string): boolean {
    return this.find(line, 0) !== null;
  }

  /** The leftmost match from `from` on, the longest of several. */
  find(line: string, from: number): Match | null {
    let best: Match | null = null;
    for (const expression of this.expressions) {
      const match = this.findOne(expression, line, from);
      if (!match || (best && (match.start > best.start || (match.start === best.start && match.end <= best.end)))) continue;
      best = match;
    }
    return best;
  }

  private findOne(expression: RegExp, line: string, from: number): Match | null {
    for (let at = from; at <= line.length; ) {
      expression.lastIndex = at;
      const m = expression.exec(line);
      if (!m) return null;
      if (!this.how.words || this.how.lines) return { start: m.index, end: m.index + m[0].length };
      const end = this.wordEnd(expression, line, m.index, m[0].length);
      if (end !== null) return { start: m.index, end };
      at = m.index + 1;
    }
    return null;
  }

  /** Where a match at `start` ends as a whole word: as it is, or shortened; null if it is none. */
  private wordEnd(expression: RegExp, line: string, start: number, length: number): number | null {
    if (isWord(line, start - 1)) return null;
    for (let end = start + length; end >= start; end--) {
      if (isWord(line, end)) continue;
      if (end === start + length) return end;
      const shorter = new RegExp(expression.source, expression.flags.replace('g', 'y'));
      shorter.lastIndex = start;
      const m = shorter.exec(line.slice(0, end));
      if (m && m[0].length === end - start && end > start) return end;
    }
    return null;
  }
}

function isWord(line: string, at: number): boolean {
  return /^[\p{L}\p{N}_]$/u.test(line[at] ?? '');
}

function fixed(patterns: readonly string[], how: MatcherHow): RegExp[] {
  const longestFirst = [...patterns].sort((a, b) => b.length - a.length).map(escapeLiteral);
  if (longestFirst.length === 0) return [];
  const alternatives = longestFirst.join('|');
  return [new RegExp(how.lines ? `^(?:${alternatives})$` : alternatives, flagsOf(how))];
}

function posix(pattern: string, how: MatcherHow): RegExp | string {
  const compiled = compileRegex(pattern, { extended: how.dialect === 'E', utf8: how.utf8, ignoreCase: how.ignoreCase });
  if (typeof compiled === 'string') return compiled;
  return how.lines ? new RegExp(`^(?:${compiled.regexp.source})$`, compiled.regexp.flags) : compiled.regexp;
}

function perl(pattern: string, how: MatcherHow): RegExp | string {
  try {
    return new RegExp(how.lines ? `^(?:${pattern})$` : pattern, flagsOf(how));
  } catch (e) {
    if (e instanceof SyntaxError) return 'this Perl expression is not supported';
    throw e;
  }
}

function flagsOf(how: MatcherHow): string {
  return `g${how.ignoreCase ? 'i' : ''}${how.utf8 && how.dialect !== 'P' ? 'u' : ''}`;
}
