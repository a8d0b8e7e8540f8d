/** The files that a shell reads before its first command. */
import { decode } from '../uapi/bytes.ts';
import { IS_ERR } from '../uapi/errno.ts';
import { O_RDONLY } from '../uapi/fcntl.ts';
import type { ExitCode } from '../uapi/types.ts';
import type { CommandLine } from './command-line.ts';
import { AbortFlow, ReturnFlow } from './flow.ts';
import { engine, engineIsLoaded } from './load-engine.ts';
import { runPlainLine } from './plain-lines.ts';
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
  const text = await readText(sh, path);
  if (text === undefined) return false;
  try {
    await sourceText(sh, path, text, 0);
  } catch (e) {
    if (!(e instanceof AbortFlow)) throw e;
  }
  return true;
}

async function readText(sh: Shell, path: string): Promise<string | undefined> {
  const fd = await sh.sys.open(path, O_RDONLY);
  if (IS_ERR(fd)) return undefined;
  const bytes = await readAll(sh, fd);
  sh.sys.close(fd);
  return decode(bytes.includes(0) ? bytes.filter((b) => b !== 0) : bytes);
}

const saysNothing = (text: string): boolean => text.split('\n').every((line) => /^[ \t]*(?:#.*)?$/.test(line));

async function sourceText(sh: Shell, path: string, text: string, callLine: number): Promise<ExitCode> {
  if (saysNothing(text)) return 0;
  sh.frames.push({ kind: 'source', name: 'source', source: path, callLine });
  try {
    const rest = await runPlainLines(sh, text);
    if (rest !== undefined) await (await engine()).parseAndRun(sh, rest.text, { where: 'source', firstLine: rest.line });
    return sh.lastStatus;
  } catch (e) {
    if (e instanceof ReturnFlow) return e.status;
    throw e;
  } finally {
    sh.frames.pop();
  }
}

/** Runs the lines that need no engine; answers those from the first that does. */
async function runPlainLines(sh: Shell, text: string): Promise<{ readonly text: string; readonly line: number } | undefined> {
  const lines = text.split('\n');
  for (const [i, line] of lines.entries()) {
    const end = readsPlainly(sh) ? await runPlainLine(sh, line, (path) => sourceFile(sh, path, i + 1)) : 'unknown';
    if (end === 'return') return undefined;
    if (end === 'unknown') return { text: lines.slice(i).join('\n'), line: i + 1 };
  }
  return undefined;
}

async function sourceFile(sh: Shell, path: string, callLine: number): Promise<ExitCode> {
  return sourceText(sh, path, (await readText(sh, path)) ?? '', callLine);
}

/** Options under which even a plain line means more. */
const TELLING = ['allexport', 'errexit', 'keyword', 'noexec', 'nounset', 'posix', 'verbose', 'xtrace'];

/** Once the engine is there it reads everything: names may be aliases and functions by then. */
const readsPlainly = (sh: Shell): boolean => sh.interactive && !engineIsLoaded() && !TELLING.some((name) => sh.options.get(name));
