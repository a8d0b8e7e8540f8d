/**
 * The line editor: keys in, a line and effects out. It knows no terminal, no files and no time; display.ts draws it, readline.ts
 * feeds it. Follows readline's readline.c, text.c and kill.c.
 */
import type { Keyboard } from './bindings.ts';
import type { HistoryEdit, HistoryList } from './history.ts';
import type { KillRing } from './kill-ring.ts';
import { noteInsert, type UndoRecord, undoOne } from './undo.ts';

/** What a completion key asks for. */
export interface CompletionRequest {
  /** How the word is taken: by its place, or by the key. */
  readonly what: 'default' | 'command' | 'filename' | 'variable' | 'username' | 'hostname' | 'history' | 'glob';
  /** `complete` inserts, `list` shows the possibilities, `insert` puts in all of them, `braces` puts them in as one brace expression. */
  readonly action: 'complete' | 'list' | 'insert' | 'braces';
  /** The same key was hit just before and could not complete: now list. */
  readonly again: boolean;
}

export type Effect =
  | { readonly kind: 'accept'; readonly line: string }
  | { readonly kind: 'eof' }
  | { readonly kind: 'bell' }
  | { readonly kind: 'clear'; readonly scrollback: boolean }
  | { readonly kind: 'version' }
  | { readonly kind: 'expand'; readonly what: 'shell' | 'history' | 'tilde' }
  | { readonly kind: 'anew' }
  | { readonly kind: 'shell'; readonly command: string }
  | { readonly kind: 'complete'; readonly request: CompletionRequest };

/** Runs a command; `count` is the numeric argument (1 when none was given), `keys` what was hit. */
export type Command = (ed: Editor, count: number, keys: string) => void;

/** Takes the next key instead of the keymap. */
export type Mode = (key: string, more: boolean) => void;

export interface EditorOptions {
  readonly history: HistoryList;
  readonly kills: KillRing;
  /** Asked anew at each key. */
  readonly keyboard: () => Keyboard;
  /** Start on this entry, as operate-and-get-next asked. */
  readonly startAt?: number | undefined;
}

export class Editor {
  text = '';
  point = 0;
  mark = 0;
  undo: UndoRecord[] = [];
  /** What stands in place of the prompt: a search, an argument. */
  message: string | undefined;
  /** True in an incremental search, which a lone Escape ends. */
  searching = false;
  /** Takes keys before the keymap does. */
  mode: Mode | undefined;
  /** The region from mark to point is shown inverted until the next command: a paste. */
  activeRegion = false;
  /** Name of the command before this one. */
  lastCommand = '';
  /** The last completion found several possibilities: the same key again lists them. */
  lastCompletionStuck = false;
  lastKey = '';
  /** undefined: none given. */
  argument: number | undefined;
  /** Index into history.entries; its length means the line being typed. */
  historyAt: number;
  /** Where the next line starts in the history, set by operate-and-get-next. */
  nextStart: number | undefined;
  macro: { keys: string[]; recording: boolean } = { keys: [], recording: false };
  readonly history: HistoryList;
  readonly kills: KillRing;
  private readonly keyboard: () => Keyboard;
  private pending = '';
  private typed: HistoryEdit | undefined;
  private killed = false;
  private lastKilled = false;
  private effects: Effect[] = [];

  constructor(options: EditorOptions) {
    this.history = options.history;
    this.kills = options.kills;
    this.keyboard = options.keyboard;
    this.historyAt = this.history.entries.length;
    const { startAt } = options;
    if (startAt !== undefined && startAt < this.historyAt) this.goHistory(startAt);
  }

  /** Takes one character of input. `more` tells that another one waits already. */
  feed(key: string, more = false): Effect[] {
    if (this.macro.recording) this.macro.keys.push(key);
    this.take(key, more);
    this.lastKey = key;
    return this.takeEffects();
  }

  /** The keyboard has nothing for this key. */
  lacks(key: string): boolean {
    return !this.mode && this.keyboard().lookup(this.pending + key).kind === 'unbound';
  }

  /** What happened since the last question. */
  takeEffects(): Effect[] {
    const out = this.effects;
    this.effects = [];
    return out;
  }

  /** Hands a key on to the keymap. */
  take(key: string, more: boolean) {
    if (this.mode) return this.mode(key, more);
    const keys = this.pending + key;
    const binding = this.keyboard().lookup(keys);
    this.pending = binding.kind === 'prefix' ? keys : '';
    if (binding.kind === 'command') this.run(binding.name, keys);
    if (binding.kind === 'unbound') this.bell();
  }

  /** Runs a command by name, as its key would. */
  run(name: string, keys: string) {
    const command = this.keyboard().commands[name];
    if (!command) return this.bell();
    this.killed = false;
    this.activeRegion = false;
    const { argument } = this;
    command(this, argument ?? 1, keys);
    if (name === 'digit-argument') return;
    this.finish(name);
  }

  /** Ends a command: the argument is used up, kills in a row go on. */
  finish(name: string): void {
    if (!this.mode) this.argument = undefined;
    this.lastKilled = this.killed;
    this.lastCommand = name;
  }

  // ---- effects ----

  emit(effect: Effect): void {
    this.effects.push(effect);
  }
  bell(): void {
    this.effects.push({ kind: 'bell' });
  }
  /** The line is done. A browsed entry that was changed gets its own text back. */
  accept(): void {
    this.history.edits.delete(this.history.base + this.historyAt);
    this.point = this.text.length;
    this.emit({ kind: 'accept', line: this.text });
  }

  // ---- changing the text ----

  insert(text: string): void {
    if (text === '') return;
    noteInsert(this.undo, this.point, text);
    this.text = this.text.slice(0, this.point) + text + this.text.slice(this.point);
    this.point += text.length;
  }
  delete(from: number, to: number): string {
    const [start, end] = from < to ? [from, to] : [to, from];
    const text = this.text.slice(start, end);
    if (text === '') return '';
    this.undo.push({ what: 'delete', start, text });
    this.text = this.text.slice(0, start) + this.text.slice(end);
    if (this.point > end) this.point -= end - start;
    else if (this.point > start) this.point = start;
    this.mark = Math.min(this.mark, this.text.length);
    return text;
  }
  /** Deletes from `from` to `to` into the kill ring; backward when `to` lies before `from`. */
  kill(from: number, to: number): void {
    const text = this.delete(from, to);
    if (text !== '') this.kills.add(text, !this.lastKilled ? 'new' : from < to ? 'append' : 'prepend');
    this.killed = true;
  }
  /** Replaces a stretch by other text, as one change. */
  replace(from: number, to: number, text: string): void {
    this.group(() => {
      this.delete(from, to);
      this.point = from;
      this.insert(text);
    });
  }
  /** Makes what `change` does one undo step. */
  group(change: () => void): void {
    this.undo.push({ what: 'begin' });
    change();
    this.undo.push({ what: 'end' });
  }
  undoOne(): boolean {
    const state = undoOne(this.undo, this.text, this.point);
    if (!state) return false;
    this.text = state.text;
    this.point = state.point;
    this.mark = Math.min(this.mark, this.text.length);
    return true;
  }
  /** Another text altogether, with its own undo list. */
  load(text: string, undo: UndoRecord[]): void {
    this.text = text;
    this.undo = undo;
    this.point = text.length;
    this.mark = 0;
  }

  // ---- history ----

  /** Moves to an entry, or to the line being typed; what was changed here is kept for the way back. */
  goHistory(at: number): void {
    this.keepLine();
    this.historyAt = at;
    const edit = at === this.history.entries.length ? this.typed : this.history.edits.get(this.history.base + at);
    this.load(edit?.text ?? this.history.entries[at] ?? '', edit?.undo ?? []);
  }
  /** The text of an entry, with changes that were not accepted. */
  historyText(at: number): string {
    if (at === this.historyAt) return this.text;
    if (at === this.history.entries.length) return this.typed?.text ?? '';
    return this.history.edits.get(this.history.base + at)?.text ?? this.history.entries[at] ?? '';
  }
  private keepLine(): void {
    const edit = { text: this.text, undo: this.undo };
    if (this.historyAt === this.history.entries.length) this.typed = edit;
    else if (this.undo.length > 0) this.history.edits.set(this.history.base + this.historyAt, edit);
    else this.history.edits.delete(this.history.base + this.historyAt);
  }
}
