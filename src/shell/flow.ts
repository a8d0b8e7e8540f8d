/** How control leaves the middle of a command. Thrown, never escaping the shell; anything else that is thrown is not ours. */

export class BreakFlow {
  constructor(
    public levels: number,
    readonly status = 0,
  ) {}
}
export class ContinueFlow {
  constructor(public levels: number) {}
}
export class ReturnFlow {
  constructor(readonly status: number) {}
}
/** The shell ends. */
export class ExitFlow {
  constructor(readonly status: number) {}
}
/** The rest of the current complete command is dropped (a failed expansion, an interrupt at the prompt). */
export class AbortFlow {
  constructor(readonly status: number) {}
}
