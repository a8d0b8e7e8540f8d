/** The world panel: rules, namespaces and processes of the machine that runs, kept true while it is seen. */

import { render } from 'lit-html';
import { encode } from '../../../uapi/bytes.ts';
import { messageOf } from '../../message-of.ts';
import type { LabContext, PanelHandle } from '../panel.ts';
import { observe } from './observe.ts';
import { type Actions, type Shown, view } from './view.ts';

export { styles } from './styles.ts';

/** Milliseconds between two looks at a machine that changes all the time; where a look takes long, nine tenths are the machine's. */
const PAUSE = 250;
const SHARE = 10;

export function mount(box: HTMLElement, lab: LabContext): PanelHandle {
  const panel = new WorldPanel(box, lab);
  return { dispose: () => panel.dispose() };
}

class WorldPanel {
  private shown: Shown = { world: null, said: null };
  /** The machine may have changed since the last look. */
  private stale = true;
  private looking = false;
  private disposed = false;
  private readonly leave: (() => void)[];
  private readonly actions: Actions;

  constructor(
    private readonly box: HTMLElement,
    private readonly lab: LabContext,
  ) {
    this.actions = {
      write: (file, command) => void this.write(file, command),
      workbench: () => lab.openPanel('workbench'),
      again: () => this.changed(),
      rule: (number) => lab.rule(number),
    };
    const visible = new IntersectionObserver(() => void this.look());
    visible.observe(box);
    const booted = (): void => {
      this.draw({ said: null });
      this.changed();
    };
    this.leave = [lab.on('change', () => this.changed()), lab.on('boot', booted), () => visible.disconnect()];
    this.draw({});
    void this.look();
  }

  dispose(): void {
    this.disposed = true;
    for (const leave of this.leave) leave();
    render(null, this.box);
  }

  private changed(): void {
    this.stale = true;
    void this.look();
  }

  private draw(part: Partial<Shown>): void {
    if (this.disposed) return;
    this.shown = { ...this.shown, ...part };
    render(view(this.shown, this.actions), this.box);
  }

  /** A hidden panel does not look; it is stale until it is seen. */
  private async look(): Promise<void> {
    const { info } = this.lab;
    if (this.looking || this.disposed || !this.stale || info === null || !this.box.checkVisibility()) return;
    this.looking = true;
    this.stale = false;
    const began = performance.now();
    try {
      this.draw({ world: observe(await this.lab.host.sight(), info.host) });
    } catch (e) {
      this.draw({ said: { text: `The machine could not be looked at: ${messageOf(e)}`, bad: true } });
    }
    const pause = Math.max(PAUSE, (performance.now() - began) * SHARE);
    await new Promise((resolve) => setTimeout(resolve, pause));
    this.looking = false;
    void this.look();
  }

  /** Tells the kernel, and says what it answered. */
  private async write(file: string, command: '0' | '1' | '-1'): Promise<void> {
    const did = `echo ${command} > ${file}`;
    try {
      await this.lab.host.writeAt(file, encode(command), 0);
      this.draw({ said: { text: `${did}: done`, bad: false } });
      this.lab.touched(did);
    } catch (e) {
      this.draw({ said: { text: `${did}: ${messageOf(e)}`, bad: true } });
    }
    this.stale = true;
    if (command === '-1') this.box.querySelector<HTMLElement>('h2')?.focus();
  }
}
