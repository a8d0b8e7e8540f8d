/** Shells that nobody types at: `bash -c`, `bash FILE`, and a script that execve refused. */
import { decode } from '../uapi/bytes.ts';
import { IS_ERR } from '../uapi/errno.ts';
import { F_DUPFD_CLOEXEC, O_RDONLY } from '../uapi/fcntl.ts';
import { S_ISDIR } from '../uapi/stat.ts';
import type { ExitCode, Fd } from '../uapi/types.ts';
import { looksBinary } from './enoexec.ts';
import { importEnvironment } from './environment.ts';
import { parseAndRun } from './input.ts';
import { runToEnd } from './lifetime.ts';
import { readAll } from './read-all.ts';
import { messagePrefix } from './report.ts';
import { Shell } from './shell.ts';

export function runCommandString(sh: Shell, command: string): Promise<ExitCode> {
  return parseAndRun(sh, command, { where: 'command', firstLine: 1, last: true });
}

/** `bash FILE`: the file need not be executable, but must not look binary. */
export async function runFile(sh: Shell, file: string): Promise<ExitCode> {
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
  await importEnvironment(sh, env);
  sh.positional = [...args];
  return runToEnd(sh, async () => {
    const fd = await sh.sys.open(path, O_RDONLY);
    if (IS_ERR(fd)) return refuse(sh, messagePrefix(sh, false), path, fd.message);
    const bytes = await readAll(sh, fd);
    sh.sys.close(fd);
    return runScriptText(sh, bytes, path);
  });
}
