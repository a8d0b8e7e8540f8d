/**
 * hints.md: each hint begins with a heading that holds its condition as code,
 *
 *     ## `! test -x /root/hello.sh`
 *
 * and its text follows, up to the next such heading.
 */
import type { Hint, LessonError } from './lesson.ts';

const HEADING = /^##[ \t]/;
/** One code span, of any number of backticks, and nothing else. */
const CONDITION = /^##[ \t]+(`+)[ ]?(.*?[^`])[ ]?\1[ \t]*$/;

export function parseHints(file: string, text: string, errors: LessonError[]): Hint[] {
  const hints: { condition: string; lines: string[] }[] = [];
  const bad = (line: number, message: string): void => void errors.push({ code: 'bad-hint', file, line, message });
  for (const [i, line] of text.split('\n').entries()) {
    if (HEADING.test(line)) {
      const condition = CONDITION.exec(line)?.[2];
      if (condition === undefined) bad(i + 1, "a hint's heading is its condition as code: ## `test -e /root/file`");
      hints.push({ condition: condition ?? 'false', lines: [] });
    } else if (hints.length > 0) hints.at(-1)?.lines.push(line);
    else if (line.trim() !== '') bad(i + 1, 'text before the first condition: begin with a heading such as ## `true`');
  }
  return hints.map(({ condition, lines }) => ({ condition, text: lines.join('\n').trim() }));
}
