/** mkdir(1). */
import { EEXIST, ENOTDIR, EROFS, type Errno, IS_ERR } from '../../uapi/errno.ts';
import { S_ISDIR } from '../../uapi/stat.ts';
import { command, type Io } from '../lib/command.ts';
import { Failure, UsageError } from '../lib/error.ts';
import { parseMode } from '../lib/mode.ts';

interface Plan {
  readonly parents: boolean;
  readonly verbose: boolean;
  /** Bits to set on the last directory whatever the umask; null for the default. */
  readonly mode: number | null;
  readonly umask: number;
}

export const main = command(
  {
    name: 'mkdir',
    usage: ['[OPTION]... DIRECTORY...'],
    summary: 'Makes directories.',
    options: [
      ['-m, --mode=MODE', 'permissions of the new directory, as for chmod'],
      ['-p, --parents', 'make parents too; no error if the directory is there'],
      ['-v, --verbose', 'say what is made'],
    ],
  },
  async (io, options, operands) => {
    if (operands.length === 0) throw new UsageError('missing operand');
    const umask = io.sys.umask(0);
    io.sys.umask(umask);
    const plan: Plan = { parents: options.has('p'), verbose: options.has('v'), mode: modeOf(io, options.value('m'), umask), umask };
    for (const name of operands) await make(io, plan, name);
    return undefined;
  },
);

function modeOf(io: Io, text: string | null, umask: number): number | null {
  if (text === null) return null;
  const change = parseMode(text);
  if (!change) throw new Failure(`invalid mode ${io.quote(text)}`);
  return change(0o777, true, umask) & 0o7777;
}

async function make(io: Io, plan: Plan, name: string): Promise<void> {
  if (plan.parents && !(await makeParents(io, plan, name))) return;
  const status = io.sys.mkdir(name, plan.mode ?? 0o777);
  if (IS_ERR(status)) {
    if (plan.parents && isDirectory(io, name)) return;
    return await io.fail(`cannot create directory ${io.quote(name)}`, status);
  }
  if (plan.verbose) io.stdout.put(`${io.name}: created directory ${io.quoteAlways(name)}\n`);
  const changed = plan.mode === null ? 0 : io.sys.chmod(name, plan.mode);
  if (IS_ERR(changed)) await io.fail(`cannot set permissions of ${io.quoteAlways(name)}`, changed);
}

/** Parents get u+wx besides what the umask leaves, so that their children can be made. */
async function makeParents(io: Io, plan: Plan, name: string): Promise<boolean> {
  const parts = name.replace(/\/+$/, '').split('/');
  for (let n = 1; n < parts.length; n++) {
    const parent = parts.slice(0, n).join('/');
    if (parent === '' || parts[n - 1] === '') continue;
    const status = makeParent(io, plan, parent);
    if (IS_ERR(status)) {
      await io.fail(`cannot create directory ${io.quote(parent)}`, status);
      return false;
    }
    if (status === 'made' && plan.verbose) io.stdout.put(`${io.name}: created directory ${io.quoteAlways(parent)}\n`);
  }
  return true;
}

function makeParent(io: Io, plan: Plan, parent: string): 'made' | 'there' | Errno {
  const status = io.sys.mkdir(parent, 0o777);
  if (!IS_ERR(status)) {
    if (plan.umask & 0o300) io.sys.chmod(parent, (0o777 & ~plan.umask) | 0o300);
    return 'made';
  }
  if ((status === EEXIST || status === EROFS) && isDirectory(io, parent)) return 'there';
  return status === EEXIST ? ENOTDIR : status;
}

function isDirectory(io: Io, name: string): boolean {
  const st = io.sys.stat(name);
  return !IS_ERR(st) && S_ISDIR(st.st_mode);
}
