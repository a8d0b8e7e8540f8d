/** The script that an element's author gives: text for the prompt, and nothing but text. */

/** Characters that are no text would be keys at the prompt. */
const KEYS = /[\0-\x08\x0b-\x1f\x7f-\x9f]/g;

export function scriptOf(element: Element): string {
  return (element.getAttribute('script') ?? '').replace(/\r\n?/g, '\n').replace(KEYS, '').replace(/\n+$/, '');
}

/** As a paste, so that lines stay together at the prompt until Enter; `run` presses it. */
export const keysOf = (script: string, run: boolean): string => `\x1b[200~${script}\x1b[201~${run ? '\r' : ''}`;
