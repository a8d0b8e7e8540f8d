/** What one sees of a lab: the terminal, and around it what shows what the kernel did. */

import { HOSTS, type HostArch } from '../uapi/host.ts';
import type { Bar } from './bar.ts';
import type { BootInfo, MachineChoice } from './host.ts';
import { type Kept, markKept, wasKept } from './kept.ts';
import { Context, describe } from './lab-context.ts';
import { layout } from './layout.ts';
import type { LessonArea } from './lesson-area.ts';
import { Machine } from './machine.ts';
import { messageOf } from './message-of.ts';
import type { PanelArea } from './panel-area.ts';
import type { PanelId } from './panels/panel.ts';
import { isDark, onSchemeChange } from './scheme.ts';
import { adopt } from './sheets.ts';
import { styles } from './styles.ts';
import { Terminals } from './terminals.ts';
import { hideTrouble, showTrouble } from './trouble.ts';

const THEMES = ['auto', 'light', 'dark'] as const;
const LEAVE = 'Esc, then Tab, leaves the terminal.';

/** Everything inside the element's shadow root, and the machine behind it. Attributes of `element` say what is wanted. */
export class LabView {
  /** Resolves when the first machine has booted. */
  readonly ready: Promise<void>;
  readonly context: Context;
  /** Puts the author's files into a fresh machine. */
  fill: () => Promise<void> = async () => {};
  private becomeReady: () => void = () => {};
  private readonly stopScheme = onSchemeChange(() => this.showTheme());
  private machine: Machine | null = null;
  private terminals: Terminals | null = null;
  private bar: Bar | null = null;
  private panels: PanelArea | null = null;
  private lesson: LessonArea | null = null;
  private toggleFind: () => void = () => {};
  private stopWatching: () => void = () => {};
  private kept: Kept;

  constructor(
    private readonly element: HTMLElement,
    private readonly root: ShadowRoot,
    /** Whether the terminal may take the keyboard when it opens. */
    private readonly takesFocus: boolean,
  ) {
    this.ready = new Promise((resolve) => {
      this.becomeReady = resolve;
    });
    this.context = new Context({
      type: (text) => {
        this.showScreen();
        this.type(text);
      },
      focusTerminal: () => this.terminals?.focus(),
      shell: () => this.terminals?.shell ?? null,
      openPanel: (id, show) => void (id === 'lesson' ? this.openLesson(show) : this.panels?.open(id, show)),
      say: (text) => this.say(text),
      kept: () => this.markKept(),
    });
    this.kept = wasKept(element.getAttribute('keep'));
    const machine = this.start();
    adopt(root, styles);
    root.innerHTML = layout;
    root.addEventListener('click', linksOpenBeside);
    for (const what of ['dragover', 'drop'] as const) element.addEventListener(what, staysHere);
    this.context.on('boot', (info) => this.arrived(info));
    void this.openTerminal(machine);
  }

  dispose(): void {
    this.stopWatching();
    this.stopScheme();
    this.machine?.dispose();
    this.terminals?.dispose();
    this.panels?.dispose();
    this.lesson?.dispose();
    this.machine = this.terminals = this.panels = null;
  }

  type(text: string): void {
    if (this.terminals === null) this.machine?.console.input(text);
    else this.terminals.type(text);
  }

  /** Where everything stands in one column, the terminal may have been scrolled away: only the lab itself scrolls, never its page. */
  private showScreen(): void {
    const [lab, screen] = [this.piece('.lab'), this.piece('.screen')];
    const [above, below] = [screen.offsetTop < lab.scrollTop, screen.offsetTop + screen.offsetHeight > lab.scrollTop + lab.clientHeight];
    if (above || below) lab.scrollTo({ top: screen.offsetTop, behavior: 'smooth' });
  }

  screenText(): string {
    return this.terminals?.view?.text() ?? '';
  }

  /** Starts a fresh machine with the chosen host and kernel; undo leads back to the old one. */
  async reset(): Promise<void> {
    await this.context.reboot(this.choice, 'reset', false);
    await this.fill();
  }

  private get choice(): MachineChoice {
    const host: HostArch = HOSTS.find((h) => h === this.element.getAttribute('host')) ?? 'x86_64';
    return { host, kernel: this.element.getAttribute('kernel') ?? 'lab' };
  }

  private start(): Machine {
    const machine = new Machine({ ...this.choice, ...this.kept });
    this.machine = machine;
    this.context.use(machine);
    machine.onCrash = (message) => this.trouble(`The machine has stopped: ${message}.`);
    machine.booted.then(
      (info) => this.machine === machine && this.booted(info),
      (e: unknown) => this.trouble(`The machine did not start: ${messageOf(e)}.`),
    );
    return machine;
  }

  /** Nothing that was typed in the panels is lost: they stay, and go on with the machine that comes. */
  private trouble(text: string): void {
    this.say(text);
    showTrouble(this.piece('.trouble'), text, [
      ...(this.kept.resume ? [{ label: 'Go back to the last state', go: () => this.restart() }] : []),
      { label: 'Start afresh', go: () => this.restart({ ...this.kept, resume: false }) },
    ]);
  }

  private restart(kept: Kept = this.kept): void {
    this.machine?.dispose();
    this.kept = kept;
    const machine = this.start();
    this.terminals?.moveTo(machine);
    this.terminals?.focus();
  }

  private markKept(): void {
    this.kept = { ...this.kept, resume: true };
    markKept(this.kept.keep ?? '');
  }

  private booted(info: BootInfo): void {
    this.say(`${info.notice ?? describe(info)} ${LEAVE}`);
    this.context.booted(info);
    this.becomeReady();
  }

  private async openTerminal(machine: Machine): Promise<void> {
    const terminals = new Terminals(this.piece('.glass'), this.piece('.term-tabs'), machine, this.dark, {
      leaving: (armed) => this.say(armed ? 'Press Tab to leave the terminal.' : LEAVE),
      search: () => this.toggleFind(),
      output: () => this.context.touched(),
    });
    this.terminals = terminals;
    await terminals.openConsole();
    if (this.machine === null) return;
    if (this.machine !== machine) terminals.moveTo(this.machine);
    if (this.takesFocus) terminals.focus();
    this.wireTerminals(terminals);
    void terminals.shown().then(() => requestIdleCallback(() => void this.loadLater(terminals), { timeout: 500 }));
  }

  private wireTerminals(terminals: Terminals): void {
    this.piece('.term-new').onclick = () => void terminals.open();
    this.piece('.term-close').onclick = () => terminals.closeFront();
    this.piece('.reader').onclick = (e) => this.toggleReader(e.currentTarget as HTMLButtonElement);
  }

  /** What the prompt did not have to wait for. */
  private async loadLater(terminals: Terminals): Promise<void> {
    const { addFind, Bar, fillKeybar, showTimeline, watch } = await import('./later.ts');
    if (this.machine === null) return;
    this.fillBar(
      new Bar(
        this.piece('header'),
        this.choice,
        (to) => this.change(to),
        () => terminals.focus(),
      ),
    );
    this.toggleFind = addFind(this.piece('.term-bar'), terminals, (text) => this.say(text));
    this.stopWatching = watch({
      ping: () => this.context.host.ping(),
      silent: () =>
        this.trouble('The machine has not answered for ten seconds: a program computes without end. ^C interrupts most of them.'),
      back: () => hideTrouble(this.piece('.trouble')),
    });
    const keybar = this.piece('.keybar');
    terminals.typed = fillKeybar(keybar, (text) => this.type(text));
    keybar.hidden = false;
    showTimeline(this.piece('.timeline'), this.context);
    await this.openPanels();
    const { acceptDrops } = await import('./files/index.ts');
    acceptDrops(this.element, this.context);
    await this.openAskedLesson();
    if (this.element.hasAttribute('offline')) void import('./offline.ts').then((m) => m.keepOffline());
    if (this.element.hasAttribute('permalinks') && location.hash.startsWith('#state=')) {
      const { openShared } = await import('./share.ts');
      await openShared(this.root, this.context, this.panels, location.hash);
    }
  }

  private async openPanels(): Promise<void> {
    const { PanelArea } = await import('./later.ts');
    const ids = (this.element.getAttribute('panels') ?? '').split(/\s+/).filter((id) => id !== '');
    if (ids.length === 0) return;
    this.panels = new PanelArea(this.piece('.panels'), this.context, ids);
    this.piece('.panels').hidden = false;
    await this.panels.open(ids[0] as PanelId);
  }

  private async openLesson(what?: unknown): Promise<void> {
    const { LessonArea } = await import('./lesson-area.ts');
    this.lesson ??= new LessonArea(this.piece('.lesson'), this.context, (isOpen) => this.bar?.press('lessons', isOpen));
    await this.lesson.open(what);
  }

  private async toggleLesson(): Promise<void> {
    if (this.lesson?.isOpen) this.lesson.close();
    else await this.openLesson();
  }

  /** By the element's author, or by the address of the page that it is. */
  private async openAskedLesson(): Promise<void> {
    const asked = this.element.getAttribute('lesson');
    const { parseLessonAddress } = await import('../lessons/address.ts');
    const address = this.element.hasAttribute('permalinks') ? parseLessonAddress(location.hash) : null;
    if (asked === null && address === null) return;
    await this.openLesson(address ?? { lesson: asked, step: 0 });
  }

  private fillBar(bar: Bar): void {
    bar.setActions([
      { id: 'undo', label: 'Undo', title: 'Back to before the last command', focusesTerminal: true, run: () => void this.context.undo() },
      { id: 'redo', label: 'Redo', title: 'Forward again', focusesTerminal: true, run: () => void this.context.redo() },
      { id: 'reset', label: 'Reset', title: 'A fresh machine', run: () => void this.askReset() },
      { id: 'lessons', label: 'Lessons', title: 'Guided lessons, beside the terminal', run: () => void this.toggleLesson() },
      { id: 'share', label: 'Share', title: 'A link to this machine', run: () => void this.share() },
      { id: 'files', label: 'Files', title: 'To the machine and from it', run: () => void this.openFiles() },
      { id: 'theme', label: 'Theme', run: () => this.nextTheme() },
      { id: 'help', label: 'Help', run: () => void this.openHelp() },
    ]);
    this.bar = bar;
    const { info, timeline } = this.context;
    const travels = (rows: typeof timeline): void => bar.enable({ undo: rows.length > 1, redo: rows.some((r) => r.place === 'future') });
    this.context.on('timeline', travels);
    travels(timeline);
    if (info !== null) bar.show(info);
    bar.press('lessons', false);
    this.labelTheme();
  }

  /** The machine of the moment is this one: the bar and the attributes say so. */
  private arrived(info: BootInfo): void {
    this.element.setAttribute('host', info.host);
    this.element.setAttribute('kernel', info.kernel);
    this.bar?.show(info);
  }

  private async change(to: MachineChoice): Promise<boolean> {
    const [{ askNewMachine }, { aboutKernel }] = await Promise.all([import('./dialogs.ts'), import('./later.ts')]);
    const what = `Linux ${to.kernel} on ${to.host}`;
    const answer = await askNewMachine(this.root, what, aboutKernel(to.kernel));
    if (answer === null) return false;
    await this.context.reboot(to, what, answer.carry);
    this.terminals?.focus();
    return true;
  }

  private async askReset(): Promise<void> {
    const { ask } = await import('./dialogs.ts');
    const text = 'Running programs end; files and rules of this machine are gone. Undo brings them back.';
    if (!(await ask(this.root, 'Start afresh?', text, 'Reset'))) return;
    await this.reset();
    this.terminals?.focus();
  }

  private async share(): Promise<void> {
    const { shareDialog } = await import('./share.ts');
    await shareDialog(this.root, this.context, this.panels);
  }

  private async openFiles(): Promise<void> {
    const { openFilesDialog } = await import('./files/index.ts');
    await openFilesDialog(this.root, this.context);
  }

  private async openHelp(): Promise<void> {
    const { showHelp } = await import('./dialogs.ts');
    await showHelp(this.root);
  }

  private get dark(): boolean {
    return isDark(this.piece('.screen'));
  }

  private nextTheme(): void {
    const i = THEMES.findIndex((t) => t === (this.element.getAttribute('theme') ?? 'auto'));
    this.element.setAttribute('theme', THEMES[(i + 1) % THEMES.length] ?? 'auto');
    this.showTheme();
  }

  showTheme(): void {
    this.labelTheme();
    this.terminals?.setTheme(this.dark);
  }

  private labelTheme(): void {
    const button = this.bar?.action('theme');
    if (button) button.textContent = `Theme: ${this.element.getAttribute('theme') ?? 'auto'}`;
  }

  private toggleReader(button: HTMLButtonElement): void {
    const on = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', String(on));
    this.terminals?.setScreenReader(on);
    this.terminals?.focus();
  }

  private say(text: string): void {
    const status = this.root.querySelector('.status');
    if (status !== null) status.textContent = text;
  }

  private piece<E extends HTMLElement = HTMLElement>(selector: string): E {
    const found = this.root.querySelector<E>(selector);
    if (found === null) throw new Error(`the element has no ${selector}`);
    return found;
  }
}

/** A link out of the lab opens in a tab of its own: the machine stays. */
function linksOpenBeside(event: Event): void {
  const link = event.composedPath().find((target) => target instanceof HTMLAnchorElement);
  if (link === undefined || link.getAttribute('href')?.startsWith('#')) return;
  link.target = '_blank';
  link.rel = 'noopener';
}

/** A file that is dropped before the lab takes drops must not make the browser leave the page for it. */
function staysHere(event: DragEvent): void {
  if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
}
