/** A rule laid over a file, byte by byte. The verdict is the kernel's own comparison. */
import { type MiscMatch, magic_differs_at, name_extension } from '../kernel/fs/binfmt_misc_entry.ts';
import type { Bytes } from '../uapi/types.ts';
import type { File } from './predict.ts';

/** `masked`: the mask leaves no bit of this byte to compare. */
export type CellState = 'match' | 'differs' | 'masked' | 'outside';

export interface OverlayCell {
  readonly at: number;
  /** The file's byte, zero behind its end. */
  readonly byte: number;
  readonly behindEnd: boolean;
  /** What the rule wants here; null outside its reach. */
  readonly magic: number | null;
  readonly mask: number | null;
  readonly state: CellState;
}

export type Overlay =
  | { readonly kind: 'magic'; readonly matched: boolean; readonly differsAt: number | null; readonly cells: readonly OverlayCell[] }
  | { readonly kind: 'extension'; readonly matched: boolean; readonly wanted: string; readonly found: string | null };

/** `window` is how many bytes the kernel looks at. */
export function overlay(match: MiscMatch, file: File, window: number): Overlay {
  if (match.kind === 'extension') {
    const found = name_extension(file.name);
    return { kind: 'extension', matched: found === match.extension, wanted: match.extension, found };
  }
  const differsAt = magic_differs_at(match, file.bytes.subarray(0, window));
  const cells = Array.from({ length: window }, (_, at) => cell(match, file.bytes, at));
  return { kind: 'magic', matched: differsAt < 0, differsAt: differsAt < 0 ? null : differsAt, cells };
}

function cell(match: MiscMatch & { kind: 'magic' }, bytes: Bytes, at: number): OverlayCell {
  const byte = bytes[at] ?? 0;
  const place = { at, byte, behindEnd: at >= bytes.length };
  const magic = match.magic[at - match.offset];
  if (magic === undefined) return { ...place, magic: null, mask: null, state: 'outside' };
  const mask = match.mask?.[at - match.offset] ?? 0xff;
  const state = mask === 0 ? 'masked' : ((byte ^ magic) & mask) === 0 ? 'match' : 'differs';
  return { ...place, magic, mask, state };
}
