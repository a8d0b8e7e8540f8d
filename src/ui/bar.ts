/** The bar: which machine it is, the order its kernel asks the formats in, and what can be done with it. */
import { HOSTS, type HostArch } from '../uapi/host.ts';
import type { BootInfo } from './host.ts';

/** The kernels that can be chosen here, and what each does differently. */
const KERNELS: ReadonlyArray<readonly [name: string, about: string]> = [
  ['lab', 'Linux 6.18, but asking ELF first: the order of Linux up to 2.6.29'],
  ['6.18', 'Linux 6.18: asks binfmt_misc first, as every Linux since 2.6.35'],
];
/** Chips of the formats; the 32-bit twin of ELF stands beside it and has none of its own. */
const FORMAT_LABELS: Readonly<Record<string, string>> = { elf: 'ELF', script: '#!', misc: 'binfmt_misc' };

export interface MachineChoice {
  readonly kernel: string;
  readonly host: HostArch;
}

export interface Action {
  readonly id: string;
  readonly label: string;
  readonly title?: string;
  run(button: HTMLButtonElement): void;
}

export class Bar {
  private readonly host: HTMLSelectElement;
  private readonly kernel: HTMLSelectElement;
  private readonly order: HTMLElement;
  private readonly actions: HTMLElement;

  /** `change` is asked when another machine has been chosen; false puts the choice back. */
  constructor(bar: HTMLElement, choice: MachineChoice, change: (to: MachineChoice) => Promise<boolean>) {
    const find = <E extends HTMLElement>(selector: string): E => bar.querySelector<E>(selector) as E;
    this.host = find('.host');
    this.kernel = find('.kernel');
    this.order = find('.order');
    this.actions = find('.actions');
    for (const h of HOSTS) this.host.add(new Option(h, h));
    for (const [name, about] of KERNELS) this.kernel.add(Object.assign(new Option(name, name), { title: about }));
    this.show(choice);
    const changed = async (): Promise<void> => {
      const to = { kernel: this.kernel.value, host: this.host.value as HostArch };
      if (await change(to)) choice = to;
      else this.show(choice);
    };
    this.host.onchange = this.kernel.onchange = () => void changed();
  }

  show({ host, kernel }: MachineChoice): void {
    this.host.value = host;
    this.kernel.value = kernel;
    this.kernel.title = aboutKernel(kernel);
  }

  showOrder(info: BootInfo): void {
    const labels = info.formats.flatMap((f) => FORMAT_LABELS[f] ?? []);
    this.order.title = aboutKernel(info.kernel);
    this.order.replaceChildren(...labels.map((textContent) => Object.assign(document.createElement('li'), { textContent })));
  }

  /** One button an action, in this order. */
  setActions(actions: readonly Action[]): void {
    this.actions.replaceChildren(
      ...actions.map(({ id, label, title, run }) => {
        const button = Object.assign(document.createElement('button'), { type: 'button', className: id, textContent: label });
        if (title !== undefined) button.title = title;
        button.onclick = () => run(button);
        return button;
      }),
    );
  }

  action(id: string): HTMLButtonElement | null {
    return this.actions.querySelector(`.${id}`);
  }
}

/** One line on what that kernel does differently. */
export function aboutKernel(name: string): string {
  return KERNELS.find(([n]) => n === name)?.[1] ?? '';
}
