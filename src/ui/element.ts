/** <binfmt-lab>: the element and what a page's scripts can do with it. The page at / is one of these around everything. */
import type { RunText } from './host.ts';
import { LabView } from './view.ts';

const Base: typeof HTMLElement = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

export class BinfmtLabElement extends Base {
  /** Resolves when the machine has booted; an element that waits for a click waits here, too. */
  readonly ready: Promise<void>;
  private becomeReady: () => void = () => {};
  private readonly root: ShadowRoot;
  private view: LabView | null = null;

  constructor() {
    super();
    this.ready = new Promise((resolve) => {
      this.becomeReady = resolve;
    });
    this.root = this.attachShadow({ mode: 'open' });
  }

  connectedCallback(): void {
    if (this.view !== null) return;
    this.view = new LabView(this, this.root);
    void this.view.ready.then(this.becomeReady);
  }

  disconnectedCallback(): void {
    this.view?.dispose();
    this.view = null;
  }

  /** Runs `script` in a new non-interactive bash on this machine; nothing shows in the terminal. Calls queue. */
  async run(script: string): Promise<RunText> {
    await this.ready;
    if (this.view === null) throw new Error('the machine has been removed from the page');
    return this.view.context.run(script);
  }

  /** Types `text` into the terminal, as keys: "\r" is Enter. */
  type(text: string): void {
    this.view?.type(text);
  }

  /** What the terminal shows and has scrolled away, as text. */
  screenText(): string {
    return this.view?.screenText() ?? '';
  }

  /** Starts a fresh machine with the chosen host and kernel; everything on the old one is gone. */
  reset(): void {
    this.view?.reset();
  }
}
