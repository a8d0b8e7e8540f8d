/** What a terminal can wait for until it has shown its prompt: search, links, the widths of newer characters. */
import { SearchAddon } from '@xterm/addon-search';
import { UnicodeGraphemesAddon } from '@xterm/addon-unicode-graphemes';
import { WebLinksAddon } from '@xterm/addon-web-links';
import type { Terminal } from '@xterm/xterm';

/** Character by character, as the C library counts them and the line editor with it. */
const WIDTHS = '15';

export interface TerminalExtras {
  find(text: string, backwards: boolean): boolean;
}

export function loadExtras(term: Terminal): TerminalExtras {
  const search = new SearchAddon();
  term.loadAddon(search);
  term.loadAddon(new WebLinksAddon());
  term.loadAddon(new UnicodeGraphemesAddon());
  term.unicode.activeVersion = WIDTHS;
  return { find: (text, backwards) => (backwards ? search.findPrevious(text) : search.findNext(text)) };
}
