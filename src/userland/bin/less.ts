/** less: a file by the screenful. What it prints to no terminal, it prints as cat would. Follows less 590. */
import { decode } from '../../uapi/bytes.ts';
import { IS_ERR } from '../../uapi/errno.ts';
import { O_RDONLY } from '../../uapi/fcntl.ts';
import { S_ISDIR } from '../../uapi/stat.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { type Keyboard, openKeyboard, windowSize } from '../lib/keys.ts';
import { readAll } from '../lib/stdio.ts';

export const main = command(
  {
    name: 'less',
    usage: ['[options] [file]...'],
    summary: 'Shows files by the screenful: space, b, j, k, g, G, /, n, N, q.',
    follows: 'less 590',
    shortName: true,
    options: [
      ['-E', 'quit at the end of the file'],
      ['-F, --quit-if-one-screen', 'quit at once if all fits on a screen'],
      ['-N, --LINE-NUMBERS', 'with line numbers'],
      ['-R, --RAW-CONTROL-CHARS', 'colours as they are'],
      ['-S, --chop-long-lines', 'cut long lines'],
      ['-X, --no-init', 'leave the screen as it is'],
      ['-i, --ignore-case', 'case does not count in searches'],
    ],
    hint: () => 'For help on its options, type "less --help".\n',
  },
  async (io, options, operands) => {
    if (operands.length === 0 && !IS_ERR(io.sys.ioctl(0, 'TCGETS'))) {
      await io.complain('Missing filename ("less --help" for help)\n');
      return 1;
    }
    const text = await contents(io, operands.length === 0 ? ['-'] : operands);
    const fd = await io.sys.open('/dev/tty', O_RDONLY);
    const keyboard = io.stdout.isTerminal && !IS_ERR(fd) ? openKeyboard(io.sys, fd) : null;
    if (!keyboard) {
      io.stdout.put(text);
      return undefined;
    }
    try {
      await new Pager(io, options, text, keyboard, operands[0] ?? '').run();
    } finally {
      keyboard.restore();
    }
    return undefined;
  },
);

async function contents(io: Io, names: readonly string[]): Promise<string> {
  let text = '';
  for (const name of names) {
    const st = io.sys.stat(name);
    if (name !== '-' && !IS_ERR(st) && S_ISDIR(st.st_mode)) {
      await io.complain(`${name} is a directory\n`);
      io.status = 1;
      continue;
    }
    const fd = name === '-' ? 0 : await io.sys.open(name, O_RDONLY);
    const bytes = IS_ERR(fd) ? fd : await readAll(io.sys, fd);
    if (IS_ERR(bytes)) {
      await io.complain(`${name}: ${bytes.message}\n`);
      io.status = 1;
    } else text += decode(bytes);
  }
  return text;
}

class Pager {
  private rows: string[] = [];
  private top = 0;
  private message = '';
  private pattern: RegExp | null = null;
  private readonly height: number;

  constructor(
    private readonly io: Io,
    private readonly options: Options,
    text: string,
    private readonly keyboard: Keyboard,
    private readonly name: string,
  ) {
    const size = windowSize(io.sys, 1);
    this.height = Math.max(1, size.rows - 1);
    this.rows = this.layout(text, size.columns);
  }

  private layout(text: string, columns: number): string[] {
    const lines = text.split('\n');
    if (lines.at(-1) === '') lines.pop();
    return lines.flatMap((line, i) => {
      const plain = this.options.has('R') ? line : line.replaceAll('\x1b', 'ESC');
      const shown = (this.options.has('N') ? `${String(i + 1).padStart(7)} ` : '') + plain.replaceAll('\t', '        ');
      if (this.options.has('R') || shown.length <= columns) return [shown];
      if (this.options.has('S')) return [shown.slice(0, columns)];
      return Array.from({ length: Math.ceil(shown.length / columns) }, (_, part) => shown.slice(part * columns, (part + 1) * columns));
    });
  }

  private get last(): number {
    return Math.max(0, this.rows.length - this.height);
  }

  async run(): Promise<void> {
    const short = this.rows.length <= this.height;
    if (short && this.options.has('F')) {
      this.io.stdout.put(this.rows.map((row) => `${row}\n`).join(''));
      return;
    }
    if (!this.options.has('X')) this.io.stdout.put('\x1b[?1049h');
    this.message = this.name;
    for (;;) {
      this.draw();
      await this.io.stdout.flush();
      if (!(await this.key(await this.keyboard.next()))) break;
      if (this.options.has('E') && this.top >= this.last) break;
    }
    this.io.stdout.put(this.options.has('X') ? '\r\x1b[K' : '\x1b[?1049l');
  }

  private draw(): void {
    const page = this.rows.slice(this.top, this.top + this.height);
    const lines = Array.from({ length: this.height }, (_, i) => page[i] ?? '~');
    const prompt = this.message !== '' ? this.message : this.top >= this.last ? '(END)' : ':';
    const status = prompt === ':' ? ':' : `\x1b[7m${prompt}\x1b[27m`;
    this.io.stdout.put(`\x1b[H${lines.map((line) => `${line}\x1b[K\r\n`).join('')}${status}\x1b[K`);
    this.message = '';
  }

  /** False to leave. */
  private async key(key: string): Promise<boolean> {
    if (key === '' || key === 'q' || key === 'Q') return false;
    if (key === '/' || key === '?') await this.ask(key);
    else if (key === 'n' || key === 'N') this.search(key === 'n' ? 1 : -1);
    else {
      const move = this.moves()[key];
      if (move !== undefined) this.top = Math.min(this.last, Math.max(0, move));
    }
    return true;
  }

  private moves(): Readonly<Record<string, number>> {
    const [down, up] = [this.top + 1, this.top - 1];
    const [page, back, half] = [this.top + this.height, this.top - this.height, Math.floor(this.height / 2)];
    return {
      ...{ j: down, e: down, '\n': down, '\r': down, '\x1b[B': down, '\x1bOB': down, k: up, y: up, '\x1b[A': up, '\x1bOA': up },
      ...{
        ' ': page,
        f: page,
        '\x06': page,
        '\x1b[6~': page,
        b: back,
        '\x02': back,
        '\x1b[5~': back,
        d: this.top + half,
        u: this.top - half,
      },
      ...{ g: 0, '<': 0, '\x1b[H': 0, '\x1b[1~': 0, G: this.last, '>': this.last, '\x1b[F': this.last, '\x1b[4~': this.last },
    };
  }

  private async ask(direction: string): Promise<void> {
    let text = '';
    for (;;) {
      this.io.stdout.put(`\r\x1b[K${direction}${text}`);
      await this.io.stdout.flush();
      const key = await this.keyboard.next();
      if (key === '\n' || key === '\r') break;
      if (key === '' || key === '\x1b' || (key === '\x7f' && text === '')) return;
      text = key === '\x7f' ? text.slice(0, -1) : text + (key.length === 1 ? key : '');
    }
    try {
      if (text !== '') this.pattern = new RegExp(text, this.options.has('i') ? 'i' : '');
    } catch {
      this.message = 'Invalid pattern';
      return;
    }
    this.search(direction === '/' ? 1 : -1);
  }

  private search(step: 1 | -1): void {
    if (!this.pattern) {
      this.message = 'No previous search pattern';
      return;
    }
    for (let i = this.top + step; i >= 0 && i < this.rows.length; i += step)
      if (this.pattern.test(this.rows[i] ?? '')) {
        this.top = i;
        return;
      }
    this.message = 'Pattern not found';
  }
}
