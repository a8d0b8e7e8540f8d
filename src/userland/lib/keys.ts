/** A terminal that gives each key at once, as full-screen programs want it; and back as it was. */
import { decode } from '../../uapi/bytes.ts';
import { IS_ERR } from '../../uapi/errno.ts';
import type { Syscalls } from '../../uapi/syscalls.ts';
import { ECHO, ICANON, type Termios, VMIN, VTIME } from '../../uapi/termios.ts';
import type { Fd } from '../../uapi/types.ts';

export interface Keyboard {
  /** One key, or the whole sequence of a special one; '' at the end. */
  next(): Promise<string>;
  restore(): void;
}

/** Null where `fd` is no terminal. */
export function openKeyboard(sys: Syscalls, fd: Fd): Keyboard | null {
  const old = sys.ioctl(fd, 'TCGETS');
  if (IS_ERR(old)) return null;
  const raw: Termios = { ...old, c_lflag: old.c_lflag & ~(ICANON | ECHO), c_cc: [...old.c_cc] };
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  sys.ioctl(fd, 'TCSETSW', raw);
  let held = '';
  return {
    async next() {
      if (held === '') {
        const bytes = await sys.read(fd, 64);
        held = IS_ERR(bytes) ? '' : decode(bytes);
      }
      const key = /^\x1b(?:\[[\d;]*[A-Za-z~]|O.)|^[\s\S]/.exec(held)?.[0] ?? '';
      held = held.slice(key.length);
      return key;
    },
    restore: () => void sys.ioctl(fd, 'TCSETSW', old),
  };
}

export function windowSize(sys: Syscalls, fd: Fd): { rows: number; columns: number } {
  const size = sys.ioctl(fd, 'TIOCGWINSZ');
  return IS_ERR(size) || size.ws_row === 0 ? { rows: 24, columns: 80 } : { rows: size.ws_row, columns: size.ws_col };
}
