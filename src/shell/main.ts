/** Starting a shell: the command line, the environment, the startup files. */
import { decode } from '../uapi/bytes.ts';
import { IS_ERR } from '../uapi/errno.ts';
import { F_DUPFD_CLOEXEC, O_RDONLY } from '../uapi/fcntl.ts';
import { S_ISDIR } from '../uapi/stat.ts';
import type { Syscalls } from '../uapi/syscalls.ts';
import type { ExitCode, Fd } from '../uapi/types.ts';
import { type CommandLine, parseCommandLine } from './command-line.ts';
import { looksBinary } from './enoexec.ts';
import { importEnvironment } from './environment.ts';
import { readAll } from './expand/substitute.ts';
import { AbortFlow, ReturnFlow } from './flow.ts';
import { runToEnd } from './fork.ts';
import { parseAndRun, runStandardInput } from './input.ts';
import { prepareInteractive } from './interactive/prepare.ts';
import { interactive } from './interactive/repl.ts';
import { enableJobControl } from './job-control.ts';
import { messagePrefix } from './report.ts';
import { Shell } from './shell.ts';

export async function startShell(
  sys: Syscalls,
  argv: readonly string[],
  envp: readonly string[],
  flavour: 'bash' | 'sh',
): Promise<ExitCode> {
  const sh = new Shell(sys);
  sh.argv0 = argv[0] ?? flavour;
  sh.name = sh.argv0;
  sh.posixSh = flavour === 'sh';
  if (sh.posixSh) sh.options.set('posix', true);
  const line = parseCommandLine(sh, argv.slice(1));
  if (line.kind === 'message') {
    await sh.write(line.status === 0 ? 1 : 2, line.text);
    return line.status;
  }
  importEnvironment(sh, envp);
  return runToEnd(sh, () => runCommandLine(sh, line));
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
    return runFile(sh, line.file);
  }
  sh.positional = [...line.operands];
  sh.readsStdin = true;
  if (sh.interactive) {
    enableJobControl(sh);
    prepareInteractive(sh);
    await startupFiles(sh, line);
    return interactive(sh);
  }
  await startupFiles(sh, line);
  return runStandardInput(sh);
}

async function runCommandString(sh: Shell, line: CommandLine, command: string): Promise<ExitCode> {
  sh.commandString = command;
  if (line.operands.length > 0) sh.name = line.operands[0] as string;
  sh.positional = line.operands.slice(1);
  if (sh.interactive) enableJobControl(sh);
  await startupFiles(sh, line);
  return parseAndRun(sh, command, { where: 'command', firstLine: 1, last: true });
}

/** `bash FILE`: the file need not be executable, but must not look binary. */
async function runFile(sh: Shell, file: string): Promise<ExitCode> {
  const who = `${messagePrefix(sh, false)}`;
  let fd = await sh.sys.open(file, O_RDONLY);
  if (IS_ERR(fd)) {
    const shown = sh.posixSh
      ? `${baseName(sh.argv0)}: 0: cannot open ${file}: ${fd.code === 'ENOENT' ? 'No such file' : fd.message}`
      : `${baseName(sh.argv0, sh.argv0)}: ${file}: ${fd.message}`;
    await sh.write(2, `${shown}\n`);
    return sh.posixSh ? 2 : fd.code === 'ENOENT' ? 127 : 126;
  }
  const st = sh.sys.fstat(fd);
  if (!IS_ERR(st) && S_ISDIR(st.st_mode) && !sh.posixSh) return refuse(sh, who, file, 'Is a directory');
  fd = moveAway(sh, fd);
  const bytes = await readAll(sh, fd);
  sh.sys.close(fd);
  if (!sh.posixSh && looksBinary(bytes.subarray(0, 80))) return refuse(sh, who, file, 'cannot execute binary file');
  return runScriptText(sh, bytes, file);
}

async function refuse(sh: Shell, who: string, file: string, what: string): Promise<ExitCode> {
  await sh.write(2, `${who}${file}: ${what}\n`);
  return 126;
}

const baseName = (path: string, full?: string): string => full ?? path.slice(path.lastIndexOf('/') + 1);

function moveAway(sh: Shell, fd: Fd): Fd {
  const high = sh.sys.fcntl(fd, F_DUPFD_CLOEXEC, 255);
  if (IS_ERR(high)) return fd;
  sh.sys.close(fd);
  return high;
}

/** A script's bytes: NULs are no part of the text. */
async function runScriptText(sh: Shell, bytes: Uint8Array, source: string): Promise<ExitCode> {
  const text = decode(bytes.includes(0) ? bytes.filter((b) => b !== 0) : bytes);
  sh.frames.push({ kind: 'main', name: 'main', source, callLine: 0 });
  return parseAndRun(sh, text, { where: 'file', firstLine: 1 });
}

/** A text file that execve refused: as if `bash FILE ARGS` had been started in this process. */
export async function runScriptAnew(
  old: Shell,
  path: string,
  name: string,
  args: readonly string[],
  env: readonly string[],
): Promise<ExitCode> {
  const sh = new Shell(old.sys);
  sh.argv0 = name;
  sh.name = name;
  for (const s of old.traps.ignoredAtStart) sh.traps.ignoredAtStart.add(s);
  importEnvironment(sh, env);
  sh.positional = [...args];
  return runToEnd(sh, async () => {
    const fd = await sh.sys.open(path, O_RDONLY);
    if (IS_ERR(fd)) return refuse(sh, messagePrefix(sh, false), path, fd.message);
    const bytes = await readAll(sh, fd);
    sh.sys.close(fd);
    return runScriptText(sh, bytes, path);
  });
}

async function startupFiles(sh: Shell, line: CommandLine): Promise<void> {
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
    await parseAndRun(sh, text, { where: 'source', firstLine: 1 });
  } catch (e) {
    if (!(e instanceof ReturnFlow) && !(e instanceof AbortFlow)) throw e;
  }
}
