/** The files that a shell reads before its first command. */
import { decode } from '../uapi/bytes.ts';
import { IS_ERR } from '../uapi/errno.ts';
import { O_RDONLY } from '../uapi/fcntl.ts';
import type { CommandLine } from './command-line.ts';
import { AbortFlow, ReturnFlow } from './flow.ts';
import { engine } from './load-engine.ts';
import { readAll } from './read-all.ts';
import type { Shell } from './shell.ts';

export async function startupFiles(sh: Shell, line: CommandLine): Promise<void> {
  const home = sh.get('HOME') ?? '';
  if (sh.options.shopt('login_shell')) {
    if (line.noprofile) return;
    await sourceIfThere(sh, '/etc/profile');
    const personal = sh.posixSh ? ['.profile'] : ['.bash_profile', '.bash_login', '.profile'];
    for (const f of personal) if (await sourceIfThere(sh, `${home}/${f}`)) break;
  } else if (sh.interactive) {
    if (sh.options.get('posix')) {
      const env = sh.get('ENV');
      if (env) await sourceIfThere(sh, await sh.expandPrompt(env));
    } else if (!line.norc) {
      await sourceIfThere(sh, '/etc/bash.bashrc');
      await sourceIfThere(sh, line.rcfile ?? `${home}/.bashrc`);
    }
  } else if (!sh.options.get('posix')) {
    const env = sh.get('BASH_ENV');
    if (env) await sourceIfThere(sh, await sh.expandPrompt(env));
  }
}

async function sourceIfThere(sh: Shell, path: string): Promise<boolean> {
  const fd = await sh.sys.open(path, O_RDONLY);
  if (IS_ERR(fd)) return false;
  const bytes = await readAll(sh, fd);
  sh.sys.close(fd);
  sh.frames.push({ kind: 'source', name: 'source', source: path, callLine: 0 });
  try {
    await runStartup(sh, decode(bytes));
  } finally {
    sh.frames.pop();
  }
  return true;
}

async function runStartup(sh: Shell, text: string): Promise<void> {
  try {
    await (await engine()).parseAndRun(sh, text, { where: 'source', firstLine: 1 });
  } catch (e) {
    if (!(e instanceof ReturnFlow) && !(e instanceof AbortFlow)) throw e;
  }
}
