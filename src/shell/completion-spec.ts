/** What `complete` keeps for a command: where its possibilities come from and how they are put into the line. Follows complete.def. */
import type { ParsedOptions } from './builtins/options.ts';
import { singleQuote } from './quoting.ts';

export interface CompletionSpec {
  /** Names of `-A`, in bash's order. */
  readonly actions: readonly string[];
  /** Names of `-o`. */
  readonly options: ReadonlySet<string>;
  /** Arguments of -G -W -P -S -X -C -F, by letter. */
  readonly values: ReadonlyMap<string, string>;
}

export const SPEC_LETTERS = 'abcdefgjko:prsuvA:G:W:P:S:X:F:C:DEI';

export const COMPLETION_OPTIONS = ['bashdefault', 'default', 'dirnames', 'filenames', 'noquote', 'nosort', 'nospace', 'plusdirs'];

const ACTIONS: readonly (readonly [name: string, letter: string])[] = [
  ['alias', 'a'],
  ['arrayvar', ''],
  ['binding', ''],
  ['builtin', 'b'],
  ['command', 'c'],
  ['directory', 'd'],
  ['disabled', ''],
  ['enabled', ''],
  ['export', 'e'],
  ['file', 'f'],
  ['function', ''],
  ['helptopic', ''],
  ['hostname', ''],
  ['group', 'g'],
  ['job', 'j'],
  ['keyword', 'k'],
  ['running', ''],
  ['service', 's'],
  ['setopt', ''],
  ['shopt', ''],
  ['signal', ''],
  ['stopped', ''],
  ['user', 'u'],
  ['variable', 'v'],
];
const VALUES = 'GWPSXCF';

/** The name under which the completion of no command, of an empty line, of the command's own name stands. */
export const SPECIAL_NAMES: readonly string[] = ['-D', '-E', '-I'];

/** What is wrong with the options, in the builtin's words. */
export function specProblem({ pairs }: ParsedOptions): string | undefined {
  for (const [letter, value = ''] of pairs) {
    if (letter === 'o' && !COMPLETION_OPTIONS.includes(value)) return `${value}: invalid option name`;
    if (letter === 'A' && !ACTIONS.some(([name]) => name === value)) return `${value}: invalid action name`;
    if (letter === 'F' && (value === '' || /[()<>;&| \t\n]/.test(value))) return `\`${value}': not a valid identifier`;
  }
  return undefined;
}

/** The options as words, which a saved state keeps. */
export function specWords({ pairs }: ParsedOptions): string[] {
  return pairs
    .filter(([letter]) => !'prDEI'.includes(letter))
    .flatMap(([letter, value]) => [`-${letter}`, ...(value === undefined ? [] : [value])]);
}

export function readSpec(words: readonly string[]): CompletionSpec {
  const named = new Set<string>();
  const options = new Set<string>();
  const values = new Map<string, string>();
  for (let i = 0; i < words.length; i++) {
    const letter = (words[i] ?? '').slice(1);
    const action = ACTIONS.find(([, l]) => l !== '' && l === letter);
    if (action) named.add(action[0]);
    else {
      const value = words[++i] ?? '';
      if (letter === 'A') named.add(value);
      else if (letter === 'o') options.add(value);
      else values.set(letter, value);
    }
  }
  return { actions: ACTIONS.map(([name]) => name).filter((name) => named.has(name)), options, values };
}

/** `complete …` as it could be typed. */
export function describeSpec(words: readonly string[], command: string): string {
  const { actions, options, values } = readSpec(words);
  const letterOf = (name: string): string => ACTIONS.find(([n]) => n === name)?.[1] ?? '';
  const parts = [
    ...COMPLETION_OPTIONS.filter((o) => options.has(o)).map((o) => `-o ${o}`),
    ...actions.filter((a) => letterOf(a) !== '').map((a) => `-${letterOf(a)}`),
    ...actions.filter((a) => letterOf(a) === '').map((a) => `-A ${a}`),
    ...[...VALUES].flatMap((letter) => describeValue(letter, values.get(letter))),
  ];
  return `complete ${parts.map((p) => `${p} `).join('')}${quoteIfNeeded(command)}\n`;
}

function describeValue(letter: string, value: string | undefined): string[] {
  if (value === undefined) return [];
  return [`-${letter} ${letter === 'F' ? quoteIfNeeded(value) : singleQuote(value)}`];
}

const quoteIfNeeded = (name: string): string => (name === '' || /[\s'"\\|&;()<>!{}*[\]?^$`]/.test(name) ? singleQuote(name) : name);

/** With options turned on and off, as `compopt` does. */
export function changeOptions(words: readonly string[], on: readonly string[], off: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < words.length; i++) {
    if (words[i] === '-o' && [...on, ...off].includes(words[i + 1] ?? '')) i++;
    else kept.push(words[i] as string);
  }
  return [...on.filter((o) => !off.includes(o)).flatMap((o) => ['-o', o]), ...kept];
}

/** As `compopt NAME` shows it. */
export function describeOptions(words: readonly string[], command: string): string {
  const { options } = readSpec(words);
  return `compopt ${COMPLETION_OPTIONS.map((o) => `${options.has(o) ? '-' : '+'}o ${o} `).join('')}${quoteIfNeeded(command)}\n`;
}
