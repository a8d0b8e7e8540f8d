/** bash's own options. */
import type { ExitCode } from '../uapi/types.ts';
import { SET_OPTIONS, SHOPTS } from './options.ts';
import type { Shell } from './shell.ts';

export interface CommandLine {
  readonly kind: 'run';
  command: string | undefined;
  file: string | undefined;
  operands: readonly string[];
  stdin: boolean;
  interactive: boolean;
  login: boolean;
  norc: boolean;
  noprofile: boolean;
  rcfile: string | undefined;
}
export interface Message {
  readonly kind: 'message';
  readonly text: string;
  readonly status: ExitCode;
}

export const VERSION = `GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)
Copyright (C) 2022 Free Software Foundation, Inc.
License GPLv3+: GNU GPL version 3 or later <http://gnu.org/licenses/gpl.html>

This is free software; you are free to change and redistribute it.
There is NO WARRANTY, to the extent permitted by law.
`;

export const USAGE = `Usage:	bash [GNU long option] [option] ...
	bash [GNU long option] [option] script-file ...
GNU long options:
	--help
	--init-file
	--login
	--noprofile
	--norc
	--posix
	--rcfile
	--verbose
	--version
Shell options:
	-ilrsD or -c command or -O shopt_option		(invocation only)
	-abefhkmnptuvxBCEHPT or -o option
`;

export function parseCommandLine(sh: Shell, args: readonly string[]): CommandLine | Message {
  const line: CommandLine = {
    kind: 'run',
    command: undefined,
    file: undefined,
    operands: [],
    stdin: false,
    interactive: false,
    login: false,
    norc: false,
    noprofile: false,
    rcfile: undefined,
  };
  let i = 0;
  let command = false;
  for (; i < args.length; i++) {
    const a = args[i] as string;
    if (a === '--' || a === '-') {
      i++;
      break;
    }
    if (a.startsWith('--')) {
      const r = longOption(sh, line, a, args[i + 1]);
      if (typeof r !== 'number') return r;
      i += r;
    } else if (/^[-+]./.test(a)) {
      const r = shortOptions(sh, line, a, args[i + 1]);
      if (typeof r !== 'number') return r;
      if (a[0] === '-' && a.includes('c')) command = true;
      i += r;
    } else break;
  }
  const rest = args.slice(i);
  if (command) {
    if (rest.length === 0)
      return {
        kind: 'message',
        text: `${sh.argv0}: ${sh.posixSh ? '0: -c requires an argument' : '-c: option requires an argument'}\n`,
        status: 2,
      };
    line.command = rest[0];
    line.operands = rest.slice(1);
  } else if (!line.stdin && rest.length > 0) {
    line.file = rest[0];
    line.operands = rest.slice(1);
  } else line.operands = rest;
  return line;
}

/** How many further arguments it took. */
function longOption(sh: Shell, line: CommandLine, a: string, next: string | undefined): number | Message {
  switch (a) {
    case '--version':
      return { kind: 'message', text: VERSION, status: 0 };
    case '--help':
      return { kind: 'message', text: `${VERSION.split('\n')[0]}\n${USAGE}`, status: 0 };
    case '--login':
      line.login = true;
      return 0;
    case '--norc':
      line.norc = true;
      return 0;
    case '--noprofile':
      line.noprofile = true;
      return 0;
    case '--noediting':
      return 0;
    case '--posix':
      sh.options.set('posix', true);
      return 0;
    case '--verbose':
      sh.options.set('verbose', true);
      return 0;
    case '--rcfile':
    case '--init-file':
      if (next === undefined) return { kind: 'message', text: `${sh.argv0}: ${a}: option requires an argument\n`, status: 2 };
      line.rcfile = next;
      return 1;
    default:
      return { kind: 'message', text: `${sh.argv0}: ${a}: invalid option\n${USAGE}`, status: 2 };
  }
}

function shortOptions(sh: Shell, line: CommandLine, a: string, next: string | undefined): number | Message {
  const on = a[0] === '-';
  let taken = 0;
  for (const c of a.slice(1)) {
    if (c === 'c') continue;
    if (c === 's') line.stdin = true;
    else if (c === 'i') line.interactive = on;
    else if (c === 'l') line.login = true;
    else if (c === 'o' || c === 'O') {
      const r = namedOption(sh, c, on, next);
      if (r) return r;
      taken = 1;
    } else {
      const name = SET_OPTIONS.find(([, letter]) => letter === c)?.[0];
      if (!name) return { kind: 'message', text: `${sh.argv0}: ${a[0]}${c}: invalid option\n${USAGE}`, status: 2 };
      sh.options.set(name, on);
    }
  }
  return taken;
}

function namedOption(sh: Shell, letter: string, on: boolean, name: string | undefined): Message | undefined {
  const known = letter === 'o' ? SET_OPTIONS.some(([n]) => n === name) : SHOPTS.some(([n]) => n === name);
  if (name === undefined || !known) {
    const what = letter === 'o' ? 'invalid option name' : 'invalid shell option name';
    return { kind: 'message', text: `${sh.argv0}: line 0: ${sh.argv0}: ${name ?? ''}: ${what}\n`, status: 2 };
  }
  if (letter === 'o') sh.options.set(name, on);
  else sh.options.setShopt(name, on);
  return undefined;
}
