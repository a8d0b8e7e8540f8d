/**
 * What a link carries in its fragment: a version byte and JSON, deflated, in base64url. Nothing of it is run or written
 * before the visitor has seen it and agreed; whatever is not exactly of this form is refused with a sentence.
 */
import { HOSTS, type HostArch } from '../uapi/host.ts';

export interface SharedFile {
  readonly path: string;
  readonly mode: number;
  readonly data: Uint8Array;
}

export interface Shared {
  readonly host: HostArch;
  readonly kernel: string;
  /** What is typed at the prompt, line by line. */
  readonly script: string;
  readonly files: readonly SharedFile[];
  /** The panel in front and what each panel shows. */
  readonly panel: string | null;
  readonly panels: Readonly<Record<string, unknown>>;
}

/** Why a link is not followed; the message is fit to be shown. */
export class PermalinkError extends Error {
  override readonly name = 'PermalinkError';
}

const KEY = 'state=';
const VERSION = 1;
/** Characters of a fragment, and bytes that it may unpack to. */
const LONGEST = 2_000_000;
const LARGEST = 16_000_000;

/** The fragment for `shared`, with its #. */
export async function encodeShared(shared: Shared): Promise<string> {
  const files = shared.files.map(({ path, mode, data }) => ({ path, mode, data: toBase64(data) }));
  const json = new TextEncoder().encode(JSON.stringify({ ...shared, files }));
  const packed = await through(json, new CompressionStream('deflate-raw'), Number.POSITIVE_INFINITY);
  return `#${KEY}${toBase64(Uint8Array.of(VERSION, ...packed))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')}`;
}

/** Null if the fragment carries no state at all. Rejects with PermalinkError. */
export async function decodeShared(fragment: string): Promise<Shared | null> {
  if (!fragment.startsWith(`#${KEY}`)) return null;
  if (fragment.length > LONGEST) throw new PermalinkError('The link is too long.');
  const [version, ...packed] = fromBase64(
    fragment
      .slice(KEY.length + 1)
      .replaceAll('-', '+')
      .replaceAll('_', '/'),
  );
  if (version !== VERSION) throw new PermalinkError(`The link is of version ${version ?? 'none'}, this page knows version ${VERSION}.`);
  return check(parse(await inflate(Uint8Array.from(packed))));
}

async function inflate(packed: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  try {
    return await through(packed, new DecompressionStream('deflate-raw'), LARGEST);
  } catch (e) {
    throw e instanceof PermalinkError ? e : new PermalinkError('The link is damaged: it does not unpack.');
  }
}

async function through(data: Uint8Array<ArrayBuffer>, codec: GenericTransformStream, limit: number): Promise<Uint8Array> {
  const reader = new Blob([data]).stream().pipeThrough(codec).getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > limit) {
      await reader.cancel();
      throw new PermalinkError('The link unpacks to more than a machine takes.');
    }
    chunks.push(value);
  }
  return new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer());
}

function parse(json: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json));
  } catch {
    throw new PermalinkError('The link is damaged: its content cannot be read.');
  }
}

function check(value: unknown): Shared {
  const o = record(value, 'the state');
  const host = HOSTS.find((h) => h === o.host);
  if (host === undefined) throw new PermalinkError(`The link asks for a host that there is not: ${clip(o.host)}.`);
  return {
    host,
    kernel: text(o.kernel, 'kernel'),
    script: text(o.script, 'script'),
    files: list(o.files, 'files').map(sharedFile),
    panel: o.panel === null ? null : text(o.panel, 'panel'),
    panels: record(o.panels, 'panels'),
  };
}

function sharedFile(value: unknown): SharedFile {
  const { path, mode, data } = record(value, 'a file');
  const name = text(path, 'path');
  const sound = /^(\/[^/\0]{1,255})+$/.test(name) && name.length < 4096 && !name.split('/').some((part) => part === '.' || part === '..');
  if (!sound) throw new PermalinkError(`The link carries a file with a bad path: ${clip(path)}.`);
  if (typeof mode !== 'number' || !Number.isInteger(mode) || mode < 0 || mode > 0o7777) throw new PermalinkError(`${name} has a bad mode.`);
  return { path: name, mode, data: fromBase64(text(data, 'data')) };
}

function record(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new PermalinkError(`The link is damaged: ${what} is missing.`);
  return value as Readonly<Record<string, unknown>>;
}

function list(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new PermalinkError(`The link is damaged: ${what} is missing.`);
  return value;
}

function text(value: unknown, what: string): string {
  if (typeof value !== 'string') throw new PermalinkError(`The link is damaged: ${what} is missing.`);
  return value;
}

const clip = (value: unknown): string => JSON.stringify(value)?.slice(0, 60) ?? 'nothing';

function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let i = 0; i < bytes.length; i += 0x8000) binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(binary);
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  } catch {
    throw new PermalinkError('The link is damaged: it has characters that do not belong there.');
  }
}
