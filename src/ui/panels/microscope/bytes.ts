/** The window as bytes, and what formats and rules want of it, laid over it byte by byte. */
import type { BinfmtMiscTest } from '../../../uapi/trace.ts';

/** `masked`: the mask leaves nothing of the byte to compare. `unread`: behind the byte that decided. */
export type CellState = 'match' | 'differs' | 'masked' | 'unread';

export interface Cell {
  readonly at: number;
  /** The byte that is wanted; null where several would do. */
  readonly wants: number | null;
  readonly mask: number;
  readonly state: CellState;
}

/** Who looks at which bytes. */
export interface Overlay {
  /** "ELF", "#!", or the name of a rule. */
  readonly who: string;
  readonly rule: boolean;
  readonly took: boolean;
  readonly cells: readonly Cell[];
}

export interface WindowView {
  /** Zero-filled behind the end of the file. */
  readonly bytes: Uint8Array;
  /** Of the file. */
  readonly size: number;
  readonly overlays: readonly Overlay[];
  /** The overlay that tells most: of the one that took the file, else of the one that came closest. */
  readonly first: number;
}

export function unhex(text: string): Uint8Array {
  const pairs = text.match(/[0-9a-f]{2}/g) ?? [];
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
}

export const hexByte = (byte: number): string => byte.toString(16).padStart(2, '0');

/** "1b 4c 75 61" */
export function hexBytes(bytes: Uint8Array, from = 0, to = bytes.length): string {
  return Array.from(bytes.subarray(from, to), hexByte).join(' ');
}

export const printable = (byte: number): string => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.');

type MagicTest = Extract<BinfmtMiscTest, { readonly magic: string }>;

/** A magic under its mask; the kernel stops at the first byte that differs. */
export function magicCells(window: Uint8Array, test: MagicTest): readonly Cell[] {
  const mask = test.mask === null ? null : unhex(test.mask);
  let decided = false;
  return Array.from(unhex(test.magic), (wants, i) => {
    const at = test.offset + i;
    const bits = mask?.[i] ?? 0xff;
    const differs = (((window[at] ?? 0) ^ wants) & bits) !== 0;
    const state = decided ? 'unread' : bits === 0 ? 'masked' : differs ? 'differs' : 'match';
    decided ||= differs;
    return { at, wants, mask: bits, state };
  });
}

/** Cells of a field that need not be one value. */
export function fieldCells(from: number, to: number, state: CellState): readonly Cell[] {
  return Array.from({ length: to - from }, (_, i) => ({ at: from + i, wants: null, mask: 0xff, state }));
}

/** Cells of bytes that are known. */
export function literalCells(window: Uint8Array, from: number, wanted: readonly number[]): readonly Cell[] {
  return wanted.map((wants, i) => ({ at: from + i, wants, mask: 0xff, state: window[from + i] === wants ? 'match' : 'differs' }));
}

/** How many bytes agreed before one did not. */
export function closeness(cells: readonly Cell[]): number {
  const end = cells.findIndex((c) => c.state === 'differs');
  return (end < 0 ? cells : cells.slice(0, end)).filter((c) => c.state === 'match').length;
}

/** Where an overlay says no, as a range of bytes; null if it does not. */
export function against(cells: readonly Cell[]): { readonly from: number; readonly to: number } | null {
  const at = cells.filter((c) => c.state === 'differs').map((c) => c.at);
  const [from, last] = [at[0], at.at(-1)];
  return from === undefined || last === undefined ? null : { from, to: last + 1 };
}

/** The overlay to begin with. */
export function mostTelling(overlays: readonly Overlay[]): number {
  const took = overlays.findIndex((o) => o.took);
  if (took >= 0) return took;
  const scores = overlays.map((o) => closeness(o.cells));
  return Math.max(0, scores.indexOf(Math.max(...scores, 0)));
}

/** The rows of the window that are worth a line: the first two, and those under the overlay. */
export function tellingRows(overlay: Overlay | undefined, columns: number): readonly number[] {
  const rows = new Set([0, 1]);
  for (const cell of overlay?.cells ?? []) rows.add(Math.floor(cell.at / columns));
  return [...rows].sort((a, b) => a - b);
}
