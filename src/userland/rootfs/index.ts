/** The tree that a machine boots with: Debian 12's, as far as it matters here, with programs of the host's own kind. */
import type { HostArch } from '../../uapi/host.ts';
import type { RootEntry } from '../../uapi/rootfs.ts';
import { binfmtConfScript } from '../qemu/binfmt_conf.ts';
import { text } from './entry.ts';
import { configuration } from './etc.ts';
import { programEntries } from './programs.ts';
import { samples } from './samples.ts';
import { directories } from './tree.ts';

/** Every entry of a host's root file system, parents before children. */
export function buildRoot(host: HostArch): RootEntry[] {
  return [
    ...directories(host),
    ...configuration(host),
    text('/usr/sbin/qemu-binfmt-conf.sh', binfmtConfScript(), 0o755),
    ...programEntries(host),
    ...samples(),
  ];
}
