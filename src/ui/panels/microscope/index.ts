/** The microscope panel: what the kernel decided about any execve of the machine. */
import type { LabContext, PanelHandle } from '../panel.ts';
import { Microscope, type MicroscopeState } from './view.ts';

export { styles } from './styles.ts';

export function mount(box: HTMLElement, lab: LabContext, state?: unknown): PanelHandle {
  const microscope = new Microscope(box, lab, isState(state) ? state : null);
  return {
    show: (what) => microscope.open(what),
    state: () => microscope.state(),
    dispose: () => microscope.dispose(),
  };
}

/** A permalink may say anything. */
const isState = (value: unknown): value is MicroscopeState =>
  typeof value === 'object' && value !== null && 'execution' in value && 'step' in value;
