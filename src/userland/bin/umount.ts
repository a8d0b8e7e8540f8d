/** umount: takes mounts away. Follows util-linux 2.38.1. */
import { EBUSY, EINVAL, ENOENT, EPERM, type Errno, IS_ERR } from '../../uapi/errno.ts';
import { MNT_DETACH, MNT_FORCE } from '../../uapi/mount.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { UsageError } from '../lib/error.ts';
import { canonical } from '../mount/canonical.ts';
import { type MountEntry, mountAt, readMountinfo } from '../mount/mountinfo.ts';
import { isRestricted, typeFilter } from './mount.ts';

const MNT_EX_FAIL = 32;

export const main = command(
  {
    name: 'umount',
    usage: ['[-hV]', '-a [options]', '[options] <source> | <directory>'],
    summary: '\nUnmount filesystems.',
    follows: 'util-linux 2.38.1',
    shortName: true,
    options: [
      ['-a, --all', 'unmount all filesystems'],
      ['-f, --force', 'force unmount'],
      ['-l, --lazy', 'detach the filesystem now, clean up things later'],
      ['-n, --no-mtab', "don't write to /etc/mtab"],
      ['-q, --quiet', "suppress 'not mounted' error messages"],
      ['-R, --recursive', 'recursively unmount a target with all its children'],
      ['-t, --types=LIST', 'limit the set of filesystem types'],
      ['-v, --verbose', 'say what is being done'],
      ['-V', 'show the version and exit'],
    ],
  },
  async (io, options, operands) => {
    if (options.has('V')) {
      io.stdout.put('umount from util-linux 2.38.1 (libmount 2.38.1), modelled in binfmt-lab\n');
      return 0;
    }
    if (options.has('a')) return await all(io, options);
    if (operands.length === 0) throw new UsageError('bad usage');
    let status = 0;
    for (const name of operands) status |= await unmount(io, options, name);
    return status;
  },
);

async function all(io: Io, options: Options): Promise<number> {
  const wanted = typeFilter(options.value('t') ?? 'noproc,devfs,devpts,sysfs,rpc_pipefs,nfsd,autofs');
  const mounts = (await readMountinfo(io.sys)).filter((m) => m.target !== '/' && wanted(m.fstype)).toReversed();
  let status = 0;
  for (const m of mounts) status |= await one(io, options, m.target, m);
  return status;
}

async function unmount(io: Io, options: Options, name: string): Promise<number> {
  const table = await readMountinfo(io.sys);
  const path = canonical(io.sys, name);
  const entry = mountAt(table, path) ?? table.findLast((m) => m.source === name || m.source === path);
  const target = entry?.target ?? path;
  if (!options.has('R') || !entry) return await one(io, options, entry ? target : name, entry);
  const below = table.filter((m) => m.target === target || m.target.startsWith(target === '/' ? '/' : `${target}/`)).toReversed();
  let status = 0;
  for (const m of below) status |= await one(io, options, m.target, m);
  return status;
}

async function one(io: Io, options: Options, target: string, entry: MountEntry | undefined): Promise<number> {
  const flags = (options.has('f') ? MNT_FORCE : 0) | (options.has('l') ? MNT_DETACH : 0);
  const error = isRestricted(io.sys) ? refusal(entry) : io.sys.umount2(target, flags);
  if (!IS_ERR(error)) {
    if (options.has('v')) io.stdout.put(`umount: ${target} unmounted\n`);
    return 0;
  }
  if (options.has('q') && error === EINVAL) return MNT_EX_FAIL;
  await io.warn(`${target}: ${reason(error)}.`);
  return MNT_EX_FAIL;
}

/** What a user hears who is root by the set-user-id bit only. */
const refusal = (entry: MountEntry | undefined): Errno => (entry ? EPERM : EINVAL);

function reason(error: Errno): string {
  if (error === EPERM) return 'must be superuser to unmount';
  if (error === ENOENT) return 'no mount point specified';
  if (error === EBUSY) return 'target is busy';
  if (error === EINVAL) return 'not mounted';
  return error.message;
}
