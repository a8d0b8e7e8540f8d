/** mount: shows and makes mounts. Follows util-linux 2.38.1. */
import * as e from '../../uapi/errno.ts';
import { type Errno, IS_ERR, type Status } from '../../uapi/errno.ts';
import * as ms from '../../uapi/mount.ts';
import { S_ISDIR } from '../../uapi/stat.ts';
import type { Syscalls } from '../../uapi/syscalls.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { UsageError } from '../lib/error.ts';
import { canonical } from '../mount/canonical.ts';
import { allOptions, mountAt, readMountinfo } from '../mount/mountinfo.ts';
import { type MountOptions, PROPAGATION, parseOptions } from '../mount/options.ts';

const MNT_EX_FAIL = 32;
/** Long options that change how mounts below hang together. */
const MAKE = ['shared', 'slave', 'private', 'unbindable', 'rshared', 'rslave', 'rprivate', 'runbindable'];

export const main = command(
  {
    name: 'mount',
    usage: [
      '[-lhV]',
      '-a [options]',
      '[options] [--source] <source> | [--target] <directory>',
      '[options] <source> <directory>',
      '<operation> <mountpoint> [<target>]',
    ],
    summary: '\nMount a filesystem.',
    follows: 'util-linux 2.38.1',
    shortName: true,
    options: [
      ['-a, --all', 'mount all filesystems mentioned in fstab'],
      ['-n, --no-mtab', "don't write to /etc/mtab"],
      ['-o, --options=LIST', 'comma-separated list of mount options'],
      ['-r, --read-only', 'mount the filesystem read-only (same as -o ro)'],
      ['-w, --rw, --read-write', 'mount the filesystem read-write (default)'],
      ['-t, --types=LIST', 'limit the set of filesystem types'],
      ['-v, --verbose', 'say what is being done'],
      ['-l, --show-labels', 'show also filesystem labels'],
      ['--source=SRC', 'explicitly specifies source (path, label, uuid)'],
      ['--target=TARGET', 'explicitly specifies mountpoint'],
      ['-B, --bind', 'mount a subtree somewhere else (same as -o bind)'],
      ['-M, --move', 'move a subtree to some other place'],
      ['-R, --rbind', 'mount a subtree and all submounts somewhere else'],
      ...MAKE.map((kind): [string, string] => [`--make-${kind}`, `mark a subtree as ${kind}`]),
      ['-V', 'show the version and exit'],
    ],
  },
  async (io, options, operands) => {
    if (options.has('V')) {
      io.stdout.put('mount from util-linux 2.38.1 (libmount 2.38.1), modelled in binfmt-lab\n');
      return 0;
    }
    const names = [...options.values('source'), ...options.values('target'), ...operands];
    const makes = MAKE.filter((kind) => options.has(`make-${kind}`));
    if (names.length > 2) throw new UsageError('bad usage');
    if (options.has('a')) return 0;
    if (names.length === 0) return makes.length > 0 || options.has('o') ? await badUsage() : await list(io, options);
    return await mountIt(io, options, names, makes);
  },
);

async function badUsage(): Promise<never> {
  throw new UsageError('bad usage');
}

async function list(io: Io, options: Options): Promise<number> {
  const types = typeFilter(options.value('t'));
  for (const m of await readMountinfo(io.sys))
    if (types(m.fstype)) io.stdout.put(`${m.source} on ${m.target} type ${m.fstype} (${allOptions(m)})\n`);
  return 0;
}

/** "proc,tmpfs", "noproc,tmpfs": those, or all but those. */
export function typeFilter(list: string | null): (fstype: string) => boolean {
  if (list === null) return () => true;
  const not = list.startsWith('no');
  const types = list.split(',').map((t) => t.replace(/^no/, ''));
  return (fstype) => types.includes(fstype) !== not;
}

/** Run by a user with root's rights lent by the set-user-id bit: only what fstab allows, which is nothing here. */
export const isRestricted = (sys: Syscalls): boolean => sys.getuid() !== 0;

interface Job {
  readonly source: string;
  readonly target: string;
  readonly fstype: string;
  readonly options: MountOptions;
}

async function mountIt(io: Io, options: Options, names: readonly string[], makes: readonly string[]): Promise<number> {
  const words = [
    ...(options.has('B') ? ['bind'] : []),
    ...(options.has('R') ? ['rbind'] : []),
    ...(options.has('M') ? ['move'] : []),
    ...options.values('o').flatMap((list) => list.split(',')),
    ...makes,
    ...(options.has('r') ? ['ro'] : []),
  ];
  const parsed = parseOptions(words);
  const single = names.length === 1;
  const target = canonical(io.sys, names.at(-1) ?? '');
  if (single && !(parsed.flags & (PROPAGATION | ms.MS_REMOUNT))) {
    await io.warn(`${names[0]}: can't find in /etc/fstab.`);
    return 1;
  }
  const source = single ? 'none' : (names[0] ?? '');
  const job: Job = { source: sourceOf(io, source, parsed), target, fstype: options.value('t') ?? '', options: parsed };
  const status = await perform(io, job);
  if (status === 0 && options.has('v')) io.stdout.put(`mount: ${job.source} mounted on ${target}.\n`);
  return status;
}

/** A source that is a path is made absolute; "none", "proc" stay as they are. */
function sourceOf(io: Io, source: string, { flags }: MountOptions): string {
  return flags & (ms.MS_BIND | ms.MS_MOVE) || source.startsWith('/') || source.startsWith('.') ? canonical(io.sys, source) : source;
}

/** The mount itself, then what only further calls can do: a bind's flags, propagation. */
async function perform(io: Io, job: Job): Promise<number> {
  if (isRestricted(io.sys)) return await complain(io, job, e.EPERM);
  const { flags, data } = job.options;
  const main = flags & ~PROPAGATION & ~(flags & PROPAGATION && !(flags & ms.MS_BIND) ? ms.MS_REC : 0);
  const onlyPropagation = main === 0 && flags & PROPAGATION && job.source === 'none' && job.fstype === '';
  if (!onlyPropagation) {
    const status = await firstCall(io, job, main, data);
    if (status !== 0) return status;
  }
  const extra = main & ~(ms.MS_BIND | ms.MS_REC);
  if (main & ms.MS_BIND && extra && !(main & ms.MS_REMOUNT)) {
    const error = io.sys.mount('none', job.target, '', main | ms.MS_REMOUNT, '');
    if (IS_ERR(error)) return await complain(io, job, error);
  }
  if (!(flags & PROPAGATION)) return 0;
  const error = io.sys.mount('none', job.target, '', flags & (PROPAGATION | ms.MS_REC), '');
  return IS_ERR(error) ? await complain(io, job, error) : 0;
}

async function firstCall(io: Io, job: Job, flags: number, data: string): Promise<number> {
  const anyType = job.fstype === '' && !(flags & (ms.MS_BIND | ms.MS_MOVE | ms.MS_REMOUNT));
  const types = anyType ? ['ext4', 'iso9660'] : [job.fstype];
  let status: Status = 0;
  for (const type of types) {
    status = io.sys.mount(job.source, job.target, type, flags, data);
    if (status === 0) return 0;
  }
  return await complain(io, job, status as Errno, anyType);
}

async function complain(io: Io, job: Job, error: Errno, anyType = false): Promise<number> {
  await io.warn(`${job.target}: ${await reason(io, job, error, anyType)}.`);
  await io.complain('       dmesg(1) may have more information after failed mount system call.\n');
  return MNT_EX_FAIL;
}

/** What libmount makes of an errno: it looks again at the names. */
async function reason(io: Io, job: Job, error: Errno, anyType: boolean): Promise<string> {
  const { source, target, fstype, options } = job;
  if (isRestricted(io.sys)) return 'must be superuser to use mount';
  const at = io.sys.stat(target);
  const from = io.sys.stat(source);
  if (error === e.EPERM || error === e.EACCES) return 'permission denied';
  if (IS_ERR(at)) return 'mount point does not exist';
  if (error === e.EBUSY) return await busy(io, job);
  if (error === e.ENOENT && source.startsWith('/') && IS_ERR(from)) return `special device ${source} does not exist`;
  if (error === e.ENOENT) return 'mount(2) system call failed: No such file or directory';
  if (error === e.ENOTDIR && !(options.flags & ms.MS_BIND) && !S_ISDIR(at.st_mode)) return 'mount point is not a directory';
  if (error === e.ENODEV && !anyType) return fstype === '' ? 'unknown filesystem type' : `unknown filesystem type '${fstype}'`;
  if (error === e.ENOTBLK) return `${source} is not a block device`;
  if (error === e.EINVAL || anyType) return await invalid(io, job, anyType && IS_ERR(from) ? from : null);
  return `mount(2) system call failed: ${error.message}`;
}

async function busy(io: Io, job: Job): Promise<string> {
  if (job.options.flags & ms.MS_REMOUNT) return 'mount point is busy';
  const there = (await readMountinfo(io.sys)).find((m) => m.source === job.source && job.source !== 'none');
  return there ? `${job.source} already mounted on ${there.target}` : `${job.source} already mounted or mount point busy`;
}

async function invalid(io: Io, job: Job, missing: Errno | null): Promise<string> {
  const { flags } = job.options;
  if (missing && job.source.startsWith('/')) return `special device ${job.source} does not exist`;
  const isMount = mountAt(await readMountinfo(io.sys), job.target) !== undefined;
  if (flags & (ms.MS_REMOUNT | PROPAGATION)) return isMount ? 'mount point not mounted or bad option' : 'not mount point or bad option';
  return `wrong fs type, bad option, bad superblock on ${job.source}, missing codepage or helper program, or other error`;
}
