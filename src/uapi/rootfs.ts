/** What the first root file system is filled with: the lab's initramfs, as a list. */
import type { Bytes, Mode } from './types.ts';

/** One name of the tree; a later entry for the same path replaces the earlier one. */
export interface RootEntry {
  readonly kind: 'dir' | 'file' | 'symlink' | 'chr' | 'fifo';
  /** Absolute, without a trailing slash. Missing parents are made (0755, root). */
  readonly path: string;
  /** Permission and set-id bits; links have 0777 whatever is said here. */
  readonly mode: Mode;
  /** Owner; root if not said. */
  readonly uid?: number;
  readonly gid?: number;
  /** Milliseconds since the epoch; the time of boot if not said. */
  readonly mtime?: number;
  /** Content of a file. Several machines may share it: the kernel never writes to it, and nobody else should afterwards. */
  readonly data?: Bytes;
  /** Text of a symlink. */
  readonly target?: string;
  /** makedev(major, minor) of a device node. */
  readonly rdev?: number;
}
