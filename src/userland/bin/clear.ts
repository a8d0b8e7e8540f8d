/** clear(1): what terminfo's clear and E3 are on every terminal of today. */
import { command } from '../lib/command.ts';

export const main = command(
  {
    name: 'clear',
    usage: ['[OPTION]...'],
    summary: 'Clears the screen, and what has scrolled off it.',
    options: [
      ['-x', 'keep what has scrolled off'],
      ['-T TERM', 'makes no difference here'],
      ['-V', 'show the version and exit'],
    ],
    follows: 'ncurses 6.4',
    shortName: true,
  },
  async (io, options) => {
    io.stdout.put(`\x1b[H\x1b[2J${options.has('x') ? '' : '\x1b[3J'}`);
    return 0;
  },
);
