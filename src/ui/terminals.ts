/** The terminals of one machine, a tab each: every one has a tty and a session of its own. */
import type { TerminalSize } from './host.ts';
import type { Machine } from './machine.ts';
import { adopt } from './sheets.ts';
import { openTerminal, type TerminalView, xtermCss } from './terminal.ts';
import type { TtyChannel } from './tty-channel.ts';

export interface TerminalsEvents {
  /** Esc was pressed: the next Tab leaves the terminal. */
  leaving(armed: boolean): void;
  search(): void;
  /** Something has been written to a terminal. */
  output(): void;
}

const PATIENCE_MS = 5000;

interface Tab {
  readonly number: number;
  readonly box: HTMLElement;
  readonly view: TerminalView;
  channel: TtyChannel;
}

export class Terminals {
  private readonly tabs: Tab[] = [];
  private front: Tab | null = null;
  private machine: Machine;
  private dark: boolean;
  private reader = false;
  private opened = 0;
  /** Turns what is typed into what is sent: the key bar's Ctrl. */
  typed: (text: string) => string = (text) => text;
  /** Asked of the machine before xterm has told its size. */
  size: TerminalSize = { rows: 24, cols: 80 };

  constructor(
    private readonly screen: HTMLElement,
    private readonly list: HTMLElement,
    machine: Machine,
    dark: boolean,
    private readonly events: TerminalsEvents,
  ) {
    this.machine = machine;
    this.dark = dark;
    list.addEventListener('keydown', (e) => this.arrows(e));
  }

  get view(): TerminalView | null {
    return this.front?.view ?? null;
  }

  /** The login shell in front. */
  get shell(): number | null {
    return this.front?.channel.shell ?? null;
  }

  /** The prompt stands, or has taken too long for the rest to wait for it. */
  shown(): Promise<unknown> {
    return Promise.race([this.front?.view.shown, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
  }

  /** The machine's first terminal. */
  async openConsole(): Promise<void> {
    await this.add(this.machine.console);
  }

  async open(): Promise<void> {
    await this.add(this.machine.openTerminal(this.front?.view.size ?? this.size));
    this.focus();
  }

  /** Closes the terminal in front with all that runs on it; the last one stays. */
  closeFront(): void {
    if (this.front !== null && this.tabs.length > 1) this.close(this.front);
  }

  type(text: string): void {
    (this.front?.channel ?? this.machine.console).input(text);
  }

  focus(): void {
    this.front?.view.focus();
  }

  setTheme(dark: boolean): void {
    this.dark = dark;
    for (const t of this.tabs) t.view.setTheme(dark);
  }

  setScreenReader(on: boolean): void {
    this.reader = on;
    for (const t of this.tabs) t.view.setScreenReader(on);
  }

  /** The first tab goes over to another machine; the others belong to the old one and close. */
  moveTo(machine: Machine): void {
    this.machine = machine;
    const [first, ...others] = this.tabs;
    for (const t of others) this.remove(t);
    if (first === undefined) return;
    first.channel = machine.console;
    first.view.reset();
    this.connect(first);
    this.show(first);
  }

  dispose(): void {
    for (const t of this.tabs) t.view.dispose();
  }

  private async add(channel: TtyChannel): Promise<void> {
    const root = this.screen.getRootNode() as ShadowRoot;
    adopt(root, xtermCss);
    const page = forbidsStyles(root) ? (await import('./strict-document.ts')).strictPage(root) : undefined;
    const box = document.createElement('div');
    box.className = 'xterm-box';
    this.screen.append(box);
    this.hideAllBut(box);
    // xterm tells its size while it opens: the channel is at hand before the rest of the tab.
    const line = { channel };
    const events = {
      ...this.events,
      data: (text: string) => line.channel.input(this.typed(text)),
      resize: (size: TerminalSize) => line.channel.resize(size),
    };
    const view = openTerminal(box, this.dark, events, page);
    const tab: Tab = Object.assign(line, { number: ++this.opened, box, view });
    if (this.reader) view.setScreenReader(true);
    this.tabs.push(tab);
    this.connect(tab);
    this.show(tab);
  }

  private connect(tab: Tab): void {
    const { channel, view } = tab;
    this.size = view.size;
    channel.resize(view.size);
    channel.attach({
      out: (data, drawn) => {
        view.write(data, drawn);
        this.events.output();
      },
      hangup: (status) => this.ended(tab, status),
    });
  }

  /** The last terminal stays, to say so; another one closes with its shell, as terminals do. */
  private ended(tab: Tab, status: number): void {
    if (this.tabs.length > 1) this.close(tab);
    else tab.view.write(`\r\n[the shell has ended with status ${status}: press Reset for a new machine, or + for a new shell]\r\n`);
  }

  private close(tab: Tab): void {
    const next = this.tabs[Math.max(0, this.tabs.indexOf(tab) - 1)];
    this.remove(tab);
    this.machine.closeTerminal(tab.channel);
    const front = next === tab ? this.tabs[0] : next;
    if (front !== undefined) this.show(front);
    this.focus();
  }

  private remove(tab: Tab): void {
    this.tabs.splice(this.tabs.indexOf(tab), 1);
    tab.view.dispose();
    tab.box.remove();
  }

  private show(tab: Tab): void {
    this.front = tab;
    this.hideAllBut(tab.box);
    this.drawTabs();
  }

  private hideAllBut(box: HTMLElement): void {
    for (const t of this.tabs) t.box.hidden = t.box !== box;
    box.hidden = false;
  }

  private drawTabs(): void {
    this.list.replaceChildren(...this.tabs.map((t) => this.drawTab(t)));
    this.list.parentElement?.toggleAttribute('data-single', this.tabs.length === 1);
  }

  private drawTab(tab: Tab): HTMLElement {
    const chosen = tab === this.front;
    const button = Object.assign(document.createElement('button'), { type: 'button', textContent: `bash ${tab.number}` });
    button.setAttribute('role', 'tab');
    button.setAttribute('aria-selected', String(chosen));
    button.tabIndex = chosen ? 0 : -1;
    button.onclick = () => {
      this.show(tab);
      this.focus();
    };
    return button;
  }

  private arrows(e: KeyboardEvent): void {
    const at = this.front === null ? -1 : this.tabs.indexOf(this.front);
    if (e.key === 'Delete') return this.closeFront();
    const step = e.key === 'ArrowRight' ? 1 : e.key === 'ArrowLeft' ? -1 : 0;
    const next = this.tabs[(at + step + this.tabs.length) % this.tabs.length];
    if (step === 0 || next === undefined) return;
    this.show(next);
    this.list.querySelector<HTMLElement>('[aria-selected=true]')?.focus();
  }
}

/** Whether the page's Content-Security-Policy has no room for style elements. */
function forbidsStyles(root: ShadowRoot): boolean {
  const probe = Object.assign(document.createElement('style'), { textContent: '_{}' });
  root.append(probe);
  const forbidden = probe.sheet === null;
  probe.remove();
  return forbidden;
}
