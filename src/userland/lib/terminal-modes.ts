/** The modes of a terminal by stty(1)'s names, and the sane ones. */
import {
  BRKINT,
  ECHO,
  ECHOCTL,
  ECHOE,
  ECHOK,
  ECHOKE,
  ECHONL,
  ICANON,
  ICRNL,
  IEXTEN,
  IGNBRK,
  IGNCR,
  INLCR,
  ISIG,
  IUTF8,
  IXANY,
  IXOFF,
  IXON,
  NOFLSH,
  ONLCR,
  OPOST,
  type Termios,
  TOSTOP,
  VDISCARD,
  VEOF,
  VEOL,
  VEOL2,
  VERASE,
  VINTR,
  VKILL,
  VLNEXT,
  VMIN,
  VQUIT,
  VREPRINT,
  VSTART,
  VSTOP,
  VSUSP,
  VTIME,
  VWERASE,
} from '../../uapi/termios.ts';

export type FlagField = 'c_iflag' | 'c_oflag' | 'c_cflag' | 'c_lflag';

export interface FlagMode {
  readonly name: string;
  readonly field: FlagField;
  readonly bit: number;
  /** Whether `sane` sets it. */
  readonly sane: boolean;
}

const flag = (name: string, field: FlagField, bit: number, sane = false): FlagMode => ({ name, field, bit, sane });

/** In the order of `stty -a`, group by group. */
export const CONTROL_MODES: readonly FlagMode[] = [
  flag('parenb', 'c_cflag', 0o400),
  flag('parodd', 'c_cflag', 0o1000),
  flag('cmspar', 'c_cflag', 0o10000000000),
  flag('hupcl', 'c_cflag', 0o2000),
  flag('cstopb', 'c_cflag', 0o100),
  flag('cread', 'c_cflag', 0o200, true),
  flag('clocal', 'c_cflag', 0o4000),
  flag('crtscts', 'c_cflag', 0o20000000000),
];
export const INPUT_MODES: readonly FlagMode[] = [
  flag('ignbrk', 'c_iflag', IGNBRK),
  flag('brkint', 'c_iflag', BRKINT, true),
  flag('ignpar', 'c_iflag', 0o4),
  flag('parmrk', 'c_iflag', 0o10),
  flag('inpck', 'c_iflag', 0o20),
  flag('istrip', 'c_iflag', 0o40),
  flag('inlcr', 'c_iflag', INLCR),
  flag('igncr', 'c_iflag', IGNCR),
  flag('icrnl', 'c_iflag', ICRNL, true),
  flag('ixon', 'c_iflag', IXON, true),
  flag('ixoff', 'c_iflag', IXOFF),
  flag('iuclc', 'c_iflag', 0o1000),
  flag('ixany', 'c_iflag', IXANY),
  flag('imaxbel', 'c_iflag', 0o20000, true),
  flag('iutf8', 'c_iflag', IUTF8),
];
export const OUTPUT_MODES: readonly FlagMode[] = [
  flag('opost', 'c_oflag', OPOST, true),
  flag('olcuc', 'c_oflag', 0o2),
  flag('ocrnl', 'c_oflag', 0o10),
  flag('onlcr', 'c_oflag', ONLCR, true),
  flag('onocr', 'c_oflag', 0o20),
  flag('onlret', 'c_oflag', 0o40),
  flag('ofill', 'c_oflag', 0o100),
  flag('ofdel', 'c_oflag', 0o200),
];
export const LOCAL_MODES: readonly FlagMode[] = [
  flag('isig', 'c_lflag', ISIG, true),
  flag('icanon', 'c_lflag', ICANON, true),
  flag('iexten', 'c_lflag', IEXTEN, true),
  flag('echo', 'c_lflag', ECHO, true),
  flag('echoe', 'c_lflag', ECHOE, true),
  flag('echok', 'c_lflag', ECHOK, true),
  flag('echonl', 'c_lflag', ECHONL),
  flag('noflsh', 'c_lflag', NOFLSH),
  flag('xcase', 'c_lflag', 0o4),
  flag('tostop', 'c_lflag', TOSTOP),
  flag('echoprt', 'c_lflag', 0o2000),
  flag('echoctl', 'c_lflag', ECHOCTL, true),
  flag('echoke', 'c_lflag', ECHOKE, true),
  flag('flusho', 'c_lflag', 0o10000),
  flag('extproc', 'c_lflag', 0o200000),
];
export const ALL_MODES: readonly FlagMode[] = [...CONTROL_MODES, ...INPUT_MODES, ...OUTPUT_MODES, ...LOCAL_MODES];

export interface ControlCharacter {
  readonly name: string;
  readonly index: number;
  readonly sane: number;
}

const control = (letter: string): number => letter.charCodeAt(0) & 31;

export const CONTROL_CHARACTERS: readonly ControlCharacter[] = [
  { name: 'intr', index: VINTR, sane: control('C') },
  { name: 'quit', index: VQUIT, sane: 28 },
  { name: 'erase', index: VERASE, sane: 127 },
  { name: 'kill', index: VKILL, sane: control('U') },
  { name: 'eof', index: VEOF, sane: control('D') },
  { name: 'eol', index: VEOL, sane: 0 },
  { name: 'eol2', index: VEOL2, sane: 0 },
  { name: 'swtch', index: 7, sane: 0 },
  { name: 'start', index: VSTART, sane: control('Q') },
  { name: 'stop', index: VSTOP, sane: control('S') },
  { name: 'susp', index: VSUSP, sane: control('Z') },
  { name: 'rprnt', index: VREPRINT, sane: control('R') },
  { name: 'werase', index: VWERASE, sane: control('W') },
  { name: 'lnext', index: VLNEXT, sane: control('V') },
  { name: 'discard', index: VDISCARD, sane: control('O') },
];

/** The modes of a fresh terminal, as far as `sane` goes. */
export function sane(old: Termios): Termios {
  const modes: Termios = { ...old, c_cc: [...old.c_cc] };
  for (const { field, bit, sane: set, name } of ALL_MODES) {
    if (field === 'c_cflag' && name !== 'cread') continue;
    if (name === 'iutf8' || name === 'ixany' || name === 'xcase') continue;
    modes[field] = set ? modes[field] | bit : modes[field] & ~bit;
  }
  for (const { index, sane: value } of CONTROL_CHARACTERS) modes.c_cc[index] = value;
  modes.c_cc[VMIN] = 1;
  modes.c_cc[VTIME] = 0;
  return modes;
}

/** "^C", "M-x", "<undef>". */
export function showCharacter(value: number): string {
  if (value === 0) return '<undef>';
  const low = value & 127;
  const shown = low < 32 ? `^${String.fromCharCode(low + 64)}` : low === 127 ? '^?' : String.fromCharCode(low);
  return value > 127 ? `M-${shown}` : shown;
}

/** What one types for a control character: "^C", "^-" or "undef" for none, a number or the character. */
export function readCharacter(text: string): number | null {
  if (text === '^-' || text === 'undef') return 0;
  if (text === '^?') return 127;
  if (/^\^[\s\S]$/.test(text)) return control(text.slice(1).toUpperCase());
  if (text.length === 1) return text.charCodeAt(0);
  if (/^(0x[0-9a-f]+|\d+)$/i.test(text)) return Number(text.replace(/^0(?=[0-7]+$)/, '0o')) & 255;
  return null;
}
