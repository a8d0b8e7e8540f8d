/** What a shell knows that words can be completed to. */
import { IS_ERR } from '../../uapi/errno.ts';
import { O_DIRECTORY, O_RDONLY, X_OK } from '../../uapi/fcntl.ts';
import { S_IFDIR, S_IFMT } from '../../uapi/stat.ts';
import { BUILTINS } from '../builtins/index.ts';
import { glob } from '../glob.ts';
import { commandsOnPath } from '../path.ts';
import type { Shell } from '../shell.ts';
import { type Completion, type CompletionSource, complete, type DirectoryEntry } from './completion.ts';
import { applyCompletion, type CompletionHabits, type CompletionList, listRows } from './completion-apply.ts';
import { findWord } from './completion-word.ts';
import type { CompletionRequest, Editor } from './editor.ts';
import { programmed } from './programmable.ts';
import { readFile } from './shell-history.ts';

const KEYWORDS = 'if then else elif fi case esac for select while until do done in function time { } ! [[ ]] coproc'.split(' ');

/** Completes the word at the editor's point; answers the possibilities that are to be listed, if any. */
export async function completeLine(
  sh: Shell,
  editor: Editor,
  request: CompletionRequest,
  commandAtStart: boolean,
): Promise<CompletionList | undefined> {
  const completion = await completionOf(sh, editor, request, commandAtStart);
  if (completion.said) editor.emit({ kind: 'anew' });
  const matches = applyCompletion(editor, request, completion, habitsOf(sh));
  return matches && { count: matches.length, rows: (columns) => listRows(matches, columns) };
}

function habitsOf({ bindings }: Shell): CompletionHabits {
  const showAll = bindings?.isOn('show-all-if-ambiguous')
    ? 'ambiguous'
    : bindings?.isOn('show-all-if-unmodified')
      ? 'unmodified'
      : undefined;
  return { ignoreCase: bindings?.isOn('completion-ignore-case') === true, showAll };
}

async function completionOf(sh: Shell, editor: Editor, request: CompletionRequest, commandAtStart: boolean): Promise<Completion> {
  const { text, point } = editor;
  const found = await programmed(sh, text, findWord(text, point, commandAtStart), request);
  if (typeof found === 'object') return found;
  return complete(text, point, found === 'default' ? request : { ...request, what: found }, completionSource(sh), commandAtStart);
}

function completionSource(sh: Shell): CompletionSource {
  return {
    commands: async () => [...sh.aliases.keys(), ...KEYWORDS, ...sh.functions.keys(), ...BUILTINS.keys(), ...(await commandsOnPath(sh))],
    variables: () => sh.vars.names(),
    value: (name) => sh.get(name),
    users: async () => passwdRows(await readFile(sh.sys, '/etc/passwd')),
    hosts: async () => hostNames(await readFile(sh.sys, '/etc/hosts')),
    ignoreCase: sh.bindings?.isOn('completion-ignore-case') === true,
    list: (directory) => listDirectory(sh, directory),
    history: () => sh.history?.entries ?? [],
    glob: (pattern) => glob(sh, pattern),
  };
}

function passwdRows(text = ''): { name: string; home: string }[] {
  return text
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 6)
    .map((fields) => ({ name: fields[0] ?? '', home: fields[5] ?? '' }));
}

function hostNames(text = ''): string[] {
  return text.split('\n').flatMap((line) => line.replace(/#.*/, '').trim().split(/\s+/).slice(1));
}

async function listDirectory(sh: Shell, directory: string): Promise<DirectoryEntry[]> {
  const fd = await sh.sys.open(directory === '' ? '.' : directory, O_RDONLY | O_DIRECTORY);
  if (IS_ERR(fd)) return [];
  const entries: DirectoryEntry[] = [];
  for (;;) {
    const part = sh.sys.getdents64(fd);
    if (IS_ERR(part) || part.length === 0) break;
    for (const { d_name: name } of part) if (name !== '.' && name !== '..') entries.push({ name, kind: kindOf(sh, directory + name) });
  }
  sh.sys.close(fd);
  return entries;
}

function kindOf(sh: Shell, path: string): DirectoryEntry['kind'] {
  const isDirectory = (stat: ReturnType<typeof sh.sys.stat>): boolean => !IS_ERR(stat) && (stat.st_mode & S_IFMT) === S_IFDIR;
  if (isDirectory(sh.sys.lstat(path))) return 'directory';
  if (isDirectory(sh.sys.stat(path))) return 'link-to-directory';
  return IS_ERR(sh.sys.eaccess(path, X_OK)) ? 'file' : 'executable';
}
