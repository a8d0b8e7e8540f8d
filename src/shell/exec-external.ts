/** Becomes another program: execve, and what follows when that fails. */
import { ENOENT } from '../uapi/errno.ts';
import type { ExitCode } from '../uapi/types.ts';
import { runScriptAnew } from './batch.ts';
import { explainFailure } from './enoexec.ts';
import { ExitFlow } from './flow.ts';
import { printFunction } from './print.ts';
import { printable } from './quoting.ts';
import { isUtf8, report } from './report.ts';
import type { Shell } from './shell.ts';

/** In a child (or under `exec`): never answers on success, else the status that the message goes with. */
export async function execCommand(sh: Shell, path: string | undefined, argv: readonly string[], name = path): Promise<ExitCode> {
  const word = argv[0] ?? '';
  if (path === undefined) return notFound(sh, word);
  const env = [...sh.vars.environment().filter((v) => !v.startsWith('_=')), ...exportedFunctions(sh), `_=${path}`];
  sh.beforeExec();
  const e = await sh.sys.execve(path, argv, env);
  if (e === ENOENT && sh.hash.get(word)?.path === path) sh.hash.delete(word);
  sh.lastExecError = e.code;
  sh.lastExecMessage = e.message;
  const verdict = await explainFailure(sh, path, e);
  if (verdict !== 'script') return verdict;
  if (sh.posixSh) {
    await sh.sys.execve('/bin/sh', ['/bin/sh', path, ...argv.slice(1)], env);
    await report(sh, `${path}: Exec format error`);
    return 126;
  }
  throw new ExitFlow(await runScriptAnew(sh, path, name ?? path, argv.slice(1), env));
}

export async function notFound(sh: Shell, word: string): Promise<ExitCode> {
  await report(sh, sh.posixSh ? `${word}: not found` : `${printable(word, isUtf8(sh))}: command not found`);
  return 127;
}

/** Functions travel in the environment as text. */
function exportedFunctions(sh: Shell): string[] {
  return [...sh.functions.values()]
    .filter((f) => f.exported)
    .map((f) => `BASH_FUNC_${f.name}%%=${printFunction(f).replace(/^\S+ \(\) \n\{ \n */, '() { ')}`);
}
