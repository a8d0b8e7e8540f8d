/** `[[ … ]]` */
import type { ExitCode } from '../../uapi/types.ts';
import { assignList } from '../assign.ts';
import type { Test } from '../ast.ts';
import { binaryTest, unaryTest } from '../builtins/test.ts';
import { evaluateText, expandPattern, expandRegex, expandString } from '../expand/expand.ts';
import { patternRegExp } from '../pattern.ts';
import { posixRegExp } from '../regex.ts';
import { ExpansionError, report } from '../report.ts';
import type { Shell } from '../shell.ts';
import { newVariable } from '../vars.ts';
import { trace } from '../xtrace.ts';

class BadRegex {}

export async function runConditional(sh: Shell, t: Test): Promise<ExitCode> {
  try {
    return (await evaluate(sh, t)) ? 0 : 1;
  } catch (e) {
    if (e instanceof BadRegex) return 2;
    if (!(e instanceof ExpansionError) || e.fatal) throw e;
    await report(sh, e.message);
    return 1;
  }
}

async function evaluate(sh: Shell, t: Test): Promise<boolean> {
  switch (t.op) {
    case 'group':
      return evaluate(sh, t.operand);
    case 'not':
      return (await evaluate(sh, t.operand)) !== (t.count % 2 === 1);
    case '&&':
      for (const o of t.operands) if (!(await evaluate(sh, o))) return false;
      return true;
    case '||':
      for (const o of t.operands) if (await evaluate(sh, o)) return true;
      return false;
    case 'unary':
      sh.line = t.line || sh.line;
      return unary(sh, t.operator, t.operand);
    case 'binary':
      sh.line = t.line || sh.line;
      return binary(sh, t.operator, t.left, t.right);
  }
}

async function unary(sh: Shell, operator: string, raw: string): Promise<boolean> {
  const operand = await expandString(sh, raw);
  if (sh.options.get('xtrace')) await trace(sh, `[[ ${operator} ${operand === '' ? "''" : operand} ]]`);
  return unaryTest(sh, operator, operand);
}

async function binary(sh: Shell, operator: string, rawLeft: string, rawRight: string): Promise<boolean> {
  const left = await expandString(sh, rawLeft);
  const isMatch = operator === '==' || operator === '=' || operator === '!=';
  const right = isMatch
    ? await expandPattern(sh, rawRight)
    : operator === '=~'
      ? await expandRegex(sh, rawRight)
      : await expandString(sh, rawRight);
  if (sh.options.get('xtrace')) await trace(sh, `[[ ${left === '' ? "''" : left} ${operator} ${right === '' ? "''" : right} ]]`);
  if (isMatch) {
    const re = patternRegExp(right, { extglob: true, ignoreCase: sh.options.shopt('nocasematch'), pathname: false });
    return re.test(left) === (operator !== '!=');
  }
  if (operator === '=~') return regexMatch(sh, left, right);
  if (/^-(?:eq|ne|lt|le|gt|ge)$/.test(operator)) return compare(operator, evaluateText(sh, left, '[[: '), evaluateText(sh, right, '[[: '));
  return binaryTest(sh, operator, left, right);
}

function compare(operator: string, a: bigint, b: bigint): boolean {
  switch (operator) {
    case '-eq':
      return a === b;
    case '-ne':
      return a !== b;
    case '-lt':
      return a < b;
    case '-le':
      return a <= b;
    case '-gt':
      return a > b;
    default:
      return a >= b;
  }
}

function regexMatch(sh: Shell, text: string, pattern: string): boolean {
  const re = posixRegExp(pattern, sh.options.shopt('nocasematch'));
  if (!re) throw new BadRegex();
  const m = re.exec(text);
  if (!sh.vars.findRaw('BASH_REMATCH')) sh.vars.global().vars.set('BASH_REMATCH', newVariable());
  assignList(sh, 'BASH_REMATCH', m ? [...m].map((g) => g ?? '') : []);
  return m !== null;
}
