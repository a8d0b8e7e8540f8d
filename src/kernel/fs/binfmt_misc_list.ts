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
  private readonly extensions = new Shelf<string>();
  /** One for each way to look at the first bytes. */
  private readonly magics = new Map<string, MagicShelf>();

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
    const listed = { entry, serial: ++this.serial };
    const { match } = entry;
    this.names.set(entry.name, entry);
    if (match.kind === 'extension') this.extensions.put(match.extension, listed);
    else this.shelf_of(match).put_magic(match, listed);
  }

  /** False if it has gone already. */
  delete(entry: BinfmtMiscEntry): boolean {
    const { match, name } = entry;
    if (this.names.get(name) !== entry) return false;
    this.names.delete(name);
    if (match.kind === 'extension') this.extensions.take(match.extension, entry);
    else if (this.shelf_of(match).take_magic(match, entry)) this.magics.delete(way_of(match));
    return true;
  }

  /** The newest rule that is enabled and matches. */
  search(window: Bytes, name: string): BinfmtMiscEntry | undefined {
    const extension = name_extension(name);
    let found = extension === null ? undefined : this.extensions.newest(extension, window, name);
    for (const shelf of this.magics.values()) {
      const other = shelf.newest_of(window, name);
      if (other !== undefined && (found === undefined || other.serial > found.serial)) found = other;
    }
    return found?.entry;
  }

  private shelf_of(match: Magic): MagicShelf {
    const way = way_of(match);
    const known = this.magics.get(way);
    if (known !== undefined) return known;
    const shelf = new MagicShelf(match);
    this.magics.set(way, shelf);
    return shelf;
  }
}

type Magic = MiscMatch & { kind: 'magic' };

/** Which bytes a rule looks at: where, how many, and which bits of them. */
const way_of = ({ offset, magic, mask }: Magic): string => `${offset} ${magic.length} ${mask === null ? '' : latin1(mask)}`;

/** Rules by a key that whoever matches has, too; each list oldest first. */
class Shelf<K> {
  protected readonly lists = new Map<K, Listed[]>();

  put(key: K, listed: Listed): void {
    const list = this.lists.get(key);
    if (list === undefined) this.lists.set(key, [listed]);
    else list.push(listed);
  }

  take(key: K, entry: BinfmtMiscEntry): void {
    const left = this.lists.get(key)?.filter((l) => l.entry !== entry) ?? [];
    if (left.length > 0) this.lists.set(key, left);
    else this.lists.delete(key);
  }

  newest(key: K, window: Bytes, name: string): Listed | undefined {
    return this.lists.get(key)?.findLast(({ entry }) => entry.enabled && matches(entry, window, name));
  }
}

/** Rules that look at the same bits of the same bytes, by a hash of what they want to see there. */
class MagicShelf extends Shelf<number> {
  private readonly offset: number;
  /** In whole words. */
  private readonly mask: Bytes;

  constructor({ offset, magic, mask }: Magic) {
    super();
    this.offset = offset;
    this.mask = new Uint8Array(Math.ceil(magic.length / 4) * 4).fill(0xff, 0, magic.length);
    if (mask !== null) this.mask.set(mask.subarray(0, magic.length));
  }

  put_magic({ magic }: Magic, listed: Listed): void {
    this.put(hash_masked(magic, 0, this.mask), listed);
  }

  /** True when the shelf is empty now. */
  take_magic({ magic }: Magic, entry: BinfmtMiscEntry): boolean {
    this.take(hash_masked(magic, 0, this.mask), entry);
    return this.lists.size === 0;
  }

  newest_of(window: Bytes, name: string): Listed | undefined {
    return this.newest(hash_masked(window, this.offset, this.mask), window, name);
  }
}

/** FNV-1a of the bits that count, four bytes at a time. */
function hash_masked(bytes: Bytes, from: number, mask: Bytes): number {
  let hash = 0;
  for (let i = 0; i < mask.length; i += 4) {
    const word = masked(bytes, from + i, mask, i);
    hash = Math.imul(hash ^ word ^ (word >>> 16), 0x01000193);
  }
  return hash;
}

/** Four bytes under the mask. */
function masked(bytes: Bytes, at: number, mask: Bytes, i: number): number {
  const byte = (n: number): number => (bytes[at + n] ?? 0) & (mask[i + n] ?? 0);
  return byte(0) | (byte(1) << 8) | (byte(2) << 16) | (byte(3) << 24);
}
