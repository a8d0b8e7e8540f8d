/** The lesson panel: lessons to choose from, and the one that is being taken, checked against the machine after each command. */

import { render } from 'lit-html';
import type { LessonAddress } from '../../../lessons/address.ts';
import type { Lesson, LessonError, LessonFiles } from '../../../lessons/lesson.ts';
import { messageOf } from '../../message-of.ts';
import type { LabContext, PanelHandle } from '../panel.ts';
import { AddressBar } from './address-bar.ts';
import { Catalogue } from './catalogue.ts';
import { clickText } from './clicks.ts';
import { Course } from './course.ts';
import { fetchFolder, lessonFolder } from './fetched-folder.ts';
import type { Actions, ChooserModel } from './model.ts';
import { folderOfDrop, folderOfInput, type PickedFolder } from './picked-folder.ts';
import { view } from './view.ts';

export { styles } from './styles.ts';

export function mount(box: HTMLElement, lab: LabContext, state?: unknown): PanelHandle {
  const panel = new LessonPanel(box, lab);
  panel.show(state);
  return { show: (what) => panel.show(what), state: () => panel.state(), dispose: () => panel.dispose() };
}

/** What a permalink keeps, and what other parts of the page ask for. */
function placeOf(what: unknown): LessonAddress | null {
  if (typeof what !== 'object' || what === null) return null;
  const { lesson, step } = what as Readonly<Record<string, unknown>>;
  return typeof lesson === 'string' && typeof step === 'number' && Number.isInteger(step) ? { lesson, step } : null;
}

class LessonPanel {
  private readonly catalogue = new Catalogue();
  private readonly address: AddressBar;
  private readonly stopDrops: () => void;
  private course: Course | null = null;
  private chooser: Omit<ChooserModel, 'kind' | 'cards'> = { address: '', confirm: null, busy: false, problem: '', errors: [] };

  constructor(
    private readonly box: HTMLElement,
    private readonly lab: LabContext,
  ) {
    this.address = new AddressBar(box, (to) => this.arrive(to));
    this.stopDrops = this.takeDrops();
  }

  /** A lesson and a step; else what the page's address says; else the list. */
  show(what: unknown): void {
    this.arrive(placeOf(what) ?? this.address.lesson);
  }

  state(): LessonAddress | undefined {
    return this.course === null ? undefined : { lesson: this.course.lesson.id, step: this.course.position };
  }

  dispose(): void {
    this.course?.dispose();
    this.address.dispose();
    this.stopDrops();
    render(null, this.box);
  }

  private readonly actions: Actions = {
    open: (id) => this.open(id, null),
    chooseFolder: (files) => void this.bring(() => folderOfInput(files)),
    editAddress: (address) => this.choose({ address }),
    askAddress: () => this.askAddress(),
    fetchAddress: () => void this.fetchAddress(),
    cancelAddress: () => this.choose({ confirm: null }),
    goTo: (position) => void this.course?.goTo(position),
    hint: () => void this.course?.hint(),
    solution: () => this.course?.typeSolution(),
    startOver: () => void this.course?.startOver(),
    undo: () => void this.lab.undo().then(() => this.lab.focusTerminal()),
    leave: () => this.leave(),
    text: (event) => void clickText(event, this.lab),
  };

  private arrive(to: LessonAddress | null): void {
    if (to === null || this.catalogue.get(to.lesson) === null) {
      if (to !== null) this.choose({ problem: `There is no lesson called ${to.lesson}.` });
      return this.close();
    }
    if (this.course?.lesson.id === to.lesson) void this.course.goTo(to.step);
    else this.open(to.lesson, to.step);
  }

  /** `position` null: where it was left. */
  private open(id: string, position: number | null): void {
    const lesson = this.catalogue.get(id);
    if (lesson !== null) this.start(lesson, position);
  }

  private start(lesson: Lesson, position: number | null): void {
    this.course?.dispose();
    this.course = new Course(lesson, this.box, this.lab, (at) => {
      this.address.show({ lesson: lesson.id, step: at });
      this.draw();
      this.focusHeading();
    });
    this.course.onChange = () => this.draw();
    void this.course.goTo(position ?? this.course.position);
  }

  private leave(): void {
    this.address.show(null);
    this.close();
  }

  private close(): void {
    this.course?.dispose();
    this.course = null;
    this.draw();
  }

  private draw(): void {
    const chooser = (): ChooserModel => ({ kind: 'chooser', cards: this.catalogue.cards(), ...this.chooser });
    render(view(this.course?.model() ?? chooser(), this.actions), this.box);
  }

  /** A new step is read from its top; the keyboard is there only if it was in the panel before. */
  private focusHeading(): void {
    this.box.querySelector('.body')?.scrollTo(0, 0);
    const root = this.box.getRootNode() as ShadowRoot;
    if (root.activeElement !== null && this.box.contains(root.activeElement)) this.box.querySelector<HTMLElement>('h2')?.focus();
  }

  // Lessons that somebody brings

  private choose(part: Partial<ChooserModel>): void {
    this.chooser = { ...this.chooser, ...part };
    this.draw();
  }

  private askAddress(): void {
    const folder = lessonFolder(this.chooser.address);
    this.choose(typeof folder === 'string' ? { problem: folder, confirm: null } : { problem: '', confirm: folder.href });
  }

  private async fetchAddress(): Promise<void> {
    const { confirm } = this.chooser;
    this.choose({ confirm: null });
    if (confirm !== null) await this.bring(() => fetchFolder(new URL(confirm)));
  }

  private async bring(get: () => Promise<PickedFolder>): Promise<void> {
    this.choose({ busy: true, problem: '', errors: [] });
    try {
      const { id, files } = await get();
      this.add(id, files);
    } catch (e) {
      this.choose({ problem: messageOf(e) });
    }
    this.choose({ busy: false });
  }

  private add(id: string, files: LessonFiles): void {
    const found = this.catalogue.add(id, files);
    if ('steps' in found) this.start(found, 0);
    else this.refuse(id, found);
  }

  private refuse(id: string, errors: readonly LessonError[]): void {
    this.close();
    this.choose({ problem: `${id} is no lesson yet:`, errors });
  }

  /** A folder with an index.json; everything else is left to the page, which copies it to the machine. */
  private takeDrops(): () => void {
    const drop = (e: DragEvent): void => {
      const folder = e.dataTransfer === null ? null : folderOfDrop(e.dataTransfer.items);
      if (folder === null) return;
      e.preventDefault();
      e.stopPropagation();
      void this.bring(() => folder);
    };
    const over = (e: DragEvent): void => {
      if (e.dataTransfer?.types.includes('Files')) e.preventDefault();
    };
    this.box.addEventListener('drop', drop);
    this.box.addEventListener('dragover', over);
    return () => {
      this.box.removeEventListener('drop', drop);
      this.box.removeEventListener('dragover', over);
    };
  }
}
