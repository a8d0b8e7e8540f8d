/** From a shell's first command to its end. */
import type { ExitCode } from '../uapi/types.ts';
import { AbortFlow, BreakFlow, ContinueFlow, ExitFlow, ReturnFlow } from './flow.ts';
import { engine } from './load-engine.ts';
import { ExpansionError, report } from './report.ts';
import type { Shell } from './shell.ts';

/** A shell's whole life: whatever ends it, the EXIT trap runs and the status comes out. */
export async function runToEnd(sh: Shell, body: () => Promise<ExitCode>): Promise<ExitCode> {
  let status = await flowStatus(sh, body);
  sh.lastStatus = status;
  if (sh.traps.actions.has('EXIT') && !sh.traps.inherited) {
    status = await flowStatus(sh, async () => {
      await (await engine()).runExitTrap(sh);
      return status;
    });
  }
  return status;
}

async function flowStatus(sh: Shell, body: () => Promise<ExitCode>): Promise<ExitCode> {
  try {
    return await body();
  } catch (e) {
    if (e instanceof ExitFlow || e instanceof AbortFlow || e instanceof ReturnFlow) return e.status;
    if (e instanceof BreakFlow || e instanceof ContinueFlow) return 0;
    if (e instanceof ExpansionError) {
      await report(sh, e.message);
      return e.status;
    }
    throw e;
  }
}
