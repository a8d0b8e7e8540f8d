/** /proc/PID/mountinfo, read back: which mounts a process has, and which of them a path leads to. */

export interface MountLine {
  readonly id: number;
  readonly parent: number;
  /** "0:38": the superblock. */
  readonly dev: string;
  readonly mountpoint: string;
  readonly options: readonly string[];
  readonly type: string;
}

/** Lines that are none are passed over. */
export function parseMountinfo(text: string): MountLine[] {
  return text.split('\n').flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ', 2);
    const [id, parent, dev, , mountpoint, options] = before.split(' ');
    const type = after.split(' ')[0];
    if (id === undefined || parent === undefined || dev === undefined || mountpoint === undefined || options === undefined || !type)
      return [];
    return [{ id: Number(id), parent: Number(parent), dev, mountpoint: unmangle(mountpoint), options: options.split(','), type }];
  });
}

/** Blanks and their like stand there in octal. */
function unmangle(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/** Below a root that is no mount point, as after chroot: mountinfo does not show the mount that it lies on. */
const UNSEEN: MountLine = { id: -1, parent: -1, dev: '', mountpoint: '/', options: [], type: '' };

/** The mount that a path (absolute, without links) ends in. */
export function mountAt(mounts: readonly MountLine[], path: string): MountLine {
  const ids = new Set(mounts.map((m) => m.id));
  const children = mounts.map((m) => (ids.has(m.parent) && m.parent !== m.id ? m : { ...m, parent: UNSEEN.id }));
  const parts = path.split('/').filter((p) => p !== '');
  const prefixes = parts.map((_, i) => `/${parts.slice(0, i + 1).join('/')}`);
  return ['/', ...prefixes].reduce((mount, prefix) => onTop(children, mount, prefix), UNSEEN);
}

/** What covers `mount` at a path, and what covers that. */
function onTop(mounts: readonly MountLine[], mount: MountLine, path: string): MountLine {
  const cover = mounts.find((m) => m.parent === mount.id && m.mountpoint === path);
  return cover === undefined ? mount : onTop(mounts, cover, path);
}

/** The mounts of binfmt_misc that can be seen: nothing lies over them. */
export function miscMounts(mounts: readonly MountLine[]): MountLine[] {
  return mounts.filter((m) => m.type === 'binfmt_misc' && mountAt(mounts, m.mountpoint).id === m.id);
}
