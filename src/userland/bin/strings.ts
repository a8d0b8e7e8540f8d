/** strings: the printable text in files. Follows GNU binutils 2.40. */
import { type Errno, IS_ERR } from '../../uapi/errno.ts';
import { O_RDONLY } from '../../uapi/fcntl.ts';
import { S_ISDIR } from '../../uapi/stat.ts';
import type { Fd } from '../../uapi/types.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { Failure } from '../lib/error.ts';
import type { ParsedOption } from '../lib/getopt.ts';
import { BUFSIZ } from '../lib/stdio.ts';

export const main = command(
  {
    name: 'strings',
    usage: ['[option(s)] [file(s)]'],
    summary: ' Display printable strings in [file(s)] (stdin by default)',
    follows: 'GNU Binutils 2.40',
    options: [
      ['-a, --all', 'scan the entire file, not just the data section'],
      ['-d, --data', 'only scan the data sections in the file (not supported here)'],
      ['-f, --print-file-name', 'print the name of the file before each string'],
      ['-n, --bytes=NUMBER', 'print any sequence of at least NUMBER characters (4)'],
      ['-o', 'an alias for --radix=o'],
      ['-t, --radix=RADIX', 'print the location of the string in base 8, 10 or 16'],
      ['-w, --include-all-whitespace', 'include all whitespace as valid string characters'],
      ['-s, --output-separator=STRING', 'string used to separate strings in output'],
    ],
    special: oldStyle,
  },
  async (io, options, operands) => {
    const how = howOf(options);
    if (operands.length === 0) await dump(io, 0, '{standard input}', how);
    for (const name of operands) await file(io, name, how);
    return undefined;
  },
);

/** "-8" is a length. */
function oldStyle(argument: string): ParsedOption | null {
  return /^-\d+$/.test(argument) ? { key: 'n', value: argument.slice(1) } : null;
}

interface How {
  readonly least: number;
  readonly radix: number | null;
  readonly names: boolean;
  readonly blanks: boolean;
  readonly separator: string;
}

function howOf(options: Options): How {
  if (options.has('d')) throw new Failure('-d is not supported here: every byte is looked at');
  const text = options.value('n') ?? '4';
  if (!/^(0x[\da-f]+|\d+)$/i.test(text)) throw new Failure(`invalid integer argument ${text}`);
  const least = Number(text);
  if (least < 1) throw new Failure(`invalid minimum string length ${least}`);
  const radix = options.has('o') && !options.has('t') ? 'o' : options.value('t');
  const base = radix === null ? null : { o: 8, d: 10, x: 16 }[radix];
  if (base === undefined) throw new Failure(`invalid radix: ${radix}`);
  return { least, radix: base, names: options.has('f'), blanks: options.has('w'), separator: options.value('s') ?? '\n' };
}

async function file(io: Io, name: string, how: How): Promise<void> {
  const st = io.sys.stat(name);
  if (IS_ERR(st))
    return await io.fail(st.code === 'ENOENT' ? `'${name}': No such file` : `Warning: could not locate '${name}'.  reason: ${st.message}`);
  if (S_ISDIR(st.st_mode)) return await io.fail(`Warning: '${name}' is a directory`);
  const fd = await io.sys.open(name, O_RDONLY);
  if (IS_ERR(fd)) return await io.fail(name, fd);
  const error = await dump(io, fd, name, how);
  io.sys.close(fd);
  if (IS_ERR(error)) await io.fail(name, error);
}

async function dump(io: Io, fd: Fd, name: string, how: How): Promise<0 | Errno> {
  let [run, start, at] = ['', 0, 0];
  const end = (): void => {
    if (run.length >= how.least) io.stdout.put(line(name, start, run, how));
    run = '';
  };
  for (;;) {
    const chunk = await io.sys.read(fd, BUFSIZ);
    if (IS_ERR(chunk)) return chunk;
    for (const byte of chunk) {
      if (isText(byte, how.blanks)) {
        if (run === '') start = at;
        run += String.fromCharCode(byte);
      } else end();
      at++;
    }
    if (io.stdout.full) await io.stdout.flush();
    if (chunk.length === 0) end();
    if (chunk.length === 0 || io.stdout.error) return 0;
  }
}

function isText(byte: number, blanks: boolean): boolean {
  return (byte >= 32 && byte < 127) || byte === 9 || (blanks && byte >= 9 && byte <= 13);
}

function line(name: string, start: number, text: string, how: How): string {
  const where = how.radix === null ? '' : `${start.toString(how.radix).padStart(7)} `;
  return `${how.names ? `${name}: ` : ''}${where}${text}${how.separator}`;
}
