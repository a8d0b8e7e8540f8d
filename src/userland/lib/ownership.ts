/** What chown(1) and chgrp(1) do once they know the owner. */
import { IS_ERR } from '../../uapi/errno.ts';
import { S_ISLNK, type Stat } from '../../uapi/stat.ts';
import type { Io, OptionRow, Options } from './command.ts';
import { Failure } from './error.ts';
import { type TreeHow, visitTree } from './tree.ts';
import type { Owner, Users } from './users.ts';

export const ownershipRows: readonly OptionRow[] = [
  ['-c, --changes', 'say what is changed'],
  ['-f, --silent, --quiet', 'say little about errors'],
  ['-v, --verbose', 'say what is done with each file'],
  ['--dereference', 'change what links lead to (the default)'],
  ['-h, --no-dereference', 'change links themselves'],
  ['--no-preserve-root', 'treat / as any other directory'],
  ['--preserve-root', 'do not operate recursively on /'],
  ['--reference=RFILE', 'as RFILE has it'],
  ['-R, --recursive', 'directories and what is in them'],
  ['-H', 'with -R: enter links to directories named on the command line'],
  ['-L', 'with -R: enter all links to directories'],
  ['-P', 'with -R: enter no links (the default)'],
];

export function referenceOwner(io: Io, path: string): Owner {
  const st = io.sys.stat(path);
  if (IS_ERR(st)) throw new Failure(`failed to get attributes of ${io.quoteAlways(path)}: ${st.message}`);
  return { uid: st.st_uid, gid: st.st_gid };
}

/** `spec` is the new owner as it was written, for messages. */
export async function changeOwner(
  io: Io,
  options: Options,
  users: Users,
  owner: Owner,
  spec: string,
  files: readonly string[],
): Promise<void> {
  const how = treeHow(options);
  const only = fromFilter(options, users);
  for (const file of files) {
    const before = io.status;
    await visitTree(io, file, how, options.has('f'), async (path, lstat) => {
      const link = options.last('h', 'dereference') === 'h' || (how.recursive && how.follow === 'none' && S_ISLNK(lstat.st_mode));
      const st = link ? lstat : io.sys.stat(path);
      if (IS_ERR(st)) return await io.fail(`cannot dereference ${io.quoteAlways(path)}`, st);
      if (!only(st)) return;
      await changeOne(io, options, users, owner, spec, path, st, link);
    });
    if (options.has('v') && before === 0 && IS_ERR(io.sys.lstat(file))) {
      io.stdout.put(`failed to change ${what(owner)} of ${io.quoteAlways(file)} to ${spec}\n`);
    }
  }
}

function treeHow(options: Options): TreeHow {
  const links = options.last('H', 'L', 'P');
  return {
    recursive: options.has('R'),
    follow: links === 'L' ? 'all' : links === 'H' ? 'operands' : 'none',
    preserveRoot: options.has('preserve-root'),
  };
}

function fromFilter(options: Options, users: Users): (st: Stat) => boolean {
  const from = options.value('from');
  if (from === null) return () => true;
  const [user = '', group = ''] = from.split(':');
  const uid = user === '' ? null : (users.getpwnam(user)?.uid ?? Number(user));
  const gid = group === '' ? null : (users.getgrnam(group)?.gid ?? Number(group));
  return (st) => (uid === null || st.st_uid === uid) && (gid === null || st.st_gid === gid);
}

async function changeOne(
  io: Io,
  options: Options,
  users: Users,
  owner: Owner,
  spec: string,
  path: string,
  st: Stat,
  link: boolean,
): Promise<void> {
  const call = link ? io.sys.lchown : io.sys.chown;
  const status = call.call(io.sys, path, owner.uid ?? -1, owner.gid ?? -1);
  if (IS_ERR(status)) {
    io.status = 1;
    if (!options.has('f')) await io.fail(`changing ${what(owner)} of ${io.quoteAlways(path)}`, status);
  }
  report(io, options, users, owner, spec, path, st, IS_ERR(status));
}

function what(owner: Owner): string {
  return owner.uid === null && owner.gid !== null ? 'group' : 'ownership';
}

function report(io: Io, options: Options, users: Users, owner: Owner, spec: string, path: string, st: Stat, failed: boolean): void {
  const changed = (owner.uid !== null && owner.uid !== st.st_uid) || (owner.gid !== null && owner.gid !== st.st_gid);
  if (!(options.has('v') || (options.has('c') && changed && !failed))) return;
  const name = io.quoteAlways(path);
  const old = oldOwner(users, owner, st);
  if (failed) io.stdout.put(`failed to change ${what(owner)} of ${name} from ${old} to ${spec}\n`);
  else if (changed) io.stdout.put(`changed ${what(owner)} of ${name} from ${old} to ${spec}\n`);
  else if (owner.uid === null && owner.gid === null) io.stdout.put(`ownership of ${name} retained\n`);
  else io.stdout.put(`${what(owner)} of ${name} retained as ${old}\n`);
}

function oldOwner(users: Users, owner: Owner, st: Stat): string {
  const parts: string[] = [];
  if (owner.uid !== null) parts.push(users.userName(st.st_uid));
  if (owner.gid !== null) parts.push(users.groupName(st.st_gid));
  return parts.length === 0 ? `${users.userName(st.st_uid)}:${users.groupName(st.st_gid)}` : parts.join(':');
}
