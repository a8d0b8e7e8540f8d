/** stty(1). */
import { type Errno, IS_ERR } from '../../uapi/errno.ts';
import { O_NONBLOCK, O_RDONLY } from '../../uapi/fcntl.ts';
import { type Termios, VMIN, VTIME } from '../../uapi/termios.ts';
import type { Fd } from '../../uapi/types.ts';
import { command, type Io } from '../lib/command.ts';
import { Failure, UsageError } from '../lib/error.ts';
import {
  ALL_MODES,
  CONTROL_CHARACTERS,
  CONTROL_MODES,
  type FlagMode,
  INPUT_MODES,
  LOCAL_MODES,
  OUTPUT_MODES,
  readCharacter,
  sane,
  showCharacter,
} from '../lib/terminal-modes.ts';

export const main = command(
  {
    name: 'stty',
    usage: [
      '[-F DEVICE | --file=DEVICE] [SETTING]...',
      '[-F DEVICE | --file=DEVICE] [-a|--all]',
      '[-F DEVICE | --file=DEVICE] [-g|--save]',
    ],
    summary: 'Prints or changes the modes of the terminal on standard input.',
    options: [
      ['-a, --all', 'all modes'],
      ['-g, --save', 'all modes in a form that stty reads again'],
      ['-F, --file=DEVICE', 'this terminal instead'],
    ],
    notes: [
      'SETTINGs: MODE or -MODE; a control character and its key; min N, time N, rows N, cols N;',
      'size, speed; sane, raw, cooked, cbreak, ek, evenp, nl, crt, dec.',
    ],
    // "-echo" is a setting, and settings work in order.
    permute: false,
    special: (argument) => (/^-(?!F)[a-z0-9]{2,}$/.test(argument) ? { key: 'setting', value: argument } : null),
  },
  async (io, options, operands) => {
    const settings = [...options.values('setting'), ...operands];
    const device = options.value('F');
    const fd = device === null ? 0 : await io.sys.open(device, O_RDONLY | O_NONBLOCK);
    if (IS_ERR(fd)) throw new Failure(`${io.quoteIfNeeded(device ?? '')}: ${fd.message}`);
    const name = device === null ? "'standard input'" : io.quoteIfNeeded(device);
    const terminal = new Terminal(io, fd, name);
    if (options.has('a') && options.has('g'))
      throw new Failure('the options for verbose and stty-readable output styles are\nmutually exclusive');
    if ((options.has('a') || options.has('g')) && settings.length > 0)
      throw new Failure('when specifying an output style, modes may not be set');
    if (options.has('a')) terminal.showAll();
    else if (options.has('g')) terminal.save();
    else if (settings.length === 0) terminal.showChanged();
    else terminal.apply(settings);
    return undefined;
  },
);

const SHORTHANDS: Readonly<Record<string, readonly string[]>> = {
  raw: [
    '-ignbrk',
    '-brkint',
    '-ignpar',
    '-parmrk',
    '-inpck',
    '-istrip',
    '-inlcr',
    '-igncr',
    '-icrnl',
    '-ixon',
    '-ixoff',
    '-icanon',
    '-opost',
    '-isig',
    '-iuclc',
    '-ixany',
    '-imaxbel',
    '-xcase',
    'min',
    '1',
    'time',
    '0',
  ],
  cooked: ['brkint', 'ignpar', 'istrip', 'icrnl', 'ixon', 'opost', 'isig', 'icanon'],
  cbreak: ['-icanon'],
  nl: ['-icrnl', '-onlcr'],
  '-nl': ['icrnl', '-inlcr', '-igncr', 'onlcr', '-ocrnl', '-onlret'],
  crt: ['echoe', 'echoctl', 'echoke'],
  ek: ['erase', '^?', 'kill', '^U'],
};
const ALIASES: Readonly<Record<string, string>> = {
  '-raw': 'cooked',
  '-cooked': 'raw',
  hup: 'hupcl',
  '-hup': '-hupcl',
  crterase: 'echoe',
  ctlecho: 'echoctl',
  prterase: 'echoprt',
  crtkill: 'echoke',
  columns: 'cols',
  tandem: 'ixoff',
};

class Terminal {
  constructor(
    private readonly io: Io,
    private readonly fd: Fd,
    private readonly name: string,
  ) {}

  private get modes(): Termios {
    return this.checked(this.io.sys.ioctl(this.fd, 'TCGETS'));
  }

  private checked<T extends object>(value: T | Errno): T {
    if (IS_ERR(value)) throw new Failure(`${this.name}: ${value.message}`);
    return value;
  }

  showAll(): void {
    const modes = this.modes;
    const size = this.io.sys.ioctl(this.fd, 'TIOCGWINSZ');
    const window = IS_ERR(size) ? '' : ` rows ${size.ws_row}; columns ${size.ws_col};`;
    this.io.stdout.put(`speed 38400 baud;${window} line = 0;\n`);
    const characters = CONTROL_CHARACTERS.map(({ name, index }) => `${name} = ${showCharacter(modes.c_cc[index] ?? 0)};`);
    this.io.stdout.put(this.wrapped([...characters, `min = ${modes.c_cc[VMIN] ?? 0};`, `time = ${modes.c_cc[VTIME] ?? 0};`]));
    const state = ({ name, field, bit }: FlagMode): string => ((modes[field] & bit) !== 0 ? name : `-${name}`);
    const size8 = (modes.c_cflag & 0o60) === 0o60 ? 'cs8' : 'cs7';
    const control = CONTROL_MODES.map(state);
    this.io.stdout.put(this.wrapped([...control.slice(0, 3), size8, ...control.slice(3)]));
    this.io.stdout.put(this.wrapped(INPUT_MODES.map(state)));
    this.io.stdout.put(this.wrapped([...OUTPUT_MODES.map(state), 'nl0', 'cr0', 'tab0', 'bs0', 'vt0', 'ff0']));
    this.io.stdout.put(this.wrapped(LOCAL_MODES.map(state)));
  }

  /** What differs from `sane`. */
  showChanged(): void {
    const modes = this.modes;
    const usual = sane(modes);
    this.io.stdout.put('speed 38400 baud; line = 0;\n');
    const characters = CONTROL_CHARACTERS.filter(({ index }) => modes.c_cc[index] !== usual.c_cc[index]);
    this.io.stdout.put(this.wrapped(characters.map(({ name, index }) => `${name} = ${showCharacter(modes.c_cc[index] ?? 0)};`)));
    const flags = ALL_MODES.filter(
      ({ field, bit, sane: set, name }) => name !== 'cread' && field !== 'c_cflag' && ((modes[field] & bit) !== 0) !== set,
    );
    this.io.stdout.put(this.wrapped(flags.map(({ name, sane: set }) => (set ? `-${name}` : name))));
  }

  save(): void {
    const { c_iflag, c_oflag, c_cflag, c_lflag, c_cc } = this.modes;
    this.io.stdout.put(`${[c_iflag, c_oflag, c_cflag, c_lflag, ...c_cc].map((n) => (n >>> 0).toString(16)).join(':')}\n`);
  }

  private wrapped(words: readonly string[]): string {
    if (words.length === 0) return '';
    const size = this.io.sys.ioctl(1, 'TIOCGWINSZ');
    const width = IS_ERR(size) || size.ws_col === 0 ? 80 : size.ws_col;
    let out = '';
    let column = 0;
    for (const word of words) {
      const breaks = column > 0 && column + 1 + word.length >= width;
      out += column === 0 ? word : breaks ? `\n${word}` : ` ${word}`;
      column = column === 0 || breaks ? word.length : column + 1 + word.length;
    }
    return `${out}\n`;
  }

  apply(settings: readonly string[]): void {
    const modes: Termios = { ...this.modes, c_cc: [...this.modes.c_cc] };
    this.applyAll(settings, modes);
    const status = this.io.sys.ioctl(this.fd, 'TCSETSW', modes);
    if (IS_ERR(status)) throw new Failure(`${this.name}: ${status.message}`);
  }

  private applyAll(settings: readonly string[], modes: Termios): void {
    for (let i = 0; i < settings.length; i++) {
      const word = ALIASES[settings[i] as string] ?? (settings[i] as string);
      if (this.applyWord(word, modes)) continue;
      const argument = settings[++i];
      if (argument === undefined && takesArgument(word)) throw new UsageError(`missing argument to ${this.io.quote(word)}`);
      if (!takesArgument(word) || !this.applyWithArgument(word, argument ?? '', modes))
        throw new UsageError(`invalid argument ${this.io.quote(settings[i - 1] as string)}`);
    }
  }

  private applyWord(word: string, modes: Termios): boolean {
    const shorthand = SHORTHANDS[word];
    if (shorthand) {
      this.applyAll(shorthand, modes);
      return true;
    }
    if (word === 'sane') {
      Object.assign(modes, sane(modes));
      return true;
    }
    if (word === '-cbreak') return this.applyWord('icanon', modes);
    if (word === 'size' || word === 'speed') return this.show(word);
    if (/^[0-9a-f]+(:[0-9a-f]+){4,}$/.test(word)) return restore(word, modes);
    const off = word.startsWith('-');
    const mode = ALL_MODES.find(({ name }) => name === (off ? word.slice(1) : word));
    if (!mode) return false;
    modes[mode.field] = off ? modes[mode.field] & ~mode.bit : modes[mode.field] | mode.bit;
    return true;
  }

  private show(word: 'size' | 'speed'): true {
    if (word === 'speed') this.io.stdout.put('38400\n');
    else {
      const size = this.checked(this.io.sys.ioctl(this.fd, 'TIOCGWINSZ'));
      this.io.stdout.put(`${size.ws_row} ${size.ws_col}\n`);
    }
    return true;
  }

  private applyWithArgument(word: string, argument: string, modes: Termios): boolean {
    const character = CONTROL_CHARACTERS.find(({ name }) => name === word);
    if (character) {
      const value = readCharacter(argument);
      if (value === null) throw new UsageError(`invalid integer argument: ${this.io.quote(argument)}`);
      modes.c_cc[character.index] = value;
      return true;
    }
    if (!/^\d+$/.test(argument)) throw new UsageError(`invalid integer argument: ${this.io.quote(argument)}`);
    if (word === 'min') modes.c_cc[VMIN] = Number(argument);
    else if (word === 'time') modes.c_cc[VTIME] = Number(argument);
    else this.resize(word, Number(argument));
    return true;
  }

  private resize(word: string, value: number): void {
    const old = this.checked(this.io.sys.ioctl(this.fd, 'TIOCGWINSZ'));
    const size = word === 'rows' ? { ...old, ws_row: value } : { ...old, ws_col: value };
    const status = this.io.sys.ioctl(this.fd, 'TIOCSWINSZ', size);
    if (IS_ERR(status)) throw new Failure(`${this.name}: ${status.message}`);
  }
}

function takesArgument(word: string): boolean {
  return ['min', 'time', 'rows', 'cols'].includes(word) || CONTROL_CHARACTERS.some(({ name }) => name === word);
}

function restore(text: string, modes: Termios): true {
  const [c_iflag = 0, c_oflag = 0, c_cflag = 0, c_lflag = 0, ...c_cc] = text.split(':').map((n) => Number.parseInt(n, 16));
  Object.assign(modes, { c_iflag, c_oflag, c_cflag, c_lflag, c_cc });
  return true;
}
