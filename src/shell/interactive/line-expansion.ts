/** Expanding the line while it is typed: M-C-e, M-^, M-&. Follows shell_expand_line in bash's bashline.c. */
import { expandString } from '../expand/expand.ts';
import type { Shell } from '../shell.ts';
import type { HistoryList } from './history.ts';
import { expandHistory } from './history-expansion.ts';
import type { ModifierMemory } from './history-modifiers.ts';

export interface ExpandedLine {
  readonly text: string;
  readonly point: number;
}

export interface LineToExpand {
  readonly what: 'shell' | 'history' | 'tilde';
  readonly line: string;
  readonly point: number;
  readonly history: HistoryList;
  readonly memory: ModifierMemory;
}

export async function expandLine(sh: Shell, request: LineToExpand): Promise<ExpandedLine | undefined> {
  const { what, line, point } = request;
  if (what === 'tilde') return expandTilde(sh, line, point);
  const text = expandEvents(request);
  if (text === undefined || what === 'history') return text === undefined ? undefined : atEnd(text);
  return atEnd(await expandString(sh, expandAlias(sh, text), 'dq', 'none'));
}

function expandEvents({ line, history, memory }: LineToExpand): string | undefined {
  const { entries, base } = history;
  const expansion = expandHistory(line, { entries, base, memory });
  if (expansion.kind === 'error') return undefined;
  return expansion.kind === 'same' ? line : expansion.line;
}

/** The first word, when it is an alias. */
function expandAlias(sh: Shell, line: string): string {
  const [, blank = '', word = ''] = /^(\s*)(\S*)/.exec(line) ?? [];
  const value = sh.aliases.get(word);
  return value === undefined ? line : blank + value + line.slice(blank.length + word.length);
}

/** The tilde of the word around the point. */
function expandTilde(sh: Shell, line: string, point: number): ExpandedLine | undefined {
  const start = line.lastIndexOf(' ', Math.max(0, point - 1)) + 1;
  const [word = ''] = /^~[^\s/]*/.exec(line.slice(start)) ?? [];
  if (word === '') return undefined;
  const home = word === '~' ? (sh.get('HOME') ?? word) : word;
  return { text: line.slice(0, start) + home + line.slice(start + word.length), point: start + home.length };
}

const atEnd = (text: string): ExpandedLine => ({ text, point: text.length });
