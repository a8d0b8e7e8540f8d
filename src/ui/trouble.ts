/** What the page says when its machine has died or does not answer, and the ways on from there. */

export interface WayOn {
  readonly label: string;
  go(): void;
}

/** Shows `text` with a button for each way on; any of them closes it. */
export function showTrouble(box: HTMLElement, text: string, ways: readonly WayOn[]): void {
  const message = Object.assign(document.createElement('p'), { textContent: text });
  const buttons = ways.map(({ label, go }) => {
    const button = Object.assign(document.createElement('button'), { type: 'button', textContent: label });
    button.onclick = () => {
      hideTrouble(box);
      go();
    };
    return button;
  });
  box.replaceChildren(message, ...buttons);
  box.hidden = false;
}

export function hideTrouble(box: HTMLElement): void {
  box.hidden = true;
  box.replaceChildren();
}
