/** The parser of register lines against a plain transcription of the rules R1–R12, and against itself. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  create_entry,
  entry_status,
  type MiscRule,
  parse_command,
  parse_register_line,
  type RegisterError,
} from '../../../src/kernel/fs/binfmt_misc_entry.ts';
import { type KernelVersion, versions } from '../../../src/kernel/init/version.ts';
import { decode, encode, fromLatin1, latin1 } from '../../../src/uapi/bytes.ts';
import { EINVAL, IS_ERR } from '../../../src/uapi/errno.ts';

const v = versions['6.18'] as KernelVersion;
const parse = (line: string, version = v): MiscRule | RegisterError => create_entry(fromLatin1(line), version);
const reason = (line: string, version = v): string => {
  const r = parse(line, version);
  return 'errno' in r ? `${r.reason} in ${r.field}` : 'accepted';
};

/**
 * The rules once more, as C would do it: a buffer, a cursor, zero bytes that end strings. null: EINVAL.
 */
function reference(data: Uint8Array): string | null {
  const count = data.length;
  if (count < 11 || count > 1920) return null;
  const del = data[0] ?? 0;
  const buf = new Uint8Array(count + 9).fill(del, count, count + 8);
  buf.set(data);
  if ('POCF'.includes(String.fromCharCode(del))) return null;
  let p = 1;
  const strchr = (): number => {
    for (let i = p; i < buf.length; i++) {
      if (buf[i] === del) return i;
      if (buf[i] === 0) return -1;
    }
    return -1;
  };
  const text = (from: number, to: number): string => {
    const s = latin1(buf.subarray(from, to));
    return s.includes('\0') ? s.slice(0, s.indexOf('\0')) : s;
  };
  const field = (): string | null => {
    const end = strchr();
    if (end < 0) return null;
    const s = text(p, end);
    p = end + 1;
    return s;
  };
  const hexdigit = (c: number | undefined): boolean => c !== undefined && /[0-9a-fA-F]/.test(String.fromCharCode(c));
  const scanarg = (): string | null => {
    const start = p;
    for (;;) {
      const c = buf[p++];
      if (c === undefined) return null;
      if (c === del) return text(start, p - 1);
      if (c === 0x5c && buf[p] === 0x78) {
        p++;
        if (!hexdigit(buf[p++]) || !hexdigit(buf[p++])) return null;
      }
    }
  };
  const name = field();
  if (name === null || name === '' || name === '.' || name === '..' || name.includes('/')) return null;
  const type = String.fromCharCode(buf[p++] ?? 0);
  if ((type !== 'M' && type !== 'E') || buf[p++] !== del) return null;
  const offset = field();
  if (offset === null) return null;
  let what: string;
  if (type === 'M') {
    if (offset !== '' && !/^(\+?\d+|-0+)\n?$/.test(offset)) return null;
    if (Number(offset) > 0x7fffffff) return null;
    const magic = scanarg();
    if (magic === null || magic === '') return null;
    const mask = scanarg();
    if (mask === null) return null;
    const decoded = (s: string): string =>
      s.replace(/\\(?:x([0-9a-fA-F]{2})|([\s\S]))/g, (_, h?: string, c?: string) =>
        h ? String.fromCharCode(Number.parseInt(h, 16)) : `\\${c}`,
      );
    const [m, k] = [decoded(magic), decoded(mask)];
    if (mask !== '' && k.length !== m.length) return null;
    if (Math.abs(Number(offset)) + m.length > 256) return null;
    what = `M ${Math.abs(Number(offset))} ${m} ${mask === '' ? 'none' : k}`;
  } else {
    const ext = field();
    if (ext === null || ext === '' || ext.includes('/') || field() === null) return null;
    what = `E ${ext}`;
  }
  const interp = field();
  if (interp === null || interp === '') return null;
  const flags = new Set<string>();
  while ('POCF'.includes(String.fromCharCode(buf[p] ?? 0)) && buf[p] !== undefined && buf[p] !== 0 && p < count) {
    const f = String.fromCharCode(buf[p++] ?? 0);
    flags.add(f);
    if (f === 'C') flags.add('O');
  }
  if (buf[p] === 0x0a) p++;
  return p === count ? `${name}|${what}|${interp}|${[...flags].sort().join('')}` : null;
}

function told(r: MiscRule | RegisterError): string | null {
  if ('errno' in r) return null;
  const { match } = r;
  const what =
    match.kind === 'extension'
      ? `E ${latin1(encode(match.extension))}`
      : `M ${match.offset} ${latin1(match.magic)} ${match.mask === null ? 'none' : latin1(match.mask)}`;
  return `${latin1(encode(r.name))}|${what}|${latin1(encode(r.interpreter))}|${[...r.flags].sort().join('')}`;
}

/** Lines that are nearly right: the fields of a rule, joined by a delimiter, with bytes changed, dropped or added. */
const piece = fc.oneof(
  fc.constantFrom(
    '',
    'a',
    '..',
    'M',
    'E',
    '0',
    '+7',
    '-0',
    '255',
    '99999999999',
    '\\x41',
    '\\x4',
    '\\\\x41',
    '\\x00',
    '/bin/x',
    'P',
    'OC',
    'F',
    '\n',
    '\0',
  ),
  fc.string({ unit: fc.constantFrom('a', '\\', 'x', '4', '1', ':', '\0', '\n', '/', 'P', 'C', '\xff'), maxLength: 6 }),
);
const nearly = fc
  .record({
    del: fc.constantFrom(':', ',', '/', 'x', '4', 'a', '\\', '\0', '\n', '\xff', 'M', 'P'),
    name: piece,
    type: fc.constantFrom('M', 'M', 'M', 'E', 'E', 'm', ''),
    fields: fc.tuple(fc.constantFrom('', '', '0', '4', '-1', '+1', '1\n', 'z'), piece, piece, fc.constantFrom('/bin/true', '', 'x', '\0')),
    flags: fc.constantFrom('', 'P', 'POCF', 'F\n', '\n', '\n\n', ' ', 'p', 'CC'),
    cut: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ del, name, type, fields, flags, cut }) => {
    const line = `${del}${[name, type, ...fields, flags].join(del)}`;
    return cut === 0 ? line.slice(0, -1) : line;
  });

describe('a register line', () => {
  it('is read as the rules say, however broken it is', () => {
    const check = (line: string): void => {
      const data = fromLatin1(line);
      expect(told(create_entry(data, v))).toBe(reference(data));
    };
    fc.assert(fc.property(nearly, check), { numRuns: 20_000 });
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }).map(latin1), check), { numRuns: 5_000 });
  });

  it('never makes the parser throw, and every refusal has a name, a rule and a place in the line', () => {
    fc.assert(
      fc.property(fc.oneof(nearly.map(fromLatin1), fc.uint8Array({ maxLength: 2000 })), (data) => {
        const { result, fields } = parse_register_line(data, v);
        for (const f of fields) expect(f.start <= f.end && f.end <= data.length).toBe(true);
        if (!('errno' in result)) return;
        expect(result.errno).toBe(EINVAL);
        expect(result.rule).toMatch(/^R\d+$/);
        expect(result.at).toBeLessThanOrEqual(data.length);
      }),
      { numRuns: 5_000 },
    );
  });

  it('says which field is to blame', () => {
    expect(reason(':m1:M::ab::/bin/true')).toBe('unterminated in interpreter');
    expect(reason(':m1:M::ab')).toBe('too_short in null');
    expect(reason(':m1:M::abcdefgh')).toBe('unterminated in magic');
    expect(reason(':m1:M:-1:ab::/bin/true:')).toBe('offset_out_of_range in offset');
    expect(reason(':m1:M:x:ab::/bin/true:')).toBe('offset_not_a_number in offset');
    expect(reason(':m1:M::\\x4::/bin/true:')).toBe('bad_escape in magic');
    expect(reason(':m1:M::ab:\\xff:/bin/true:')).toBe('mask_length in mask');
    expect(reason(':m1:M:255:ab::/bin/true:')).toBe('beyond_window in mask');
    expect(reason(':m1:M::\0ab::/bin/true:')).toBe('magic_empty in magic');
    expect(reason(':e:E::a/b::/bin/true:')).toBe('extension_has_slash in magic');
    expect(reason(':m1:M::ab::/bin/true:p')).toBe('flags_junk in flags');
    expect(reason('Pm1PMPPabPP/bin/trueP')).toBe('delimiter_is_a_flag in null');
    expect(reason(':a/b:M::ab::/bin/true:')).toBe('name_has_slash in name');
    expect(reason(':m1:m::ab::/bin/true:')).toBe('type_unknown in type');
  });

  it('is read by older kernels in their way', () => {
    const old = { ...v, MAX_REGISTER_LENGTH: 256, BINPRM_BUF_SIZE: 128, flag_F: false, magic_decoder: 'unquote' as const };
    expect(reason(':m:M::ab::/bin/true:F', old)).toBe('flags_junk in flags');
    expect(reason(`:m:M::ab::/${'x'.repeat(250)}:`, old)).toBe('too_long in null');
    expect(reason(':m:M:127:ab::/bin/true:', old)).toBe('beyond_window in mask');
    expect(parse(':m:M::\\\\x41::/bin/true:', old)).toMatchObject({ match: { magic: fromLatin1('\\A') } });
    expect(parse(':m:M::\\\\x41::/bin/true:')).toMatchObject({ match: { magic: fromLatin1('\\\\x41') } });
  });
});

describe('an entry', () => {
  it('shows flags in the order P O C F, and C brings O', () => {
    const rule = parse(':m:M:4:\\x7fELF:\\xff\\xff\\xff\\x00:/bin/true:FC') as MiscRule;
    expect(entry_status(rule, false)).toBe('disabled\ninterpreter /bin/true\nflags: OCF\noffset 4\nmagic 7f454c46\nmask ffffff00\n');
  });

  it('takes 0, 1 and -1 with one newline at most', () => {
    const commands = new Map([
      ['', 'nothing'],
      ['0', 'disable'],
      ['1\n', 'enable'],
      ['-1', 'remove'],
      ['-1\n', 'remove'],
    ]);
    fc.assert(
      fc.property(
        fc.oneof(fc.constantFrom(...commands.keys()), fc.string({ unit: fc.constantFrom('0', '1', '-', '\n', ' ', '\0'), maxLength: 5 })),
        (text) => {
          const answer = parse_command(encode(text));
          if (commands.has(text)) expect(answer).toBe(commands.get(text));
          else if (!/^(0|1|-1)\n?$/.test(text)) expect(IS_ERR(answer)).toBe(true);
        },
      ),
    );
    expect(decode(encode('-1'))).toBe('-1');
  });
});
