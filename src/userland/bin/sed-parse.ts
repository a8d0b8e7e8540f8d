/** Reads sed(1) scripts. Counts characters as GNU sed does, for its messages. */
import { Failure } from '../lib/error.ts';
import { compileRegex } from '../lib/regex.ts';
import type { Address, Command, Script, SedRegex, Source, Substitution } from './sed-script.ts';
import { readPieces, translateEscapes } from './sed-text.ts';

export interface ParseHow {
  readonly extended: boolean;
  readonly utf8: boolean;
  readonly sandbox: boolean;
}

export function parseScript(sources: readonly Source[], how: ParseHow): Script {
  return new Parser(sources, how).script();
}

class Parser {
  private readonly text: string;
  private position = 0;
  private readonly commands: Command[] = [];
  private readonly open: Command[] = [];

  constructor(
    private readonly sources: readonly Source[],
    private readonly how: ParseHow,
  ) {
    this.text = sources.map((s) => s.text).join('\n');
  }

  script(): Script {
    const quiet = /^#n(\n|$)/.test(this.text);
    while (this.skipBetween()) this.command();
    if (this.open.length > 0) throw this.error("unmatched `{'", 0);
    this.resolveLabels();
    return { commands: this.commands, quiet };
  }

  // characters

  private next(): string {
    const c = this.text[this.position] ?? '';
    if (c !== '') this.position++;
    return c;
  }
  private peek(): string {
    return this.text[this.position] ?? '';
  }
  private skipBlanks(): void {
    while (/^[ \t\r\v\f]$/.test(this.peek())) this.position++;
  }

  /** The message with the place: characters read so far of this -e, or the line of the file. */
  private error(message: string, at = this.position): Failure {
    let start = 0;
    for (const source of this.sources) {
      const end = start + source.text.length;
      if (this.position <= end || source === this.sources.at(-1)) {
        if ('expression' in source.name) {
          return new Failure(`-e expression #${source.name.expression}, char ${at === 0 ? 0 : at - start}: ${message}`);
        }
        const line = this.text.slice(start, Math.max(start, this.position)).split('\n').length;
        return new Failure(`file ${source.name.file} line ${line}: ${message}`);
      }
      start = end + 1;
    }
    return new Failure(message);
  }

  /** To the next command; false at the end. */
  private skipBetween(): boolean {
    for (;;) {
      while (/^[\s;]$/.test(this.peek())) this.position++;
      if (this.peek() !== '#') return this.peek() !== '';
      while (this.peek() !== '' && this.peek() !== '\n') this.position++;
    }
  }

  // commands

  private command(): void {
    const from = this.address(true);
    let to: Address | null = null;
    if (from) {
      this.skipBlanks();
      if (this.peek() === ',') {
        this.position++;
        this.skipBlanks();
        to = this.address(false);
        if (!to) throw this.error('unexpected `,');
      }
    }
    const negated = this.negation();
    const name = this.next();
    if (name === '') throw this.error('missing command');
    if (from?.kind === 'line' && from.line === 0 && to?.kind !== 'regex') throw this.error('invalid usage of line address 0');
    this.finish(name, { from, to, negated });
  }

  private negation(): boolean {
    this.skipBlanks();
    if (this.peek() !== '!') return false;
    this.position++;
    this.skipBlanks();
    if (this.peek() !== '!') return true;
    this.position++;
    throw this.error("multiple `!'s");
  }

  private finish(name: string, where: { from: Address | null; to: Address | null; negated: boolean }): void {
    const add = (more: Partial<Command> = {}): Command => {
      const fields = { text: '', number: null, substitution: null, map: null, target: 0, rangeEnd: 0 };
      const range = where.from?.kind === 'line' && where.from.line === 0 ? ('active' as const) : ('inactive' as const);
      const command: Command = { name, ...where, ...fields, range, ...more };
      this.commands.push(command);
      return command;
    };
    switch (name) {
      case '{':
        this.open.push(add());
        return;
      case '}':
        this.close(where.from !== null, add);
        return;
      case ':':
        if (where.from) throw this.error(": doesn't want any addresses");
        add({ text: this.label() });
        return;
      case 'b':
      case 't':
      case 'T':
        add({ text: this.branchLabel() });
        return;
      case 'a':
      case 'i':
      case 'c':
        add({ text: this.insertedText() });
        return;
      case 'r':
      case 'R':
      case 'w':
      case 'W':
        add({ text: this.fileName() });
        return;
      case 'e':
        if (this.how.sandbox) throw this.error('e/r/w commands disabled in sandbox mode');
        this.skipBlanks();
        add({ text: this.restOfLine() });
        return;
      case 's': {
        const substitution = this.substitution();
        add({ substitution });
        return;
      }
      case 'y':
        add({ map: this.transliteration() });
        return;
      case 'q':
      case 'Q':
        if (where.to) throw this.error('command only uses one address');
        add({ number: this.optionalNumber() });
        this.endOfCommand();
        return;
      case 'l':
      case 'L':
        add({ number: this.optionalNumber() });
        this.endOfCommand();
        return;
      case 'v':
        this.skipBlanks();
        this.restOfWord();
        return;
      default:
        if (!'=dDFgGhHnNpPxz'.includes(name)) throw this.error(`unknown command: \`${name}'`);
        add();
        this.endOfCommand();
    }
  }

  private close(hasAddress: boolean, add: () => Command): void {
    if (hasAddress) throw this.error("} doesn't want any addresses");
    const opener = this.open.pop();
    if (!opener) throw this.error("unexpected `}'");
    add();
    opener.target = this.commands.length;
    this.endOfCommand();
  }

  private endOfCommand(): void {
    this.skipBlanks();
    const c = this.peek();
    if (c === '' || c === '}' || c === '#') return;
    this.position++;
    if (c !== ';' && c !== '\n') throw this.error('extra characters after command');
  }

  private optionalNumber(): number | null {
    this.skipBlanks();
    const digits = /^\d*/.exec(this.text.slice(this.position))?.[0] ?? '';
    this.position += digits.length;
    return digits === '' ? null : Number(digits);
  }

  private restOfLine(): string {
    const end = this.text.indexOf('\n', this.position);
    const line = this.text.slice(this.position, end < 0 ? undefined : end);
    this.position += line.length;
    return line;
  }

  private restOfWord(): string {
    const word = /^[^\s;]*/.exec(this.text.slice(this.position))?.[0] ?? '';
    this.position += word.length;
    return word;
  }

  private label(): string {
    this.skipBlanks();
    const label = /^[^\n;]*/.exec(this.text.slice(this.position))?.[0]?.trimEnd() ?? '';
    this.position += label.length;
    if (label === '') throw this.error('":" lacks a label');
    return label;
  }

  private branchLabel(): string {
    this.skipBlanks();
    const label = /^[^\n;}]*/.exec(this.text.slice(this.position))?.[0] ?? '';
    this.position += label.length;
    return label.trimEnd();
  }

  private fileName(): string {
    if (this.how.sandbox) throw this.error('e/r/w commands disabled in sandbox mode');
    this.skipBlanks();
    const name = this.restOfLine();
    if (name === '') throw this.error('missing filename in r/R/w/W commands');
    return name;
  }

  /** `a text`, or `a\` and lines of text that end in a backslash except the last. */
  private insertedText(): string {
    this.skipBlanks();
    if (this.peek() === '') throw this.error("expected \\ after `a', `c' or `i'");
    if (this.peek() === '\\') {
      this.position++;
      const blanks = /^[ \t]*\n/.exec(this.text.slice(this.position));
      if (blanks) this.position += blanks[0].length;
      else if (this.peek() === '') return '';
    }
    let out = '';
    for (let c = this.next(); c !== '' && c !== '\n'; c = this.next()) out += c === '\\' ? this.escapedInText() : c;
    return `${out}\n`;
  }

  private escapedInText(): string {
    const rest = this.text.slice(this.position - 1);
    const translated = /^\\(?:[afntv]|c.|d\d{3}|o[0-7]{3}|x[0-9A-Fa-f]{2})/s.exec(rest);
    if (translated) {
      this.position += translated[0].length - 1;
      return translated[0] === '\\n' ? '\n' : translateEscapes(translated[0], 'text');
    }
    return this.next();
  }

  // addresses

  private address(first: boolean): Address | null {
    const c = this.peek();
    if (c === '/' || c === '\\') {
      this.position++;
      const delimiter = c === '\\' ? this.next() : c;
      return { kind: 'regex', regex: this.addressRegex(delimiter) };
    }
    if (/^\d$/.test(c)) return this.numericAddress();
    if (c === '$') {
      this.position++;
      return { kind: 'last' };
    }
    if (!first && (c === '+' || c === '~')) {
      this.position++;
      const count = this.optionalNumber();
      if (count === null) throw this.error('expected number');
      return c === '+' ? { kind: 'plus', count } : { kind: 'multiple', of: count };
    }
    return null;
  }

  private numericAddress(): Address {
    const line = this.optionalNumber() ?? 0;
    this.skipBlanks();
    if (this.peek() !== '~') return { kind: 'line', line };
    this.position++;
    const step = this.optionalNumber() ?? 0;
    return step > 0 ? { kind: 'step', first: line, step } : { kind: 'line', line };
  }

  private addressRegex(delimiter: string): SedRegex {
    const source = this.delimited(delimiter, true);
    if (source === null) throw this.error('unterminated address regex');
    let flags = '';
    for (this.skipBlanks(); this.peek() === 'I' || this.peek() === 'M'; this.skipBlanks()) flags += this.next();
    return this.compile(source, flags);
  }

  /** Text up to an unescaped delimiter, which is taken; null if there is none. An escaped delimiter is itself. */
  private delimited(delimiter: string, regex: boolean): string | null {
    let out = '';
    for (;;) {
      const c = this.next();
      if (c === '') return null;
      if (c === delimiter) return out;
      if (c === '\n' && regex) return null;
      if (c === '[' && regex) {
        out += c + this.bracket();
        continue;
      }
      if (c !== '\\') {
        out += c;
        continue;
      }
      const escaped = this.next();
      if (escaped === '') return null;
      if (escaped === delimiter)
        out += regex && /[.*[\]^$+?(){}|]/.test(delimiter) && !this.isLiteralWhenBare(delimiter) ? `\\${escaped}` : escaped;
      else if (escaped === 'n' && regex) out += '\n';
      else out += `\\${escaped}`;
    }
  }

  /** The rest of a bracket expression, in which the delimiter is a character; nothing if it never ends. */
  private bracket(): string {
    const inside = /^\^?\]?(?:\[([:.=])[^\n]*?\1\]|[^\]\n])*\]/.exec(this.text.slice(this.position))?.[0] ?? '';
    this.position += inside.length;
    return inside.replaceAll('\\n', '\n');
  }

  /** A special character that serves as delimiter loses its meaning within. */
  private isLiteralWhenBare(delimiter: string): boolean {
    return !this.how.extended && /[+?(){}|]/.test(delimiter);
  }

  private compile(source: string, flags: string): SedRegex {
    if (source === '') return { regexp: null, groups: 0 };
    const options = {
      extended: this.how.extended,
      utf8: this.how.utf8,
      ignoreCase: /i/i.test(flags),
      multiline: /m/i.test(flags),
    };
    const compiled = compileRegex(translateEscapes(source, 'regex'), options);
    if (typeof compiled === 'string') throw this.error(compiled);
    return compiled;
  }

  // s and y

  private substitution(): Substitution {
    const delimiter = this.next();
    const source = delimiter === '' || delimiter === '\n' || delimiter === '\\' ? null : this.delimited(delimiter, true);
    const replacement = source === null ? null : this.delimited(delimiter, false);
    if (source === null || replacement === null) throw this.error("unterminated `s' command");
    const { letters, ...flags } = this.substitutionFlags();
    const regex = this.compile(source, letters);
    const pieces = readPieces(replacement);
    for (const piece of pieces) {
      if (piece.kind === 'group' && piece.group > regex.groups && regex.regexp) {
        throw this.error(`invalid reference \\${piece.group} on \`s' command's RHS`);
      }
    }
    return { regex, pieces, ...flags };
  }

  private substitutionFlags(): Omit<Substitution, 'regex' | 'pieces'> & { letters: string } {
    const flags = { global: false, number: 0, print: false, evaluate: false, file: null as string | null, letters: '' };
    for (;;) {
      const c = this.next();
      if (c === '' || c === '\n' || c === ';') return flags;
      if (c === '}' || c === '#') {
        this.position--;
        return flags;
      }
      if (/^[ \t\r]$/.test(c)) continue;
      if (/^\d$/.test(c)) this.numberFlag(flags);
      else if (/^[iImM]$/.test(c)) flags.letters += c;
      else if (c === 'w') return { ...flags, file: this.fileName() };
      else this.letterFlag(c, flags);
    }
  }

  private numberFlag(flags: { number: number }): void {
    if (flags.number > 0) throw this.error("multiple number options to `s' command");
    this.position--;
    flags.number = this.optionalNumber() ?? 0;
    if (flags.number === 0) throw this.error("number option to `s' command may not be zero");
  }

  private letterFlag(c: string, flags: { global: boolean; print: boolean; evaluate: boolean }): void {
    const key = ({ g: 'global', p: 'print', e: 'evaluate' } as const)[c as 'g'];
    if (!key) throw this.error("unknown option to `s'");
    if (flags[key] && c !== 'e') throw this.error(`multiple \`${c}' options to \`s' command`);
    flags[key] = true;
  }

  private transliteration(): Map<string, string> {
    const delimiter = this.next();
    const from = delimiter === '' ? null : this.delimited(delimiter, false);
    const to = from === null ? null : this.delimited(delimiter, false);
    if (from === null || to === null) throw this.error("unterminated `y' command");
    const [a, b] = [this.characters(from), this.characters(to)];
    if (a.length !== b.length) throw this.error("strings for `y' command are different lengths");
    const map = new Map<string, string>();
    for (const [i, c] of a.entries()) if (!map.has(c)) map.set(c, b[i] as string);
    this.endOfCommand();
    return map;
  }

  private characters(text: string): string[] {
    const translated = translateEscapes(text, 'text').replace(/\\([\s\S])/g, (_, c: string) => (c === 'n' ? '\n' : c));
    return this.how.utf8 ? [...translated] : translated.split('');
  }

  private resolveLabels(): void {
    const labels = new Map<string, number>();
    for (const [i, command] of this.commands.entries()) if (command.name === ':') labels.set(command.text, i);
    for (const command of this.commands) {
      if (!'btT'.includes(command.name)) continue;
      const target = command.text === '' ? this.commands.length : labels.get(command.text);
      if (target === undefined) throw new Failure(`can't find label for jump to \`${command.text}'`, 4);
      command.target = target;
    }
  }
}
