/** The search box of the terminal in front. */
import type { Terminals } from './terminals.ts';

/** Wires `form`; the answer opens it, and closes it again. */
export function wireFind(form: HTMLFormElement, terminals: Terminals, say: (text: string) => void): () => void {
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
