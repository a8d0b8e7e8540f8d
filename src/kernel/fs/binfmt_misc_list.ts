/**
 * The rules of one table, and the way to the one that takes a file. Linux walks its list, newest first, for every file that is executed
 * (fs/binfmt_misc.c, search_binfmt_handler); we keep an index besides, so that 5,000 rules cost what two do. The index only proposes:
 * what it finds is put to the very test of the walk, and the newest that passes is the answer.
 */
import { latin1 } from '../../uapi/bytes.ts';
import type { Bytes } from '../../uapi/types.ts';
import type { OpenFile } from '../include/fs.ts';
import { type MiscMatch, type MiscRule, magic_differs_at, name_extension } from './binfmt_misc_entry.ts';

/** A registered rule. */
export interface BinfmtMiscEntry extends MiscRule {
  enabled: boolean;
  /** Opened at registration, flag F. */
  readonly interp_file: OpenFile | null;
}

/**
 * Whether a rule takes a file, by its first bytes or by its name.
 * @linux fs/binfmt_misc.c search_binfmt_handler #Y
 */
export function matches({ match }: MiscRule, window: Bytes, name: string): boolean {
  return match.kind === 'magic' ? magic_differs_at(match, window) < 0 : name_extension(name) === match.extension;
}

/** A rule and its place in the order of registration: of two that match, the higher decides. */
interface Listed {
  readonly entry: BinfmtMiscEntry;
  readonly serial: number;
}

export class MiscList {
  private serial = 0;
  /** By name, oldest first. */
  private readonly names = new Map<string, BinfmtMiscEntry>();
  /** By what is looked at. */
  private readonly shelves = new Map<string, Shelf>();

  get size(): number {
    return this.names.size;
  }

  named(name: string): BinfmtMiscEntry | undefined {
    return this.names.get(name);
  }

  /** In the order in which they are asked. */
  newest_first(): BinfmtMiscEntry[] {
    return [...this.names.values()].reverse();
  }

  /** As the newest. Its name is free. */
  add(entry: BinfmtMiscEntry): void {
    const { lists, key } = this.place_of(entry);
    const list = lists.get(key) ?? [];
    list.push({ entry, serial: ++this.serial });
    lists.set(key, list);
    this.names.set(entry.name, entry);
  }

  /** False if it has gone already. */
  delete(entry: BinfmtMiscEntry): boolean {
    if (this.names.get(entry.name) !== entry) return false;
    this.names.delete(entry.name);
    const { lists, key, way } = this.place_of(entry);
    const left = lists.get(key)?.filter((listed) => listed.entry !== entry) ?? [];
    if (left.length > 0) lists.set(key, left);
    else lists.delete(key);
    if (lists.size === 0) this.shelves.delete(way);
    return true;
  }

  /** The newest rule that is enabled and matches. */
  search(window: Bytes, name: string): BinfmtMiscEntry | undefined {
    let found: Listed | undefined;
    for (const { lists, offset, key_of } of this.shelves.values()) {
      const other = lists.get(key_of(window, offset, name))?.findLast(({ entry }) => entry.enabled && matches(entry, window, name));
      if (other !== undefined && (found === undefined || other.serial > found.serial)) found = other;
    }
    return found?.entry;
  }

  /** The shelf of rules that look at the same as this one, and the list there. */
  private place_of({ match }: MiscRule): { way: string; lists: Shelf['lists']; key: Key } {
    const is_magic = match.kind === 'magic';
    const way = is_magic ? `${match.offset} ${match.magic.length} ${match.mask && latin1(match.mask)}` : '';
    let shelf = this.shelves.get(way);
    if (shelf === undefined) this.shelves.set(way, (shelf = new_shelf(match)));
    const { lists, key_of } = shelf;
    return { way, lists, key: is_magic ? key_of(match.magic, 0, '') : match.extension };
  }
}

type Key = string | number | null;

/** Rules that look at the same bits of the same bytes, or at the name; by what they want to see there, each list oldest first. */
interface Shelf {
  readonly lists: Map<Key, Listed[]>;
  readonly offset: number;
  readonly key_of: (bytes: Bytes, from: number, name: string) => Key;
}

function new_shelf(match: MiscMatch): Shelf {
  const lists: Shelf['lists'] = new Map();
  if (match.kind === 'extension') return { lists, offset: 0, key_of: (_bytes, _from, name) => name_extension(name) };
  const { offset, magic, mask } = match;
  const words = new Uint8Array(Math.ceil(magic.length / 4) * 4).fill(0xff, 0, magic.length);
  if (mask !== null) words.set(mask.subarray(0, magic.length));
  return { lists, offset, key_of: (bytes, from) => hash_masked(bytes, from, words) };
}

/** FNV-1a of the bits that count, four bytes at a time; the mask has whole words. */
function hash_masked(bytes: Bytes, from: number, mask: Bytes): number {
  let hash = 0;
  for (let i = 0; i < mask.length; i += 4) {
    const word = masked_word(bytes, from + i, mask, i);
    hash = Math.imul(hash ^ word ^ (word >>> 16), 0x01000193);
  }
  return hash;
}

function masked_word(bytes: Bytes, at: number, mask: Bytes, i: number): number {
  const byte = (n: number): number => (bytes[at + n] ?? 0) & (mask[i + n] ?? 0);
  return byte(0) | (byte(1) << 8) | (byte(2) << 16) | (byte(3) << 24);
}
