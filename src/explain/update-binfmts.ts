/** A rule as binfmt-support knows it: an `update-binfmts --install` command, or a file of /usr/share/binfmts. */

import type { MiscFlag, MiscMatch, MiscRule, RegisterLimits } from '../kernel/fs/binfmt_misc_entry.ts';
import { decode, encode } from '../uapi/bytes.ts';
import { decodeField, escapeBytes } from './line.ts';
import { isWord, ShellError, tokenize } from './shell-words.ts';

export type UpdateBinfmtsReason =
  | 'o_alone'
  | 'colon'
  | 'not_one_line'
  | 'reserved'
  | 'unreadable'
  | 'unknown_command'
  | 'unknown_option'
  | 'missing_value'
  | 'bad_offset'
  | 'bad_bytes'
  | 'no_spec'
  | 'two_specs'
  | 'detector'
  | 'blank_edge'
  | 'not_yes_or_no';
export class UpdateBinfmtsError {
  constructor(
    readonly reason: UpdateBinfmtsReason,
    readonly message: string,
  ) {}
}
const error = (reason: UpdateBinfmtsReason, message: string): UpdateBinfmtsError => new UpdateBinfmtsError(reason, message);

const COLON = 0x3a;
/** Options, and the keys of a format file, that stand for a flag. */
const FLAG_KEYS: ReadonlyArray<readonly [key: string, flag: MiscFlag]> = [
  ['credentials', 'C'],
  ['preserve', 'P'],
  ['fix-binary', 'F'],
];
const RESERVED = ['register', 'status', '.', '..'];

/** Key and value, in the order in which both forms are written. */
type Fields = ReadonlyArray<readonly [key: string, value: string]>;

export function toUpdateBinfmts(rule: MiscRule): string | UpdateBinfmtsError {
  const fields = fieldsOf(rule);
  if (fields instanceof UpdateBinfmtsError) return fields;
  const options = fields.map(([key, value]) => ` --${key} ${word(value)}`).join('');
  return `update-binfmts --install ${word(rule.name)} ${word(rule.interpreter)}${options}`;
}

/** /usr/share/binfmts/NAME, for `update-binfmts --import NAME`. */
export function toFormatFile(rule: MiscRule, packageName: string): string | UpdateBinfmtsError {
  const fields = fieldsOf(rule);
  if (fields instanceof UpdateBinfmtsError) return fields;
  const lines = [['package', packageName], ['interpreter', rule.interpreter], ...fields.map(([k, v]) => [k.replace('-', '_'), v])];
  const blank = lines.find(([, value = '']) => value !== value.trim());
  if (blank)
    return error('blank_edge', `a format file is read without the blanks around a value, and the ${blank[0]} begins or ends with one`);
  return lines.map(([key, value]) => `${key} ${value}\n`).join('');
}

function fieldsOf({ name, match, interpreter, flags }: MiscRule): Fields | UpdateBinfmtsError {
  if (RESERVED.includes(name)) return error('reserved', `update-binfmts: binary format name '${name}' is reserved`);
  const texts = [name, interpreter, match.kind === 'extension' ? match.extension : ''];
  if (texts.some((t) => /[\n\0]/.test(t))) return error('not_one_line', 'its database has one line a field, so none may hold a newline');
  if (texts.some((t) => t.includes(':')))
    return error('colon', 'it always delimits with a colon, so no name, path or extension may hold one');
  if (flags.has('O') && !flags.has('C')) return error('o_alone', 'it has no option for flag O alone; credentials give C and O');
  return [...spec(match), ...FLAG_KEYS.flatMap(([key, flag]) => (flags.has(flag) ? [[key, 'yes'] as const] : []))];
}

function spec(match: MiscMatch): Fields {
  if (match.kind === 'extension') return [['extension', match.extension]];
  const offset = match.offset === 0 ? [] : [['offset', String(match.offset)] as const];
  const mask = match.mask === null ? [] : [['mask', decode(escapeBytes(match.mask, COLON))] as const];
  return [['magic', decode(escapeBytes(match.magic, COLON))], ...offset, ...mask];
}

const word = (text: string): string => (/^[\w./+@%,=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** Reads `[sudo] update-binfmts --install NAME INTERPRETER …`. */
export function fromUpdateBinfmts(text: string, limits: RegisterLimits): MiscRule | UpdateBinfmtsError {
  const tokens = tokenize(text.trim());
  if (tokens instanceof ShellError) return error('unreadable', tokens.message);
  const words = tokens.filter(isWord).map((w) => decode(w.bytes));
  if (words.length !== tokens.length) return error('unreadable', 'one command is read, without redirections');
  const [command, ...args] = words[0] === 'sudo' ? words.slice(1) : words;
  if (!/(^|\/)update-binfmts$/.test(command ?? ''))
    return error('unknown_command', `this is not update-binfmts but ${command ?? 'nothing'}`);
  return fromArguments(args, limits);
}

function fromArguments(args: readonly string[], limits: RegisterLimits): MiscRule | UpdateBinfmtsError {
  const values = new Map<string, string>();
  for (let i = 0; i < args.length; ) {
    const [, key = '', , glued] = /^--([\w-]+)(=([\s\S]*))?$/.exec(args[i++] ?? '') ?? [];
    if (key === 'install') {
      values.set('name', glued ?? args[i++] ?? '').set('interpreter', args[i++] ?? '');
      continue;
    }
    if (!KEYS.includes(key)) return error('unknown_option', `${args[i - 1]} is not known here`);
    const value = glued ?? args[i++];
    if (value === undefined) return error('missing_value', `--${key} needs a value`);
    values.set(key, value);
  }
  return build(values, limits);
}
const KEYS = ['package', 'magic', 'mask', 'offset', 'extension', 'detector', ...FLAG_KEYS.map(([key]) => key)];

/** Reads a file of /usr/share/binfmts; its name is the rule's. */
export function fromFormatFile(text: string, name: string, limits: RegisterLimits): MiscRule | UpdateBinfmtsError {
  const values = new Map([['name', name]]);
  for (const line of text.split('\n')) {
    if (/^[ \t\r]*$/.test(line)) continue;
    const [, raw = '', value = ''] = /^[ \t]*([^ \t]+)[ \t]*([\s\S]*)$/.exec(line) ?? [];
    const key = raw.toLowerCase().replace('_', '-');
    if (key !== 'interpreter' && !KEYS.includes(key)) return error('unknown_option', `the key ${raw} is not known`);
    values.set(key, value);
  }
  return build(values, limits);
}

function build(values: ReadonlyMap<string, string>, limits: RegisterLimits): MiscRule | UpdateBinfmtsError {
  const name = values.get('name') ?? '';
  const interpreter = values.get('interpreter') ?? '';
  if (name === '' || interpreter === '') return error('missing_value', '--install needs a name and an interpreter');
  if (RESERVED.includes(name)) return error('reserved', `binary format name '${name}' is reserved`);
  if ((values.get('detector') ?? '') !== '') {
    return error(
      'detector',
      'with a detector the kernel gets run-detectors as the interpreter, which asks the detector at run time: no single rule says that',
    );
  }
  const match = matchOf(values, limits);
  if (match instanceof UpdateBinfmtsError) return match;
  const flags = new Set<MiscFlag>();
  for (const [key, flag] of FLAG_KEYS) {
    const value = values.get(key) ?? '';
    if (!['', 'yes', 'no'].includes(value)) return error('not_yes_or_no', `${key} is yes or no, not ${value}`);
    if (value === 'yes') flags.add(flag);
  }
  if (flags.has('C')) flags.add('O');
  return { name, match, interpreter, flags };
}

function matchOf(values: ReadonlyMap<string, string>, limits: RegisterLimits): MiscMatch | UpdateBinfmtsError {
  const [magic, extension] = [values.get('magic'), values.get('extension')];
  if (magic !== undefined && extension !== undefined) return error('two_specs', '--magic and --extension exclude each other');
  if (extension !== undefined) return extension === '' ? error('no_spec', 'the extension is empty') : { kind: 'extension', extension };
  if (magic === undefined) return error('no_spec', '--magic or --extension is missing');
  const offset = values.get('offset') ?? '';
  if (!/^\d{0,9}$/.test(offset)) return error('bad_offset', 'the offset is a whole number');
  const bytes = decodeField(encode(magic), COLON, limits);
  const mask = values.get('mask') ?? '';
  const maskBytes = mask === '' ? null : decodeField(encode(mask), COLON, limits);
  if (bytes === null || (mask !== '' && maskBytes === null)) return error('bad_bytes', 'magic or mask is nothing that the kernel can read');
  return { kind: 'magic', offset: Number(offset), magic: bytes, mask: maskBytes };
}
