/** chgrp(1). */
import { command } from '../lib/command.ts';
import { Failure, UsageError } from '../lib/error.ts';
import { changeOwner, ownershipRows, referenceOwner } from '../lib/ownership.ts';
import { loadUsers, parseOwner } from '../lib/users.ts';

export const main = command(
  {
    name: 'chgrp',
    usage: ['[OPTION]... GROUP FILE...', '[OPTION]... --reference=RFILE FILE...'],
    summary: 'Changes the group of files.',
    options: ownershipRows,
  },
  async (io, options, operands) => {
    const users = await loadUsers(io.sys);
    const reference = options.value('reference');
    const files = reference === null ? operands.slice(1) : operands;
    const group = operands[0];
    if (group === undefined) throw new UsageError('missing operand');
    if (files.length === 0) throw new UsageError(`missing operand after ${io.quote(group)}`);
    const owner = reference === null ? parseOwner(`:${group}`, users) : referenceOwner(io, reference);
    if (owner === 'user' || owner === 'group') throw new Failure(`invalid group: ${io.quote(group)}`);
    await changeOwner(io, options, users, { uid: null, gid: owner.gid }, group, files);
    return undefined;
  },
);
