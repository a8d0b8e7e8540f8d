/** bind: key bindings and variables of the line editor. */
import { IS_ERR } from '../../uapi/errno.ts';
import { O_RDONLY } from '../../uapi/fcntl.ts';
import type { ExitCode } from '../../uapi/types.ts';
import { COMMANDS } from '../interactive/commands.ts';
import { FUNCTIONS, VARIABLES } from '../interactive/readline-names.ts';
import { readFile } from '../interactive/shell-history.ts';
import { namedKey, readKeys, showKeys, UserBindings } from '../interactive/user-bindings.ts';
import { builtinError, report } from '../report.ts';
import type { Shell } from '../shell.ts';
import { output, parseOptions } from './options.ts';

const USAGE =
  'bind [-lpsvPSVX] [-m keymap] [-f filename] [-q name] [-u name] [-r keyseq] [-x keyseq:shell-command] [keyseq:readline-function or readline-command]';

/** Variables that the line editor here obeys; others can only be set to what they are. */
const MODELLED: ReadonlySet<string> = new Set([
  'bell-style',
  'completion-ignore-case',
  'completion-query-items',
  'page-completions',
  'show-all-if-ambiguous',
  'show-all-if-unmodified',
]);

const KEYMAPS = /^(?:emacs(?:-standard|-meta|-ctlx)?|vi(?:-move|-command|-insert)?)$/;
const OURS = /^emacs(?:-standard)?$/;

export async function bind(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  if (!sh.interactive) await builtinError(sh, 'bind', 'warning: line editing not enabled');
  const o = await parseOptions(sh, args, 'lvpVPsSXf:q:u:m:r:x:', USAGE);
  if (!o) return 2;
  sh.bindings ??= new UserBindings();
  const map = o.values.get('m');
  if (map !== undefined && !OURS.test(map)) {
    await builtinError(sh, 'bind', KEYMAPS.test(map) ? `${map}: keymap not supported here` : `\`${map}': invalid keymap name`);
    return 1;
  }
  let status = 0;
  for (const [letter, value = ''] of o.pairs) status = (await perform(sh, sh.bindings, letter, value)) || status;
  for (const line of args.slice(o.next)) status = (await bindLine(sh, sh.bindings, line)) || status;
  return status;
}

async function perform(sh: Shell, b: UserBindings, letter: string, value: string): Promise<ExitCode> {
  switch (letter) {
    case 'l':
      return output(sh, 'bind', FUNCTIONS.map((n) => `${n}\n`).join(''));
    case 'p':
    case 'P':
      return output(sh, 'bind', `\n${FUNCTIONS.map((n) => describeFunction(b, n, letter === 'p')).join('')}`);
    case 'v':
    case 'V':
      return output(sh, 'bind', [...VARIABLES.keys()].map((n) => describeVariable(b, n, letter === 'v')).join(''));
    case 's':
    case 'S':
      return output(sh, 'bind', describeMacros(b, letter === 's'));
    case 'X':
      return output(sh, 'bind', boundTo(b, 'shell').map(describeCommand).join(''));
    case 'q':
      return query(sh, b, value);
    case 'u':
      return unbind(sh, b, value);
    case 'r':
      b.bind(readKeys(value), undefined);
      return 0;
    case 'x':
      return bindCommand(sh, b, value);
    case 'f':
      return readInitFile(sh, b, value);
    default:
      return 0;
  }
}

const boundTo = (b: UserBindings, kind: 'function' | 'macro' | 'shell'): (readonly [keys: string, text: string])[] =>
  b.all().flatMap(([keys, what]) => (what.kind === kind ? [[keys, what.text] as const] : []));

const keysOf = (b: UserBindings, name: string): string[] =>
  name === 'self-insert' ? SELF_INSERT : boundTo(b, 'function').flatMap(([keys, text]) => (text === name ? [keys] : []));

const SELF_INSERT = [...Array(256).keys()].filter((c) => c >= 0x20 && c !== 0x7f).map((c) => String.fromCharCode(c));

const SHOWN_AT_MOST = 5;

function describeFunction(b: UserBindings, name: string, asInput: boolean): string {
  const keys = keysOf(b, name).map((k) => `"${showKeys(k)}"`);
  if (asInput) return keys.length === 0 ? `# ${name} (not bound)\n` : keys.map((k) => `${k}: ${name}\n`).join('');
  if (keys.length === 0) return `${name} is not bound to any keys\n`;
  const more = keys.length > SHOWN_AT_MOST ? ', ...' : '.';
  return `${name} can be found on ${keys.slice(0, SHOWN_AT_MOST).join(', ')}${more}\n`;
}

function describeVariable(b: UserBindings, name: string, asInput: boolean): string {
  const value = b.variable(name) ?? '';
  return asInput ? `set ${name} ${value}\n` : `${name} is set to \`${value}'\n`;
}

function describeMacros(b: UserBindings, asInput: boolean): string {
  return boundTo(b, 'macro')
    .map(([keys, text]) => (asInput ? `"${showKeys(keys)}": "${showKeys(text)}"\n` : `${showKeys(keys)} outputs ${showKeys(text)}\n`))
    .join('');
}

const describeCommand = ([keys, text]: readonly [string, string]): string => `"${showKeys(keys)}": "${text.replace(/["\\]/g, '\\$&')}"\n`;

async function query(sh: Shell, b: UserBindings, name: string): Promise<ExitCode> {
  if (!FUNCTIONS.includes(name)) return unknownFunction(sh, name);
  const keys = keysOf(b, name).map((k) => `"${showKeys(k)}"`);
  if (keys.length === 0) {
    await output(sh, 'bind', `${name} is not bound to any keys.\n`);
    return 1;
  }
  return output(
    sh,
    'bind',
    `${name} can be invoked via ${keys.slice(0, SHOWN_AT_MOST).join(', ')}${keys.length > SHOWN_AT_MOST ? ', ...' : ''}.\n`,
  );
}

async function unbind(sh: Shell, b: UserBindings, name: string): Promise<ExitCode> {
  if (!FUNCTIONS.includes(name)) return unknownFunction(sh, name);
  for (const keys of keysOf(b, name)) b.bind(keys, undefined);
  return 0;
}

async function unknownFunction(sh: Shell, name: string): Promise<ExitCode> {
  await builtinError(sh, 'bind', `\`${name}': unknown function name`);
  return 1;
}

/** `-x '"keys": command'` */
async function bindCommand(sh: Shell, b: UserBindings, text: string): Promise<ExitCode> {
  const m = /^\s*"((?:\\.|[^"\\])*)"\s*(:?)\s*(.*)$/s.exec(text);
  if (!m) {
    const open = text.trimStart().startsWith('"');
    await builtinError(sh, 'bind', open ? `no closing \`"' in ${text}` : `${text}: first non-whitespace character is not \`"'`);
    return 1;
  }
  if (m[2] === '') {
    await builtinError(sh, 'bind', `${text}: missing colon separator`);
    return 1;
  }
  const [, keys = '', , command = ''] = m;
  b.bind(readKeys(keys), { kind: 'shell', text: /^"(.*)"\s*$/s.exec(command)?.[1] ?? command });
  return 0;
}

/** A line as an inputrc has it: `set name value`, `"keys": function`, `"keys": "text"`, `Control-x: function`. */
async function bindLine(sh: Shell, b: UserBindings, line: string): Promise<ExitCode> {
  const text = line.trim();
  if (text === '' || text.startsWith('#')) return 0;
  const set = /^set\s+(\S+)\s*(.*)$/i.exec(text);
  if (set) return setVariable(sh, b, (set[1] ?? '').toLowerCase(), set[2] ?? '');
  const m = /^(?:"((?:\\.|[^"\\])*)"|([^":\s]\S*?|:))\s*:\s*(?:"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|(\S*))/.exec(text);
  if (!m) {
    const what = text.startsWith('"') ? 'no closing `"\' in key binding' : 'no key sequence terminator';
    await sh.write(2, `readline: ${text}: ${what}\n`);
    return 0;
  }
  const [, quoted, named = '', ...target] = m;
  const keys = quoted === undefined ? namedKey(named) : readKeys(quoted);
  const macro = target[0] ?? target[1];
  if (macro !== undefined) b.bind(keys, { kind: 'macro', text: readKeys(macro) });
  else return bindFunction(sh, b, keys, target[2] ?? '');
  return 0;
}

async function bindFunction(sh: Shell, b: UserBindings, keys: string, name: string): Promise<ExitCode> {
  if (name === '') {
    b.bind(keys, undefined);
    return 0;
  }
  const command = name === 'insert-last-argument' ? 'yank-last-arg' : name;
  if (COMMANDS[command]) b.bind(keys, { kind: 'function', text: command });
  else if (FUNCTIONS.includes(name)) {
    await builtinError(sh, 'bind', `${name}: function not supported here`);
    return 1;
  }
  return 0;
}

async function setVariable(sh: Shell, b: UserBindings, name: string, value: string): Promise<ExitCode> {
  const old = b.variable(name);
  if (old === undefined) {
    await sh.write(2, `readline: ${name}: unknown variable name\n`);
    return 0;
  }
  const before = b.variable(name);
  b.setVariable(name, value);
  if (MODELLED.has(name) || b.variable(name) === before) return 0;
  b.setVariable(name, old);
  await builtinError(sh, 'bind', `set ${name}: variable not supported here`);
  return 1;
}

/** `$if` knows the mode, the terminal and the program; other conditions do not hold. */
async function readInitFile(sh: Shell, b: UserBindings, file: string): Promise<ExitCode> {
  const fd = await sh.sys.open(file, O_RDONLY);
  if (IS_ERR(fd)) {
    await builtinError(sh, 'bind', `${file}: cannot read: ${fd.message}`);
    return 1;
  }
  sh.sys.close(fd);
  const holds: boolean[] = [];
  for (const line of ((await readFile(sh.sys, file)) ?? '').split('\n')) {
    const directive = /^\s*\$(\w+)\s*(.*)$/.exec(line);
    if (directive?.[1] === 'if') holds.push(conditionHolds(sh, directive[2] ?? ''));
    else if (directive?.[1] === 'else') holds.push(!holds.pop());
    else if (directive?.[1] === 'endif') holds.pop();
    else if (directive) await report(sh, `bind: ${file}: $${directive[1]}: not supported here`);
    else if (holds.every(Boolean)) await bindLine(sh, b, line);
  }
  return 0;
}

function conditionHolds(sh: Shell, condition: string): boolean {
  const [name = '', value = ''] = condition.trim().split('=');
  if (name === 'mode') return value === 'emacs';
  if (name === 'term') return value === sh.get('TERM') || value === sh.get('TERM')?.split('-')[0];
  return name.toLowerCase() === 'bash';
}
