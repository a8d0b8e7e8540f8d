/** The operands of a command that takes exactly two. */
import type { Io } from './command.ts';
import { UsageError } from './error.ts';

export function twoOperands(io: Io, [first, second, extra]: readonly string[]): readonly [string, string] {
  if (first === undefined) throw new UsageError('missing operand');
  if (second === undefined) throw new UsageError(`missing operand after ${io.quote(first)}`);
  if (extra !== undefined) throw new UsageError(`extra operand ${io.quote(extra)}`);
  return [first, second];
}
