/** The bar: which machine it is, the order its kernel asks the formats in, and what can be done with it. */
import type { Release } from '../explain/kernels.ts';
import { HOSTS, type HostArch } from '../uapi/host.ts';
import type { BootInfo, MachineChoice } from './host.ts';

/** The kernels that can be chosen here, and what each does differently. */
const ABOUT: Readonly<Record<Release, string>> = {
  lab: 'Linux 6.18, but ELF is asked first, as up to 2.6.29',
  '6.18': 'binfmt_misc is asked first, as since 2.6.35; ELF files may have 1170 program headers',
  '6.12': 'one table of rules for each user namespace, since 6.7',
  '6.1': 'one table of rules for all namespaces; its last umount forgets them',
  '5.4': 'the window has 256 bytes; rules outlive the last umount',
  '4.19': 'the window has 128 bytes; a longer #! line is cut in silence',
  '4.9': 'flag F is new; interpreter paths are cut at 127 bytes',
  '2.6.32': 'no flag F, lines for register up to 256 bytes; binfmt_misc first again',
  '2.6.29': 'ELF, #!, binfmt_misc: each format went to the head of the list',
};
const KERNELS = Object.entries(ABOUT);
/** Chips of the formats; the 32-bit twin of ELF stands beside it and has none of its own. */
const FORMAT_LABELS: Readonly<Record<string, string>> = { elf: 'ELF', script: '#!', misc: 'binfmt_misc' };

const CHOICES = `
<label><span class="word">host</span> <select class="host"></select></label>
<label><span class="word">kernel</span> <select class="kernel"></select></label>`;

export interface Action {
  readonly id: string;
  readonly label: string;
  readonly title?: string;
  run(button: HTMLButtonElement): void;
  /** A click leads back to the terminal. */
  readonly focusesTerminal?: boolean;
}

export class Bar {
  private readonly host: HTMLSelectElement;
  private readonly kernel: HTMLSelectElement;
  private readonly order: HTMLElement;
  private readonly about: HTMLElement;
  private readonly actions: HTMLElement;
  private choice: MachineChoice;

  /** `change` is asked when another machine has been chosen; false puts the choice back. `leave` goes to the terminal. */
  constructor(
    bar: HTMLElement,
    choice: MachineChoice,
    change: (to: MachineChoice) => Promise<boolean>,
    private readonly leave: () => void,
  ) {
    const find = <E extends HTMLElement>(selector: string): E => bar.querySelector<E>(selector) as E;
    find('.choices').innerHTML = CHOICES;
    this.host = find('.host');
    this.kernel = find('.kernel');
    this.order = find('.order');
    this.about = find('.about');
    this.actions = find('.actions');
    for (const h of HOSTS) this.host.add(new Option(h, h));
    for (const [name, about] of KERNELS) this.kernel.add(Object.assign(new Option(name, name), { title: about }));
    this.choice = choice;
    this.choose(choice);
    const changed = async (): Promise<void> => {
      const to = { kernel: this.kernel.value, host: this.host.value as HostArch };
      if (!(await change(to))) this.choose(this.choice);
    };
    this.host.onchange = this.kernel.onchange = () => void changed();
  }

  /** This machine runs now. */
  show(info: BootInfo): void {
    this.choose(info);
    const labels = info.formats.flatMap((f) => FORMAT_LABELS[f] ?? []);
    this.order.replaceChildren(...labels.map((textContent) => Object.assign(document.createElement('li'), { textContent })));
    this.about.textContent = this.about.title = aboutKernel(info.kernel);
  }

  private choose({ host, kernel }: MachineChoice): void {
    this.choice = { host, kernel };
    this.host.value = host;
    this.kernel.value = kernel;
  }

  /** One button an action, in this order. */
  setActions(actions: readonly Action[]): void {
    this.actions.replaceChildren(
      ...actions.map(({ id, label, title, run, focusesTerminal }) => {
        const button = Object.assign(document.createElement('button'), { type: 'button', className: id, textContent: label });
        if (title !== undefined) button.title = title;
        button.onclick = (e) => {
          run(button);
          // A pointer goes back to typing; the keyboard may want to press again.
          if (focusesTerminal && e.detail > 0) this.leave();
        };
        return button;
      }),
    );
  }

  /** Which of the actions can be taken. */
  enable(actions: Readonly<Record<string, boolean>>): void {
    for (const [id, on] of Object.entries(actions)) this.action(id)?.toggleAttribute('disabled', !on);
  }

  /** What an action opened is open, or not. */
  press(id: string, on: boolean): void {
    this.action(id)?.setAttribute('aria-pressed', String(on));
  }

  action(id: string): HTMLButtonElement | null {
    return this.actions.querySelector(`.${id}`);
  }
}

/** One line on what that kernel does differently. */
export function aboutKernel(name: string): string {
  return name in ABOUT ? ABOUT[name as Release] : '';
}
