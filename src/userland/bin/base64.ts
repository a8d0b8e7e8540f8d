/** base64(1). */
import { fromLatin1, latin1 } from '../../uapi/bytes.ts';
import { type Errno, IS_ERR } from '../../uapi/errno.ts';
import { O_RDONLY } from '../../uapi/fcntl.ts';
import type { Bytes, Fd } from '../../uapi/types.ts';
import { command, type Io } from '../lib/command.ts';
import { Failure, UsageError } from '../lib/error.ts';
import { BUFSIZ } from '../lib/stdio.ts';

export const main = command(
  {
    name: 'base64',
    usage: ['[OPTION]... [FILE]'],
    summary: 'Writes bytes as base64, or reads it.',
    options: [
      ['-d, --decode', 'read base64'],
      ['-i, --ignore-garbage', 'with -d: pass over what is not of the alphabet'],
      ['-w, --wrap=COLS', 'break lines after COLS characters (76); 0 never'],
    ],
  },
  async (io, options, operands) => {
    if (operands.length > 1) throw new UsageError(`extra operand ${io.quote(operands[1] ?? '')}`);
    const text = options.value('w') ?? '76';
    if (!/^\d+$/.test(text)) throw new Failure(`invalid wrap size: ${io.quote(text)}`);
    const name = operands[0] ?? '-';
    const fd = name === '-' ? 0 : await io.sys.open(name, O_RDONLY);
    if (IS_ERR(fd)) throw new Failure(`${io.quoteIfNeeded(name)}: ${fd.message}`);
    const error = await (options.has('d') ? decode(io, fd, options.has('i')) : encode(io, fd, Number(text)));
    if (IS_ERR(error)) throw new Failure(`read error: ${error.message}`);
    return undefined;
  },
);

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function group(bytes: Bytes, at: number): string {
  const [a = 0, b = 0, c = 0] = bytes.subarray(at, at + 3);
  const letters = [a >> 2, ((a & 3) << 4) | (b >> 4), ((b & 15) << 2) | (c >> 6), c & 63].map((n) => ALPHABET[n] as string).join('');
  return letters.slice(0, bytes.length - at + 1).padEnd(4, '=');
}

async function encode(io: Io, fd: Fd, width: number): Promise<0 | Errno> {
  let [rest, line]: [Bytes, string] = [new Uint8Array(), ''];
  for (;;) {
    const chunk = await io.sys.read(fd, BUFSIZ);
    if (IS_ERR(chunk)) return chunk;
    const bytes = Uint8Array.from([...rest, ...chunk]);
    const end = chunk.length === 0 ? bytes.length : bytes.length - (bytes.length % 3);
    for (let at = 0; at < end; at += 3) line += group(bytes.subarray(0, end), at);
    rest = bytes.subarray(end);
    const whole = width === 0 ? 0 : line.length - (line.length % width);
    for (let at = 0; at < whole; at += width) io.stdout.put(`${line.slice(at, at + width)}\n`);
    line = line.slice(whole);
    if (width === 0) io.stdout.put(line);
    if (width === 0) line = '';
    if (io.stdout.full) await io.stdout.flush();
    if (chunk.length === 0) {
      io.stdout.put(line === '' ? '' : `${line}\n`);
      return 0;
    }
    if (io.stdout.error) return 0;
  }
}

async function decode(io: Io, fd: Fd, ignore: boolean): Promise<0 | Errno> {
  let rest = '';
  for (;;) {
    const chunk = await io.sys.read(fd, BUFSIZ);
    if (IS_ERR(chunk)) return chunk;
    rest += ignore ? latin1(chunk).replace(/[^A-Za-z0-9+/=]/g, '') : latin1(chunk).replaceAll('\n', '');
    const whole = chunk.length === 0 ? rest.length : rest.length - (rest.length % 4);
    const { text, valid } = decodeGroups(rest.slice(0, whole));
    io.stdout.put(fromLatin1(text));
    if (!valid) throw new Failure('invalid input');
    rest = rest.slice(whole);
    if (io.stdout.full) await io.stdout.flush();
    if (chunk.length === 0 || io.stdout.error) return 0;
  }
}

/** What could be read before the first thing that is wrong. */
function decodeGroups(letters: string): { text: string; valid: boolean } {
  let text = '';
  for (let at = 0; at < letters.length; at += 4) {
    const four = letters.slice(at, at + 4);
    const good = /^[A-Za-z0-9+/]*/.exec(four)?.[0] ?? '';
    let bits = 0;
    for (const c of good.padEnd(4, 'A')) bits = (bits << 6) | ALPHABET.indexOf(c);
    text += String.fromCharCode((bits >> 16) & 255, (bits >> 8) & 255, bits & 255).slice(0, Math.max(0, good.length - 1));
    const padded = four.length === 4 && good.length >= 2 && four === good.padEnd(4, '=');
    if (!padded) return { text, valid: false };
  }
  return { text, valid: true };
}
