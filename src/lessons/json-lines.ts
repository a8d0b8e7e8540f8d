/** Where the values of a JSON text stand: for error messages that name a line. */

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+/g;

/** The line (from 1) of every value of a text that JSON.parse accepts, by its path: `details.steps[0].title`; the whole is ''. */
export function jsonLines(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  new Scanner(text, lines).value('');
  return lines;
}

/** How deep the values of a good JSON text are nested. */
export function jsonDepth(text: string): number {
  let [depth, deepest] = [0, 0];
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') deepest = Math.max(deepest, ++depth);
    if (token === '}' || token === ']') depth--;
  }
  return deepest;
}

/** The line of a place in a text. */
export function lineAt(text: string, position: number): number {
  return text.slice(0, Math.max(0, position)).split('\n').length;
}

/** Walks a JSON text that is known to be good, and not deep. */
class Scanner {
  private readonly tokens: Iterator<RegExpExecArray>;
  private token: RegExpExecArray | undefined;
  private line = 1;
  private seen = 0;
  private readonly text: string;
  private readonly lines: Map<string, number>;

  constructor(text: string, lines: Map<string, number>) {
    this.text = text;
    this.lines = lines;
    this.tokens = text.matchAll(TOKEN);
    this.next();
  }

  value(path: string): void {
    this.lines.set(path, this.line);
    const opening = this.next();
    if (opening === '{') this.members(path);
    if (opening === '[') this.elements(path);
  }

  private members(path: string): void {
    while (this.peek !== '}' && this.peek !== undefined) {
      const key = JSON.parse(this.next() ?? '""') as string;
      this.next();
      this.value(path === '' ? key : `${path}.${key}`);
      if (this.peek === ',') this.next();
    }
    this.next();
  }

  private elements(path: string): void {
    for (let i = 0; this.peek !== ']' && this.peek !== undefined; i++) {
      this.value(`${path}[${i}]`);
      if (this.peek === ',') this.next();
    }
    this.next();
  }

  private get peek(): string | undefined {
    return this.token?.[0];
  }

  /** The token, and the line of the one behind it. */
  private next(): string | undefined {
    const now = this.peek;
    const result = this.tokens.next();
    this.token = result.done ? undefined : result.value;
    const at = this.token?.index ?? this.text.length;
    this.line += this.text.slice(this.seen, at).split('\n').length - 1;
    this.seen = at;
    return now;
  }
}
