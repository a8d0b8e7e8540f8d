/** What the completion specs of `complete` make of the word at the point. Follows attempt_shell_completion in bash's bashline.c. */

import { readSpec } from '../completion-spec.ts';
import { type CompletionContext, generate, isDirectory, specFor } from '../generate.ts';
import type { Shell } from '../shell.ts';
import type { Completion, Match } from './completion.ts';
import { type CompletionWord, quotingOf, WORD_BREAKS } from './completion-word.ts';
import type { CompletionRequest } from './editor.ts';

/** What is found by a spec; 'default' or 'filename': the spec leaves the word to the shell. */
export type Programmed = Completion | 'default' | 'filename';

const MAX_RETRIES = 32;

export async function programmed(sh: Shell, line: string, word: CompletionWord, request: CompletionRequest): Promise<Programmed> {
  if (sh.completions.size === 0 || !sh.options.shopt('progcomp') || request.what !== 'default') return 'default';
  const place = commandAround(line, word);
  if (place.name === undefined) return 'default';
  for (let tries = 0; tries < MAX_RETRIES; tries++) {
    const found = place.special ? specNamed(sh, place.name) : specFor(sh, place.name);
    if (!found) return 'default';
    const completing = { command: place.name, words: found.words };
    sh.completing = completing;
    const context = contextOf(line, word, place, request);
    const matches = await generate(sh, found.spec, word.raw, context).finally(() => {
      sh.completing = undefined;
    });
    const f = found.spec.values.get('F');
    if (f !== undefined && !sh.functions.has(f)) return { word, files: false, matches: [], said: true };
    if (matches !== 'retry') return conclude(sh, word, readSpec(completing.words), matches);
  }
  return 'default';
}

type Spec = ReturnType<typeof readSpec>;

function specNamed(sh: Shell, name: string): ReturnType<typeof specFor> {
  const words = sh.completions.get(name);
  return words && { words, spec: readSpec(words) };
}

function conclude(sh: Shell, word: CompletionWord, spec: Spec, found: readonly string[]): Programmed {
  const { options, actions } = spec;
  if (found.length === 0) {
    if (options.has('bashdefault')) return 'default';
    if (options.has('default')) return 'filename';
    return { word, files: false, matches: [] };
  }
  const files =
    options.has('filenames') ||
    options.has('plusdirs') ||
    options.has('dirnames') ||
    actions.some((a) => a === 'file' || a === 'directory');
  const unique = [...new Set(found)];
  const ordered = options.has('nosort') ? unique : unique.sort((a, b) => (a < b ? -1 : 1));
  return { word, files: files && !options.has('noquote'), matches: ordered.map((text) => matchOf(sh, text, files, options)) };
}

function matchOf(sh: Shell, text: string, files: boolean, options: ReadonlySet<string>): Match {
  const after = options.has('nospace') ? '' : ' ';
  if (!files) return { text, shown: text, suffix: after };
  const directory = isDirectory(sh, text.replace(/^~(?=\/|$)/, sh.get('HOME') ?? '~'));
  const name = text.slice(text.lastIndexOf('/', text.length - 2) + 1);
  return { text, shown: name + (directory && !name.endsWith('/') ? '/' : ''), suffix: directory ? '/' : after };
}

interface Place {
  /** The command's name, or that of a special spec; undefined: no spec is asked. */
  readonly name: string | undefined;
  readonly special: boolean;
  /** Where the command begins in the line, and where it ends. */
  readonly start: number;
  readonly end: number;
}

const SEPARATORS = ';|&{(`\n';

/** The simple command that the word belongs to, without assignments before its name. */
function commandAround(line: string, word: CompletionWord): Place {
  if (line.trim() === '') return { name: '-E', special: true, start: 0, end: 0 };
  const { quoted } = quotingOf(line);
  const separates = (i: number): boolean => !quoted.has(i) && SEPARATORS.includes(line.charAt(i));
  let start = word.start;
  while (start > 0 && !separates(start - 1)) start--;
  let end = word.end;
  while (end < line.length && !separates(end)) end++;
  const head = /^(?:\s*[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=\S*(?=\s))*\s*/.exec(line.slice(start, end))?.[0] ?? '';
  start += head.length;
  const name = /^(?:\\.|[^\s<>])*/.exec(line.slice(start, end))?.[0] ?? '';
  if (start + name.length >= word.end || name === '') return { name: word.command ? '-I' : undefined, special: true, start, end };
  return { name, special: false, start, end };
}

const TYPES: Partial<Record<CompletionRequest['action'], number>> = { list: 63, insert: 42 };
const AGAIN = 63;
const TAB = 9;

function contextOf(line: string, word: CompletionWord, place: Place, request: CompletionRequest): CompletionContext {
  const { words, index } = splitWords(line.slice(place.start, place.end), word.end - place.start);
  const type = TYPES[request.action] ?? (request.again ? AGAIN : TAB);
  const command = place.special ? (words[0] ?? '') : (place.name ?? '');
  return { command, line: line.slice(place.start, place.end), point: word.end - place.start, words, index, type };
}

/** COMP_WORDS: what blanks part, and each run of the other word breaks. */
export function splitWords(line: string, point: number): { readonly words: string[]; readonly index: number } {
  const { quoted } = quotingOf(line);
  const words: string[] = [];
  let index = -1;
  const breaks = (i: number): boolean => !quoted.has(i) && WORD_BREAKS.includes(line.charAt(i)) && !'"\''.includes(line.charAt(i));
  for (let i = 0; i < line.length; ) {
    const start = i;
    if (/\s/.test(line.charAt(i)) && !quoted.has(i)) {
      i++;
      continue;
    }
    const run = breaks(i);
    while (i < line.length && breaks(i) === run && !(/\s/.test(line.charAt(i)) && !quoted.has(i))) i++;
    if (index < 0 && point < start) index = words.push('') - 1;
    if (index < 0 && point <= i && !(run && point === i)) index = words.length;
    words.push(line.slice(start, i));
  }
  if (index < 0) index = words.push('') - 1;
  return { words, index };
}
