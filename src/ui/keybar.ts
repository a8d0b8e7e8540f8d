/** Keys that a phone's keyboard lacks, below the terminal. Ctrl waits for the next key. */

const KEYS: ReadonlyArray<readonly [label: string, name: string, sends: string]> = [
  ['Esc', 'Escape', '\x1b'],
  ['Tab', 'Tab', '\t'],
  ['Ctrl', 'Control', ''],
  ['|', 'Pipe', '|'],
  ['/', 'Slash', '/'],
  ['-', 'Minus', '-'],
  ['↑', 'Up', '\x1b[A'],
  ['↓', 'Down', '\x1b[B'],
];

/** Fills `bar`; the answer turns what is typed next into its control character while Ctrl is held. */
export function fillKeybar(bar: HTMLElement, type: (text: string) => void): (typed: string) => string {
  let ctrl: HTMLButtonElement | null = null;
  const hold = (button: HTMLButtonElement | null): void => {
    ctrl?.setAttribute('aria-pressed', 'false');
    button?.setAttribute('aria-pressed', 'true');
    ctrl = button;
  };
  bar.replaceChildren(
    ...KEYS.map(([label, name, sends]) => {
      const button = Object.assign(document.createElement('button'), { type: 'button', textContent: label });
      button.setAttribute('aria-label', name);
      if (sends === '') button.setAttribute('aria-pressed', 'false');
      // The terminal keeps the focus, and a phone its keyboard.
      button.onpointerdown = (e) => e.preventDefault();
      button.onclick = () => (sends === '' ? hold(ctrl === null ? button : null) : type(sends));
      return button;
    }),
  );
  return (typed) => {
    if (ctrl === null || typed.length !== 1) return typed;
    hold(null);
    return control(typed);
  };
}

const control = (key: string): string => (/[@-_a-z]/i.test(key) ? String.fromCharCode(key.toUpperCase().charCodeAt(0) & 0x1f) : key);
