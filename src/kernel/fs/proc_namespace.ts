/** The lines of /proc/PID/mounts and mountinfo. Follows fs/proc_namespace.c. */
import { MS_NOATIME, MS_NODEV, MS_NOEXEC, MS_NOSUID, MS_RDONLY } from '../../uapi/mount.ts';
import { major, minor } from '../../uapi/stat.ts';
import type { Dentry, MntNamespace, Mount, Path } from '../include/fs.ts';
import { prepend_path } from './d_path.ts';
import { IS_ROOT } from './dcache.ts';

const FLAG_NAMES: readonly (readonly [number, string])[] = [
  [MS_NOSUID, 'nosuid'],
  [MS_NODEV, 'nodev'],
  [MS_NOEXEC, 'noexec'],
  [MS_NOATIME, 'noatime'],
];

/** Blanks in octal, as everywhere in these files. @linux fs/seq_file.c mangle_path #Y */
function mangle(text: string): string {
  return text.replace(/[ \t\n\\#]/g, (c) => `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`);
}

const ro_or_rw = (flags: number): string => ((flags & MS_RDONLY) !== 0 ? 'ro' : 'rw');

/** @linux fs/proc_namespace.c show_mnt_opts #Y */
function mnt_opts(mnt: Mount): string {
  const names = FLAG_NAMES.filter(([flag]) => (mnt.mnt_flags & flag) !== 0).map(([, name]) => `,${name}`);
  return names.join('') + ((mnt.mnt_flags & MS_NOATIME) !== 0 ? '' : ',relatime');
}

/** The mounts of `ns` that can be reached from `root`, each with its path there; oldest first, as since Linux 6.8. */
function visible(ns: MntNamespace, root: Path): { mnt: Mount; path: string }[] {
  const by_id = [...ns.mounts].sort((a, b) => a.mnt_id - b.mnt_id);
  return by_id.flatMap((mnt) => {
    const { text, reached } = prepend_path({ mnt, dentry: mnt.mnt_root }, root);
    return reached ? [{ mnt, path: text }] : [];
  });
}

/** @linux fs/proc_namespace.c show_vfsmnt #Y */
export function mounts_lines(ns: MntNamespace, root: Path): string {
  const line = ({ mnt, path }: { mnt: Mount; path: string }): string => {
    const sb = mnt.mnt_sb;
    const options = ro_or_rw(mnt.mnt_flags | sb.s_flags) + mnt_opts(mnt) + (sb.show_options?.() ?? '');
    return `${mangle(mnt.mnt_source)} ${mangle(path)} ${mangle(sb.s_type.name)} ${options} 0 0\n`;
  };
  return visible(ns, root).map(line).join('');
}

/** @linux fs/proc_namespace.c show_mountinfo #Y */
export function mountinfo_lines(ns: MntNamespace, root: Path): string {
  const line = ({ mnt, path }: { mnt: Mount; path: string }): string => {
    const sb = mnt.mnt_sb;
    const dev = `${major(sb.s_dev)}:${minor(sb.s_dev)}`;
    const place = `${mnt.mnt_id} ${mnt.mnt_parent.mnt_id} ${dev} ${mangle(path_in_fs(mnt.mnt_root))} ${mangle(path)}`;
    const type = `${mangle(sb.s_type.name)} ${mangle(mnt.mnt_source)}`;
    return `${place} ${ro_or_rw(mnt.mnt_flags)}${mnt_opts(mnt)} - ${type} ${ro_or_rw(sb.s_flags)}${sb.show_options?.() ?? ''}\n`;
  };
  return visible(ns, root).map(line).join('');
}

/** The path of a dentry in its own file system: what a bind mount shows. */
function path_in_fs(dentry: Dentry): string {
  const names: string[] = [];
  for (let d = dentry; !IS_ROOT(d); d = d.d_parent) names.unshift(d.d_name);
  return `/${names.join('/')}${dentry.d_deleted ? '//deleted' : ''}`;
}
