/** The page's own address while a lesson is open: every step has one, and the browser's Back works. An embed leaves it alone. */
import { type LessonAddress, lessonAddress, parseLessonAddress } from '../../../lessons/address.ts';

export class AddressBar {
  private readonly own: boolean;

  /** `box` stands in the element; only the page that is the element all around says `permalinks`. */
  constructor(
    box: HTMLElement,
    private readonly went: (to: LessonAddress | null) => void,
  ) {
    const root = box.getRootNode();
    this.own = root instanceof ShadowRoot && root.host.hasAttribute('permalinks');
    if (this.own) addEventListener('popstate', this.heard);
  }

  get lesson(): LessonAddress | null {
    return this.own ? parseLessonAddress(location.hash) : null;
  }

  show(to: LessonAddress | null): void {
    if (!this.own) return;
    const hash = to === null ? '' : lessonAddress(to);
    if (hash === location.hash) return;
    history.pushState(null, '', hash === '' ? location.pathname + location.search : hash);
  }

  dispose(): void {
    removeEventListener('popstate', this.heard);
  }

  private readonly heard = (): void => this.went(this.lesson);
}
