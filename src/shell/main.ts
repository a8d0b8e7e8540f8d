/** Starting a shell: the command line, the environment, the startup files. */
import { IS_ERR } from '../uapi/errno.ts';
import type { Syscalls } from '../uapi/syscalls.ts';
import type { ExitCode } from '../uapi/types.ts';
import { type CommandLine, parseCommandLine } from './command-line.ts';
import { importEnvironment } from './environment.ts';
import { prepareInteractive } from './interactive/prepare.ts';
import { interactive } from './interactive/repl.ts';
import { enableJobControl } from './job-control.ts';
import { runToEnd } from './lifetime.ts';
import { engine } from './load-engine.ts';
import type { ShellSession } from './session.ts';
import { Shell } from './shell.ts';
import { startupFiles } from './startup.ts';

export async function startShell(
  sys: Syscalls,
  argv: readonly string[],
  envp: readonly string[],
  flavour: 'bash' | 'sh',
  session?: ShellSession,
): Promise<ExitCode> {
  const sh = new Shell(sys);
  sh.session = session;
  sh.argv0 = argv[0] ?? flavour;
  sh.name = sh.argv0;
  sh.posixSh = flavour === 'sh';
  if (sh.posixSh) sh.options.set('posix', true);
  const line = parseCommandLine(sh, argv.slice(1));
  if (line.kind === 'message') {
    await sh.write(line.status === 0 ? 1 : 2, line.text);
    return line.status;
  }
  if (!sh.options.get('privileged')) dropPrivileges(sys);
  await importEnvironment(sh, envp);
  if (sh.posixSh) forgetBash(sh);
  return runToEnd(sh, () => runCommandLine(sh, line));
}

/** A set-user-id shell is its caller's without -p. */
function dropPrivileges(sys: Syscalls): void {
  const [uid, gid] = [sys.getuid(), sys.getgid()];
  if (gid !== sys.getegid()) sys.setresgid(gid, gid, gid);
  if (uid !== sys.geteuid()) sys.setresuid(uid, uid, uid);
}

/** dash computes none of these. */
function forgetBash(sh: Shell): void {
  for (const name of [...sh.vars.special.keys()]) if (name !== '_') sh.vars.special.delete(name);
  for (const name of ['UID', 'EUID']) sh.vars.global().vars.delete(name);
}

async function runCommandLine(sh: Shell, line: CommandLine): Promise<ExitCode> {
  const tty = !IS_ERR(sh.sys.ioctl(0, 'TCGETS')) && !IS_ERR(sh.sys.ioctl(2, 'TCGETS'));
  const reading = line.command === undefined && (line.file === undefined || line.stdin);
  sh.interactive = line.interactive || (reading && line.operands.length === 0 && tty);
  sh.interactiveShell = sh.interactive;
  sh.options.setShopt('login_shell', line.login || sh.argv0.startsWith('-'));
  if (sh.interactive) sh.options.setShopt('expand_aliases', true);
  if (line.command !== undefined) return runCommandString(sh, line, line.command);
  if (line.file !== undefined && !line.stdin) {
    sh.name = line.file;
    sh.positional = [...line.operands];
    await startupFiles(sh, line);
    return (await engine()).runFile(sh, line.file);
  }
  sh.positional = [...line.operands];
  sh.readsStdin = true;
  if (sh.interactive) {
    enableJobControl(sh);
    prepareInteractive(sh);
    const state = sh.session?.start();
    if (state) await (await engine()).restoreState(sh, state);
    else await startupFiles(sh, line);
    return interactive(sh, state?.history);
  }
  await startupFiles(sh, line);
  return (await engine()).runStandardInput(sh);
}

async function runCommandString(sh: Shell, line: CommandLine, command: string): Promise<ExitCode> {
  sh.commandString = command;
  if (line.operands.length > 0) sh.name = line.operands[0] as string;
  sh.positional = line.operands.slice(1);
  if (sh.interactive) enableJobControl(sh);
  await startupFiles(sh, line);
  return (await engine()).runCommandString(sh, command);
}
