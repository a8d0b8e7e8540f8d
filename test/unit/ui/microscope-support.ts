/** Execution records of a real machine: what the page's worker would have told. */
import { type BootOptions, boot } from '../../../src/lab/index.ts';
import { type Execution, Executions } from '../../../src/ui/executions.ts';

/** Runs a script on a new machine; answers every execve of it, bash's own start first. */
export async function executions(script: string, options: BootOptions = {}): Promise<readonly Execution[]> {
  const lab = await boot(options);
  const kept = new Executions();
  lab.on('exec', (event) => kept.add([event]));
  await lab.run(script);
  lab.dispose();
  return kept.list;
}

/** The last execve of a path. */
export function ofPath(list: readonly Execution[], path: string): Execution {
  const found = list.findLast((e) => e.path === path);
  if (found === undefined) throw new Error(`nobody executed ${path}`);
  return found;
}
