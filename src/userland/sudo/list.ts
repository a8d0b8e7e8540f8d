/** What sudo -l prints. Follows sudo 1.9.13. */
import type { Passwd } from '../lib/users.ts';
import type { Policy } from './policy.ts';
import type { CommandSpec, Default, Member } from './sudoers.ts';

/** Settings, folded at blanks. */
export function listDefaults(defaults: readonly Default[], columns: number): string {
  return fold(`    ${defaults.map(setting).join(', ')}`, columns, 4);
}

function setting({ name, op, value }: Default): string {
  if (op === '') return name;
  if (op === '!') return `!${name}`;
  return `${name}${op}${/[ \t]/.test(value) ? `"${value}"` : value.replace(/[:\\,=#"]/g, '\\$&')}`;
}

/** Settings for a target or a command. */
export function listScoped(defaults: readonly Default[], columns: number): string {
  const one = (d: Default): string => `    Defaults${d.scope}${d.members.map(withArguments).join(', ')} ${setting(d)}`;
  return fold(defaults.map(one).join(''), columns, 4);
}

/** One line for each target: `(users : groups) TAGS: commands`. */
export function listShort(policy: Policy, user: Passwd, specs: readonly (readonly CommandSpec[])[], columns: number): string {
  return specs.map((commands) => shortPrivilege(policy, user, commands, columns)).join('');
}

function shortPrivilege(policy: Policy, user: Passwd, commands: readonly CommandSpec[], columns: number): string {
  let out = '';
  let line = '';
  let before: CommandSpec | null = null;
  for (const spec of commands) {
    if (before === null || before.users !== spec.users || before.groups !== spec.groups) {
      if (line !== '') out += fold(line, columns, 8);
      line = `    (${target(policy, user, spec)}) `;
      before = null;
    } else line += ', ';
    line += tags(spec, before) + names(policy, spec.command);
    before = spec;
  }
  return out + fold(line, columns, 8);
}

function target(policy: Policy, caller: Passwd, spec: CommandSpec): string {
  const { user, groups } = targetLists(policy, caller, spec);
  return groups !== '' ? `${user} : ${groups}` : user;
}

/** No list at all is root, an empty one the caller. */
function targetLists(policy: Policy, caller: Passwd, { users, groups }: CommandSpec): { user: string; groups: string } {
  const list = (members: readonly Member[]): string => policy.expand(members, 'Runas_Alias').map(shown).join(', ');
  return { user: users === null ? 'root' : users.length === 0 ? caller.name : list(users), groups: list(groups ?? []) };
}

/** What differs from the command before. */
function tags({ tags: now }: CommandSpec, before: CommandSpec | null): string {
  const old = before?.tags ?? {};
  const setenv = now.SETENV === undefined || now.SETENV === old.SETENV ? '' : now.SETENV ? 'SETENV: ' : 'NOSETENV: ';
  const nopasswd = now.NOPASSWD === undefined || now.NOPASSWD === old.NOPASSWD ? '' : now.NOPASSWD ? 'NOPASSWD: ' : 'PASSWD: ';
  return setenv + nopasswd;
}

const shown = (m: Member): string => `${m.negated ? '!' : ''}${m.name}`;
const withArguments = (m: Member): string => shown(m) + (typeof m.args === 'string' ? ` ${m.args === '' ? '""' : m.args}` : '');

function names(policy: Policy, command: Member): string {
  return policy.expand([command], 'Cmnd_Alias').map(withArguments).join(', ');
}

/** sudo -ll: a paragraph for each target with its options. */
export function listLong(policy: Policy, user: Passwd, specs: readonly (readonly CommandSpec[])[]): string {
  return specs.map((commands) => longPrivilege(policy, user, commands)).join('');
}

function longPrivilege(policy: Policy, user: Passwd, commands: readonly CommandSpec[]): string {
  let out = '';
  let before: CommandSpec | null = null;
  for (const spec of commands) {
    const same = before !== null && before.users === spec.users && before.groups === spec.groups && options(before) === options(spec);
    if (!same) out += `\nSudoers entry:\n${longTarget(policy, user, spec)}${options(spec)}    Commands:\n`;
    out += policy
      .expand([spec.command], 'Cmnd_Alias')
      .map((m) => `\t${withArguments(m)}\n`)
      .join('');
    before = spec;
  }
  return out;
}

function longTarget(policy: Policy, caller: Passwd, spec: CommandSpec): string {
  const { user, groups } = targetLists(policy, caller, spec);
  return `    RunAsUsers: ${user}\n${groups === '' ? '' : `    RunAsGroups: ${groups}\n`}`;
}

function options({ tags: { SETENV, NOPASSWD } }: CommandSpec): string {
  const words = [
    ...(SETENV === undefined ? [] : [SETENV ? 'setenv' : '!setenv']),
    ...(NOPASSWD === undefined ? [] : [NOPASSWD ? '!authenticate' : 'authenticate']),
  ];
  return words.length === 0 ? '' : `    Options: ${words.join(', ')}\n`;
}

/** Breaks at the last blank that fits, or at the next one. */
function fold(text: string, columns: number, indent: number): string {
  let out = '';
  let rest = text;
  let room = columns;
  for (;;) {
    let at = rest.length > room ? rest.lastIndexOf(' ', room - 1) : -1;
    if (rest.length > room && (at < 0 || rest.slice(0, at).trim() === '')) at = rest.indexOf(' ', room);
    if (at < 0) return `${out}${rest}\n`;
    out += `${rest.slice(0, at)}\n${' '.repeat(indent)}`;
    rest = rest.slice(at).trimStart();
    room = columns - indent;
  }
}
