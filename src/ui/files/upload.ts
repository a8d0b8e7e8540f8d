/** Files of the visitor's onto the machine, piece by piece: each is whole at its place, or not there. */

import { isElf } from '../../explain/elf.ts';
import type { LabHost } from '../host.ts';
import { messageOf } from '../message-of.ts';
import { nameError, shownSize } from './names.ts';

/** The most that one file may have. */
export const LIMIT = 64 * 1024 * 1024;
/** Files in one go. */
const MOST_FILES = 5000;
const CHUNK = 1024 * 1024;

/** A file or a directory, named as it was picked: "folder/sub/file". */
export interface Picked {
  readonly path: string;
  /** null: a directory. */
  readonly data: Blob | null;
  /** Milliseconds since the epoch. */
  readonly mtime?: number;
}

export type Outcome =
  | { readonly path: string; readonly target: string; readonly mode: number; readonly why: string }
  | { readonly path: string; readonly error: string };

export interface Progress {
  readonly bytes: number;
  readonly ofBytes: number;
  readonly files: number;
  readonly ofFiles: number;
  readonly current: string;
}

/** What of the machine is needed. */
export type Machine = Pick<LabHost, 'writeFile' | 'writeAt' | 'mkdir' | 'rename' | 'setTimes' | 'remove'>;

/** Settles with what became of each; those after a cancel are left out, but for the one it met. */
export async function upload(
  machine: Machine,
  into: string,
  picked: readonly Picked[],
  progress: (p: Progress) => void,
  signal: AbortSignal,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const ofBytes = picked.reduce((sum, p) => sum + (refusal(p) === null ? (p.data?.size ?? 0) : 0), 0);
  let bytes = 0;
  for (const [i, one] of picked.entries()) {
    if (signal.aborted) break;
    const said = (done: number): void => progress({ bytes: bytes + done, ofBytes, files: i, ofFiles: picked.length, current: one.path });
    said(0);
    const refused = i < MOST_FILES ? refusal(one) : `more than ${MOST_FILES} files at once`;
    outcomes.push(refused === null ? await put(machine, into, one, said, signal) : { path: one.path, error: refused });
    if (refused === null) bytes += one.data?.size ?? 0;
  }
  return outcomes;
}

function refusal({ path, data }: Picked): string | null {
  const size = data?.size ?? 0;
  return nameError(path) ?? (size > LIMIT ? `it has ${size} bytes, over the limit of ${shownSize(LIMIT)} a file` : null);
}

async function put(machine: Machine, into: string, one: Picked, said: (done: number) => void, signal: AbortSignal): Promise<Outcome> {
  const target = `${into === '/' ? '' : into}/${one.path}`;
  try {
    if (one.data === null) {
      await machine.mkdir(target);
      return { path: one.path, target, mode: 0o755, why: 'a directory' };
    }
    const mode = await modeOf(one.data);
    await putWhole(machine, target, one.data, mode.mode, said, signal);
    if (one.mtime !== undefined) await machine.setTimes(target, one.mtime);
    return { path: one.path, target, ...mode };
  } catch (e) {
    return { path: one.path, error: messageOf(e) };
  }
}

/** Browsers do not tell the x bit: what looks like a program gets one. */
async function modeOf(data: Blob): Promise<{ mode: number; why: string }> {
  const head = new Uint8Array(await data.slice(0, 4).arrayBuffer());
  if (isElf(head)) return { mode: 0o755, why: 'an ELF file' };
  return head[0] === 0x23 && head[1] === 0x21 ? { mode: 0o755, why: 'begins with #!' } : { mode: 0o644, why: 'neither #! nor ELF' };
}

/** Under another name until all of it is there: whoever runs the old file goes on running it. */
async function putWhole(
  machine: Machine,
  target: string,
  data: Blob,
  mode: number,
  said: (n: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const part = `${target.slice(0, target.lastIndexOf('/'))}/.upload-${crypto.randomUUID()}`;
  try {
    await machine.writeFile(part, await bytes(data, 0), mode);
    for (let at = CHUNK; at < data.size; at += CHUNK) {
      if (signal.aborted) throw new Error('cancelled');
      said(at);
      await machine.writeAt(part, await bytes(data, at), at);
    }
    await machine.rename(part, target);
  } catch (e) {
    await machine.remove(part).catch(() => {});
    throw new Error(messageOf(e).replace(part, target));
  }
}

const bytes = async (data: Blob, at: number): Promise<Uint8Array> => new Uint8Array(await data.slice(at, at + CHUNK).arrayBuffer());
