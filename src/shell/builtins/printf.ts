/** printf */
import { decode, encode } from '../../uapi/bytes.ts';
import { CLOCK_REALTIME } from '../../uapi/syscalls.ts';
import type { ExitCode } from '../../uapi/types.ts';
import { assignReference, splitReference } from '../assign.ts';
import { ansiCBytes, backslashQuote, readEscape, unicodeAsText } from '../quoting.ts';
import { builtinError, isUtf8 } from '../report.ts';
import type { Shell } from '../shell.ts';
import { strftime } from '../strftime.ts';
import { formatFloat, formatInteger, type Spec } from './format.ts';
import { output } from './options.ts';

const USAGE = 'printf [-v var] format [arguments]';

export async function printf(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  let i = 1;
  let variable: string | undefined;
  while (args[i]?.startsWith('-') && args[i] !== '-') {
    if (args[i] === '--') {
      i++;
      break;
    }
    if (args[i] === '-v' && args[i + 1] !== undefined) {
      variable = args[i + 1] as string;
      i += 2;
      if (!splitReference(variable)) {
        await builtinError(sh, 'printf', `\`${variable}': not a valid identifier`);
        return 2;
      }
    } else if (/^-v./.test(args[i] as string)) {
      variable = (args[i] as string).slice(2);
      i++;
    } else {
      if (args[i] === '-v') await builtinError(sh, 'printf', '-v: option requires an argument');
      else await builtinError(sh, 'printf', `${(args[i] as string).slice(0, 2)}: invalid option`);
      await sh.write(2, `printf: usage: ${USAGE}\n`);
      return 2;
    }
  }
  const format = args[i];
  if (format === undefined) {
    await sh.write(2, `printf: usage: ${USAGE}\n`);
    return 2;
  }
  const f = new Formatter(sh, format, args.slice(i + 1));
  const failed = await f.run();
  const bytes = Uint8Array.from(f.out);
  if (variable !== undefined) await assignReference(sh, variable, decode(bytes.includes(0) ? bytes.subarray(0, bytes.indexOf(0)) : bytes));
  else if ((await output(sh, 'printf', bytes)) !== 0) return 1;
  return failed ? 1 : 0;
}

class Formatter {
  readonly out: number[] = [];
  private at = 0;
  private failed = false;
  private used = false;

  constructor(
    private readonly sh: Shell,
    private readonly format: string,
    private readonly args: readonly string[],
  ) {}

  async run(): Promise<boolean> {
    do {
      this.used = false;
      if (!(await this.once())) return this.failed;
    } while (this.at < this.args.length && this.used);
    return this.failed;
  }

  private put(text: string): void {
    for (const b of encode(text)) this.out.push(b);
  }
  private next(): string | undefined {
    this.used = true;
    return this.args[this.at++];
  }
  private async complain(message: string): Promise<void> {
    await output(this.sh, 'printf', '');
    await builtinError(this.sh, 'printf', message);
    this.failed = true;
  }

  /** One pass over the format; false: stop everything. */
  private async once(): Promise<boolean> {
    const format = isUtf8(this.sh) ? this.format : unicodeAsText(this.format);
    for (let i = 0; i < format.length; ) {
      const c = String.fromCodePoint(format.codePointAt(i) as number);
      if (c === '\\' && i + 1 < format.length) {
        const e = readEscape(format, i + 1, 'format');
        this.out.push(...e.bytes);
        i = e.next;
      } else if (c === '%') {
        const m = /^%([-+ #0']*)(\*|-?\d+)?(?:\.(\*|-?\d*))?(?:[hlLjzt]*)(?:\(([^)]*)\)(?=T))?(.)?/s.exec(
          format.slice(i),
        ) as RegExpExecArray;
        i += m[0].length;
        if (!(await this.conversion(m))) return false;
      } else {
        this.put(c);
        i += c.length;
      }
    }
    return true;
  }

  private async conversion(m: RegExpExecArray): Promise<boolean> {
    const [, flags = '', width, precision, time, type] = m;
    if (type === '%' && m[0] === '%%') {
      this.out.push(37);
      return true;
    }
    if (type === undefined) {
      await this.complain(`\`${m[0].length > 2 ? m[0] : m[0].slice(-1)}': missing format character`);
      return false;
    }
    const spec: Spec = {
      flags,
      width: width === '*' ? Number(await this.integer()) : width === undefined ? undefined : Number(width),
      precision: precision === '*' ? Number(await this.integer()) : precision === undefined ? undefined : Number(precision || 0),
    };
    switch (type) {
      case 's':
        this.string(spec, this.next() ?? '');
        return true;
      case 'b':
        return this.escaped(spec);
      case 'q':
        this.string(spec, backslashQuote(this.next() ?? '', isUtf8(this.sh)));
        return true;
      case 'Q':
        this.quotedAfterwards(spec);
        return true;
      case 'c':
        this.string({ ...spec, precision: undefined }, [...(this.next() ?? '')][0] ?? '\0');
        return true;
      case 'd':
      case 'i':
      case 'u':
      case 'o':
      case 'x':
      case 'X':
        this.put(formatInteger(type, spec, await this.integer()));
        return true;
      case 'e':
      case 'E':
      case 'f':
      case 'F':
      case 'g':
      case 'G':
      case 'a':
      case 'A':
        this.put(formatFloat(type, spec, await this.float()));
        return true;
      case 'T':
        if (time !== undefined) {
          await this.time(spec, time);
          return true;
        }
        break;
      case 'n':
        await assignReference(this.sh, this.next() ?? '', String(this.out.length));
        return true;
    }
    await this.complain(`\`${type}': invalid format character`);
    return false;
  }

  /** Widths count bytes, as the C library's do. */
  private string(spec: Spec, text: string): void {
    this.padded(spec, encode(text));
  }
  private padded(spec: Spec, all: Uint8Array | readonly number[]): void {
    const bytes = spec.precision === undefined || spec.precision < 0 ? all : all.slice(0, spec.precision);
    const width = Math.abs(spec.width ?? 0);
    const left = spec.flags.includes('-') || (spec.width ?? 0) < 0;
    const fill = Array<number>(Math.max(0, width - bytes.length)).fill(32);
    if (!left) this.out.push(...fill);
    for (const b of bytes) this.out.push(b);
    if (left) this.out.push(...fill);
  }

  /** `%Q`: the precision cuts what is quoted. */
  private quotedAfterwards(spec: Spec): void {
    const text = this.next() ?? '';
    const cut = spec.precision === undefined || spec.precision < 0 ? text : text.slice(0, spec.precision);
    this.string({ ...spec, precision: undefined }, backslashQuote(cut, isUtf8(this.sh)));
  }

  private escaped(spec: Spec): boolean {
    const text = this.next() ?? '';
    const { bytes, stopped } = ansiCBytes(isUtf8(this.sh) ? text : unicodeAsText(text), '%b');
    this.padded(spec, bytes);
    return !stopped;
  }

  private async time(spec: Spec, format: string): Promise<void> {
    const text = this.at < this.args.length ? this.next() : undefined;
    this.used = this.used || text !== undefined;
    const now = this.sh.sys.clock_gettime(CLOCK_REALTIME);
    const start = now - (this.sh.sys.clock_gettime(1) - this.sh.secondsBase * 1000);
    const n = text === undefined || text === '-1' ? now : text === '-2' ? start : Number(text) * 1000;
    this.string(spec, strftime(format === '' ? '%X' : format, n));
  }

  private async integer(): Promise<bigint> {
    const text = this.next();
    if (text === undefined || text === '') return 0n;
    if (/^["']/.test(text)) return BigInt(text.codePointAt(1) ?? 0);
    const m = /^\s*([-+]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)/.exec(text);
    if (!m || m[0].length < text.length) await this.complain(`${text}: invalid number`);
    if (!m) return 0n;
    const digits = m[2] as string;
    const value = BigInt(/^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits);
    const signed = m[1] === '-' ? -value : value;
    if (signed > 0x7fffffffffffffffn || signed < -0x8000000000000000n) {
      await builtinError(this.sh, 'printf', `warning: ${text}: Numerical result out of range`);
      return signed > 0n ? 0x7fffffffffffffffn : -0x8000000000000000n;
    }
    return signed;
  }

  private async float(): Promise<number> {
    const text = this.next();
    if (text === undefined || text === '') return 0;
    if (/^["']/.test(text)) return text.codePointAt(1) ?? 0;
    if (/^\s*[-+]?(?:inf(?:inity)?|nan)$/i.test(text)) return /nan/i.test(text) ? Number.NaN : text.includes('-') ? -Infinity : Infinity;
    const m = /^\s*[-+]?(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)/.exec(text);
    if (!m || m[0].length < text.length) await this.complain(`${text}: invalid number`);
    return m ? Number(m[0]) : 0;
  }
}
