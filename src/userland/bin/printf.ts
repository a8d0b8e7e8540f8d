/** printf(1), the program; shells have one built in. */
import { encode } from '../../uapi/bytes.ts';
import type { Program } from '../../uapi/syscalls.ts';
import { command, type Io } from '../lib/command.ts';
import { Failure, UsageError } from '../lib/error.ts';
import { readEscapes } from '../lib/escapes.ts';
import { formatFloat, formatInteger } from '../lib/format-number.ts';
import { quoteIfNeeded } from '../lib/quote.ts';

const spec = {
  name: 'printf',
  usage: ['FORMAT [ARGUMENT]...', 'OPTION'],
  summary: 'Prints the arguments by the format, which is used again while arguments are left.',
  notes: [
    '  \\NNN \\xHH \\uHHHH \\UHHHHHHHH \\a \\b \\c \\e \\f \\n \\r \\t \\v \\" \\\\',
    '  %% %b %q %d %i %o %u %x %X %f %F %e %E %g %G %a %A %c %s, with flags, width and precision',
  ],
};

/** Only a lone --help or --version is an option. */
export const main: Program = async (sys, argv, envp) => {
  const asked = argv.length === 2 && (argv[1] === '--help' || argv[1] === '--version');
  const args = argv[1] === '--' ? argv.slice(2) : argv.slice(1);
  return await command(spec, async (io) => await new Printf(io).run(args))(sys, asked ? argv : argv.slice(0, 1), envp);
};

class Printf {
  private args: readonly string[] = [];
  private next = 0;
  /** `\c` was met. */
  private stopped = false;

  constructor(private readonly io: Io) {}

  async run([format, ...args]: readonly string[]): Promise<undefined> {
    if (format === undefined) throw new UsageError('missing operand');
    this.args = args;
    do {
      const before = this.next;
      await this.once(format);
      if (this.next === before && this.next < args.length && !this.stopped) {
        await this.io.warn(`warning: ignoring excess arguments, starting with ${this.io.quote(args[this.next] ?? '')}`);
        return;
      }
    } while (this.next < args.length && !this.stopped);
  }

  private async once(format: string): Promise<void> {
    for (let at = 0; at < format.length && !this.stopped; ) {
      const percent = format.indexOf('%', at);
      const text = readEscapes(format.slice(at, percent < 0 ? undefined : percent), 'format');
      this.io.stdout.put(text.text);
      this.stopped = text.stopped;
      if (percent < 0 || this.stopped) return;
      at = await this.directive(format, percent);
    }
  }

  /** Answers where the format goes on. */
  private async directive(format: string, at: number): Promise<number> {
    const pattern = /%([-+ #0']*)(\*|\d*)(?:\.(\*|\d*))?[hlLjzt]*([\s\S]?)/y;
    pattern.lastIndex = at;
    const [whole = '', flags = '', width = '', precision, letter = ''] = pattern.exec(format) ?? [];
    if (letter === '%' && whole === '%%') {
      this.io.stdout.put('%');
      return at + whole.length;
    }
    const wide = width === '*' ? await this.integer(this.take()) : BigInt(width || 0);
    const exact = precision === '*' ? await this.integer(this.take()) : precision === undefined ? -1n : BigInt(precision || 0);
    const how = { flags: wide < 0n ? `${flags}-` : flags, width: Math.abs(Number(wide)), precision: Number(exact), letter };
    const text = await this.convert(how, whole);
    this.io.stdout.put(text);
    return at + whole.length;
  }

  private async convert(how: { flags: string; width: number; precision: number; letter: string }, whole: string): Promise<string> {
    switch (how.letter) {
      case 'd':
      case 'i':
      case 'o':
      case 'u':
      case 'x':
      case 'X':
        return formatInteger(await this.integer(this.take()), how);
      case 'f':
      case 'F':
      case 'e':
      case 'E':
      case 'g':
      case 'G':
      case 'a':
      case 'A':
        return formatFloat(await this.float(this.take()), how);
      case 'c':
        return pad(firstByte(this.take() ?? ''), { ...how, precision: -1 });
      case 's':
        return pad(this.take() ?? '', how);
      case 'q':
        return pad(quoteIfNeeded(this.take() ?? '', this.io.charset, ''), how);
      case 'b': {
        const { text, stopped } = readEscapes(this.take() ?? '', '%b');
        this.stopped = stopped;
        return text;
      }
      default:
        throw new Failure(`${whole}: invalid conversion specification`);
    }
  }

  private take(): string | undefined {
    return this.next < this.args.length ? this.args[this.next++] : undefined;
  }

  /** strtoll with its complaints; 'c is the character's number. */
  private async integer(text: string | undefined): Promise<bigint> {
    if (text === undefined || text === '') return text === '' ? await this.notNumeric('', 0n) : 0n;
    if (/^["']/.test(text) && text.length > 1) return BigInt(text.codePointAt(1) as number);
    const m = /^\s*([-+]?)(0x[0-9a-f]+|0[0-7]*|[1-9]\d*)/i.exec(text);
    if (!m) return await this.notNumeric(text, 0n);
    const digits = m[2] as string;
    const value = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits) * (m[1] === '-' ? -1n : 1n);
    if (m[0].length < text.length) await this.io.fail(`${this.io.quote(text)}: value not completely converted`);
    return await this.clamped(text, value);
  }

  private async clamped(text: string, value: bigint): Promise<bigint> {
    const [low, high] = [-(2n ** 63n), 2n ** 63n - 1n];
    if (value >= low && value <= high) return value;
    await this.io.fail(`${this.io.quote(text)}: Numerical result out of range`);
    return value < low ? low : high;
  }

  private async notNumeric<T>(text: string, value: T): Promise<T> {
    await this.io.fail(`${this.io.quote(text)}: expected a numeric value`);
    return value;
  }

  private async float(text: string | undefined): Promise<number> {
    if (text === undefined) return 0;
    if (/^["']/.test(text) && text.length > 1) return text.codePointAt(1) as number;
    const m = /^\s*([-+]?)(\d+\.?\d*(?:e[-+]?\d+)?|\.\d+(?:e[-+]?\d+)?|0x[0-9a-f]+|inf(?:inity)?|nan)/i.exec(text);
    if (!m) return await this.notNumeric(text, 0);
    const word = (m[2] as string).toLowerCase();
    const size = word.startsWith('inf') ? Number.POSITIVE_INFINITY : Number(word);
    if (m[0].length < text.length) await this.io.fail(`${this.io.quote(text)}: value not completely converted`);
    return m[1] === '-' ? -size : size;
  }
}

function firstByte(text: string): string {
  const [byte] = encode(text);
  return byte === undefined ? '\0' : byte < 128 ? String.fromCharCode(byte) : String.fromCharCode(0xdc00 + byte);
}

/** Width and precision count bytes. */
function pad(text: string, how: { flags: string; width: number; precision: number }): string {
  const cut = how.precision >= 0 ? cutBytes(text, how.precision) : text;
  const room = ' '.repeat(Math.max(0, how.width - encode(cut).length));
  return how.flags.includes('-') ? cut + room : room + cut;
}

function cutBytes(text: string, most: number): string {
  let out = '';
  let used = 0;
  for (const c of text) {
    used += encode(c).length;
    if (used > most) break;
    out += c;
  }
  return out;
}
