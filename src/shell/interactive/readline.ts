/** Reads one line from the terminal: joins the editor, its drawing and what the keys ask of the world. */
import type { Keyboard } from './bindings.ts';
import type { CompletionList } from './completion-apply.ts';
import { Display } from './display.ts';
import { type CompletionRequest, Editor, type Effect } from './editor.ts';
import type { HistoryList } from './history.ts';
import type { KillRing } from './kill-ring.ts';
import type { Terminal } from './terminal.ts';

export type ReadlineResult =
  | { readonly kind: 'line'; readonly line: string }
  | { readonly kind: 'eof' }
  | { readonly kind: 'interrupt' }
  | { readonly kind: 'hangup' };

/** What the world does to a line that is being read. */
export interface Interruptions {
  readonly waiting: boolean;
  /** Since the last question: ^C, another terminal size, the terminal is gone. */
  take(): { readonly interrupt: boolean; readonly resize: boolean; readonly hangup: boolean };
}

export interface ReadlineHost {
  readonly terminal: Terminal;
  readonly history: HistoryList;
  readonly kills: KillRing;
  readonly interruptions: Interruptions;
  /** The keyboard as far as it has loaded. */
  keyboard(): Keyboard;
  /** What `bind` has set a variable to; undefined: nothing. */
  variable(name: string): string | undefined;
  /** Runs a command of the shell's that a key is bound to; it may change the line. */
  runCommand(editor: Editor, command: string): Promise<void>;
  /** Loads the whole of it. */
  wholeKeyboard(): Promise<void>;
  /** Nothing is left to do but to wait for a key. */
  idle(): Promise<void>;
  /** Completes the word at the editor's point; answers the possibilities that are to be listed, if any. */
  complete(editor: Editor, request: CompletionRequest, commandAtStart: boolean): Promise<CompletionList | undefined>;
  /** The line with history, aliases and variables expanded, or undefined when that fails. */
  expand(what: 'shell' | 'history' | 'tilde', line: string, point: number): Promise<{ text: string; point: number } | undefined>;
  /** What C-x C-v prints. */
  readonly version: string;
}

export interface ReadlineOptions {
  /** Expanded; \x01 and \x02 enclose what takes no room. */
  readonly prompt: string;
  /** A command may stand at the start of this line. */
  readonly commandAtStart: boolean;
  /** Index into the history to start from. */
  readonly startAt?: number | undefined;
}

/** Lists longer than this are shown after a question. */
const COMPLETION_QUERY_ITEMS = 100;
const ESCAPE_WAIT_MS = 100;

export class Readline {
  private readonly editor: Editor;
  private readonly display: Display;
  private readonly prompt: string;
  private result: ReadlineResult | undefined;

  constructor(
    private readonly host: ReadlineHost,
    private readonly options: ReadlineOptions,
  ) {
    const { columns, rows } = host.terminal.size();
    this.editor = new Editor({ history: host.history, kills: host.kills, keyboard: host.keyboard, startAt: options.startAt });
    this.display = new Display(columns, rows);
    this.prompt = options.prompt.slice(options.prompt.lastIndexOf('\n') + 1);
  }

  /** Where the next line starts in the history, when operate-and-get-next asked for it. */
  get nextStart(): number | undefined {
    return this.editor.nextStart;
  }

  async read(): Promise<ReadlineResult> {
    const { terminal } = this.host;
    await terminal.enter();
    await this.printPromptHead();
    await this.redraw();
    while (!this.result) {
      await this.host.idle();
      await this.step();
    }
    await terminal.leave();
    if (this.result.kind === 'eof') await terminal.write('\n');
    return this.result;
  }

  private async step(): Promise<void> {
    const { terminal } = this.host;
    const key = this.host.interruptions.waiting ? ({ kind: 'interrupted' } as const) : await terminal.key();
    if (key.kind === 'interrupted') return this.interrupted();
    if (key.kind === 'eof') return this.inputEnded();
    const more = await terminal.pending(key.char === '\x1b' && this.editor.searching ? ESCAPE_WAIT_MS : 0);
    if (this.editor.lacks(key.char)) await this.host.wholeKeyboard();
    for (const effect of this.editor.feed(key.char, more)) await this.perform(effect);
    if (!this.result && !more) await this.redraw();
  }

  /** No terminal, or one that is gone: what was typed so far still counts. */
  private inputEnded() {
    if (this.host.interruptions.take().hangup) return this.end({ kind: 'hangup' });
    return this.end(this.editor.text === '' ? { kind: 'eof' } : { kind: 'line', line: this.editor.text });
  }

  private async perform(effect: Effect): Promise<void> {
    switch (effect.kind) {
      case 'accept':
        return this.end({ kind: 'line', line: effect.line });
      case 'eof':
        return this.end({ kind: 'eof' });
      case 'bell':
        return this.bell();
      case 'clear':
        return this.clear(effect.scrollback);
      case 'complete':
        return this.complete(effect.request);
      case 'version':
        await this.redraw();
        return this.print([this.host.version]);
      case 'expand':
        return this.expand(effect.what);
      case 'anew':
        return this.display.reset();
      case 'shell':
        return this.runCommand(effect.command);
    }
  }

  private async bell(): Promise<void> {
    if (this.host.variable('bell-style') !== 'none') await this.host.terminal.write('\x07');
  }

  /** The line makes room for what the command prints, and is drawn anew below it. */
  private async runCommand(command: string): Promise<void> {
    await this.host.terminal.write('\r\x1b[K');
    await this.host.runCommand(this.editor, command);
    this.display.reset();
    await this.redraw();
  }

  private async redraw(): Promise<void> {
    const { editor } = this;
    const region = editor.activeRegion ? ([Math.min(editor.mark, editor.point), Math.max(editor.mark, editor.point)] as const) : undefined;
    await this.host.terminal.write(
      this.display.draw({ prompt: editor.message ?? this.prompt, text: editor.text, point: editor.point, region }),
    );
  }

  /** The lines of the prompt before its last: printed once, never drawn again. */
  private async printPromptHead(): Promise<void> {
    const head = this.options.prompt.slice(0, this.options.prompt.length - this.prompt.length);
    if (head !== '') await this.host.terminal.write(head.replace(/[\x01\x02]/g, ''));
  }

  private async end(result: ReadlineResult): Promise<void> {
    if (result.kind === 'line') {
      this.editor.message = undefined;
      this.editor.activeRegion = false;
      await this.redraw();
      await this.host.terminal.write(this.display.finish());
    }
    this.result = result;
  }

  private async interrupted(): Promise<void> {
    const { interrupt, resize, hangup } = this.host.interruptions.take();
    if (hangup) return this.end({ kind: 'hangup' });
    if (interrupt) return this.abandon();
    if (resize) await this.resize();
  }

  /** ^C: the line stays on the screen as it is. */
  private async abandon(): Promise<void> {
    await this.host.terminal.write(this.host.terminal.echoesControl ? '^C' : '');
    this.result = { kind: 'interrupt' };
  }

  private async resize(): Promise<void> {
    const { columns, rows } = this.host.terminal.size();
    await this.host.terminal.write(this.display.resize(columns, rows));
    await this.redraw();
  }

  private async clear(scrollback: boolean): Promise<void> {
    await this.host.terminal.write(`\x1b[H\x1b[2J${scrollback ? '\x1b[3J' : ''}`);
    this.display.reset();
    await this.printPromptHead();
    await this.redraw();
  }

  private async expand(what: 'shell' | 'history' | 'tilde'): Promise<void> {
    const { editor } = this;
    const expanded = await this.host.expand(what, editor.text, editor.point);
    if (!expanded || expanded.text === editor.text) return;
    editor.replace(0, editor.text.length, expanded.text);
    editor.point = expanded.point;
  }

  // ---- completion ----

  private async complete(request: CompletionRequest): Promise<void> {
    const { editor } = this;
    await this.redraw();
    const list = await this.host.complete(editor, request, this.options.commandAtStart);
    for (const effect of editor.takeEffects()) await this.perform(effect);
    if (list) await this.showList(list);
  }

  private async showList(list: CompletionList): Promise<void> {
    await this.redraw();
    const limit = Number(this.host.variable('completion-query-items') ?? COMPLETION_QUERY_ITEMS);
    if (limit > 0 && list.count >= limit) {
      await this.host.terminal.write(`${this.display.finish()}Display all ${list.count} possibilities? (y or n)`);
      const answer = await this.answer(false);
      if (answer !== 'yes') {
        await this.host.terminal.write('\r\n');
        return this.redraw();
      }
    }
    await this.print(list.rows(this.host.terminal.size().columns));
  }

  /** Prints rows below the line, by the screenful, and starts the line anew below them. */
  private async print(rows: readonly string[]): Promise<void> {
    const { terminal } = this.host;
    await terminal.write(this.display.finish());
    let room = terminal.size().rows - 1;
    for (let i = 0; i < rows.length; i++) {
      await terminal.write(`${rows[i] ?? ''}\r\n`);
      if (--room > 0 || i + 1 >= rows.length || this.host.variable('page-completions') === 'off') continue;
      const answer = await this.more();
      if (answer === 'no') break;
      room = answer === 'line' ? 1 : terminal.size().rows - 1;
    }
    await this.redraw();
  }

  private async more(): Promise<'yes' | 'no' | 'line'> {
    await this.host.terminal.write('--More--');
    const answer = await this.answer(true);
    await this.host.terminal.write('\r\x1b[K');
    return answer;
  }

  /** y or n; Enter and q too when a list is paged. Any other key rings the bell. */
  private async answer(paging: boolean): Promise<'yes' | 'no' | 'line'> {
    for (;;) {
      const key = await this.host.terminal.key();
      if (key.kind !== 'char') {
        await this.interrupted();
        return 'no';
      }
      if (/^[yY ]$/.test(key.char)) return 'yes';
      if (/^[nN\x7f\x07]$/.test(key.char)) return 'no';
      if (paging && /^[\r\n]$/.test(key.char)) return 'line';
      if (paging && /^[qQ]$/.test(key.char)) return 'no';
      await this.host.terminal.write('\x07');
    }
  }
}
