/** Functions that come as text: from the environment, from a saved state. */
import { parseProgram } from './parse.ts';
import type { Shell } from './shell.ts';

/** Makes the function that `text` defines, without running anything. */
export function defineFunction(sh: Shell, text: string, { source, line, exported }: FunctionOrigin): void {
  const { units, problem } = parseProgram(text, line, { extglob: true, sh: false, utf8: true });
  const c = units[0]?.list[0]?.command.pipelines[0]?.commands[0];
  if (!problem && c?.type === 'function') sh.functions.set(c.name, { ...c, source, exported });
}

interface FunctionOrigin {
  readonly source: string;
  readonly line: number;
  readonly exported: boolean;
}
