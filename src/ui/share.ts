/** Making a link to this machine, and opening one that somebody made: never without the visitor's word. */

import { html, render } from 'lit-html';
import { base } from './base.ts';
import { toClipboard } from './clipboard.ts';
import { show } from './dialogs.ts';
import type { Context } from './lab-context.ts';
import { messageOf } from './message-of.ts';
import type { PanelArea } from './panel-area.ts';
import type { PanelId } from './panels/panel.ts';
import { decodeShared, encodeShared, PermalinkError, type Shared, type SharedFile } from './permalink.ts';

/** Bytes of files that a link may carry: longer addresses are cut by mail and chat programs. */
const MOST = 256 * 1024;

/** Shows a link to the commands typed so far and the files that are asked for. */
export async function shareDialog(root: ShadowRoot, lab: Context, panels: PanelArea | null): Promise<void> {
  const box = document.createElement('div');
  let [commands, paths, said] = [true, '', ''];
  let latest = 0;
  const draw = async (): Promise<void> => {
    const turn = ++latest;
    let link = '';
    let problem = '';
    said = '';
    try {
      const shared = await gather(lab, panels, commands, paths);
      link = `${base}${await encodeShared(shared)}`;
    } catch (e) {
      problem = messageOf(e);
    }
    if (turn === latest) render(form(link, problem), box);
  };
  const copy = async (link: string): Promise<void> => {
    said = await toClipboard(link, 'The link');
    render(form(link, ''), box);
  };
  const form = (link: string, problem: string): unknown => html`
    <p>The link holds everything in itself; nothing is stored anywhere. Who opens it is asked before anything runs.</p>
    <label class="check"><input type="checkbox" ?checked=${commands} @change=${(e: Event) => {
      commands = (e.target as HTMLInputElement).checked;
      void draw();
    }} /> The commands typed so far (${typed(lab).length})</label>
    <label class="field">Files to carry along
      <input placeholder="/root/hello.lua /tmp/data" .value=${paths} @change=${(e: Event) => {
        paths = (e.target as HTMLInputElement).value;
        void draw();
      }} /></label>
    ${
      problem === ''
        ? html`<label class="field">Link <input class="link" readonly .value=${link} @focus=${(e: Event) => (e.target as HTMLInputElement).select()} /></label>
      <p class="dim">${link.length.toLocaleString('en')} characters.
      <button type="button" @click=${() => void copy(link)}>Copy the link</button> <span role="status">${said}</span></p>`
        : html`<p class="problem" role="alert">${problem}</p>`
    }`;
  await draw();
  await show(root, 'Share this machine', box, [['', 'Close']]);
}

/** Opens what `fragment` carries, if the visitor agrees; does nothing if it carries nothing. */
export async function openShared(root: ShadowRoot, lab: Context, panels: PanelArea | null, fragment: string): Promise<void> {
  let shared: Shared | null;
  try {
    shared = await decodeShared(fragment);
  } catch (e) {
    if (!(e instanceof PermalinkError)) throw e;
    await show(root, 'This link cannot be opened', html`<p>${e.message}</p>`, [['', 'Close']]);
    return;
  }
  if (
    shared === null ||
    (await show(root, 'Open this link?', contents(shared), [
      ['yes', 'Open it'],
      ['', 'Not now'],
    ])) !== 'yes'
  )
    return;
  const prompt = nextPrompt(lab);
  // Panels count executions from the machine's start.
  lab.executions.clear();
  await lab.reboot(shared, 'link', false);
  await prompt;
  for (const { path, data, mode } of shared.files) await lab.host.writeFile(path, data, mode);
  if (shared.panel !== null) void panels?.restore(shared.panel as PanelId, shared.panels);
  if (shared.script !== '') lab.type(`${shared.script.replaceAll('\n', '\r')}\r`);
  lab.focusTerminal();
}

/** A new machine's first row comes with its prompt. */
function nextPrompt(lab: Context): Promise<void> {
  return new Promise((resolve) => {
    const stop = lab.on('timeline', () => {
      stop();
      resolve();
    });
  });
}

function contents({ host, kernel, files, script }: Shared): unknown {
  return html`<p>It starts a machine with Linux ${kernel} on ${host}${files.length === 0 ? '' : ', writes these files'}${script === '' ? '' : ', and types these commands into it'}. The machine is simulated inside this page: nothing outside it is touched.</p>
    ${files.length === 0 ? '' : html`<ul>${files.map((f) => html`<li><code>${f.path}</code>, ${f.data.length.toLocaleString('en')} bytes</li>`)}</ul>`}
    ${script === '' ? '' : html`<pre tabindex="0">${script}</pre>`}`;
}

async function gather(lab: Context, panels: PanelArea | null, commands: boolean, paths: string): Promise<Shared> {
  const { info } = lab;
  if (info === null) throw new Error('The machine has not started yet.');
  const files: SharedFile[] = [];
  for (const path of paths.split(/\s+/).filter((p) => p !== '')) {
    const { mode } = await lab.host.stat(path);
    files.push({ path, mode, data: await lab.host.readFile(path) });
  }
  const size = files.reduce((sum, f) => sum + f.data.length, 0);
  if (size > MOST)
    throw new Error(`The files are ${size.toLocaleString('en')} bytes; a link carries at most ${MOST.toLocaleString('en')}.`);
  const script = commands ? typed(lab).join('\n') : '';
  return { host: info.host, kernel: info.kernel, script, files, panel: panels?.current ?? null, panels: statesOf(panels, lab) };
}

/** The microscope's place is one in the list of executions: it means something only where the list began with this machine. */
function statesOf(panels: PanelArea | null, lab: Context): Readonly<Record<string, unknown>> {
  const { microscope, ...others } = panels?.state() ?? {};
  const begun = lab.timeline.filter((r) => r.kind === 'boot').length === 1;
  return begun && microscope !== undefined ? { ...others, microscope } : others;
}

const typed = (lab: Context): string[] => {
  const here = lab.timeline.findIndex((r) => r.place === 'here');
  const past = lab.timeline.slice(0, here + 1);
  const start = past.findLastIndex((r) => r.kind === 'boot');
  return past.slice(start + 1).flatMap((r) => (r.kind === 'command' ? [r.line] : []));
};
