/** The possibilities that a completion spec generates, for `compgen` and for the Tab key. Follows bash's pcomplete.c. */
import { IS_ERR } from '../uapi/errno.ts';
import { SIGNAL_NAMES } from '../uapi/signal.ts';
import { S_ISDIR } from '../uapi/stat.ts';
import { assignList } from './assign.ts';
import { HELP } from './builtins/help-text.ts';
import { BUILTINS, KEYWORDS } from './builtins/index.ts';
import { type CompletionSpec, readSpec } from './completion-spec.ts';
import { expandFields } from './expand/expand.ts';
import { ifsOf } from './expand/param.ts';
import { skipOne } from './expand/scan.ts';
import { commandSubstitution } from './expand/substitute.ts';
import { AbortFlow } from './flow.ts';
import { glob } from './glob.ts';
import { readFile } from './interactive/shell-history.ts';
import { callFunction } from './interpreter/function.ts';
import { jobState } from './jobs.ts';
import { SET_OPTIONS, SHOPTS } from './options.ts';
import { commandsOnPath } from './path.ts';
import { patternRegExp, quotePattern } from './pattern.ts';
import { singleQuote } from './quoting.ts';
import { report } from './report.ts';
import type { Shell } from './shell.ts';
import { compareNames, newVariable } from './vars.ts';

/** The line that is being completed. */
export interface CompletionContext {
  readonly command: string;
  readonly line: string;
  readonly point: number;
  readonly words: readonly string[];
  /** Of the word at the point. */
  readonly index: number;
  /** COMP_TYPE */
  readonly type: number;
}

export const NO_CONTEXT: CompletionContext = { command: 'compgen', line: '', point: 0, words: [], index: -1, type: 0 };

/** A completion function that answers this wants to be asked again: it has loaded another spec. */
export const RETRY = 124;

/** 'retry': the function asks for another try. */
export async function generate(
  sh: Shell,
  spec: CompletionSpec,
  word: string,
  context: CompletionContext,
): Promise<readonly string[] | 'retry'> {
  const found: string[] = [];
  for (const action of ORDER) if (spec.actions.includes(action)) found.push(...(await actionMatches(sh, action, word)));
  const { values } = spec;
  const pattern = values.get('G');
  if (pattern !== undefined) found.push(...(await glob(sh, pattern)));
  const list = values.get('W');
  if (list !== undefined) found.push(...(await wordList(sh, list)).filter((w) => w.startsWith(word)));
  const f = values.get('F');
  const answered = f === undefined ? [] : await fromFunction(sh, f, word, context);
  if (answered === 'retry') return answered;
  found.push(...answered);
  const command = values.get('C');
  if (command !== undefined) found.push(...(await fromCommand(sh, command, word, context)));
  return withDirectories(sh, spec, word, affixed(values, filtered(sh, values.get('X'), word, found)));
}

function filtered(sh: Shell, filter: string | undefined, word: string, found: readonly string[]): readonly string[] {
  if (filter === undefined) return found;
  const pattern = filter.replace(/\\&|&/g, (m) => (m === '&' ? quotePattern(word) : '&'));
  const extglob = sh.options.shopt('extglob');
  const keeps = pattern.startsWith('!') && !(extglob && pattern[1] === '(');
  const options = { extglob, ignoreCase: sh.options.shopt('nocasematch'), pathname: false };
  const re = patternRegExp(keeps ? pattern.slice(1) : pattern, options);
  return found.filter((f) => re.test(f) === keeps);
}

function affixed(values: ReadonlyMap<string, string>, found: readonly string[]): readonly string[] {
  const prefix = values.get('P') ?? '';
  const suffix = values.get('S') ?? '';
  return prefix === '' && suffix === '' ? found : found.map((f) => prefix + f + suffix);
}

async function withDirectories(sh: Shell, { options }: CompletionSpec, word: string, found: readonly string[]): Promise<readonly string[]> {
  const instead = found.length === 0 && options.has('dirnames');
  return instead || options.has('plusdirs') ? [...found, ...(await actionMatches(sh, 'directory', word))] : found;
}

/** The order in which bash asks its lists. */
const ORDER: readonly string[] = [
  'alias arrayvar binding builtin disabled enabled export function helptopic hostname job keyword running setopt shopt signal stopped',
  'variable command file user group service directory',
].flatMap((names) => names.split(' '));

async function actionMatches(sh: Shell, action: string, word: string): Promise<string[]> {
  const names = await candidates(sh, action, word);
  return names.filter((n) => n.startsWith(word));
}

function candidates(sh: Shell, action: string, word: string): Promise<readonly string[]> | readonly string[] {
  const variables = (wanted: (v: ReturnType<typeof newVariable>) => boolean): string[] =>
    sh.vars.names().filter((n) => wanted(sh.vars.findRaw(n) ?? newVariable()));
  const builtins = (disabled: boolean): string[] => [...BUILTINS.keys()].filter((n) => sh.disabledBuiltins.has(n) === disabled);
  const jobs = (state?: string): string[] =>
    sh.jobs.list.filter((j) => state === undefined || jobState(j) === state).map((j) => j.text.split(' ')[0] ?? '');
  switch (action) {
    case 'alias':
      return [...sh.aliases.keys()].sort(compareNames);
    case 'arrayvar':
      return variables((v) => v.indexed !== undefined);
    case 'builtin':
      return [...BUILTINS.keys()];
    case 'disabled':
      return builtins(true);
    case 'enabled':
      return builtins(false);
    case 'export':
      return variables((v) => v.exported);
    case 'function':
      return [...sh.functions.keys()].sort(compareNames);
    case 'helptopic':
      return [...HELP.keys()];
    case 'job':
      return jobs();
    case 'running':
      return jobs('running');
    case 'stopped':
      return jobs('stopped');
    case 'keyword':
      return KEYWORDS;
    case 'setopt':
      return SET_OPTIONS.map(([n]) => n);
    case 'shopt':
      return SHOPTS.map(([n]) => n);
    case 'signal':
      return ['EXIT', ...SIGNAL_NAMES.flatMap((n) => (n ? `SIG${n}` : [])), 'DEBUG', 'ERR', 'RETURN'];
    case 'variable':
      return sh.vars.names();
    default:
      return fromSystem(sh, action, word);
  }
}

async function fromSystem(sh: Shell, action: string, word: string): Promise<readonly string[]> {
  const column = async (path: string, separator: RegExp): Promise<string[]> =>
    ((await readFile(sh.sys, path)) ?? '').split('\n').flatMap((line) => line.replace(/#.*/, '').split(separator)[0] || []);
  switch (action) {
    case 'command':
      return [...sh.aliases.keys(), ...KEYWORDS, ...sh.functions.keys(), ...BUILTINS.keys(), ...(await commandsOnPath(sh))];
    case 'user':
      return column('/etc/passwd', /:/);
    case 'group':
      return column('/etc/group', /:/);
    case 'service':
      return column('/etc/services', /\s/);
    case 'hostname':
      return ((await readFile(sh.sys, '/etc/hosts')) ?? '').split('\n').flatMap((l) => l.replace(/#.*/, '').trim().split(/\s+/).slice(1));
    case 'file':
      return glob(sh, `${quotePattern(word)}*`);
    case 'directory':
      return (await glob(sh, `${quotePattern(word)}*`)).filter((f) => isDirectory(sh, f));
    default:
      return [];
  }
}

export function isDirectory(sh: Shell, path: string): boolean {
  const st = sh.sys.stat(path);
  return !IS_ERR(st) && S_ISDIR(st.st_mode);
}

/** `-W`: parted at IFS outside of quotes, each word expanded. */
async function wordList(sh: Shell, list: string): Promise<string[]> {
  const ifs = ifsOf(sh);
  const words: string[] = [];
  let start = 0;
  for (let i = 0; i <= list.length; ) {
    if (i < list.length && !ifs.includes(list[i] as string)) i = skipOne(list, i);
    else {
      if (i > start) words.push(...(await expandFields(sh, list.slice(start, i))));
      start = ++i;
    }
  }
  return words;
}

const FOR_FUNCTIONS = ['COMP_LINE', 'COMP_POINT', 'COMP_TYPE', 'COMP_KEY', 'COMP_WORDS', 'COMP_CWORD'];

function setVariables(sh: Shell, c: CompletionContext, exported: boolean): void {
  const values = { COMP_LINE: c.line, COMP_POINT: String(c.point), COMP_TYPE: String(c.type), COMP_KEY: '9' };
  for (const [name, value] of Object.entries(values)) {
    sh.set(name, value);
    if (exported) sh.vars.ensure(name).exported = true;
  }
  if (exported) return;
  assignList(sh, 'COMP_WORDS', c.words);
  sh.set('COMP_CWORD', String(c.index));
}

function dropVariables(sh: Shell): void {
  for (const name of FOR_FUNCTIONS) sh.vars.global().vars.delete(name);
}

async function fromFunction(sh: Shell, name: string, word: string, c: CompletionContext): Promise<readonly string[] | 'retry'> {
  const f = sh.functions.get(name);
  if (!f) {
    await report(sh, `completion: function \`${name}' not found`);
    return [];
  }
  setVariables(sh, c, false);
  const status = await quietly(sh, () => callFunction(sh, f, argumentsOf(word, c)));
  dropVariables(sh);
  const reply = sh.vars.find('COMPREPLY');
  const found = reply?.indexed
    ? [...reply.indexed].sort(([a], [b]) => a - b).map(([, v]) => v)
    : reply?.value !== undefined
      ? [reply.value]
      : [];
  sh.vars.global().vars.delete('COMPREPLY');
  return status === RETRY ? 'retry' : found;
}

/** `$1` the command, `$2` the word, `$3` the word before it. */
const argumentsOf = (word: string, c: CompletionContext): string[] => [c.command, word, c.words[c.index - 1] ?? ''];

/** What completes a line leaves `$?` as it was. */
async function quietly(sh: Shell, run: () => Promise<number>): Promise<number> {
  const { lastStatus, pipeStatus } = sh;
  try {
    return await run();
  } catch (e) {
    if (!(e instanceof AbortFlow)) throw e;
    return e.status;
  } finally {
    sh.lastStatus = lastStatus;
    sh.pipeStatus = pipeStatus;
  }
}

async function fromCommand(sh: Shell, command: string, word: string, c: CompletionContext): Promise<string[]> {
  setVariables(sh, c, true);
  const source = `${command} ${argumentsOf(word, c).map(singleQuote).join(' ')}`;
  let out = '';
  await quietly(sh, async () => {
    out = await commandSubstitution(sh, { t: 'cmd', q: true, source, backtick: false, line: 0 });
    return 0;
  });
  dropVariables(sh);
  return out.split(/(?<!\\)\n/).filter((line) => line !== '');
}

/** The spec for a command: by its name, by the last part of its path, or the one for all others. */
export function specFor(sh: Shell, command: string): { readonly words: readonly string[]; readonly spec: CompletionSpec } | undefined {
  const words = sh.completions.get(command) ?? sh.completions.get(command.slice(command.lastIndexOf('/') + 1)) ?? sh.completions.get('-D');
  return words && { words, spec: readSpec(words) };
}
