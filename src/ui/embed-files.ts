/** The files that an author puts into a machine: {"/root/hello.lua": "print(1)", "/root/app": {"url": "app.bin", "mode": "755"}}. */

/** One file: its text, its bytes, or the address they are fetched from. */
export interface EmbedFile {
  readonly path: string;
  readonly mode: number;
  readonly content: { readonly bytes: Uint8Array<ArrayBuffer> } | { readonly url: string };
}

/** Why the files are not written; the message is fit to be shown. */
export class EmbedFilesError extends Error {
  override readonly name = 'EmbedFilesError';
}

const MOST = 1000;

/** Addresses are relative to `base`; only http and https ones, data: and blob: are fetched. */
export function parseFiles(json: string, base: string): readonly EmbedFile[] {
  if (json.trim() === '') return [];
  const entries = Object.entries(parsed(json));
  if (entries.length > MOST) throw new EmbedFilesError(`files: ${entries.length} of them, at most ${MOST} are written`);
  return entries.map(([path, value]) => fileOf(path, value, base));
}

/** The origins other than `own` that these files would be fetched from. */
export function foreignOrigins(files: readonly EmbedFile[], own: string): readonly string[] {
  const urls = files.flatMap(({ content }) => ('url' in content && /^https?:/.test(content.url) ? [new URL(content.url).origin] : []));
  return [...new Set(urls)].filter((origin) => origin !== own);
}

function parsed(json: string): object {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new EmbedFilesError('files: this is no JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new EmbedFilesError('files: an object is needed, each path with its file');
  return value;
}

function fileOf(path: string, value: unknown, base: string): EmbedFile {
  if (!/^(\/[^/\0]{1,255})+$/.test(path) || path.length >= 4096 || path.split('/').some((part) => part === '.' || part === '..'))
    throw new EmbedFilesError(`files: ${clip(path)} is no absolute path of a file`);
  if (typeof value === 'string') return { path, mode: 0o644, content: { bytes: utf8(value) } };
  if (typeof value !== 'object' || value === null) throw new EmbedFilesError(`files: ${clip(path)} is neither text nor {"url": …}`);
  const { mode, ...source } = value as Readonly<Record<string, unknown>>;
  return { path, mode: modeOf(path, mode), content: contentOf(path, source, base) };
}

function modeOf(path: string, mode: unknown): number {
  if (mode === undefined) return 0o644;
  if (typeof mode !== 'string' || !/^[0-7]{3,4}$/.test(mode))
    throw new EmbedFilesError(`files: the mode of ${clip(path)} is not octal digits as in "755"`);
  return Number.parseInt(mode, 8);
}

function contentOf(path: string, source: Readonly<Record<string, unknown>>, base: string): EmbedFile['content'] {
  const [[kind, value] = ['', undefined], ...others] = Object.entries(source);
  if (typeof value !== 'string' || others.length > 0)
    throw new EmbedFilesError(`files: ${clip(path)} needs one of "text", "base64" and "url"`);
  if (kind === 'text') return { bytes: utf8(value) };
  if (kind === 'base64') return { bytes: base64(path, value) };
  if (kind === 'url') return { url: address(path, value, base) };
  throw new EmbedFilesError(`files: ${clip(path)} needs one of "text", "base64" and "url", not ${clip(kind)}`);
}

function base64(path: string, text: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  } catch {
    throw new EmbedFilesError(`files: the base64 of ${clip(path)} is damaged`);
  }
}

function address(path: string, url: string, base: string): string {
  const parsed = URL.parse(url, base);
  if (parsed === null || !/^(https?|data|blob):$/.test(parsed.protocol))
    throw new EmbedFilesError(`files: the address of ${clip(path)} cannot be fetched: ${clip(url)}`);
  return parsed.href;
}

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const clip = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
