/** <binfmt-lab>: a machine with its terminal. The page at / is one of these around everything. */
import { HOSTS, type HostArch } from '../uapi/host.ts';
import type { BootInfo, RunText } from './host.ts';
import { Machine } from './machine.ts';
import { styles } from './styles.ts';
import type { TerminalView } from './terminal.ts';

/** The kernels that can be chosen here, and what each does differently. */
const KERNELS: ReadonlyArray<readonly [name: string, about: string]> = [
  ['lab', 'Linux 6.18, but asking ELF first: the order of Linux up to 2.6.29'],
  ['6.18', 'Linux 6.18: asks binfmt_misc first, as every Linux since 2.6.35'],
];
/** Chips of the formats; the 32-bit twin of ELF stands beside it and has none of its own. */
const FORMAT_LABELS: Readonly<Record<string, string>> = { elf: 'ELF', script: '#!', misc: 'binfmt_misc' };
const THEMES = ['auto', 'light', 'dark'] as const;

const template = `
<div class="lab">
  <header part="bar">
    <h1>binfmt<i>·</i>lab</h1>
    <label>host <select class="host"></select></label>
    <label>kernel <select class="kernel"></select></label>
    <ol class="order" aria-label="Formats, in the order this kernel asks them"></ol>
    <span class="space"></span>
    <div class="actions">
      <button type="button" class="reset">Reset</button>
      <button type="button" class="reader" aria-pressed="false">Screen reader</button>
      <button type="button" class="theme"></button>
      <button type="button" class="help">Help</button>
    </div>
  </header>
  <section class="screen" aria-label="Terminal"><div class="xterm-box"></div></section>
  <footer><span class="status" role="status">Starting…</span></footer>
</div>
<dialog aria-labelledby="help-title">
  <h2 id="help-title">A machine that shows how Linux runs a file</h2>
  <p>This terminal is bash on a simulated Linux kernel. Register a rule and run something:</p>
  <ul>
    <li><code>chmod +x samples/hello.pyc; samples/hello.pyc</code></li>
    <li><code>echo ':python-pyc:E:0:pyc::/usr/bin/python3:' &gt; /proc/sys/fs/binfmt_misc/register</code></li>
    <li><code>samples/hello.pyc</code></li>
  </ul>
  <ul>
    <li><kbd>Ctrl</kbd>+<kbd>C</kbd> interrupts, <kbd>Ctrl</kbd>+<kbd>Z</kbd> stops a job, <kbd>Ctrl</kbd>+<kbd>D</kbd> ends input.</li>
    <li><kbd>Esc</kbd>, then <kbd>Tab</kbd>, leaves the terminal.</li>
    <li>Host and kernel start a new machine; Reset does, too.</li>
  </ul>
  <form method="dialog"><button>Close</button></form>
</dialog>`;

const Base: typeof HTMLElement = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

export class BinfmtLabElement extends Base {
  /** Resolves when the machine has booted. */
  readonly ready: Promise<void>;
  private becomeReady: () => void = () => {};
  private readonly root: ShadowRoot;
  private readonly darkScheme = matchMedia('(prefers-color-scheme: dark)');
  private machine: Machine | null = null;
  private view: TerminalView | null = null;
  private size = { rows: 24, cols: 80 };
  private queue: Promise<unknown> = Promise.resolve();

  constructor() {
    super();
    this.ready = new Promise((resolve) => {
      this.becomeReady = resolve;
    });
    this.root = this.attachShadow({ mode: 'open' });
  }

  connectedCallback(): void {
    if (this.machine !== null) return;
    this.start();
    this.root.innerHTML = `<style>${styles}</style>${template}`;
    this.fillBar();
    void this.openTerminal();
  }

  disconnectedCallback(): void {
    this.machine?.dispose();
    this.view?.dispose();
    this.machine = this.view = null;
  }

  /** Runs `script` in a new non-interactive bash on this machine; nothing shows in the terminal. Calls queue. */
  run(script: string): Promise<RunText> {
    const result = this.queue.then(async () => {
      await this.ready;
      if (this.machine === null) throw new Error('the machine has been removed from the page');
      return this.machine.host.run(script);
    });
    this.queue = result.catch(() => {});
    return result;
  }

  /** Types `text` into the terminal, as keys: "\r" is Enter. */
  type(text: string): void {
    this.machine?.input(text);
  }

  /** What the terminal shows and has scrolled away, as text. */
  screenText(): string {
    return this.view?.text() ?? '';
  }

  /** Starts a fresh machine with the chosen host and kernel; everything on the old one is gone. */
  reset(): void {
    this.machine?.dispose();
    this.view?.reset();
    this.start();
    if (this.view !== null) this.attach(this.view);
    this.view?.focus();
  }

  private get hostArch(): HostArch {
    return HOSTS.find((h) => h === this.getAttribute('host')) ?? 'x86_64';
  }

  private get kernel(): string {
    return this.getAttribute('kernel') ?? 'lab';
  }

  private start(): void {
    const machine = new Machine({ kernel: this.kernel, host: this.hostArch, ...this.size });
    this.machine = machine;
    machine.booted.then(
      (info) => {
        this.showOrder(info);
        this.say(`Linux ${info.release} on ${this.hostArch}. Esc, then Tab, leaves the terminal.`);
        this.becomeReady();
      },
      (e: unknown) => this.say(`The machine did not start: ${e instanceof Error ? e.message : String(e)}`),
    );
  }

  private async openTerminal(): Promise<void> {
    const machine = this.machine;
    const { openTerminal, xtermCss } = await import('./terminal.ts');
    if (machine === null || this.machine === null) return;
    const sheet = document.createElement('style');
    sheet.textContent = xtermCss;
    this.root.prepend(sheet);
    this.view = openTerminal(this.piece('.xterm-box'), this.dark, {
      data: (text) => this.machine?.input(text),
      resize: (rows, cols) => this.resize(rows, cols),
      leaving: (armed) => this.say(armed ? 'Press Tab to leave the terminal.' : 'Esc, then Tab, leaves the terminal.'),
    });
    this.attach(this.view);
    if (!this.hasAttribute('no-autofocus')) this.view.focus();
  }

  private attach(view: TerminalView): void {
    this.machine?.resize(this.size.rows, this.size.cols);
    this.machine?.attach({
      out: (data, drawn) => view.write(data, drawn),
      hangup: (status) => view.write(`\r\n[the shell has ended with status ${status}: press Reset for a new machine]\r\n`),
    });
  }

  private resize(rows: number, cols: number): void {
    this.size = { rows, cols };
    this.machine?.resize(rows, cols);
  }

  private fillBar(): void {
    const host = this.piece<HTMLSelectElement>('.host');
    for (const h of HOSTS) host.add(new Option(h, h, false, h === this.hostArch));
    const kernel = this.piece<HTMLSelectElement>('.kernel');
    for (const [name, about] of KERNELS) kernel.add(Object.assign(new Option(name, name, false, name === this.kernel), { title: about }));
    host.onchange = () => this.change('host', host);
    kernel.onchange = () => this.change('kernel', kernel);
    this.piece<HTMLButtonElement>('.reset').onclick = () => this.confirmReset() && this.reset();
    this.piece<HTMLButtonElement>('.help').onclick = () => this.piece<HTMLDialogElement>('dialog').showModal();
    this.piece<HTMLButtonElement>('.reader').onclick = () => this.toggleReader();
    this.piece<HTMLButtonElement>('.theme').onclick = () => this.nextTheme();
    this.darkScheme.addEventListener('change', () => this.showTheme());
    this.showTheme();
  }

  private change(name: 'host' | 'kernel', select: HTMLSelectElement): void {
    if (!this.confirmReset()) {
      select.value = name === 'host' ? this.hostArch : this.kernel;
      return;
    }
    this.setAttribute(name, select.value);
    this.reset();
  }

  private confirmReset(): boolean {
    return confirm('Start a new machine? Files and rules of this one are lost.');
  }

  private showOrder(info: BootInfo): void {
    const items = info.formats.flatMap((f) => {
      const label = FORMAT_LABELS[f];
      return label === undefined ? [] : [Object.assign(document.createElement('li'), { textContent: label })];
    });
    const order = this.piece('.order');
    order.title = KERNELS.find(([name]) => name === this.kernel)?.[1] ?? '';
    order.replaceChildren(...items);
  }

  private get dark(): boolean {
    const theme = this.getAttribute('theme') ?? 'auto';
    return theme === 'dark' || (theme !== 'light' && this.darkScheme.matches);
  }

  private nextTheme(): void {
    const i = THEMES.findIndex((t) => t === (this.getAttribute('theme') ?? 'auto'));
    this.setAttribute('theme', THEMES[(i + 1) % THEMES.length] ?? 'auto');
    this.showTheme();
  }

  private showTheme(): void {
    this.piece('.theme').textContent = `Theme: ${this.getAttribute('theme') ?? 'auto'}`;
    this.view?.setTheme(this.dark);
  }

  private toggleReader(): void {
    const button = this.piece('.reader');
    const on = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', String(on));
    this.view?.setScreenReader(on);
    this.view?.focus();
  }

  private say(text: string): void {
    const status = this.root.querySelector('.status');
    if (status !== null) status.textContent = text;
  }

  private piece<E extends Element = HTMLElement>(selector: string): E {
    const found = this.root.querySelector<E>(selector);
    if (found === null) throw new Error(`the element has no ${selector}`);
    return found;
  }
}
