/** chown(1). */
import { command, type Io } from '../lib/command.ts';
import { Failure, UsageError } from '../lib/error.ts';
import { changeOwner, ownershipRows, referenceOwner } from '../lib/ownership.ts';
import { loadUsers, type Owner, parseOwner, type Users } from '../lib/users.ts';

export const main = command(
  {
    name: 'chown',
    usage: ['[OPTION]... [OWNER][:[GROUP]] FILE...', '[OPTION]... --reference=RFILE FILE...'],
    summary: 'Changes who owns files.',
    options: [...ownershipRows, ['--from=OWNER:GROUP', 'only files that belong to these now']],
  },
  async (io, options, operands) => {
    const users = await loadUsers(io.sys);
    const reference = options.value('reference');
    const files = reference === null ? operands.slice(1) : operands;
    const spec = operands[0];
    if (spec === undefined) throw new UsageError('missing operand');
    if (files.length === 0) throw new UsageError(`missing operand after ${io.quote(spec)}`);
    const owner = reference === null ? await ownerOf(io, spec, users) : referenceOwner(io, reference);
    const shown = reference === null ? spec : `${users.userName(owner.uid ?? 0)}:${users.groupName(owner.gid ?? 0)}`;
    await changeOwner(io, options, users, owner, owner.uid === null ? shown.replace(/^:/, '') : shown, files);
    return undefined;
  },
);

/** A dot between user and group is understood, with a warning. */
async function ownerOf(io: Io, spec: string, users: Users): Promise<Owner> {
  const owner = parseOwner(spec, users);
  if (owner !== 'user' && owner !== 'group') return owner;
  if (!spec.includes(':') && spec.includes('.')) {
    const dotted = parseOwner(spec.replace('.', ':'), users);
    if (dotted !== 'user' && dotted !== 'group') {
      await io.warn(`warning: '.' should be ':': ${io.quote(spec)}`);
      return dotted;
    }
  }
  const what = owner === 'group' ? 'group' : /^\d+:$/.test(spec) ? 'spec' : 'user';
  throw new Failure(`invalid ${what}: ${io.quote(spec)}`);
}
