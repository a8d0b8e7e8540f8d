/** A terminal without a window: bytes in, rows of text out. */
import xterm from '@xterm/headless';

export interface Shown {
  /** Without blanks at their ends, and without empty rows at the bottom. */
  readonly rows: string[];
  /** Row (from the first row of all) and column. */
  readonly cursor: [number, number];
}

export class Screen {
  private readonly terminal: InstanceType<typeof xterm.Terminal>;
  constructor(columns: number, rows: number) {
    this.terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 1000 });
  }
  write(bytes: string | Uint8Array): Promise<void> {
    return new Promise((done) => this.terminal.write(bytes, done));
  }
  resize(columns: number, rows: number): void {
    this.terminal.resize(columns, rows);
  }
  shown(): Shown {
    const { active } = this.terminal.buffer;
    const rows = Array.from({ length: active.length }, (_, i) => active.getLine(i)?.translateToString(true).trimEnd() ?? '');
    while (rows.at(-1) === '') rows.pop();
    return { rows, cursor: [active.baseY + active.cursorY, active.cursorX] };
  }
}
