/** type, command, builtin, hash, enable: what a name means. */

import { IS_ERR } from '../../uapi/errno.ts';
import type { ExitCode } from '../../uapi/types.ts';
import { STANDARD_PATH } from '../environment.ts';
import { execCommand, notFound } from '../exec-external.ts';
import { forkShell } from '../fork.ts';
import type { CompoundArguments } from '../interpreter/simple.ts';
import type { Process } from '../job-table.ts';
import { exitStatus, jobStatus, waitForeground } from '../jobs.ts';
import { findCommand, isExecutable, searchAll, searchPath } from '../path.ts';
import { printFunction } from '../print.ts';
import { singleQuote } from '../quoting.ts';
import { builtinError, ExpansionError } from '../report.ts';
import type { Shell } from '../shell.ts';
import { builtinNames, findBuiltin, KEYWORDS, SPECIAL_BUILTINS } from './index.ts';
import { output, parseOptions } from './options.ts';

type Meaning =
  | { readonly kind: 'alias'; readonly value: string }
  | { readonly kind: 'keyword' | 'function' | 'builtin' }
  | { readonly kind: 'file'; readonly path: string; readonly hashed: boolean };

function meanings(sh: Shell, name: string, all: boolean, skipFunctions: boolean): Meaning[] {
  const out: Meaning[] = [];
  const alias = sh.aliases.get(name);
  if (alias !== undefined && (sh.options.shopt('expand_aliases') || sh.posixSh)) out.push({ kind: 'alias', value: alias });
  if (KEYWORDS.includes(name)) out.push({ kind: 'keyword' });
  if (!skipFunctions && sh.functions.has(name)) out.push({ kind: 'function' });
  if (findBuiltin(sh, name)) out.push({ kind: 'builtin' });
  if (all) out.push(...files(sh, name));
  else if (out.length === 0) out.push(...files(sh, name).slice(0, 1));
  return all ? out : out.slice(0, 1);
}

function files(sh: Shell, name: string): Meaning[] {
  if (name.includes('/')) return isExecutable(sh, name) ? [{ kind: 'file', path: name, hashed: false }] : [];
  const hashed = sh.hash.get(name);
  if (hashed) return [{ kind: 'file', path: hashed.path, hashed: true }];
  return searchAll(sh, name).map((path) => ({ kind: 'file', path, hashed: false }));
}

function sentence(sh: Shell, name: string, m: Meaning): string {
  switch (m.kind) {
    case 'alias':
      return sh.posixSh ? `${name} is an alias for ${m.value}\n` : `${name} is aliased to \`${m.value}'\n`;
    case 'keyword':
      return `${name} is a shell keyword\n`;
    case 'function':
      if (sh.posixSh) return `${name} is a shell function\n`;
      return `${name} is a function\n${printFunction(sh.functions.get(name) as Parameters<typeof printFunction>[0])}\n`;
    case 'builtin':
      return SPECIAL_BUILTINS.has(name) && sh.options.get('posix')
        ? `${name} is a special shell builtin\n`
        : `${name} is a shell builtin\n`;
    case 'file':
      return m.hashed ? `${name} is hashed (${m.path})\n` : `${name} is ${m.path}\n`;
  }
}

export async function type(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  const o = await parseOptions(sh, args, 'afptP', 'type [-afptP] name [name ...]');
  if (!o) return 2;
  const has = (c: string): boolean => o.letters.includes(c);
  let status = 0;
  let out = '';
  for (const name of args.slice(o.next)) {
    const found = has('P') ? (has('a') ? files(sh, name) : files(sh, name).slice(0, 1)) : meanings(sh, name, has('a'), has('f'));
    if (found.length === 0) {
      status = 1;
      if (!has('t') && !has('p') && !has('P')) {
        await output(sh, 'type', out);
        out = '';
        await (sh.posixSh ? sh.write(1, `${name}: not found\n`) : builtinError(sh, 'type', `${name}: not found`));
      }
    }
    for (const m of found) {
      if (has('t')) out += `${m.kind}\n`;
      else if (has('p') || has('P')) out += m.kind === 'file' ? `${m.path}\n` : '';
      else out += sentence(sh, name, m);
    }
  }
  return (await output(sh, 'type', out)) || (sh.posixSh && status ? 127 : status);
}

export async function command(sh: Shell, args: readonly string[], compound: CompoundArguments): Promise<ExitCode> {
  const o = await parseOptions(sh, args, 'pVv', 'command [-pVv] command [arg ...]');
  if (!o) return 2;
  const rest = args.slice(o.next);
  if (o.letters.includes('v') || o.letters.includes('V'))
    return describeCommand(sh, sh.posixSh ? rest.slice(0, 1) : rest, o.letters.includes('V'));
  const name = rest[0];
  if (name === undefined) return 0;
  const b = findBuiltin(sh, name);
  if (b) return b(sh, rest, new Map([...compound].map(([i, a]) => [i - o.next, a])));
  return runFile(sh, rest, o.letters.includes('p') ? searchPath(sh, name, STANDARD_PATH) : findCommand(sh, name));
}

async function describeCommand(sh: Shell, names: readonly string[], verbose: boolean): Promise<ExitCode> {
  let found = names.length === 0;
  let out = '';
  for (const name of names) {
    const m = meanings(sh, name, false, false)[0];
    if (m) found = true;
    if (!m) {
      if (verbose) await (sh.posixSh ? sh.write(1, `${name}: not found\n`) : builtinError(sh, 'command', `${name}: not found`));
    } else if (verbose) out += sentence(sh, name, m);
    else if (m.kind === 'alias') out += `alias ${name}=${singleQuote(m.value)}\n`;
    else out += `${m.kind === 'file' ? m.path : name}\n`;
  }
  return (await output(sh, 'command', out)) || (found ? 0 : sh.posixSh ? 127 : 1);
}

async function runFile(sh: Shell, argv: readonly string[], path: string | undefined): Promise<ExitCode> {
  if (path === undefined) return notFound(sh, argv[0] ?? '');
  const monitor = sh.options.get('monitor');
  const pid = forkShell(sh, { group: monitor ? 0 : undefined, foreground: monitor }, (child) => execCommand(child, path, argv));
  if (IS_ERR(pid)) throw new ExpansionError(`fork: ${pid.message}`, 254);
  const process: Process = { pid, text: argv.join(' '), status: undefined, state: 'running' };
  const stopped = await waitForeground(sh, [process], process.text, monitor ? pid : undefined);
  return stopped ? jobStatus(stopped) : exitStatus(process.status ?? 0);
}

export async function builtin(sh: Shell, args: readonly string[], compound: CompoundArguments): Promise<ExitCode> {
  const name = args[1];
  if (name === undefined) return 0;
  const b = findBuiltin(sh, name);
  if (b) return b(sh, args.slice(1), new Map([...compound].map(([i, a]) => [i - 1, a])));
  await builtinError(sh, 'builtin', `${name}: not a shell builtin`);
  return 1;
}

export async function hash(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  const o = await parseOptions(sh, args, 'dlp:rt', 'hash [-lr] [-p pathname] [-dt] [name ...]');
  if (!o) return 2;
  const names = args.slice(o.next);
  const has = (c: string): boolean => o.letters.includes(c);
  if (has('r')) sh.hash.clear();
  if (names.length === 0 && !has('r')) return listHash(sh, has('l'));
  let status = 0;
  let out = '';
  for (const name of names) {
    const pinned = o.values.get('p');
    if (pinned !== undefined) sh.hash.set(name, { path: pinned, hits: 0 });
    else if (has('d') || has('t')) {
      const known = sh.hash.get(name);
      if (!known) {
        await builtinError(sh, 'hash', `${name}: not found`);
        status = 1;
      } else if (has('d')) sh.hash.delete(name);
      else out += names.length > 1 ? `${name}\t${known.path}\n` : `${known.path}\n`;
    } else if (!name.includes('/') && !findBuiltin(sh, name) && !sh.functions.has(name)) {
      const path = searchPath(sh, name);
      if (path === undefined) {
        await builtinError(sh, 'hash', `${name}: not found`);
        status = 1;
      } else sh.hash.set(name, { path, hits: 0 });
    }
  }
  return (await output(sh, 'hash', out)) || status;
}

async function listHash(sh: Shell, reusable: boolean): Promise<ExitCode> {
  if (sh.hash.size === 0) {
    if (!sh.posixSh && !reusable) await sh.write(1, 'hash: hash table empty\n');
    return 0;
  }
  const rows = [...sh.hash].map(([name, h]) =>
    reusable ? `builtin hash -p ${h.path} ${name}\n` : `${String(h.hits).padStart(4)}\t${h.path}\n`,
  );
  return output(sh, 'hash', (reusable ? '' : 'hits\tcommand\n') + rows.join(''));
}

export async function enable(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  const o = await parseOptions(sh, args, 'anps', 'enable [-a] [-dnps] [-f filename] [name ...]');
  if (!o) return 2;
  const off = o.letters.includes('n');
  const names = args.slice(o.next);
  if (names.length === 0) {
    const shown = builtinNames().filter((n) => o.letters.includes('a') || sh.disabledBuiltins.has(n) === off);
    return output(sh, 'enable', shown.map((n) => `enable ${sh.disabledBuiltins.has(n) ? '-n ' : ''}${n}\n`).join(''));
  }
  let status = 0;
  for (const name of names) {
    if (!builtinNames().includes(name)) {
      await builtinError(sh, 'enable', `${name}: not a shell builtin`);
      status = 1;
    } else if (off) sh.disabledBuiltins.add(name);
    else sh.disabledBuiltins.delete(name);
  }
  return status;
}
