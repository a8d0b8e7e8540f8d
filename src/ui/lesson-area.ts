/** The column beside the terminal that a lesson is read in. Its panel is loaded when it is first opened. */
import { messageOf } from './message-of.ts';
import type { LabContext, PanelHandle } from './panels/panel.ts';
import { adopt } from './sheets.ts';

export class LessonArea {
  private handle: PanelHandle | null = null;

  constructor(
    private readonly area: HTMLElement,
    private readonly lab: LabContext,
    private readonly opened: (isOpen: boolean) => void,
  ) {}

  get isOpen(): boolean {
    return !this.area.hidden;
  }

  /** `what` is a lesson and its step; without it the panel shows what it showed before. */
  async open(what?: unknown): Promise<void> {
    this.show(true);
    if (this.handle !== null) return void (what !== undefined && this.handle.show?.(what));
    try {
      const { mount, styles } = await import('./panels/lesson/index.ts');
      adopt(this.area.getRootNode() as ShadowRoot, styles);
      this.handle = mount(this.area, this.lab, what);
    } catch (e) {
      this.area.textContent = `The lessons could not be loaded: ${messageOf(e)}.`;
    }
  }

  close(): void {
    this.show(false);
  }

  dispose(): void {
    this.handle?.dispose();
  }

  private show(on: boolean): void {
    this.area.hidden = !on;
    this.opened(on);
  }
}
