/** if, for, while, case, select. */
import type { ExitCode } from '../../uapi/types.ts';
import { storeValue } from '../assign.ts';
import type { ArithmeticFor, Case, For, If, List, While } from '../ast.ts';
import { arithmeticValue, expandPattern, expandString, expandWords } from '../expand/expand.ts';
import { AbortFlow, BreakFlow, ContinueFlow } from '../flow.ts';
import { readLine } from '../input.ts';
import { patternRegExp } from '../pattern.ts';
import { ExpansionError, report } from '../report.ts';
import type { Shell } from '../shell.ts';
import { runPendingTraps, runPseudoTrap } from '../traps.ts';
import { isName } from '../vars.ts';
import { trace } from '../xtrace.ts';
import { runList } from './list.ts';

/** Runs a list whose failure is an answer, not an accident. */
async function condition(sh: Shell, list: List): Promise<ExitCode> {
  sh.conditionDepth++;
  try {
    return await runList(sh, list);
  } finally {
    sh.conditionDepth--;
  }
}

export async function runIf(sh: Shell, c: If, last: boolean): Promise<ExitCode> {
  for (const clause of c.clauses) if ((await condition(sh, clause.test)) === 0) return runList(sh, clause.body, last);
  return c.otherwise ? runList(sh, c.otherwise, last) : 0;
}

/** One turn of a loop: its status, or that the loop is over. */
async function turn(sh: Shell, body: () => Promise<ExitCode>): Promise<{ readonly status: ExitCode; readonly over: boolean }> {
  const yielded = sh.sys.sched_yield();
  if (yielded instanceof Promise) await yielded;
  if (sh.traps.pending.length > 0) await runPendingTraps(sh);
  if (sh.interrupted) throw new AbortFlow(130);
  try {
    return { status: await body(), over: false };
  } catch (e) {
    if (e instanceof BreakFlow) {
      if (--e.levels > 0) throw e;
      return { status: e.status, over: true };
    }
    if (e instanceof ContinueFlow) {
      if (--e.levels > 0) throw e;
      return { status: 0, over: false };
    }
    throw e;
  }
}

async function inLoop<T>(sh: Shell, run: () => Promise<T>): Promise<T> {
  sh.loopDepth++;
  try {
    return await run();
  } finally {
    sh.loopDepth--;
  }
}

export function runFor(sh: Shell, c: For): Promise<ExitCode> {
  return inLoop(sh, async () => {
    if (!isName(c.name)) {
      await report(sh, `\`${c.name}': not a valid identifier`);
      return 1;
    }
    const values = c.words ? await expandWords(sh, c.words) : [...sh.positional];
    const header = c.words ? `for ${c.name} in ${c.words.join(' ')}` : `for ${c.name}`;
    let status = 0;
    for (const value of values) {
      sh.line = c.line;
      if (!sh.traps.running) sh.currentCommand = c;
      if (sh.traps.actions.has('DEBUG')) await runPseudoTrap(sh, 'DEBUG');
      if (sh.options.get('xtrace')) await trace(sh, header);
      setLoopVariable(sh, c.name, value);
      const r = await turn(sh, () => runList(sh, c.body));
      status = r.status;
      if (r.over) break;
    }
    return status;
  });
}

function setLoopVariable(sh: Shell, name: string, value: string): void {
  const v = sh.vars.findRaw(name);
  if (v?.nameref) v.value = value;
  else storeValue(sh, name, undefined, value, false);
}

export function runArithmeticFor(sh: Shell, c: ArithmeticFor): Promise<ExitCode> {
  return inLoop(sh, async () => {
    let status = 0;
    try {
      if (c.init.trim() !== '') await arithmeticValue(sh, c.init, '((: ');
      while (c.test.trim() === '' || (await arithmeticValue(sh, c.test, '((: ')) !== 0n) {
        const r = await turn(sh, () => runList(sh, c.body));
        status = r.status;
        if (r.over) break;
        if (c.update.trim() !== '') await arithmeticValue(sh, c.update, '((: ');
      }
    } catch (e) {
      if (!(e instanceof ExpansionError) || e.fatal) throw e;
      await report(sh, e.message);
      return 1;
    }
    return status;
  });
}

export function runWhile(sh: Shell, c: While): Promise<ExitCode> {
  return inLoop(sh, async () => {
    let status = 0;
    for (;;) {
      let stop = false;
      const r = await turn(sh, async () => {
        const test = await condition(sh, c.test);
        stop = (test === 0) === (c.type === 'until');
        return stop ? status : runList(sh, c.body);
      });
      status = r.status;
      if (r.over || stop) return status;
    }
  });
}

export async function runCase(sh: Shell, c: Case, last: boolean): Promise<ExitCode> {
  const word = await expandString(sh, c.word);
  if (sh.options.get('xtrace')) await trace(sh, `case ${c.word} in`);
  const options = { extglob: sh.options.shopt('extglob'), ignoreCase: sh.options.shopt('nocasematch'), pathname: false };
  let status = 0;
  let fall = false;
  for (let i = 0; i < c.items.length; i++) {
    const item = c.items[i];
    if (!item || !(fall || (await matches(sh, item.patterns, word, options)))) continue;
    status = await runList(sh, item.body, last && item.terminator === ';;');
    if (item.terminator === ';;') return status;
    fall = item.terminator === ';&';
  }
  return status;
}

async function matches(
  sh: Shell,
  patterns: readonly string[],
  word: string,
  options: Parameters<typeof patternRegExp>[1],
): Promise<boolean> {
  for (const raw of patterns) if (patternRegExp(await expandPattern(sh, raw), options).test(word)) return true;
  return false;
}

export function runSelect(sh: Shell, c: For): Promise<ExitCode> {
  return inLoop(sh, async () => {
    const values = c.words ? await expandWords(sh, c.words) : [...sh.positional];
    if (values.length === 0) return 0;
    let status = 0;
    let show = true;
    for (;;) {
      if (show) await sh.write(2, menu(values, Number(sh.get('COLUMNS') ?? 80)));
      show = false;
      await sh.write(2, await sh.expandPrompt(sh.get('PS3') ?? '#? '));
      const line = await readLine(sh, 0);
      if (line === undefined) {
        await sh.write(1, '\n');
        return status || 1;
      }
      storeValue(sh, 'REPLY', undefined, line.replace(/^[ \t]+|[ \t]+$/g, ''), false);
      if (line.trim() === '') {
        show = true;
        continue;
      }
      const choice = /^\s*\d+\s*$/.test(line) ? values[Number(line) - 1] : undefined;
      storeValue(sh, c.name, undefined, choice ?? '', false);
      const r = await turn(sh, () => runList(sh, c.body));
      status = r.status;
      if (r.over) return status;
      if (sh.get('REPLY') === '') show = true;
    }
  });
}

const TAB = 8;

/** Columns filled downwards, as wide as the terminal allows, with tabs between. */
function menu(values: readonly string[], columns: number): string {
  const digits = String(values.length).length;
  const width = Math.max(...values.map((v) => v.length)) + digits + 4;
  const across = Math.max(1, Math.floor(columns / width));
  const high = Math.ceil(values.length / across);
  const rows = high === 1 ? values.length : high;
  return Array.from({ length: rows }, (_, row) => `${menuRow(values, row, rows, digits, width)}\n`).join('');
}

function menuRow(values: readonly string[], row: number, rows: number, digits: number, width: number): string {
  let out = '';
  for (let i = row, from = 0; i < values.length; i += rows, from += width) {
    const number = String(i + 1).padStart(from === 0 ? String(rows).length : digits);
    out += `${number}) ${values[i]}`;
    if (i + rows < values.length) out += blanks(from + number.length + 2 + (values[i] ?? '').length, from + width);
  }
  return out;
}

function blanks(from: number, to: number): string {
  if (from >= to) return '';
  const tab = Math.floor(to / TAB) > Math.floor(from / TAB);
  return tab ? `\t${blanks(from + TAB - (from % TAB), to)}` : ` ${blanks(from + 1, to)}`;
}
