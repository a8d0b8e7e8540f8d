/** How a terminal is set when nobody has set it. Follows drivers/tty/tty_io.c tty_std_termios and include/asm-generic/termios.h. */
import * as T from '../../../uapi/termios.ts';

const CTRL = (letter: string): number => letter.charCodeAt(0) & 0x1f;
const B38400 = 0o17;
const CS8 = 0o60;
const CREAD = 0o200;

const INIT_C_CC: Readonly<Record<number, number>> = {
  [T.VINTR]: CTRL('C'),
  [T.VQUIT]: 0o34,
  [T.VERASE]: 0o177,
  [T.VKILL]: CTRL('U'),
  [T.VEOF]: CTRL('D'),
  [T.VMIN]: 1,
  [T.VSTART]: CTRL('Q'),
  [T.VSTOP]: CTRL('S'),
  [T.VSUSP]: CTRL('Z'),
  [T.VREPRINT]: CTRL('R'),
  [T.VDISCARD]: CTRL('O'),
  [T.VWERASE]: CTRL('W'),
  [T.VLNEXT]: CTRL('V'),
};

/**
 * As a terminal emulator hands it over: the kernel's own settings, and IUTF8.
 * @linux drivers/tty/tty_io.c tty_std_termios #P[IUTF8 set]
 */
export function tty_std_termios(): T.Termios {
  return {
    c_iflag: T.ICRNL | T.IXON | T.IUTF8,
    c_oflag: T.OPOST | T.ONLCR,
    c_cflag: B38400 | CS8 | CREAD,
    c_lflag: T.ISIG | T.ICANON | T.ECHO | T.ECHOE | T.ECHOK | T.ECHOCTL | T.ECHOKE | T.IEXTEN,
    c_cc: Array.from({ length: T.NCCS }, (_, i) => INIT_C_CC[i] ?? 0),
  };
}

export const iflag = (t: T.Termios, bit: number): boolean => (t.c_iflag & bit) !== 0;
export const oflag = (t: T.Termios, bit: number): boolean => (t.c_oflag & bit) !== 0;
export const lflag = (t: T.Termios, bit: number): boolean => (t.c_lflag & bit) !== 0;
/** True when `c` is the control character at `index`, which 0 switches off. */
export const is_cc = (t: T.Termios, index: number, c: number): boolean => c !== 0 && t.c_cc[index] === c;
