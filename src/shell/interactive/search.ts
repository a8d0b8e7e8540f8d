/** Searching the history: incremental (C-r, C-s) and not (M-p, M-n). Follows readline's isearch.c and search.c. */
import { charAt, prevChar } from './chars.ts';
import type { Command, Editor } from './editor.ts';

let lastSearched = '';

/** One incremental search from its first key to its last. */
class IncrementalSearch {
  private readonly startLine: number;
  private readonly startPoint: number;
  private wanted = '';
  private failed = false;
  private line: number;
  private index: number;
  private foundLine: number;
  private previous: string | undefined;

  constructor(
    private readonly ed: Editor,
    private direction: 1 | -1,
  ) {
    this.startLine = this.foundLine = this.line = ed.historyAt;
    this.startPoint = this.index = ed.point;
    ed.mode = (key, more) => this.key(key, more);
    ed.searching = true;
    this.show();
  }

  private key(key: string, more: boolean) {
    if (key === '\x12') return this.again(-1);
    if (key === '\x13') return this.again(1);
    if (key === '\x07') return this.abort();
    if (key === '\x7f' || key === '\x08') return this.rubout();
    if (key === '\x17') return this.pull(/^\s*\S*/);
    if (key === '\x19') return this.pull(/^.*/s);
    if (key >= ' ') return this.extend(key);
    this.end();
    if (key !== '\n' && (key !== '\x1b' || more)) this.ed.take(key, more);
  }

  /** Searches on, or turns round; with nothing typed yet it takes the last search's text. */
  private again(direction: 1 | -1): void {
    if (this.wanted === '') {
      if (lastSearched === '') return;
      this.wanted = lastSearched;
      this.direction = direction;
    } else if (direction !== this.direction) this.direction = direction;
    else this.index += direction;
    this.search();
  }

  private extend(text: string) {
    this.wanted += text;
    this.search();
  }

  private rubout() {
    this.wanted = this.wanted.slice(0, prevChar(this.wanted, this.wanted.length));
    if (this.wanted === '') return this.fail();
    this.search();
  }

  /** Takes a stretch of the found line after the match into the search text. */
  private pull(stretch: RegExp) {
    const rest = this.ed.text.slice(this.ed.point + this.wanted.length);
    const taken = stretch.exec(rest)?.[0] ?? '';
    if (taken === '') this.ed.bell();
    else this.extend(taken);
  }

  private search() {
    this.failed = false;
    const { ed, direction } = this;
    for (;;) {
      const text = ed.historyText(this.line);
      const at = direction < 0 ? (this.index < 0 ? -1 : text.lastIndexOf(this.wanted, this.index)) : text.indexOf(this.wanted, this.index);
      if (at >= 0) return this.found(at, text);
      if (!this.nextLine()) return this.fail();
    }
  }

  /** Steps to the next entry worth a look: long enough, and not the one found just now again. */
  private nextLine(): boolean {
    const { ed, direction } = this;
    let text: string;
    do {
      this.line += direction;
      if (this.line < 0 || this.line > ed.history.entries.length) return false;
      text = ed.historyText(this.line);
    } while (text === this.previous || text.length < this.wanted.length);
    this.index = direction < 0 ? text.length - this.wanted.length : 0;
    return true;
  }

  private found(at: number, text: string) {
    this.index = at;
    this.previous = text;
    this.foundLine = this.line;
    if (this.ed.historyAt !== this.line) this.ed.goHistory(this.line);
    this.ed.point = at;
    this.show();
  }

  private fail() {
    this.failed = true;
    this.line = this.foundLine;
    this.index = this.ed.point;
    this.ed.bell();
    this.show();
  }

  private show() {
    const words = `${this.failed ? 'failed ' : ''}${this.direction < 0 ? 'reverse-' : ''}i-search`;
    this.ed.message = `(${words})\`${this.wanted}': `;
  }

  private end() {
    if (this.wanted !== '') lastSearched = this.wanted;
    this.ed.mode = undefined;
    this.ed.searching = false;
    this.ed.message = undefined;
    this.ed.finish('isearch');
  }

  private abort() {
    if (this.ed.historyAt !== this.startLine) this.ed.goHistory(this.startLine);
    this.ed.point = this.startPoint;
    this.end();
    this.ed.bell();
  }
}

/** Reads a text after `:` and looks for an entry that holds it. */
function nonIncremental(direction: 1 | -1): Command {
  return (ed) => {
    const before = { text: ed.text, point: ed.point, undo: ed.undo };
    const restore = () => {
      ed.mode = undefined;
      ed.message = undefined;
      ed.text = before.text;
      ed.point = before.point;
      ed.undo = before.undo;
    };
    ed.load('', []);
    ed.message = ':';
    ed.mode = (key) => {
      if (key === '\r' || key === '\n') {
        const wanted = ed.text;
        restore();
        findEntry(ed, wanted, direction);
        ed.finish('non-incremental-search');
      } else if (key === '\x07' || (isRubout(key) && ed.text === '')) {
        restore();
        ed.bell();
      } else if (isRubout(key)) ed.delete(ed.point, prevChar(ed.text, ed.point));
      else if (key >= ' ') ed.insert(key);
    };
  };
}

const isRubout = (key: string): boolean => key === '\x7f' || key === '\x08';

function findEntry(ed: Editor, typed: string, direction: 1 | -1) {
  const wanted = typed === '' ? lastSearched : typed;
  if (wanted === '') return ed.bell();
  lastSearched = wanted;
  const anchored = charAt(wanted, 0) === '^';
  const matches = (text: string): boolean => (anchored ? text.startsWith(wanted.slice(1)) : text.includes(wanted));
  let at = ed.historyAt + direction;
  while (at >= 0 && at < ed.history.entries.length && !matches(ed.historyText(at))) at += direction;
  if (at < 0 || at >= ed.history.entries.length) return ed.bell();
  ed.goHistory(at);
}

export const SEARCH_COMMANDS: Readonly<Record<string, Command>> = {
  'reverse-search-history': (ed) => void new IncrementalSearch(ed, -1),
  'forward-search-history': (ed) => void new IncrementalSearch(ed, 1),
  'non-incremental-reverse-search-history': nonIncremental(-1),
  'non-incremental-forward-search-history': nonIncremental(1),
};
