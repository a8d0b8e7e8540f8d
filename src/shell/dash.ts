/** dash's words, where bash has others: what its parser refuses, what an expansion cannot do. */
import type { SyntaxProblem } from './errors.ts';

export function dashMessage(p: SyntaxProblem): string {
  if (p.kind === 'eof') return `Syntax error: end of file unexpected${expecting(p.expected)}`;
  if (p.kind === 'unmatched') return unmatched(p);
  if (p.token === 'newline' && p.atEnd) return `Syntax error: end of file unexpected${expecting(p.expected)}`;
  if (p.token === 'newline') return `Syntax error: newline unexpected${expecting(p.expected)}`;
  const operator = /^[;&|()]+$/.test(p.token) || /^(?:then|fi|do|done|else|elif|esac|\}|in|!)$/.test(p.token);
  if (operator) return `Syntax error: "${p.token}" unexpected${expecting(p.expected)}`;
  const what = /^[<>&]/.test(p.token) ? 'redirection' : 'word';
  return `Syntax error: ${what} unexpected${what === 'word' ? expecting(p.expected ?? ')') : ''}`;
}

function unmatched(p: SyntaxProblem): string {
  if (p.token === '"' || p.token === "'") return 'Syntax error: Unterminated quoted string';
  if (p.token === '`') return 'Syntax error: EOF in backquote substitution';
  return p.token === '}' ? "Syntax error: Missing '}'" : 'Syntax error: end of file unexpected (expecting ")")';
}

const expecting = (word: string | undefined): string => (word === undefined ? '' : ` (expecting "${word}")`);

const ARITHMETIC = /^(.*?): (?:(division by 0)|(?:syntax error: )?(operand expected)|.*) \(error token is .*\)$/s;

/** An expansion's failure. */
export function dashExpansion(message: string): string {
  if (message.endsWith(': bad substitution')) return 'Bad substitution';
  const arithmetic = ARITHMETIC.exec(message);
  if (!arithmetic) return message.replace(/: readonly variable$/, ': is read only').replace(/: unbound variable$/, ': parameter not set');
  const [, expression = '', zero, operand] = arithmetic;
  const what = zero ? 'division by zero' : operand ? 'expecting primary' : 'expecting EOF';
  return `arithmetic expression: ${what}: "${expression.replace(/^let: /, '')}"`;
}

/** `${x…}` as POSIX has it. */
export const DASH_OPERATORS: ReadonlySet<string> = new Set(['', '-', ':-', '=', ':=', '+', ':+', '?', ':?', '#', '##', '%', '%%']);
