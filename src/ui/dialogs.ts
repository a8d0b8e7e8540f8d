/** The element's dialogs. Loaded when the first is opened. */
import { html, render } from 'lit-html';
import { base } from './base.ts';

/** Shows `content` in a modal dialog of the element and settles with the value of the button that closed it, "" for Escape. */
export async function show(
  root: ShadowRoot,
  title: string,
  content: unknown,
  buttons: readonly (readonly [value: string, label: string])[],
): Promise<string> {
  const dialog = document.createElement('dialog');
  dialog.setAttribute('aria-labelledby', 'dialog-title');
  render(
    html`<form method="dialog">
      <h2 id="dialog-title">${title}</h2>
      ${content}
      <div class="buttons">${buttons.map(([value, label], i) => html`<button value=${value} ?autofocus=${i === 0}>${label}</button>`)}</div>
    </form>`,
    dialog,
  );
  root.append(dialog);
  dialog.showModal();
  // The button that has the keyboard stands at the end; what is to be read begins at the top.
  dialog.scrollTop = 0;
  await new Promise((resolve) => dialog.addEventListener('close', resolve, { once: true }));
  dialog.remove();
  return dialog.returnValue;
}

/** Asks before a machine is replaced: null to stay, else whether its files come along. */
export async function askNewMachine(root: ShadowRoot, what: string, about: string): Promise<{ carry: boolean } | null> {
  const content = html`<p>${what} starts a new machine (${about}). Running programs end, and rules are gone; Undo brings this one back.</p>
    <label class="check"><input type="checkbox" class="carry" checked /> Carry the files of /root, /home, /tmp, /opt and /usr/local over</label>`;
  let carry = true;
  const watch = (e: Event): void => {
    if (e.target instanceof HTMLInputElement) carry = e.target.checked;
  };
  root.addEventListener('change', watch);
  const answer = await show(root, 'Start a new machine?', content, [
    ['yes', 'Start it'],
    ['', 'Stay here'],
  ]);
  root.removeEventListener('change', watch);
  return answer === 'yes' ? { carry } : null;
}

/** Asks a question that has two answers. */
export async function ask(root: ShadowRoot, title: string, text: string, yes: string): Promise<boolean> {
  return (
    (await show(root, title, html`<p>${text}</p>`, [
      ['yes', yes],
      ['', 'Cancel'],
    ])) === 'yes'
  );
}

export async function showHelp(root: ShadowRoot): Promise<void> {
  await show(root, 'A machine that shows how Linux runs a file', html`${HELP}<p>${DOCS.map(doc)}</p>`, [['', 'Close']]);
}

const HELP = html`
  <p>The terminal is bash on a simulated Linux kernel; the programs in it really run. Register a rule and run something:</p>
  <ul>
    <li><code>chmod +x samples/hello.pyc; samples/hello.pyc</code></li>
    <li><code>echo ':python-pyc:E:0:pyc::/usr/bin/python3:' &gt; /proc/sys/fs/binfmt_misc/register</code></li>
    <li><code>samples/hello.pyc</code></li>
  </ul>
  <dl class="keys">
    <dt><kbd>Ctrl</kbd>+<kbd>C</kbd></dt><dd>interrupts; <kbd>Ctrl</kbd>+<kbd>Z</kbd> stops a job, <kbd>Ctrl</kbd>+<kbd>D</kbd> ends input</dd>
    <dt><kbd>Ctrl</kbd>+<kbd>R</kbd></dt><dd>searches the history; <kbd>Tab</kbd> completes</dd>
    <dt><kbd>Ctrl</kbd>+<kbd>Shift</kbd>+<kbd>C</kbd></dt><dd>copies the selection; <kbd>Ctrl</kbd>+<kbd>Shift</kbd>+<kbd>V</kbd> pastes</dd>
    <dt><kbd>Ctrl</kbd>+<kbd>Shift</kbd>+<kbd>F</kbd></dt><dd>searches in the terminal</dd>
    <dt><kbd>Esc</kbd>, <kbd>Tab</kbd></dt><dd>leaves the terminal</dd>
  </dl>
  <p>Undo goes back to the state before the last command. Host and kernel start a new machine; Reset does, too.</p>
`;

/** The pages beside the lab. */
const DOCS: readonly (readonly [page: string, title: string])[] = [
  ['linux-exec', 'The rules, numbered'],
  ['differences', 'Where the answer differs'],
  ['fidelity', 'How faithful each function is'],
  ['programs', 'What a program is here'],
  ['lessons', 'Writing a lesson'],
  ['embedding', 'Embedding the lab'],
];
const doc = ([page, title]: readonly [string, string]): unknown => html`<a class="doc" href=${`${base}docs/${page}.html`}>${title}</a> `;
