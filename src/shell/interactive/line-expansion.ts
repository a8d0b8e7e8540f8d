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

export class LineExpander {
  constructor(
    private readonly sh: Shell,
    private readonly history: HistoryList,
    private readonly memory: ModifierMemory,
  ) {}

  async expand(what: 'shell' | 'history' | 'tilde', line: string, point: number): Promise<ExpandedLine | undefined> {
    if (what === 'tilde') return this.tilde(line, point);
    const text = this.historyOf(line);
    if (text === undefined || what === 'history') return text === undefined ? undefined : atEnd(text);
    return atEnd(await expandString(this.sh, this.alias(text), 'dq', 'none'));
  }

  private historyOf(line: string): string | undefined {
    const { entries, base } = this.history;
    const expansion = expandHistory(line, { entries, base, memory: this.memory });
    if (expansion.kind === 'error') return undefined;
    return expansion.kind === 'same' ? line : expansion.line;
  }

  /** The first word, when it is an alias. */
  private alias(line: string): string {
    const [, blank = '', word = ''] = /^(\s*)(\S*)/.exec(line) ?? [];
    const value = this.sh.aliases.get(word);
    return value === undefined ? line : blank + value + line.slice(blank.length + word.length);
  }

  /** The tilde of the word around the point. */
  private async tilde(line: string, point: number): Promise<ExpandedLine | undefined> {
    const start = line.lastIndexOf(' ', Math.max(0, point - 1)) + 1;
    const [word = ''] = /^~[^\s/]*/.exec(line.slice(start)) ?? [];
    if (word === '') return undefined;
    const home = word === '~' ? (this.sh.get('HOME') ?? word) : word;
    return { text: line.slice(0, start) + home + line.slice(start + word.length), point: start + home.length };
  }
}

const atEnd = (text: string): ExpandedLine => ({ text, point: text.length });
