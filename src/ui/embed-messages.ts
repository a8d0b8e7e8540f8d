/**
 * The element's calls and events as messages between an embed.html and the page that has framed it. docs/embedding.md has
 * the table. Only the window that frames this one is heard; it gets events once it has called, at the origin it called from.
 */

import type { BinfmtLabElement } from './element.ts';
import type { EmbedEvents } from './embed-events.ts';
import { messageOf } from './message-of.ts';

const VERSION = 1;
/** Characters of one call's text. */
const LONGEST = 1_000_000;

export type CallId = string | number;
export type ErrorName = 'BadRequest' | 'UnknownCall' | 'BadArguments' | 'Failed';

export interface CallError {
  readonly name: ErrorName;
  readonly message: string;
}

export type FromFrame =
  | { readonly binfmtLab: 1; readonly id: CallId; readonly value: unknown }
  | { readonly binfmtLab: 1; readonly id: CallId | null; readonly error: CallError }
  | { readonly binfmtLab: 1; readonly event: string; readonly detail: unknown };

const EVENTS = ['exec', 'step', 'done'] as const satisfies readonly (keyof EmbedEvents)[];

interface Call {
  /** How many texts it takes. */
  readonly takes: 0 | 1;
  readonly make: (lab: BinfmtLabElement, text: string) => unknown;
}

const CALLS: ReadonlyMap<string, Call> = new Map<string, Call>([
  ['ready', { takes: 0, make: (lab) => lab.ready }],
  ['run', { takes: 1, make: (lab, script) => lab.run(script) }],
  ['type', { takes: 1, make: (lab, text) => lab.type(text) }],
  ['screenText', { takes: 0, make: (lab) => lab.screenText() }],
  ['snapshot', { takes: 0, make: (lab) => lab.snapshot() }],
  ['reset', { takes: 0, make: (lab) => lab.reset() }],
]);

export interface Request {
  readonly id: CallId;
  readonly make: (lab: BinfmtLabElement) => unknown;
}

/** What a message asks for; null if it is no message of ours. */
export function parseRequest(data: unknown): Request | { readonly id: CallId | null; readonly error: CallError } | null {
  if (typeof data !== 'object' || data === null || !Object.hasOwn(data, 'binfmtLab')) return null;
  const { binfmtLab, id, call, args = [] } = data as Readonly<Record<string, unknown>>;
  if (!isId(id)) return refuse(null, 'BadRequest', 'id is neither a text nor a number');
  if (binfmtLab !== VERSION) return refuse(id, 'BadRequest', `binfmtLab is not ${VERSION}, the version that this page speaks`);
  const found = typeof call === 'string' ? CALLS.get(call) : undefined;
  if (found === undefined) return refuse(id, 'UnknownCall', `the calls are ${[...CALLS.keys()].join(', ')}`);
  if (!Array.isArray(args) || args.length !== found.takes || !args.every(isText))
    return refuse(id, 'BadArguments', `args must be ${found.takes === 0 ? 'empty' : `one text of at most ${LONGEST} characters`}`);
  return { id, make: (lab) => found.make(lab, args[0] ?? '') };
}

const isId = (id: unknown): id is CallId => (typeof id === 'string' && id.length <= 200) || (typeof id === 'number' && Number.isFinite(id));
const isText = (text: unknown): text is string => typeof text === 'string' && text.length <= LONGEST;
const refuse = (id: CallId | null, name: ErrorName, message: string) => ({ id, error: { name, message } });

/** Answers what the page around this one asks. */
export function serveFrame(lab: BinfmtLabElement): void {
  if (window.parent === window) return;
  let caller: string | null = null;
  const send = (message: FromFrame, to: string): void => window.parent.postMessage(message, to === 'null' ? '*' : to);
  window.addEventListener('message', (e) => {
    if (e.source !== window.parent) return;
    const request = parseRequest(e.data);
    if (request === null) return;
    caller ??= e.origin;
    void answer(lab, request).then((message) => send(message, e.origin));
  });
  for (const event of EVENTS)
    lab.addEventListener(event, ({ detail }) => caller !== null && send({ binfmtLab: VERSION, event, detail }, caller));
  send({ binfmtLab: VERSION, event: 'hello', detail: null }, '*');
}

async function answer(lab: BinfmtLabElement, request: Exclude<ReturnType<typeof parseRequest>, null>): Promise<FromFrame> {
  const { id } = request;
  if ('error' in request) return { binfmtLab: VERSION, id, error: request.error };
  try {
    return { binfmtLab: VERSION, id: request.id, value: (await request.make(lab)) ?? null };
  } catch (e) {
    return { binfmtLab: VERSION, id, error: { name: 'Failed', message: messageOf(e) } };
  }
}
