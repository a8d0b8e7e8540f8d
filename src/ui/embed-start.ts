/** Starts what an element shows: the view and its machine, the author's files, the author's script at the first prompt. */

import type { ExecDetail } from './embed-events.ts';
import { announce } from './embed-events.ts';
import type { EmbedFile } from './embed-files.ts';
import { keysOf, scriptOf } from './embed-script.ts';
import { type Execution, runs } from './executions.ts';
import { messageOf } from './message-of.ts';
import { LabView } from './view.ts';

export interface Started {
  readonly view: LabView;
  /** Resolves when the machine has booted and has its files. */
  readonly ready: Promise<void>;
  dispose(): void;
}

export function startLab(element: HTMLElement, root: ShadowRoot, takesFocus: boolean): Started {
  const view = new LabView(element, root, takesFocus);
  const stop = tellExecutions(element, view);
  const script = scriptOf(element);
  const keys = keysOf(script, element.hasAttribute('autorun'));
  view.fill = () => placeFiles(view, element.getAttribute('files') ?? '');
  const ready = view.ready.then(view.fill);
  if (script !== '') void Promise.all([ready, firstPrompt(view)]).then(() => view.type(keys));
  return {
    view,
    ready,
    dispose: () => {
      stop();
      view.dispose();
    },
  };
}

async function placeFiles({ context }: LabView, json: string): Promise<void> {
  if (json === '') return;
  try {
    const { parseFiles } = await import('./embed-files.ts');
    const files = parseFiles(json, document.baseURI);
    const contents = await Promise.all(files.map(bytesOf));
    for (const [i, { path, mode }] of files.entries()) await context.host.writeFile(path, contents[i] ?? new Uint8Array(), mode);
    if (files.length > 0) context.touched('files');
  } catch (e) {
    context.say(messageOf(e));
  }
}

async function bytesOf({ path, content }: EmbedFile): Promise<Uint8Array> {
  if ('bytes' in content) return content.bytes;
  const answer = await fetch(content.url).catch((e: Error) => e);
  if (answer instanceof Error || !answer.ok)
    throw new Error(`${path} could not be fetched from ${content.url}: ${answer instanceof Error ? answer.message : answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

/** The time line has its first row when the shell stands at its prompt. */
function firstPrompt({ context }: LabView): Promise<void> {
  return new Promise((resolve) => {
    if (context.timeline.length > 0) return resolve();
    const stop = context.on('timeline', () => {
      stop();
      resolve();
    });
  });
}

function tellExecutions(element: HTMLElement, { context }: LabView): () => void {
  let told = -1;
  return context.executions.onChange(() => {
    const { list, last } = context.executions;
    const news = list.slice(list.findLastIndex((e) => e.id <= told) + 1);
    told = last?.id ?? -1;
    for (const execution of news) announce(element, 'exec', detailOf(execution));
  });
}

function detailOf(execution: Execution): ExecDetail {
  const { pid, path, argv, events, end } = execution;
  const errno = end?.ev === 'exec_fail' ? end.errno : null;
  return { pid, path, argv, errno, runs: errno === null ? runs(execution) : null, trace: events };
}
