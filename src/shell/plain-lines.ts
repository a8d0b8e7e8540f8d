/**
 * The few kinds of lines that start-up files mostly consist of, run without the engine: comments, `NAME=value`, `export NAME`,
 * `[ … ]`, `. FILE` and `return`, joined by `&&` and `||`. What a line must look like is kept narrow, since whatever is not
 * understood here goes to the engine, which understands it all.
 */
import { IS_ERR } from '../uapi/errno.ts';
import { R_OK } from '../uapi/fcntl.ts';
import { S_ISREG } from '../uapi/stat.ts';
import type { Shell } from './shell.ts';
import { describeAttributes } from './vars.ts';

/** How a line ended; `unknown`: it has done nothing, and the engine must read it. */
export type LineEnd = 'done' | 'return' | 'unknown';

interface PlainCommand {
  readonly after: '&&' | '||' | undefined;
  readonly words: readonly string[];
}

const WORD = /(?:[\w./,:%@+=-]|!=|'[^']*'|"(?:[^"\\$`]|\$[A-Za-z_]\w*|\$\{[A-Za-z_]\w*(?::-[\w./]*)?\})*")+/.source;
const TOKEN = new RegExp(`[ \\t]*(&&|\\|\\||[[\\]!](?=[ \\t]|$)|(?:~(?=/))?${WORD})(?=[ \\t]|$)`, 'y');

export async function runPlainLine(sh: Shell, line: string, source: (path: string) => Promise<number>): Promise<LineEnd> {
  if (/^[ \t]*(?:#.*)?$/.test(line)) return 'done';
  const commands = parseLine(line.trimEnd());
  if (!commands?.every(({ words }) => isPlain(sh, words))) return 'unknown';
  for (const { after, words } of commands) {
    if (after !== undefined && (after === '&&') !== (sh.lastStatus === 0)) continue;
    if (words[0] === '.' && !canRead(sh, expandWord(sh, words[1] ?? ''))) return 'unknown';
    if (words[0] !== 'return') sh.lastStatus = await runCommand(sh, words, source);
    sh.lastArgument = ASSIGNMENT.test(words[0] ?? '') ? '' : expandWord(sh, words.at(-1) ?? '');
    if (words[0] === 'return') return 'return';
    sh.pipeStatus = [sh.lastStatus];
  }
  return 'done';
}

function parseLine(line: string): PlainCommand[] | undefined {
  const commands: { after: PlainCommand['after']; words: string[] }[] = [{ after: undefined, words: [] }];
  TOKEN.lastIndex = 0;
  for (let at = 0; at < line.length; at = TOKEN.lastIndex) {
    const token = TOKEN.exec(line)?.[1];
    if (token === undefined) return undefined;
    if (token === '&&' || token === '||') commands.push({ after: token, words: [] });
    else commands.at(-1)?.words.push(token);
  }
  return commands;
}

// ---- what is understood ----

const ASSIGNMENT = /^([A-Za-z_]\w*)=/;

function isPlain(sh: Shell, words: readonly string[]): boolean {
  const [first = '', ...rest] = words;
  if (first === '[') return isPlainTest(rest);
  if (first === 'return') return rest.length === 0;
  if (first === '.') return rest.length === 1 && (rest[0] ?? '').includes('/');
  if (first === 'export') return rest.length > 0 && rest.every((w) => /^[A-Za-z_]\w*$/.test(w) && isOrdinary(sh, w));
  const name = ASSIGNMENT.exec(first)?.[1];
  return name !== undefined && rest.length === 0 && isOrdinary(sh, name);
}

/** A variable on which an assignment has no effect but its value. */
function isOrdinary(sh: Shell, name: string): boolean {
  const v = sh.vars.find(name);
  return !sh.vars.special.has(name) && name !== 'POSIXLY_CORRECT' && (v === undefined || /^x?$/.test(describeAttributes(v)));
}

const UNARY = ['-n', '-z', '-f', '-r'];

/** What follows `[`: `-f FILE ]`, `! -f FILE ]`, `A = B ]`, `A != B ]`. */
function isPlainTest(words: readonly string[]): boolean {
  const test = words[0] === '!' ? words.slice(1) : words;
  if (test.at(-1) !== ']' || test.slice(0, -1).some((w) => w === '[' || w === ']' || w === '!')) return false;
  return test.length === 3 ? UNARY.includes(test[0] ?? '') : test.length === 4 && (test[1] === '=' || test[1] === '!=');
}

// ---- what it does ----

async function runCommand(sh: Shell, words: readonly string[], source: (path: string) => Promise<number>): Promise<number> {
  const [first = '', second = ''] = words;
  if (first === '.') return source(expandWord(sh, second));
  if (first === '[') return runTest(sh, words.slice(1, -1));
  if (first === 'export') return exportNames(sh, words.slice(1));
  const name = ASSIGNMENT.exec(first)?.[1] ?? '';
  sh.set(name, expandWord(sh, first.slice(name.length + 1)));
  sh.variableChanged(name);
  return 0;
}

function exportNames(sh: Shell, names: readonly string[]): number {
  for (const name of names) sh.vars.ensure(name).exported = true;
  return 0;
}

function runTest(sh: Shell, words: readonly string[]): number {
  const negated = words[0] === '!';
  const [a = '', b = '', c] = (negated ? words.slice(1) : words).map((w) => expandWord(sh, w));
  const holds = c === undefined ? unaryTest(sh, a, b) : (a === c) === (b === '=');
  return holds === negated ? 1 : 0;
}

function unaryTest(sh: Shell, operator: string, value: string): boolean {
  if (operator === '-r') return !IS_ERR(sh.sys.eaccess(value, R_OK));
  return operator === '-f' ? isFile(sh, value) : (value === '') === (operator === '-z');
}

function isFile(sh: Shell, path: string): boolean {
  const st = sh.sys.stat(path);
  return !IS_ERR(st) && S_ISREG(st.st_mode);
}

const canRead = (sh: Shell, path: string): boolean => isFile(sh, path) && !IS_ERR(sh.sys.eaccess(path, R_OK));

const PART = /^~(?=\/)|'([^']*)'|"([^"]*)"/g;
const VARIABLE = /\$\{?([A-Za-z_]\w*)(?::-([^}]*)\})?\}?/g;

/** A word without its quotes, the variables in double quotes expanded. */
function expandWord(sh: Shell, word: string): string {
  const variables = (text: string): string => text.replace(VARIABLE, (_, name: string, or?: string) => sh.get(name) || (or ?? ''));
  return word.replace(PART, (part, single?: string, double?: string) =>
    part === '~' ? (sh.get('HOME') ?? part) : (single ?? variables(double ?? '')),
  );
}
