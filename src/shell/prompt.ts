/** Prompt strings: `\u@\h:\w\$ ` and the rest of PS1's backslashes, then ordinary expansion. */
import { CLOCK_REALTIME } from '../uapi/syscalls.ts';
import { engine } from './load-engine.ts';
import type { Shell } from './shell.ts';

type Strftime = (format: string, time: number) => string;

export async function expandPrompt(sh: Shell, prompt: string): Promise<string> {
  const strftime = /\\[DdtTA@]/.test(prompt) ? (await engine()).strftime : noTime;
  const user = prompt.includes('\\u') ? await sh.userName() : '';
  let out = '';
  for (let i = 0; i < prompt.length; i++) {
    const c = prompt[i] as string;
    if (c !== '\\') {
      out += c;
      continue;
    }
    const octal = /^[0-7]{1,3}/.exec(prompt.slice(i + 1));
    if (octal) {
      out += String.fromCharCode(Number.parseInt(octal[0], 8));
      i += octal[0].length;
    } else if (prompt[i + 1] === 'D' && prompt[i + 2] === '{') {
      const end = prompt.indexOf('}', i);
      out += strftime(prompt.slice(i + 3, end < 0 ? undefined : end) || '%X', sh.sys.clock_gettime(CLOCK_REALTIME));
      i = end < 0 ? prompt.length : end;
    } else {
      i++;
      out += prompt[i] === 'u' ? literal(user) : escapeFor(sh, prompt[i], strftime);
    }
  }
  if (!sh.options.shopt('promptvars')) return out;
  if (PLAIN.test(out)) return out.replace(ESCAPED, '$1');
  const status = sh.lastStatus;
  const expanded = await (await engine()).expandString(sh, out, 'dq', 'none');
  sh.lastStatus = status;
  return expanded;
}

/** A backslash that quotes what would otherwise be expanded. */
const ESCAPED = /\\([\\$`"])/g;
/** Text of which expansion makes nothing but the removal of those backslashes. */
const PLAIN = /^(?:[^\\$`"]|\\[\\$`"]|\$(?=\s|$))*$/;
const noTime: Strftime = () => '';

/** Text that expansion must leave alone. */
const literal = (s: string): string => s.replace(/[\\$`"]/g, '\\$&');

function escapeFor(sh: Shell, c: string | undefined, strftime: Strftime): string {
  const now = sh.sys.clock_gettime(CLOCK_REALTIME);
  switch (c) {
    case undefined:
      return '\\\\';
    case 'h':
      return literal(sh.sys.uname().nodename.split('.')[0] ?? '');
    case 'H':
      return literal(sh.sys.uname().nodename);
    case 'w':
      return literal(trimDirectory(sh, shownDirectory(sh)));
    case 'W':
      return literal(lastPart(shownDirectory(sh)));
    case '$':
      return sh.sys.geteuid() === 0 ? '#' : '\\$';
    case 's':
      return literal(sh.argv0.slice(sh.argv0.lastIndexOf('/') + 1));
    case 'v':
      return '5.2';
    case 'V':
      return '5.2.15';
    case '[':
      return '\x01';
    case ']':
      return '\x02';
    case 'e':
    case 'E':
      return '\x1b';
    case 'a':
      return '\x07';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 'j':
      return String(sh.jobs.list.length);
    case '!':
      return String((sh.history?.base ?? 1) + (sh.history?.entries.length ?? 0));
    case '#':
      return String(sh.commandNumber);
    case 'l':
      return 'tty';
    case 't':
      return strftime('%H:%M:%S', now);
    case 'T':
      return strftime('%I:%M:%S', now);
    case '@':
      return strftime('%I:%M %p', now);
    case 'A':
      return strftime('%H:%M', now);
    case 'd':
      return strftime('%a %b %d', now);
    case '\\':
      return '\\\\';
    default:
      return `\\\\${literal(c)}`;
  }
}

function shownDirectory(sh: Shell): string {
  const pwd = sh.get('PWD') ?? '';
  const home = sh.get('HOME');
  if (home && (pwd === home || pwd.startsWith(`${home}/`))) return `~${pwd.slice(home.length)}`;
  return pwd;
}

function trimDirectory(sh: Shell, dir: string): string {
  const keep = Number(sh.get('PROMPT_DIRTRIM') ?? 0);
  const parts = dir.split('/').filter((p) => p !== '' && p !== '~');
  if (!(keep > 0) || parts.length <= keep) return dir;
  return `${dir.startsWith('~') ? '~/' : ''}.../${parts.slice(-keep).join('/')}`;
}

function lastPart(dir: string): string {
  return dir === '/' || dir === '~' ? dir : dir.slice(dir.lastIndexOf('/') + 1);
}
