/**
 * The language of binfmt_misc: how a line for `register` is read, how an entry is shown, which commands its files take.
 * Follows create_entry, entry_status and parse_command of fs/binfmt_misc.c. Pure functions on bytes, shared with tools that explain.
 */
import { decode, hex, latin1 } from '../../uapi/bytes.ts';
import { EINVAL, type Errno } from '../../uapi/errno.ts';
import type { Bytes } from '../../uapi/types.ts';
import type { KernelVersion } from '../init/version.ts';

export type MiscFlag = 'P' | 'O' | 'C' | 'F';
export type MiscField = 'name' | 'type' | 'offset' | 'magic' | 'mask' | 'interpreter' | 'flags';

export type MiscMatch =
  | { readonly kind: 'magic'; readonly offset: number; readonly magic: Bytes; readonly mask: Bytes | null }
  | { readonly kind: 'extension'; readonly extension: string };

/** What a line says. */
export interface MiscRule {
  readonly name: string;
  readonly match: MiscMatch;
  readonly interpreter: string;
  readonly flags: ReadonlySet<MiscFlag>;
}

/** Why a line is refused; `rule` is the number in docs/linux-exec.md. */
export type RegisterReason = keyof typeof REASONS;
export interface RegisterError {
  readonly errno: Errno;
  readonly reason: RegisterReason;
  readonly why: string;
  readonly rule: string;
  /** The field that is to blame, and the byte of the line where it starts. */
  readonly field: MiscField | null;
  readonly at: number;
}

/** Where each field of a line stands: bytes `start` up to `end`. */
export interface FieldSpan {
  readonly field: MiscField;
  readonly start: number;
  readonly end: number;
}
export interface ParsedLine {
  readonly result: MiscRule | RegisterError;
  readonly fields: readonly FieldSpan[];
}

/** What of a kernel the parser depends on. */
export type RegisterLimits = Pick<KernelVersion, 'MAX_REGISTER_LENGTH' | 'BINPRM_BUF_SIZE' | 'offset_parser' | 'flag_F' | 'magic_decoder'>;

const REASONS = {
  too_short: ['R1', 'the line is shorter than 11 bytes'],
  too_long: ['R1', 'the line is longer than this kernel takes'],
  delimiter_is_a_flag: ['R2', 'P, O, C and F cannot be the delimiter'],
  unterminated: ['R13', 'the line ends before the delimiter that closes this field'],
  nul_in_field: ['R3', 'a zero byte ends the line here'],
  name_empty: ['R4', 'the name is empty'],
  name_is_dots: ['R4', 'the name is . or ..'],
  name_has_slash: ['R4', 'the name contains a slash'],
  type_unknown: ['R5', 'the type is neither M nor E'],
  type_too_long: ['R5', 'the type is one letter, then the delimiter'],
  offset_not_a_number: ['R6', 'the offset is not a decimal number'],
  offset_out_of_range: ['R6', 'the offset is negative or above 2147483647'],
  bad_escape: ['R3', '\\x needs two hex digits'],
  magic_empty: ['R7', 'the magic is empty (a raw zero byte ends it)'],
  mask_length: ['R8', 'mask and magic differ in length'],
  beyond_window: ['R9', 'offset and magic reach beyond the bytes that are looked at'],
  extension_empty: ['R10', 'the extension is empty'],
  extension_has_slash: ['R10', 'the extension contains a slash'],
  interpreter_empty: ['R11', 'the interpreter is empty'],
  flags_junk: ['R12', 'after the flags there may be one newline and nothing else'],
} as const satisfies Record<string, readonly [string, string]>;

const MIN_REGISTER_LENGTH = 11;
const INT_MAX = 2147483647;
const [NUL, NEWLINE, BACKSLASH, LOWER_X] = [0x00, 0x0a, 0x5c, 0x78];

/**
 * Reads one line for `register`. Never fails but by the error it returns.
 * @linux fs/binfmt_misc.c create_entry #Y
 */
export function create_entry(data: Bytes, limits: RegisterLimits): MiscRule | RegisterError {
  return parse_register_line(data, limits).result;
}

/** As create_entry, and says where the fields were found, as far as it came. */
export function parse_register_line(data: Bytes, limits: RegisterLimits): ParsedLine {
  const line = new Line(data);
  const parsed = parse(line, limits);
  const result = typeof parsed === 'string' ? line.error(parsed) : parsed;
  return { result, fields: line.fields };
}

function parse(line: Line, limits: RegisterLimits): MiscRule | RegisterReason {
  if (line.length < MIN_REGISTER_LENGTH) return 'too_short';
  if (line.length > limits.MAX_REGISTER_LENGTH) return 'too_long';
  if ('POCF'.includes(String.fromCharCode(line.delimiter))) return 'delimiter_is_a_flag';

  const name = parse_name(line);
  if (name instanceof Reason) return name.reason;
  const type = parse_type(line);
  if (type instanceof Reason) return type.reason;
  const match = type === 'M' ? parse_magic(line, limits) : parse_extension(line);
  if (match instanceof Reason) return match.reason;
  const interpreter = line.cut('interpreter');
  if (interpreter === null) return 'nul_in_field';
  if (interpreter.length === 0) return 'interpreter_empty';
  const flags = check_special_flags(line, limits.flag_F);
  return line.at_end() ? { name, match, interpreter: decode(interpreter), flags } : 'flags_junk';
}

/** A refusal on its way out of a field's parser. */
class Reason {
  constructor(readonly reason: RegisterReason) {}
}
const refuse = (reason: RegisterReason): Reason => new Reason(reason);

function parse_name(line: Line): string | Reason {
  const bytes = line.cut('name');
  if (bytes === null) return refuse('nul_in_field');
  const name = decode(bytes);
  if (name === '') return refuse('name_empty');
  if (name === '.' || name === '..') return refuse('name_is_dots');
  return name.includes('/') ? refuse('name_has_slash') : name;
}

function parse_type(line: Line): 'M' | 'E' | Reason {
  const letter = String.fromCharCode(line.next('type'));
  if (letter !== 'M' && letter !== 'E') return refuse('type_unknown');
  return line.skip_delimiter() ? letter : refuse('type_too_long');
}

function parse_magic(line: Line, limits: RegisterLimits): MiscMatch | Reason {
  const offset = OFFSET_PARSERS[limits.offset_parser](line.cut('offset'));
  if (offset instanceof Reason) return offset;
  const raw_magic = line.scanarg('magic');
  if (raw_magic === null) return refuse('bad_escape');
  if (raw_magic.length === 0) return refuse('magic_empty');
  const raw_mask = line.scanarg('mask');
  if (raw_mask === null) return refuse('bad_escape');
  const magic = unescape_hex(raw_magic, limits.magic_decoder);
  const mask = raw_mask.length === 0 ? null : unescape_hex(raw_mask, limits.magic_decoder);
  if (mask !== null && mask.length !== magic.length) return refuse('mask_length');
  if (offset + magic.length > limits.BINPRM_BUF_SIZE) return refuse('beyond_window');
  return { kind: 'magic', offset, magic, mask };
}

/**
 * @linux lib/kstrtox.c kstrtoint #Y
 */
function kstrtoint(bytes: Bytes | null): number | Reason {
  if (bytes === null) return refuse('nul_in_field');
  if (bytes.length === 0) return 0;
  const text = latin1(bytes);
  if (!/^[+-]?[0-9]+\n?$/.test(text)) return refuse('offset_not_a_number');
  const offset = Number(text);
  return offset < 0 || offset > INT_MAX ? refuse('offset_out_of_range') : Math.abs(offset);
}

/**
 * Digits alone, and no end of them: what does not fit into an int comes out as another number, even a negative one.
 * @linux lib/vsprintf.c simple_strtoul #P[a negative offset, which crashed the kernel at the next exec, is refused]
 */
function simple_strtoul(bytes: Bytes | null): number | Reason {
  if (bytes === null) return refuse('nul_in_field');
  const text = latin1(bytes);
  if (!/^[0-9]*$/.test(text)) return refuse('offset_not_a_number');
  const offset = Number(BigInt.asIntN(32, BigInt(text)));
  return offset < 0 ? refuse('offset_out_of_range') : offset;
}

const OFFSET_PARSERS = { kstrtoint, simple_strtoul };

function parse_extension(line: Line): MiscMatch | Reason {
  if (line.cut('offset') === null) return refuse('nul_in_field');
  const bytes = line.cut('magic');
  if (bytes === null) return refuse('nul_in_field');
  const extension = decode(bytes);
  if (extension === '') return refuse('extension_empty');
  if (extension.includes('/')) return refuse('extension_has_slash');
  return line.cut('mask') === null ? refuse('nul_in_field') : { kind: 'extension', extension };
}

/**
 * Flags in any order, any number of times; C brings O with it.
 * @linux fs/binfmt_misc.c check_special_flags #Y
 */
function check_special_flags(line: Line, flag_F: boolean): ReadonlySet<MiscFlag> {
  const flags = new Set<MiscFlag>();
  const known = flag_F ? 'POCF' : 'POC';
  for (const letter of line.flag_letters(known)) {
    flags.add(letter as MiscFlag);
    if (letter === 'C') flags.add('O');
  }
  return flags;
}

/**
 * A line being read, from left to right. As in Linux a few delimiters are imagined behind it, so that every field ends;
 * whoever ran into them fails the final test of having read the line exactly.
 */
class Line {
  readonly fields: FieldSpan[] = [];
  readonly length: number;
  readonly delimiter: number;
  private readonly bytes: Bytes;
  private pos = 1;
  private field: MiscField | null = null;
  private start = 0;

  constructor(data: Bytes) {
    this.length = data.length;
    this.delimiter = data[0] ?? NUL;
    this.bytes = new Uint8Array(data.length + 8).fill(this.delimiter, data.length);
    this.bytes.set(data);
  }

  /** The field up to the next delimiter; null if a zero byte comes first. */
  cut(field: MiscField): Bytes | null {
    this.begin(field);
    let end = this.pos;
    while (end < this.bytes.length && this.bytes[end] !== this.delimiter && this.bytes[end] !== NUL) end++;
    return this.bytes[end] === this.delimiter ? this.finish(end) : null;
  }

  /** As cut, for magic and mask: the digits of \xHH are no delimiters; a zero byte ends the content but not the field. */
  scanarg(field: MiscField): Bytes | null {
    this.begin(field);
    let end = this.pos;
    while (end < this.bytes.length && this.bytes[end] !== this.delimiter) {
      const escaped = this.bytes[end] === BACKSLASH && this.bytes[end + 1] === LOWER_X;
      if (escaped && !(is_hex(this.bytes[end + 2]) && is_hex(this.bytes[end + 3]))) return null;
      end += escaped ? 4 : 1;
    }
    const content = this.finish(end);
    const nul = content.indexOf(NUL);
    return nul < 0 ? content : content.slice(0, nul);
  }

  /** One byte, whatever it is. */
  next(field: MiscField): number {
    this.begin(field);
    const byte = this.bytes[this.pos++] ?? NUL;
    this.fields.push({ field, start: this.start, end: Math.min(this.pos, this.length) });
    return byte;
  }

  skip_delimiter(): boolean {
    return this.bytes[this.pos++] === this.delimiter;
  }

  /** The letters of `known` that follow. */
  flag_letters(known: string): string {
    this.begin('flags');
    while (this.pos < this.length && known.includes(String.fromCharCode(this.bytes[this.pos] ?? NUL))) this.pos++;
    this.fields.push({ field: 'flags', start: Math.min(this.start, this.length), end: Math.min(this.pos, this.length) });
    return latin1(this.bytes.subarray(this.start, this.pos));
  }

  /** One newline is allowed at the very end. */
  at_end(): boolean {
    if (this.bytes[this.pos] === NEWLINE) this.pos++;
    return this.pos === this.length;
  }

  error(reason: RegisterReason): RegisterError {
    const ran_out = this.fields.find((f) => f.end >= this.length && f.field !== 'flags');
    const cause = ran_out === undefined || this.length < MIN_REGISTER_LENGTH ? reason : 'unterminated';
    const [rule, why] = REASONS[cause];
    const [field, at] = cause === 'unterminated' && ran_out ? [ran_out.field, ran_out.start] : [this.field, this.start];
    return { errno: EINVAL, reason: cause, why, rule, field, at: Math.min(at, this.length) };
  }

  private begin(field: MiscField): void {
    this.field = field;
    this.start = this.pos;
  }

  private finish(end: number): Bytes {
    const { field, start } = this;
    if (field !== null) this.fields.push({ field, start: Math.min(start, this.length), end: Math.min(end, this.length) });
    this.pos = end + 1;
    return this.bytes.slice(start, end);
  }
}

function hex_to_bin(byte: number | undefined): number {
  return byte === undefined ? Number.NaN : Number.parseInt(String.fromCharCode(byte), 16);
}
const is_hex = (byte: number | undefined): boolean => !Number.isNaN(hex_to_bin(byte));

/**
 * Decodes \xHH, the only escape. Today a backslash before a backslash is literal and so is what follows; the first
 * decoder did not look at pairs.
 * @linux lib/string_helpers.c string_unescape_inplace(UNESCAPE_HEX) #Y
 */
function unescape_hex(raw: Bytes, decoder: KernelVersion['magic_decoder']): Bytes {
  if (!raw.includes(BACKSLASH)) return raw;
  const out: number[] = [];
  for (let i = 0; i < raw.length; ) {
    const pair = raw[i] === BACKSLASH ? raw[i + 1] : undefined;
    if (pair === LOWER_X) {
      out.push(hex_to_bin(raw[i + 2]) * 16 + hex_to_bin(raw[i + 3]));
      i += 4;
    } else if (pair !== undefined && decoder === 'string_unescape') {
      out.push(BACKSLASH, pair);
      i += 2;
    } else out.push(raw[i++] ?? NUL);
  }
  return Uint8Array.from(out);
}

/**
 * What reading an entry's file shows.
 * @linux fs/binfmt_misc.c entry_status #Y
 */
export function entry_status(rule: MiscRule, enabled: boolean): string {
  const letters = (['P', 'O', 'C', 'F'] as const).filter((f) => rule.flags.has(f)).join('');
  const head = `${enabled ? 'enabled' : 'disabled'}\ninterpreter ${rule.interpreter}\nflags: ${letters}\n`;
  const { match } = rule;
  if (match.kind === 'extension') return `${head}extension .${match.extension}\n`;
  const mask = match.mask === null ? '' : `mask ${hex(match.mask)}\n`;
  return `${head}offset ${match.offset}\nmagic ${hex(match.magic)}\n${mask}`;
}

export type MiscCommand = 'nothing' | 'disable' | 'enable' | 'remove';

/**
 * What may be written to an entry or to status: 0, 1 or -1, with or without one newline.
 * @linux fs/binfmt_misc.c parse_command #Y
 */
export function parse_command(data: Bytes): MiscCommand | Errno {
  if (data.length > 3) return EINVAL;
  switch (latin1(data)) {
    case '':
      return 'nothing';
    case '0':
    case '0\n':
      return 'disable';
    case '1':
    case '1\n':
      return 'enable';
    case '-1':
    case '-1\n':
      return 'remove';
    default:
      return EINVAL;
  }
}

/**
 * Offset in the window of the first byte that differs under the mask, or -1 if the file matches.
 * @linux fs/binfmt_misc.c search_binfmt_handler #Y
 */
export function magic_differs_at(match: MiscMatch & { kind: 'magic' }, window: Bytes): number {
  const { offset, magic, mask } = match;
  for (let i = 0; i < magic.length; i++) {
    const bits = ((window[offset + i] ?? 0) ^ (magic[i] ?? 0)) & (mask?.[i] ?? 0xff);
    if (bits !== 0) return offset + i;
  }
  return -1;
}

/**
 * The extension of a name: what follows its last dot, wherever that is; null without one.
 * @linux fs/binfmt_misc.c search_binfmt_handler #Y
 */
export function name_extension(name: string): string | null {
  const dot = name.lastIndexOf('.');
  return dot < 0 ? null : name.slice(dot + 1);
}
