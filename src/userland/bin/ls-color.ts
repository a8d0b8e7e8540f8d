/** Colours of ls(1): LS_COLORS over the built-in defaults. */
import { S_IFBLK, S_IFCHR, S_IFDIR, S_IFIFO, S_IFLNK, S_IFMT, S_IFSOCK, S_ISGID, S_ISUID, S_ISVTX, type Stat } from '../../uapi/stat.ts';
import type { Io } from '../lib/command.ts';
import { getenv } from '../lib/environ.ts';

/** Two-letter indicators and "*.ext" keys to SGR parameters. */
export type Colors = ReadonlyMap<string, string>;

const DEFAULTS: readonly (readonly [string, string])[] = [
  ['di', '01;34'],
  ['ln', '01;36'],
  ['pi', '33'],
  ['so', '01;35'],
  ['bd', '01;33'],
  ['cd', '01;33'],
  ['ex', '01;32'],
  ['do', '01;35'],
  ['su', '37;41'],
  ['sg', '30;43'],
  ['st', '37;44'],
  ['ow', '34;42'],
  ['tw', '30;42'],
];

/** Terminals that dircolors(1) knows. */
const KNOWN_TERMINALS =
  /^(Eterm|ansi|.*color.*|con[0-9].*x[0-9].*|cons25|console|cygwin|.*direct.*|dtterm|gnome|hurd|jfbterm|konsole|kterm|linux|linux-c|mlterm|putty|rxvt.*|screen.*|st|terminator|tmux.*|vt100|xterm.*)$/;

/** Null where there are to be none after all: an unknown terminal and no setting. */
export async function readColors(io: Io): Promise<Colors | null> {
  const setting = getenv(io.envp, 'LS_COLORS');
  if (!setting && !getenv(io.envp, 'COLORTERM') && !KNOWN_TERMINALS.test(getenv(io.envp, 'TERM') ?? '')) return null;
  const colors = new Map(DEFAULTS);
  for (const part of (setting ?? '').split(':')) {
    if (part === '') continue;
    const m = /^(\*[^=]*|[a-z]{2})=(.*)$/s.exec(part);
    if (!m) {
      await io.warn('unparsable value for LS_COLORS environment variable');
      return new Map();
    }
    colors.set(m[1] as string, m[2] as string);
  }
  return colors;
}

/** The SGR parameters for a file, null for none. `mode` 0 is a missing one. */
export function colorOf(colors: Colors, name: string, stat: Stat | null, type: number, target: Stat | null): string | null {
  const code = codeOf(colors, name, stat, type, target);
  return code === null || /^0*$/.test(code) ? null : code;
}

function codeOf(colors: Colors, name: string, stat: Stat | null, type: number, target: Stat | null): string | null {
  const mode = stat?.st_mode ?? type;
  switch (mode & S_IFMT) {
    case S_IFDIR:
      return colors.get(directoryKey(mode)) ?? colors.get('di') ?? null;
    case S_IFLNK:
      return linkColor(colors, name, target);
    case S_IFIFO:
      return colors.get('pi') ?? null;
    case S_IFSOCK:
      return colors.get('so') ?? null;
    case S_IFBLK:
      return colors.get('bd') ?? null;
    case S_IFCHR:
      return colors.get('cd') ?? null;
    default:
      return fileColor(colors, name, mode);
  }
}

function directoryKey(mode: number): string {
  if (mode & S_ISVTX) return mode & 2 ? 'tw' : 'st';
  return mode & 2 ? 'ow' : 'di';
}

function linkColor(colors: Colors, name: string, target: Stat | null): string | null {
  if (!target && colors.has('or')) return colors.get('or') ?? null;
  if (colors.get('ln') === 'target') return target ? codeOf(colors, name, target, target.st_mode, null) : null;
  return colors.get('ln') ?? null;
}

function fileColor(colors: Colors, name: string, mode: number): string | null {
  if (mode & S_ISUID && colors.has('su')) return colors.get('su') ?? null;
  if (mode & S_ISGID && colors.has('sg')) return colors.get('sg') ?? null;
  if (mode & 0o111 && colors.has('ex')) return colors.get('ex') ?? null;
  let best: string | null = null;
  for (const [key, code] of colors) if (key.startsWith('*') && name.endsWith(key.slice(1))) best = code;
  return best ?? colors.get('fi') ?? null;
}
