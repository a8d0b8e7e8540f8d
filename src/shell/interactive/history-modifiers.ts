/** The modifiers of history expansion: `:h :t :r :e :p :q :x :s/a/b/ :& :g :a :G`. */
import { ExpansionError } from './history-expansion.ts';
import { historyWords } from './history-words.ts';

/** What later expansions may refer to. */
export interface ModifierMemory {
  searched?: string;
  matchedWord?: string | undefined;
  substitution?: { readonly from: string; readonly to: string };
}

export interface Modified {
  readonly text: string;
  /** Where the modifiers end in the line. */
  readonly end: number;
  /** `:p` was among them. */
  readonly print: boolean;
}

const PLAIN: Readonly<Record<string, (text: string) => string>> = {
  h: (text) => (text.includes('/') ? text.slice(0, text.lastIndexOf('/')) : text),
  t: (text) => text.slice(text.lastIndexOf('/') + 1),
  r: (text) => (text.includes('.') ? text.slice(0, text.lastIndexOf('.')) : text),
  e: (text) => (text.includes('.') ? text.slice(text.lastIndexOf('.')) : text),
  q: quoted,
  x: (text) =>
    text
      .split(/[ \t\n]+/)
      .map(quoted)
      .join(' '),
};

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Applies the modifiers that start at `from`. */
export function applyModifiers(text: string, line: string, from: number, memory: ModifierMemory): Modified | ExpansionError {
  let result = text;
  let at = from;
  let print = false;
  while (line.charAt(at) === ':') {
    let scope: 'first' | 'all' | 'words' = 'first';
    let letter = at + 1;
    for (; /[gaG]/.test(line.charAt(letter)); letter++) scope = line.charAt(letter) === 'G' ? 'words' : 'all';
    const c = line.charAt(letter);
    const plain = PLAIN[c];
    if (c === 'p') print = true;
    else if (plain) result = plain(result);
    else if (c === 's' || c === '&') {
      const end = c === 's' ? readSubstitution(line, letter + 1, memory) : letter + 1;
      const replaced = substitute(result, memory, scope);
      if (replaced === undefined) return new ExpansionError(line.slice(from, end), 'substitution failed');
      result = replaced;
      at = end;
      continue;
    } else return new ExpansionError(line.slice(at + 1, letter + 1), 'unrecognized history modifier');
    at = letter + 1;
  }
  return { text: result, end: at, print };
}

/** Reads `/from/to/` at `at` into the memory; answers where it ends. `&` in `to` stands for `from`. */
function readSubstitution(line: string, at: number, memory: ModifierMemory): number {
  const delimiter = line.charAt(at);
  const [from, afterFrom] = readPart(line, at + 1, delimiter);
  const [to, afterTo] = readPart(line, afterFrom, delimiter);
  const old = from || memory.substitution?.from || memory.searched || '';
  memory.substitution = { from: old, to: to.replace(/\\&|&/g, (m) => (m === '&' ? old : '&')) };
  return afterTo;
}

function readPart(line: string, start: number, delimiter: string): [string, number] {
  let text = '';
  let at = start;
  for (; at < line.length && line.charAt(at) !== delimiter && line.charAt(at) !== '\n'; at++) {
    if (line.charAt(at) === '\\' && line.charAt(at + 1) === delimiter) at++;
    text += line.charAt(at);
  }
  return [text, Math.min(at + 1, line.length)];
}

function substitute(text: string, memory: ModifierMemory, scope: 'first' | 'all' | 'words'): string | undefined {
  const { substitution } = memory;
  if (!substitution || substitution.from === '' || !text.includes(substitution.from)) return undefined;
  const { from, to } = substitution;
  if (scope === 'all') return text.replaceAll(from, () => to);
  if (scope === 'first') return text.replace(from, () => to);
  return historyWords(text)
    .map((word) => word.replace(from, () => to))
    .join(' ');
}
