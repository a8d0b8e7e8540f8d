/** The dialog's doings: uploads and downloads one at a time, cancelled when it closes. */

import { render } from 'lit-html';
import { messageOf } from '../message-of.ts';
import type { LabContext } from '../panels/panel.ts';
import { complete } from './complete.ts';
import { destination, HOME } from './destination.ts';
import { download, save } from './download.ts';
import { fromInput } from './picked.ts';
import { type Picked, type Progress, upload } from './upload.ts';
import { type Actions, type Shown, uploading, view } from './view.ts';

export class FilesDialog {
  private readonly dialog = document.createElement('dialog');
  private shown: Shown = {
    into: HOME.shown,
    shell: HOME,
    busy: null,
    outcomes: [],
    said: null,
    left: [],
    from: `${HOME.shown}/`,
    completions: [],
  };
  private running: AbortController | null = null;
  private readonly actions: Actions = {
    chosen: (input) => {
      const picked = fromInput(input.files ?? new DataTransfer().files);
      input.value = '';
      void this.upload(picked);
    },
    into: (into) => this.draw({ into }),
    from: (from) => void this.setFrom(from),
    download: () => void this.download(),
    cancel: () => this.running?.abort(),
    close: () => this.dialog.close(),
  };

  constructor(
    root: ParentNode & Node,
    private readonly lab: LabContext,
  ) {
    this.dialog.setAttribute('aria-labelledby', 'files-title');
    this.dialog.addEventListener('close', () => this.closed());
    this.draw({});
    root.appendChild(this.dialog);
    this.dialog.showModal();
  }

  get isOpen(): boolean {
    return this.dialog.open;
  }

  /** Settles when the directories of the shell are known. */
  async look(): Promise<void> {
    const shell = await destination(this.lab.host, this.lab.shell);
    const { shown } = shell;
    this.draw({ into: shown, shell, from: shown.endsWith('/') ? shown : `${shown}/` });
    await this.setFrom(this.shown.from);
  }

  async upload(picked: readonly Picked[]): Promise<void> {
    if (picked.length === 0) return;
    if (this.running !== null) return this.draw({ said: { text: 'One thing at a time: wait, or cancel this one first', bad: true } });
    const into = this.shown.into.trim().replace(/(?<=.)\/+$/, '');
    if (!into.startsWith('/')) return this.draw({ said: { text: `“${into}” is no absolute path`, bad: true } });
    const { shown, path: there } = this.shown.shell;
    const path = into === shown ? there : into;
    await this.alone(async (signal) => {
      const outcomes = await upload(this.lab.host, path, picked, (p) => this.progress(p), signal);
      const bad = outcomes.filter((o) => 'error' in o).length;
      const good = outcomes.length - bad;
      const rest = signal.aborted ? ', the rest was cancelled' : bad > 0 ? `, ${bad} refused` : '';
      const text = `${good} of ${picked.length} now in ${into}${rest}`;
      this.draw({ outcomes, said: { text, bad: bad > 0 || signal.aborted } });
      if (good > 0) this.lab.touched(`files into ${into}`);
      this.lab.say(text);
    });
  }

  private async download(): Promise<void> {
    const path = this.shown.from.trim();
    if (!path.startsWith('/')) return this.draw({ said: { text: `“${path}” is no absolute path`, bad: true } });
    await this.alone(async (signal) => {
      const found = await download(
        this.lab.host,
        path,
        (n) => this.draw({ busy: { what: `Reading, ${n} so far`, done: 0, of: 0 } }),
        signal,
      );
      save(found);
      this.draw({ left: found.left, said: { text: `${found.name} has been handed to the browser`, bad: false } });
    });
  }

  /** One at a time; says what went wrong. */
  private async alone(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    if (this.running !== null) return;
    const running = new AbortController();
    this.running = running;
    this.draw({ busy: { what: 'Beginning', done: 0, of: 0 }, outcomes: [], left: [], said: null });
    try {
      await work(running.signal);
    } catch (e) {
      this.draw({ said: { text: messageOf(e), bad: true } });
    }
    this.running = null;
    this.draw({ busy: null });
  }

  private progress(p: Progress): void {
    this.draw({ busy: uploading(p) });
  }

  private async setFrom(from: string): Promise<void> {
    this.draw({ from });
    const completions = await complete(this.lab.host, from);
    if (this.shown.from === from) this.draw({ completions });
  }

  private draw(part: Partial<Shown>): void {
    this.shown = { ...this.shown, ...part };
    render(view(this.shown, this.actions), this.dialog);
  }

  private closed(): void {
    this.running?.abort();
    this.dialog.remove();
  }
}
