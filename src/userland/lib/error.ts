/** How a command gives up from deep inside: thrown by the command's own code, caught where it was started (command.ts). */
import type { ExitCode } from '../../uapi/types.ts';

/** Prints `NAME: message` and ends with `status` (the command's failure status unless said). */
export class Failure extends Error {
  constructor(
    message: string,
    readonly status?: ExitCode,
  ) {
    super(message);
  }
}

/** A wrong command line: the message (none if empty), then the hint to --help. */
export class UsageError extends Failure {}
