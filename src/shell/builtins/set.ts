/** set, shopt */

import { IS_ERR } from '../../uapi/errno.ts';
import type { ExitCode } from '../../uapi/types.ts';
import { describeForSet } from '../describe.ts';
import { enableJobControl } from '../job-control.ts';
import { SET_OPTIONS, SHOPTS } from '../options.ts';
import { printFunction } from '../print.ts';
import { builtinError } from '../report.ts';
import type { Shell } from '../shell.ts';
import { compareNames } from '../vars.ts';
import { badOption, illegal, output, parseOptions } from './options.ts';

const USAGE = 'set [-abefhkmnptuvxBCEHPT] [-o option-name] [--] [-] [arg ...]';

export async function set(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  if (args.length === 1) return listVariables(sh);
  let i = 1;
  for (; i < args.length; i++) {
    const a = args[i] as string;
    if (a === '--' || a === '-') {
      if (a === '-') for (const n of ['xtrace', 'verbose']) sh.options.set(n, false);
      if (a === '--' || i + 1 < args.length) sh.positional = args.slice(i + 1);
      return 0;
    }
    if (!/^[-+]/.test(a)) break;
    const on = a[0] === '-';
    if (a === '+') continue;
    for (const c of a.slice(1)) {
      if (c === 'o') {
        const name = args[i + 1];
        if (name === undefined) return listOptions(sh, on);
        i++;
        if (!SET_OPTIONS.some(([n]) => n === name)) {
          await (sh.posixSh ? illegal(sh, 'set', `Illegal option -o ${name}`) : builtinError(sh, 'set', `${name}: invalid option name`));
          return 2;
        }
        setOption(sh, name, on);
        continue;
      }
      const name = SET_OPTIONS.find(([, letter]) => letter === c)?.[0];
      if (!name) {
        await badOption(sh, 'set', `${a[0]}${c}`, USAGE);
        return 2;
      }
      setOption(sh, name, on);
    }
  }
  if (i < args.length) sh.positional = args.slice(i);
  return 0;
}

function setOption(sh: Shell, name: string, on: boolean): void {
  sh.options.set(name, on);
  if (name === 'monitor' && on && sh.terminalFd < 0 && !IS_ERR(sh.sys.ioctl(2, 'TCGETS')) && sh.interactive) enableJobControl(sh);
  if (name === 'vi' && on) sh.options.set('emacs', false);
  if (name === 'emacs' && on) sh.options.set('vi', false);
}

async function listVariables(sh: Shell): Promise<ExitCode> {
  let out = '';
  for (const name of sh.vars.names()) {
    const v = sh.vars.findRaw(name);
    if (v && (v.value !== undefined || v.indexed || v.assoc)) out += `${describeForSet(sh, name, v)}\n`;
  }
  if (!sh.options.get('posix'))
    for (const f of [...sh.functions.values()].sort((a, b) => compareNames(a.name, b.name))) out += `${printFunction(f)}\n`;
  return output(sh, 'set', out);
}

function listOptions(sh: Shell, asTable: boolean): Promise<ExitCode> {
  if (sh.posixSh) return listDashOptions(sh, asTable);
  const line = (n: string): string =>
    asTable ? `${n.padEnd(15)}\t${sh.options.get(n) ? 'on' : 'off'}\n` : `set ${sh.options.get(n) ? '-' : '+'}o ${n}\n`;
  return output(sh, 'set', SET_OPTIONS.map(([n]) => line(n)).join(''));
}

const DASH_OPTIONS =
  'errexit noglob ignoreeof interactive monitor noexec stdin xtrace verbose vi emacs noclobber allexport notify nounset privileged nolog debug'.split(
    ' ',
  );

async function listDashOptions(sh: Shell, asTable: boolean): Promise<ExitCode> {
  const isOn = (n: string): boolean => (n === 'interactive' ? sh.interactive : n === 'stdin' ? sh.readsStdin : sh.options.get(n));
  const lines = DASH_OPTIONS.map((n) => (asTable ? `${n.padEnd(16)}${isOn(n) ? 'on' : 'off'}\n` : `set ${isOn(n) ? '-' : '+'}o ${n}\n`));
  return output(sh, 'set', (asTable ? 'Current option settings\n' : '') + lines.join(''));
}

export async function shopt(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  const o = await parseOptions(sh, args, 'pqsuo', 'shopt [-pqsu] [-o] [optname ...]');
  if (!o) return 2;
  const has = (c: string): boolean => o.letters.includes(c);
  const set = has('o');
  const known = set ? SET_OPTIONS.map(([n]) => n) : SHOPTS.map(([n]) => n);
  const get = (n: string): boolean => (set ? sh.options.get(n) : sh.options.shopt(n));
  const show = (n: string): string => {
    if (!has('p')) return `${n.padEnd(15)}\t${get(n) ? 'on' : 'off'}\n`;
    return set ? `set ${get(n) ? '-' : '+'}o ${n}\n` : `shopt -${get(n) ? 's' : 'u'} ${n}\n`;
  };
  const names = args.slice(o.next);
  if (names.length === 0) {
    const listed = has('s') ? known.filter(get) : has('u') ? known.filter((n) => !get(n)) : known;
    return has('q') ? 0 : output(sh, 'shopt', listed.map(show).join(''));
  }
  let status = 0;
  let out = '';
  for (const name of names) {
    if (!known.includes(name)) {
      await builtinError(sh, 'shopt', `${name}: invalid ${set ? 'option' : 'shell option'} name`);
      status = 1;
    } else if (has('s') || has('u')) {
      if (set) setOption(sh, name, has('s'));
      else if (name !== 'login_shell' && name !== 'restricted_shell') sh.options.setShopt(name, has('s'));
    } else {
      if (!get(name)) status = 1;
      if (!has('q')) out += show(name);
    }
  }
  return (await output(sh, 'shopt', out)) || status;
}
