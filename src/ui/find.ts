/** The search box of the terminal in front. */
import type { Terminals } from './terminals.ts';

const FORM = `
<form class="find" role="search" hidden>
  <input type="search" aria-label="Search in the terminal" placeholder="Search" />
  <button type="submit" aria-label="Next">↓</button>
  <button type="button" class="previous" aria-label="Previous">↑</button>
</form>`;

/** Puts it into `bar`; the answer opens it, and closes it again. */
export function addFind(bar: HTMLElement, terminals: Terminals, say: (text: string) => void): () => void {
  bar.insertAdjacentHTML('beforeend', FORM);
  const form = bar.lastElementChild as HTMLFormElement;
  const input = form.querySelector('input');
  const search = async (backwards: boolean): Promise<void> => {
    const text = input?.value ?? '';
    if (text !== '' && !(await terminals.view?.find(text, backwards))) say(`The terminal does not show “${text}”.`);
  };
  const toggle = (): void => {
    form.hidden = !form.hidden;
    if (form.hidden) terminals.focus();
    else input?.focus();
  };
  form.onsubmit = (e) => {
    e.preventDefault();
    void search(false);
  };
  form.onkeydown = (e) => {
    if (e.key === 'Escape') toggle();
  };
  form.querySelector('.previous')?.addEventListener('click', () => void search(true));
  return toggle;
}
