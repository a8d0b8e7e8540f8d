/**
 * <binfmt-lab>: the element and what a page's scripts can do with it. The page at / is one of these around everything.
 * This file is all that a page loads before its visitor starts a machine: a poster, a button, and calls that wait.
 */

import type { EmbedEvents } from './embed-events.ts';
import type { Started } from './embed-start.ts';
import type { LabSnapshot, RunText } from './host.ts';
import { messageOf } from './message-of.ts';
import { drawPoster } from './poster.ts';

export type { DoneDetail, EmbedEvents, ExecDetail, StepDetail } from './embed-events.ts';
export type { LabSnapshot, RunText } from './host.ts';

const EDGE = ';box-sizing:border-box;margin-block:1rem;border:1px solid var(--line);border-radius:10px;overflow:hidden';
const Base: typeof HTMLElement = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

export interface BinfmtLabElement {
  addEventListener<K extends keyof EmbedEvents>(
    type: K,
    listener: (this: BinfmtLabElement, event: CustomEvent<EmbedEvents[K]>) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject | null, options?: boolean | AddEventListenerOptions): void;
}

// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the events of the class above, typed
export class BinfmtLabElement extends Base {
  static readonly observedAttributes = ['height', 'theme'];
  /** Resolves when the machine has booted; an element that waits for a click waits here, too. */
  readonly ready: Promise<void>;
  private becomeReady: () => void = () => {};
  private readonly root: ShadowRoot;
  private readonly size = new CSSStyleSheet();
  private starting: Promise<Started> | null = null;
  private started: Started | null = null;
  private drawn: ((state: string, busy: boolean) => void) | null = null;
  private watch: IntersectionObserver | null = null;

  constructor() {
    super();
    this.ready = new Promise((resolve) => {
      this.becomeReady = resolve;
    });
    this.root = this.attachShadow({ mode: 'open' });
  }

  connectedCallback(): void {
    if (this.starting !== null) return;
    this.setHeight();
    this.root.adoptedStyleSheets = [this.size];
    if (this.hasAttribute('autostart')) return this.begin(true);
    this.drawn ??= drawPoster(this, this.root, () => this.begin(true));
    if (this.hasAttribute('autorun')) this.startWhenSeen();
  }

  /** Moved to another place of the page it lives on; taken out, its machine ends. */
  disconnectedCallback(): void {
    queueMicrotask(() => {
      if (!this.isConnected) this.end();
    });
  }

  attributeChangedCallback(name: string): void {
    if (name === 'height') this.setHeight();
    else this.started?.view.showTheme();
  }

  /** Runs `script` in a new non-interactive bash on this machine; nothing shows in the terminal. Calls queue. Starts the machine. */
  async run(script: string): Promise<RunText> {
    const { view } = await this.start(false);
    return view.context.run(script);
  }

  /** Types `text` into the terminal, as keys: "\r" is Enter. Before the start it waits. */
  type(text: string): void {
    if (this.started !== null) this.started.view.type(text);
    else void this.ready.then(() => this.started?.view.type(text));
  }

  /** What the terminal shows and has scrolled away, as text. */
  screenText(): string {
    return this.started?.view.screenText() ?? '';
  }

  /** Files, mounts and rules of the machine, as plain data. Starts the machine. */
  async snapshot(): Promise<LabSnapshot> {
    const { view } = await this.start(false);
    return view.context.host.snapshot();
  }

  /** A fresh machine with the chosen host and kernel and its author's files takes the place of this one. Before the start there is none. */
  async reset(): Promise<void> {
    await this.started?.view.reset();
  }

  /** What is wrong stands in the poster. */
  private begin(byVisitor: boolean): void {
    this.start(byVisitor).catch(() => {});
  }

  /** Starts the machine, once. `byVisitor`: the keyboard may go into its terminal. */
  private start(byVisitor: boolean): Promise<Started> {
    this.starting ??= this.load(byVisitor);
    return this.starting;
  }

  private async load(byVisitor: boolean): Promise<Started> {
    this.watch?.disconnect();
    this.drawn?.('Loading…', true);
    try {
      const { startLab } = await import('./embed-start.ts');
      const started = startLab(this, this.root, byVisitor && !this.hasAttribute('no-autofocus'));
      this.drawn = null;
      this.started = started;
      await started.ready;
      this.becomeReady();
      return started;
    } catch (e) {
      this.starting = null;
      this.drawn?.(`The lab could not be loaded: ${messageOf(e)}`, false);
      throw e;
    }
  }

  /** What its author has marked runs by itself, but only once it can be seen; the keyboard stays where it is. */
  private startWhenSeen(): void {
    this.watch = new IntersectionObserver((entries) => {
      if (entries.some((e) => e.isIntersecting)) this.begin(false);
    });
    this.watch.observe(this);
  }

  private end(): void {
    this.watch?.disconnect();
    this.started?.dispose();
    this.started = this.starting = this.drawn = null;
    this.root.replaceChildren();
  }

  /** In an article the element is a box of some height; one that fills its page has no edge. */
  private setHeight(): void {
    const asked = this.getAttribute('height') ?? '';
    const height = /^\d+$/.test(asked) ? `${asked}px` : asked;
    const fit = height !== '' && !/[;{}]/.test(height) && CSS.supports('height', height);
    const fills = this.hasAttribute('fills');
    this.size.replaceSync(`:host(binfmt-lab){height:${fit ? height : fills ? '100%' : '26rem'}${fills ? '' : EDGE}}`);
  }
}
