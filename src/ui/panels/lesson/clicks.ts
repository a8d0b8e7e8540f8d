/** What is to be clicked in a lesson's text: code that runs or is copied, and answers to a question. */
import { toClipboard } from '../../clipboard.ts';
import type { LabContext } from '../panel.ts';

/** Milliseconds between ^C and what follows it. */
const AFTER_INTERRUPT = 150;

export async function clickText(event: Event, lab: LabContext): Promise<void> {
  if (!(event.target instanceof Element)) return;
  const choice = event.target.closest<HTMLElement>('.choice');
  if (choice !== null) return answer(choice);
  const act = event.target.closest<HTMLElement>('.act');
  const script = act?.closest<HTMLElement>('[data-script]')?.dataset['script'];
  if (act !== null && script !== undefined) await perform(act, script, lab);
}

/** As a paste, so that lines stay together, and a Tab in them is no key. */
export function pasted(script: string): string {
  return `\x1b[200~${script.replace(/[^\P{Cc}\n\t]/gu, '')}\x1b[201~`;
}

async function perform(button: HTMLElement, script: string, lab: LabContext): Promise<void> {
  if (button.dataset['act'] === 'copy') return lab.say(await toClipboard(script, 'The code'));
  if (button.dataset['act'] === 'interrupt') {
    lab.type('\x03');
    await new Promise((resolve) => setTimeout(resolve, AFTER_INTERRUPT));
  }
  lab.type(`${pasted(script)}\r`);
  lab.say('Typed into the terminal.');
}

/** The first choice counts as a guess; the others may be looked at as well. */
function answer(choice: HTMLElement): void {
  const right = choice.dataset['right'] === 'true';
  choice.classList.add(right ? 'right' : 'wrong');
  choice.setAttribute('aria-expanded', 'true');
  const text = choice.nextElementSibling;
  if (text instanceof HTMLElement && text.classList.contains('answer')) text.hidden = false;
}
