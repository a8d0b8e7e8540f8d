/** Mount options: words that are flags of mount(2), and what is left for the file system. */
import * as ms from '../../uapi/mount.ts';

interface Flag {
  readonly set: number;
  readonly clear: number;
}
const set = (flag: number): Flag => ({ set: flag, clear: 0 });
const clear = (flag: number): Flag => ({ set: 0, clear: flag });

const FLAGS: Readonly<Record<string, Flag>> = {
  ro: set(ms.MS_RDONLY),
  rw: clear(ms.MS_RDONLY),
  nosuid: set(ms.MS_NOSUID),
  suid: clear(ms.MS_NOSUID),
  nodev: set(ms.MS_NODEV),
  dev: clear(ms.MS_NODEV),
  noexec: set(ms.MS_NOEXEC),
  exec: clear(ms.MS_NOEXEC),
  noatime: set(ms.MS_NOATIME),
  atime: clear(ms.MS_NOATIME),
  relatime: set(ms.MS_RELATIME),
  norelatime: clear(ms.MS_RELATIME),
  remount: set(ms.MS_REMOUNT),
  bind: set(ms.MS_BIND),
  rbind: set(ms.MS_BIND | ms.MS_REC),
  move: set(ms.MS_MOVE),
  defaults: clear(ms.MS_RDONLY | ms.MS_NOSUID | ms.MS_NODEV | ms.MS_NOEXEC),
  private: set(ms.MS_PRIVATE),
  rprivate: set(ms.MS_PRIVATE | ms.MS_REC),
  shared: set(ms.MS_SHARED),
  rshared: set(ms.MS_SHARED | ms.MS_REC),
  slave: set(ms.MS_SLAVE),
  rslave: set(ms.MS_SLAVE | ms.MS_REC),
  unbindable: set(ms.MS_UNBINDABLE),
  runbindable: set(ms.MS_UNBINDABLE | ms.MS_REC),
};
/** Words for mount(8) itself and for fstab. */
const OURS = /^(auto|noauto|user|nouser|users|group|owner|_netdev|nofail|comment=.*|x-.*)$/;

export const PROPAGATION = ms.MS_PRIVATE | ms.MS_SHARED | ms.MS_SLAVE | ms.MS_UNBINDABLE;

export interface MountOptions {
  readonly flags: number;
  /** For the file system, joined by commas. */
  readonly data: string;
}

export function parseOptions(words: readonly string[]): MountOptions {
  let flags = 0;
  const data: string[] = [];
  for (const word of words) {
    const flag = FLAGS[word];
    if (flag) flags = (flags | flag.set) & ~flag.clear;
    else if (word !== '' && !OURS.test(word)) data.push(word);
  }
  return { flags, data: data.join(',') };
}
