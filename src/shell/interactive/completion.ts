/** What a word can become: commands, files, variables, users, hosts. The world is handed in, so all of it can be tested without one. */
import type { MaybeAsync } from '../../uapi/types.ts';
import { type CompletionWord, findWord, WORD_BREAKS } from './completion-word.ts';
import type { CompletionRequest } from './editor.ts';

export interface DirectoryEntry {
  readonly name: string;
  readonly kind: 'file' | 'executable' | 'directory' | 'link-to-directory';
}

export interface CompletionSource {
  /** Aliases, keywords, functions, builtins, names on PATH; duplicates do no harm. */
  commands(): MaybeAsync<readonly string[]>;
  variables(): readonly string[];
  value(name: string): string | undefined;
  users(): MaybeAsync<readonly { readonly name: string; readonly home: string }[]>;
  hosts(): MaybeAsync<readonly string[]>;
  /** What a directory holds, without `.` and `..`; empty when it cannot be read. */
  list(directory: string): MaybeAsync<readonly DirectoryEntry[]>;
  history(): readonly string[];
  /** completion-ignore-case is on. */
  readonly ignoreCase?: boolean;
  /** Names that match a pattern, as pathname expansion gives them. */
  glob(pattern: string): MaybeAsync<readonly string[]>;
}

export interface Match {
  /** The word it makes, unquoted. */
  readonly text: string;
  /** How a list shows it. */
  readonly shown: string;
  /** What follows it when it is the only one. */
  readonly suffix: '/' | ' ' | '';
}

export interface Completion {
  readonly word: CompletionWord;
  /** Sorted, without duplicates. */
  readonly matches: readonly Match[];
  /** The matches are file names: they are quoted as such. */
  readonly files: boolean;
  /** Something was said below the line. */
  readonly said?: boolean;
}

export async function complete(
  line: string,
  point: number,
  request: CompletionRequest,
  source: CompletionSource,
  commandAtStart: boolean,
): Promise<Completion> {
  const word = findWord(line, point, commandAtStart);
  const found = await generate(word, request.what, source);
  return { word, files: found.files, matches: sorted(found.matches) };
}

interface Found {
  readonly files: boolean;
  readonly matches: readonly Match[];
}
const NOTHING: Found = { files: false, matches: [] };

async function generate(word: CompletionWord, what: CompletionRequest['what'], source: CompletionSource): Promise<Found> {
  switch (what) {
    case 'default':
      return byPlace(word, source);
    case 'command':
      return commands(word, source);
    case 'filename':
      return files(word.text, source);
    case 'variable':
      return variables(word, source);
    case 'username':
      return users(word, source);
    case 'hostname':
      return hosts(word, source);
    case 'history':
      return plain(word.text, source.history(), ' ', source);
    case 'glob':
      return globbed(word, source, true);
  }
}

/** The order in which bash tries: variable, user, host, command, pattern, file. */
async function byPlace(word: CompletionWord, source: CompletionSource): Promise<Found> {
  const tries: ((word: CompletionWord, source: CompletionSource) => Promise<Found>)[] = [];
  if (word.raw.startsWith('$') && word.quote !== "'") tries.push(variables);
  if (/^~[^/]*$/.test(word.raw) && word.quote === '') tries.push(users);
  if (word.raw.startsWith('@')) tries.push(hosts);
  if (word.command) tries.push(commands);
  else tries.push((w, s) => globbed(w, s, false));
  for (const attempt of tries) {
    const found = await attempt(word, source);
    if (found.matches.length > 0) return found;
  }
  return word.command ? directories(word.text, source) : files(word.text, source);
}

function begins(name: string, prefix: string, { ignoreCase }: CompletionSource): boolean {
  return ignoreCase ? name.toLowerCase().startsWith(prefix.toLowerCase()) : name.startsWith(prefix);
}

function plain(prefix: string, names: readonly string[], suffix: Match['suffix'], source: CompletionSource): Found {
  const matches = names.filter((name) => begins(name, prefix, source)).map((name) => ({ text: name, shown: name, suffix }));
  return { files: false, matches };
}

async function commands(word: CompletionWord, source: CompletionSource): Promise<Found> {
  if (!word.text.includes('/')) return plain(word.text, await source.commands(), ' ', source);
  const found = await files(word.text, source, (entry) => entry.kind !== 'file');
  return found;
}

async function variables(word: CompletionWord, source: CompletionSource): Promise<Found> {
  const [, open = '', name = ''] = /^(\$\{?)(\w*)$/.exec(word.raw) ?? [];
  if (open === '') return NOTHING;
  const close = open === '${' ? '}' : '';
  const names = source.variables().filter((candidate) => candidate.startsWith(name));
  const only = names.length === 1 ? source.value(names[0] ?? '') : undefined;
  const suffix = only?.startsWith('/') && (await isDirectory(only, source)) ? '/' : ' ';
  return { files: false, matches: names.map((n) => ({ text: open + n + close, shown: open + n + close, suffix })) };
}

async function isDirectory(path: string, source: CompletionSource): Promise<boolean> {
  if (/^\/+$/.test(path)) return true;
  const [directory, name] = splitPath(path.replace(/\/+$/, ''));
  const entry = (await source.list(directory)).find((e) => e.name === name);
  return entry?.kind === 'directory' || entry?.kind === 'link-to-directory';
}

async function users(word: CompletionWord, source: CompletionSource): Promise<Found> {
  const prefix = word.text.replace(/^~/, '');
  const names = (await source.users()).map((user) => user.name).filter((name) => name.startsWith(prefix));
  return { files: false, matches: names.map((name) => ({ text: `~${name}`, shown: `~${name}`, suffix: '/' })) };
}

async function hosts(word: CompletionWord, source: CompletionSource): Promise<Found> {
  const at = word.raw.startsWith('@') ? '@' : '';
  const prefix = word.text.slice(at.length);
  const names = (await source.hosts()).filter((name) => name.startsWith(prefix));
  return { files: false, matches: names.map((name) => ({ text: at + name, shown: at + name, suffix: ' ' })) };
}

/** A pattern is replaced only when it means one name; `many` lets it mean several. */
async function globbed(word: CompletionWord, source: CompletionSource, many: boolean): Promise<Found> {
  if (!many && !/[*?[]/.test(word.raw)) return NOTHING;
  const pattern = /[*?[]/.test(word.raw) ? word.text : `${word.text}*`;
  const names = await source.glob(pattern);
  if (names.length === 0 || (!many && names.length > 1)) return NOTHING;
  return { files: true, matches: names.map((name) => ({ text: name, shown: name, suffix: ' ' })) };
}

const directories = (prefix: string, source: CompletionSource): Promise<Found> => files(prefix, source, isDirectoryEntry);
const DOTS: readonly DirectoryEntry[] = [
  { name: '.', kind: 'directory' },
  { name: '..', kind: 'directory' },
];
const isDirectoryEntry = (entry: DirectoryEntry): boolean => entry.kind === 'directory' || entry.kind === 'link-to-directory';

async function files(prefix: string, source: CompletionSource, wanted: (entry: DirectoryEntry) => boolean = () => true): Promise<Found> {
  const [directory, name] = splitPath(prefix);
  const listed = await source.list(await expandDirectory(directory, source));
  const entries = name.startsWith('.') ? [...DOTS, ...listed] : listed;
  const matches = entries
    .filter((entry) => begins(entry.name, name, source) && wanted(entry))
    .map((entry) => ({
      text: directory + entry.name,
      shown: entry.name + (isDirectoryEntry(entry) ? '/' : ''),
      suffix: suffixOf(entry, name),
    }));
  return { files: true, matches };
}

/** A link to a directory gets its slash only when its name stood there in full already. */
function suffixOf(entry: DirectoryEntry, typed: string): Match['suffix'] {
  if (entry.kind === 'directory') return '/';
  if (entry.kind === 'link-to-directory') return entry.name === typed ? '/' : '';
  return ' ';
}

/** The directory part with its slash, and the name. */
function splitPath(path: string): [string, string] {
  const slash = path.lastIndexOf('/') + 1;
  return [path.slice(0, slash), path.slice(slash)];
}

/** `~` and variables in the directory part are looked through, not replaced. */
async function expandDirectory(directory: string, source: CompletionSource): Promise<string> {
  const expanded = directory.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, a?: string, b?: string) => source.value(a ?? b ?? '') ?? '');
  const tilde = /^~([^/]*)\//.exec(expanded);
  if (!tilde) return expanded;
  const home = tilde[1] === '' ? source.value('HOME') : (await source.users()).find((user) => user.name === tilde[1])?.home;
  return home === undefined ? expanded : home + expanded.slice(tilde[0].length - 1);
}

function sorted(matches: readonly Match[]): Match[] {
  const unique = new Map(matches.map((match) => [match.text, match]));
  return [...unique.values()].sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
}

/** The longest start that all matches share. */
export function commonPrefix(matches: readonly Match[], ignoreCase = false): string {
  const [first] = matches;
  if (!first) return '';
  const seen = (text: string): string => (ignoreCase ? text.toLowerCase() : text);
  let n = first.text.length;
  for (const { text } of matches) while (!seen(text).startsWith(seen(first.text).slice(0, n))) n--;
  return /[\ud800-\udbff]$/.test(first.text.slice(0, n)) ? first.text.slice(0, n - 1) : first.text.slice(0, n);
}

// What bash's sh_backslash_quote escapes, and the characters that part words for completion.
const NEEDS_QUOTE = /[ \t\n\\"'@<>=;|&()#$`?*[!:{~]/;
const BACKSLASHED = new RegExp(`[|&;()<>!{}*[\\]?^$,"'\`\\\\${WORD_BREAKS.replace(/[\\\]^-]/g, '\\$&')}]`, 'g');

export const needsQuote = (name: string): boolean => NEEDS_QUOTE.test(name);

/** A file name as it is put into the line, given the quote that is open in front of it. */
export function quoteName(name: string, quote: '' | '"' | "'"): string {
  if (!needsQuote(name)) return name;
  if (quote === "'") return name.replaceAll("'", "'\\''");
  if (quote === '"') return name.replace(/[$`"\\]/g, '\\$&');
  const escaped = name.replace(BACKSLASHED, '\\$&');
  return escaped.replace(/^#/, '\\#');
}
