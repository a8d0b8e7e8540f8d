/** The one door to xterm: a terminal in a box of the element, fitted, themed, and never a keyboard trap. */
import { FitAddon } from '@xterm/addon-fit';
import { type ITheme, Terminal } from '@xterm/xterm';
import xtermCss from '@xterm/xterm/css/xterm.css?inline';
import type { TerminalSize } from './host.ts';

export { xtermCss };

export interface TerminalView {
  readonly size: TerminalSize;
  /** Resolves when something has been written: what can wait for the prompt waits for this. */
  readonly shown: Promise<void>;
  write(data: Uint8Array | string, drawn?: () => void): void;
  /** The whole buffer as text, trailing blank lines cut. */
  text(): string;
  focus(): void;
  /** As if the clipboard's text had been pasted: bracketed where the program asked for it. */
  paste(text: string): void;
  /** The selected text, or "". */
  selection(): string;
  /** Shows the next (or previous) place of `text`; false if there is none. */
  find(text: string, backwards: boolean): Promise<boolean>;
  setTheme(dark: boolean): void;
  setScreenReader(on: boolean): void;
  reset(): void;
  dispose(): void;
}

export interface TerminalEvents {
  data(text: string): void;
  resize(size: TerminalSize): void;
  /** Esc was pressed: the next Tab leaves the terminal. */
  leaving(armed: boolean): void;
  /** Ctrl+Shift+F. */
  search(): void;
}

/** Where elements come from instead of the usual document; it is told of the terminal when that has opened. */
export interface StrictPage {
  readonly document: Document;
  opened(terminal: object): void;
}

const LIGHT: ITheme = {
  background: '#fbfbf9',
  foreground: '#1f2328',
  cursor: '#1f2328',
  cursorAccent: '#fbfbf9',
  selectionBackground: '#bcd6f5',
  black: '#1f2328',
  red: '#b3261e',
  green: '#1a6b32',
  yellow: '#7a5300',
  blue: '#0b57a4',
  magenta: '#8a3ffc',
  cyan: '#0b6b74',
  white: '#57606a',
  brightBlack: '#57606a',
  brightRed: '#c4372d',
  brightGreen: '#1a7f37',
  brightYellow: '#8a6100',
  brightBlue: '#0969da',
  brightMagenta: '#8250df',
  brightCyan: '#107c86',
  brightWhite: '#1f2328',
};
const DARK: ITheme = {
  background: '#15181d',
  foreground: '#e3e6ea',
  cursor: '#e3e6ea',
  cursorAccent: '#15181d',
  selectionBackground: '#2f4a6d',
  black: '#3a414b',
  red: '#ff7b72',
  green: '#6fcf83',
  yellow: '#e3b341',
  blue: '#79b8ff',
  magenta: '#d2a8ff',
  cyan: '#76d9e6',
  white: '#c9d1d9',
  brightBlack: '#8b949e',
  brightRed: '#ffa198',
  brightGreen: '#8ddb9c',
  brightYellow: '#f2cc60',
  brightBlue: '#a5d0ff',
  brightMagenta: '#e2c5ff',
  brightCyan: '#a3e9f2',
  brightWhite: '#f0f3f6',
};

/** `page` stands for a page whose policy forbids styles. */
export function openTerminal(box: HTMLElement, dark: boolean, events: TerminalEvents, page?: StrictPage): TerminalView {
  const term = new Terminal({
    // Widths of characters are a proposed part of its interface.
    allowProposedApi: true,
    cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    fontFamily: '"DejaVu Sans Mono", ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
    fontSize: box.clientWidth < 480 ? 12 : 14,
    lineHeight: 1.2,
    minimumContrastRatio: 4.5,
    scrollback: 5000,
    theme: dark ? DARK : LIGHT,
    ...(page && { documentOverride: page.document }),
  });
  const fit = new FitAddon();
  term.loadAddon(fit);
  term.open(box);
  page?.opened(term);
  term.textarea?.setAttribute('aria-label', 'Terminal. Press Escape, then Tab, to leave it.');
  watchKeys(term, events);
  term.onData((d) => events.data(d));
  term.onResize(({ rows, cols }) => events.resize({ rows, cols }));
  const watch = new ResizeObserver(() => box.clientWidth > 0 && fit.fit());
  watch.observe(box);
  fit.fit();
  const extras = once(() => import('./terminal-extras.ts').then((m) => m.loadExtras(term)));
  const shown = firstOutput(term);
  void shown.then(() => requestIdleCallback?.(() => void extras()));
  return {
    shown,
    get size() {
      return { rows: term.rows, cols: term.cols };
    },
    write: (data, drawn) => term.write(data, drawn),
    text: () => bufferText(term),
    focus: () => term.focus(),
    paste: (text) => term.paste(text),
    selection: () => term.getSelection(),
    find: async (text, backwards) => (await extras()).find(text, backwards),
    setTheme: (d) => {
      term.options.theme = d ? DARK : LIGHT;
    },
    setScreenReader: (on) => {
      term.options.screenReaderMode = on;
    },
    reset: () => term.reset(),
    dispose: () => {
      watch.disconnect();
      term.dispose();
    },
  };
}

/** Resolves when something has been written. */
function firstOutput(term: Terminal): Promise<void> {
  return new Promise((resolve) => {
    const listener = term.onWriteParsed(() => {
      listener.dispose();
      resolve();
    });
  });
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

/** The terminal's own keys: Ctrl+Shift+C copies, Ctrl+Shift+F searches; true if it was one. */
function ownKey(term: Terminal, e: KeyboardEvent, events: TerminalEvents): boolean {
  const ctrlShift = (e.ctrlKey || e.metaKey) && e.shiftKey;
  const copies = (ctrlShift && e.code === 'KeyC') || (e.ctrlKey && e.key === 'Insert');
  if (copies) void navigator.clipboard?.writeText(term.getSelection());
  else if (ctrlShift && e.code === 'KeyF') events.search();
  else return false;
  e.preventDefault();
  return true;
}

/**
 * Esc goes to the program as ever; a Tab right after it goes to the browser, so that the keyboard can leave.
 * What the terminal does by itself goes to no program.
 */
function watchKeys(term: Terminal, events: TerminalEvents): void {
  let armed = false;
  const arm = (on: boolean): void => {
    if (armed !== on) events.leaving(on);
    armed = on;
  };
  term.attachCustomKeyEventHandler((e) => {
    if (e.type !== 'keydown') return true;
    if (ownKey(term, e, events)) return false;
    if (e.key === 'Tab' && armed) {
      arm(false);
      return false;
    }
    if (e.key !== 'Shift') arm(e.key === 'Escape');
    return true;
  });
  term.textarea?.addEventListener('blur', () => arm(false));
}

function bufferText(term: Terminal): string {
  const buffer = term.buffer.active;
  let out = '';
  for (let i = 0; i < buffer.length; i++) {
    const line = buffer.getLine(i);
    if (line === undefined) continue;
    out += (i > 0 && !line.isWrapped ? '\n' : '') + line.translateToString(true);
  }
  return out.replace(/\s+$/, '');
}
