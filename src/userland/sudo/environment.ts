/** The environment that a command of sudo gets. Follows sudo 1.9.13's plugins/sudoers/env.c. */
import { globToRegex } from '../lib/glob.ts';
import type { Passwd } from '../lib/users.ts';
import type { Default } from './sudoers.ts';

/** Kept where the value is harmless. */
const CHECK = 'COLORTERM LANG LANGUAGE LC_* LINGUAS TERM TZ';
const KEEP = 'COLORS DISPLAY DPKG_COLORS HOSTNAME KRB5CCNAME LS_COLORS PATH PS1 PS2 XAUTHORITY XAUTHORIZATION XDG_CURRENT_DESKTOP';
/** Never kept, not even where everything else is. */
const DELETE =
  'IFS CDPATH LOCALDOMAIN RES_OPTIONS HOSTALIASES NLSPATH PATH_LOCALE LD_* _RLD* TERMINFO TERMINFO_DIRS TERMPATH TERMCAP ENV BASH_ENV PS4 ' +
  'GLOBIGNORE BASHOPTS SHELLOPTS JAVA_TOOL_OPTIONS PERLIO_DEBUG PERLLIB PERL5LIB PERL5OPT PERL5DB FPATH NULLCMD READNULLCMD ZDOTDIR ' +
  'TMPPREFIX PYTHONHOME PYTHONPATH PYTHONINSPECT PYTHONUSERBASE RUBYLIB RUBYOPT';

export interface EnvironmentOf {
  readonly envp: readonly string[];
  readonly defaults: readonly Default[];
  readonly caller: Passwd;
  readonly target: Passwd;
  /** SUDO_COMMAND. */
  readonly command: string;
  readonly login: boolean;
  /** -E; `names` of --preserve-env=LIST. */
  readonly everything: boolean;
  readonly names: readonly string[];
  /** -H */
  readonly setHome: boolean;
  /** What stands before the command. */
  readonly assigned: readonly string[];
}

/** The last word on a setting that is on or off. */
export function flag(defaults: readonly Default[], name: string, otherwise: boolean): boolean {
  const last = defaults.findLast((d) => d.name === name);
  return last === undefined ? otherwise : last.op !== '!';
}

export function setting(defaults: readonly Default[], name: string): string | null {
  const last = defaults.findLast((d) => d.name === name);
  return last === undefined || last.op === '!' ? null : last.value;
}

/** A list of patterns as the settings leave it. */
function patterns(defaults: readonly Default[], name: string, initial: string): RegExp[] {
  let words = initial.split(' ');
  for (const { op, value } of defaults.filter((d) => d.name === name)) {
    const these = value.split(/\s+/).filter(Boolean);
    if (op === '!') words = [];
    else if (op === '=') words = these;
    else words = op === '-=' ? words.filter((w) => !these.includes(w)) : [...words, ...these];
  }
  return words.map((word) => globToRegex(word));
}

export function buildEnvironment(of: EnvironmentOf): string[] {
  const { defaults, target, caller, login } = of;
  const reset = login || (flag(defaults, 'env_reset', true) && !of.everything);
  const env = kept(of, reset);
  const has = (name: string): boolean => env.has(name);
  const securePath = setting(defaults, 'secure_path');
  if (!has('TERM')) env.set('TERM', 'unknown');
  if (securePath !== null) env.set('PATH', securePath);
  else if (!has('PATH')) env.set('PATH', '/usr/bin:/bin:/usr/sbin:/sbin');
  if (reset || !has('MAIL')) env.set('MAIL', `/var/mail/${target.name}`);
  env.set('LOGNAME', target.name).set('USER', target.name);
  if (reset || of.setHome || !has('HOME') || flag(defaults, 'always_set_home', false)) env.set('HOME', target.dir);
  if (reset || !has('SHELL')) env.set('SHELL', target.shell);
  for (const entry of of.assigned) env.set(...pair(entry));
  env.set('SUDO_COMMAND', of.command).set('SUDO_USER', caller.name);
  env.set('SUDO_UID', String(caller.uid)).set('SUDO_GID', String(caller.gid));
  return [...env].map(([name, value]) => `${name}=${value}`);
}

function kept(of: EnvironmentOf, reset: boolean): Map<string, string> {
  const keep = patterns(of.defaults, 'env_keep', KEEP);
  const check = patterns(of.defaults, 'env_check', CHECK);
  const remove = patterns(of.defaults, 'env_delete', DELETE);
  const wanted = (name: string, value: string): boolean => {
    if (value.startsWith('()')) return false;
    if (of.names.includes(name)) return true;
    if (check.some((p) => p.test(name))) return harmless(name, value);
    return reset ? keep.some((p) => p.test(name)) : !remove.some((p) => p.test(name));
  };
  return new Map(of.envp.map(pair).filter(([name, value]) => wanted(name, value)));
}

function harmless(name: string, value: string): boolean {
  if (name === 'TZ') return !/^:?\/(?!usr\/share\/zoneinfo\/)|(?:^|\/)\.\.(?:\/|$)|[^\x21-\x7e]/.test(value);
  return !/[%/]/.test(value);
}

function pair(entry: string): [name: string, value: string] {
  const equals = entry.indexOf('=');
  return [entry.slice(0, equals), entry.slice(equals + 1)];
}

/** The assignments that one without SETENV may not make. */
export function forbidden(defaults: readonly Default[], assigned: readonly string[]): string[] {
  const allowed = [...patterns(defaults, 'env_keep', KEEP), ...patterns(defaults, 'env_check', CHECK)];
  const securePath = setting(defaults, 'secure_path') !== null;
  return assigned.map((entry) => pair(entry)[0]).filter((name) => (name === 'PATH' && securePath) || !allowed.some((p) => p.test(name)));
}
