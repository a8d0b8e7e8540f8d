/** reset(1): the terminal's modes as they were at first, then the terminal itself. */
import { IS_ERR } from '../../uapi/errno.ts';
import { command } from '../lib/command.ts';
import { sane } from '../lib/terminal-modes.ts';

export const main = command(
  {
    name: 'reset',
    usage: ['[OPTION]... [TERMINAL]'],
    summary: 'Puts the terminal right again after a program has left it in a mess.',
    options: [
      ['-q', 'only print the kind of terminal'],
      ['-Q', 'do not print the control characters'],
      ['-I', 'leave the terminal itself alone'],
      ['-V', 'show the version and exit'],
    ],
    follows: 'ncurses 6.4',
    shortName: true,
  },
  async (io, options) => {
    const modes = io.sys.ioctl(2, 'TCGETS');
    if (IS_ERR(modes)) {
      await io.complain(`${io.name}: standard error: ${modes.message}\n`);
      return 1;
    }
    io.sys.ioctl(2, 'TCSETSW', sane(modes));
    if (!options.has('I')) await io.complain('\x1bc\x1b[!p\x1b[?3;4l\x1b[4l\x1b>\x1b[?1000l\x1b[?25h\r');
    return 0;
  },
);
