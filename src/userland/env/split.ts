/** How `env -S` splits a string into arguments: quotes, escapes, ${NAME}. Follows GNU coreutils 9.1. */

const ESCAPES: Readonly<Record<string, string>> = {
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '#': '#',
  $: '$',
  '"': '"',
  "'": "'",
  '\\': '\\',
};

/** The words, or what is wrong with the string. */
export function splitString(text: string, lookUp: (name: string) => string): string[] | string {
  return new Splitter(text, lookUp).split();
}

class Splitter {
  private readonly words: string[] = [];
  private word: string | null = null;
  private quote = '';
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly lookUp: (name: string) => string,
  ) {}

  split(): string[] | string {
    while (this.at < this.text.length) {
      const stop = this.step(this.text[this.at++] as string);
      if (stop === 'end') break;
      if (stop !== undefined) return stop;
    }
    if (this.quote !== '') return 'no terminating quote in -S string';
    this.endWord();
    return this.words;
  }

  /** Takes one character; answers 'end' to stop early, or what is wrong. */
  private step(c: string): string | undefined {
    if (this.quote === '' && /\s/.test(c)) this.endWord();
    else if (this.quote === '' && c === '#' && this.word === null) return 'end';
    else if ((c === '"' || c === "'") && (this.quote === '' || this.quote === c)) this.toggle(c);
    else if (c === '\\' && this.escapes()) return this.escape(this.text[this.at++] ?? '');
    else if (c === '$' && this.quote !== "'") return this.variable();
    else this.add(c);
    return undefined;
  }

  private add(text: string): void {
    this.word = (this.word ?? '') + text;
  }

  private endWord(): void {
    if (this.word !== null) this.words.push(this.word);
    this.word = null;
  }

  private toggle(quote: string): void {
    this.quote = this.quote === '' ? quote : '';
    this.add('');
  }

  /** Within single quotes only \\ and \' are escapes. */
  private escapes(): boolean {
    return this.quote !== "'" || this.text[this.at] === '\\' || this.text[this.at] === "'";
  }

  private escape(c: string): string | undefined {
    if (c === '') return 'invalid backslash at end of string in -S';
    if (c === 'c') return this.quote === '"' ? "'\\c' must not appear in double-quoted -S string" : 'end';
    if (c === '_' && this.quote === '') this.endWord();
    else if (c === '_') this.add(' ');
    else if (ESCAPES[c] === undefined) return `invalid sequence '\\${c}' in -S`;
    else this.add(ESCAPES[c]);
    return undefined;
  }

  private variable(): string | undefined {
    const name = /^\{([A-Za-z_]\w*)\}/.exec(this.text.slice(this.at))?.[1];
    if (name === undefined) return `only \${VARNAME} expansion is supported, error at: ${this.text.slice(this.at - 1)}`;
    this.add(this.lookUp(name));
    this.at += name.length + 2;
    return undefined;
  }
}
