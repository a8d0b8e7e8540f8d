/**
 * Whether a program will want its standard input. CPython's frames cannot wait for a pipe, so what a program reads must be there
 * before it starts; and what it does not read must stay for others (`while read x; do python3 …; done`).
 * The program's text decides: code that never says one of these words does not read.
 */
import { latin1 } from '../../uapi/bytes.ts';
import { IS_ERR } from '../../uapi/errno.ts';
import { O_RDONLY } from '../../uapi/fcntl.ts';
import type { Syscalls } from '../../uapi/syscalls.ts';
import type { CommandLine } from './args.ts';

const WORDS = /\b(?:stdin|input|fileinput|open\s*\(\s*0|getpass|pdb|breakpoint|os\.read|read\(0|code\.interact)\b/;
/** Modules that never read it when they are run. */
const SILENT_MODULES = new Set([
  'compileall',
  'ensurepip',
  'pip',
  'platform',
  'site',
  'sysconfig',
  'this',
  'timeit',
  'venv',
  'zipapp',
  'antigravity',
]);
const BLOCK = 65536;

export async function readsStdin(sys: Syscalls, line: CommandLine): Promise<boolean> {
  switch (line.kind) {
    case 'information':
      return false;
    case 'stdin':
      return true;
    case 'command':
      return line.inspect || WORDS.test(line.what);
    case 'module':
      return moduleReads(line);
    case 'file':
      return line.inspect || WORDS.test(await textOf(sys, line.what));
  }
}

function moduleReads(line: CommandLine): boolean {
  if (line.what === 'py_compile') return line.args.length === 0 || line.args.includes('-');
  if (line.what === 'json.tool') return line.args.every((arg) => arg.startsWith('-'));
  return !SILENT_MODULES.has(line.what);
}

async function textOf(sys: Syscalls, path: string): Promise<string> {
  const fd = await sys.open(path, O_RDONLY);
  if (IS_ERR(fd)) return '';
  let text = '';
  for (;;) {
    const part = await sys.read(fd, BLOCK);
    if (IS_ERR(part) || part.length === 0) break;
    text += latin1(part);
  }
  sys.close(fd);
  return text;
}
