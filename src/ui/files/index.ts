/** Files to and from the machine: a dialog, and drops anywhere on the lab. */
import type { LabContext } from '../panels/panel.ts';
import { adopt } from '../sheets.ts';
import { destination } from './destination.ts';
import { FilesDialog } from './dialog.ts';
import { shownName } from './names.ts';
import { fromDrop } from './picked.ts';
import { styles } from './styles.ts';

/** The dialog that is open over an element. */
const open = new WeakMap<ShadowRoot, FilesDialog>();

/** Opens the dialog in the element's shadow root; the shell's directory is where files go. */
export async function openFilesDialog(root: ShadowRoot, lab: LabContext): Promise<void> {
  await dialogOf(root, lab);
}

async function dialogOf(root: ShadowRoot, lab: LabContext): Promise<FilesDialog> {
  const there = open.get(root);
  if (there?.isOpen) return there;
  adopt(root, styles);
  const dialog = new FilesDialog(root, lab);
  open.set(root, dialog);
  await dialog.look();
  return dialog;
}

/** Files and folders that are dropped on `element` go to the machine, as from the dialog. Call the answer to stop. */
export function acceptDrops(element: HTMLElement, lab: LabContext): () => void {
  const root = element.shadowRoot;
  if (root === null) throw new Error('drops are accepted on an element with a shadow root');
  adopt(root, styles);
  const cover = Object.assign(document.createElement('div'), { className: 'file-drop' });
  const over = (e: DragEvent): void => {
    if (!e.dataTransfer?.types.includes('Files')) return;
    e.preventDefault();
    e.dataTransfer.dropEffect = 'copy';
    if (cover.isConnected) return;
    cover.textContent = 'Drop files here: they go onto the machine';
    root.append(cover);
    void destination(lab.host, lab.shell).then(({ shown }) => (cover.textContent = `Drop files here: they go to ${shownName(shown)}`));
  };
  const leave = (): void => cover.remove();
  const drop = (e: DragEvent): void => {
    cover.remove();
    if (!e.dataTransfer?.types.includes('Files')) return;
    e.preventDefault();
    void dropped(root, lab, fromDrop(e.dataTransfer));
  };
  const stop = new AbortController();
  const { signal } = stop;
  element.addEventListener('dragenter', over, { signal });
  element.addEventListener('dragover', over, { signal });
  element.addEventListener('dragleave', leave, { signal });
  element.addEventListener('drop', drop, { signal });
  return () => {
    stop.abort();
    cover.remove();
  };
}

async function dropped(root: ShadowRoot, lab: LabContext, picked: ReturnType<typeof fromDrop>): Promise<void> {
  const dialog = await dialogOf(root, lab);
  await dialog.upload(await picked);
}
