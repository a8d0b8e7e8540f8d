/** Explaining a register line: the verdict is the kernel's own, spans agree with its parser, warnings name a way out. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainRule } from '../../../src/explain/rule.ts';
import { create_entry, parse_register_line } from '../../../src/kernel/fs/binfmt_misc_entry.ts';
import { EACCES, EEXIST, EINVAL, ENAMETOOLONG, ENOENT } from '../../../src/uapi/errno.ts';
import { current, explain, good, lab, nearly, old, refusal, warningIds } from './support.ts';

const ELF20 = '\\x7fELF\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00';
const MASK20 = '\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x00\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xfe\\xff\\xff\\xff';
const aarch64 = (flags = ''): string => `:qemu-aarch64:M::${ELF20}\\xb7\\x00:${MASK20}:/usr/bin/qemu-aarch64-static:${flags}`;
const x86_64 = `:qemu-x86_64:M::${ELF20}\\x3e\\x00:${MASK20}:/usr/bin/qemu-x86_64-static:`;

function elf(machine: number, loader?: string): Uint8Array {
  const bytes = new Uint8Array(512);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0]);
  bytes.set([2, 0, machine, 0, 1], 16);
  bytes[32] = 64;
  bytes[54] = 56;
  if (loader !== undefined) {
    bytes[56] = 1;
    bytes[64] = 3;
    bytes[64 + 9] = 1; // p_offset 256
    bytes[64 + 32] = loader.length + 1;
    bytes.set(new TextEncoder().encode(loader), 256);
  }
  return bytes;
}

describe('the verdict on a line', () => {
  it('is the one of the kernel’s parser, whatever the line and the kernel', () => {
    fc.assert(
      fc.property(fc.oneof(nearly, fc.uint8Array({ maxLength: 60 })), fc.constantFrom(current, lab, old), (line, version) => {
        const answer = create_entry(line, version);
        const { verdict, entry } = explainRule(line, { version });
        if ('errno' in answer) {
          expect(verdict).toMatchObject({ accepted: false, errno: answer.errno, field: answer.field, at: answer.at, rule: answer.rule });
          expect(entry).toBe(null);
        } else expect(entry).toEqual(answer);
      }),
      { numRuns: 2_000 },
    );
  });

  it('cuts every line into spans that join without gaps and are the parser’s fields where it accepts', () => {
    let accepted = 0;
    fc.assert(
      fc.property(fc.oneof(nearly, good, fc.uint8Array({ maxLength: 60 })), (line) => {
        const { spans } = explainRule(line, { version: current });
        let at = 0;
        for (const s of spans) {
          expect(s.start).toBe(at);
          at = s.end;
        }
        expect(at).toBe(line.length);
        const { result, fields } = parse_register_line(line, current);
        if ('errno' in result) return;
        accepted++;
        const read = spans.filter((s) => s.role !== 'delimiter' && s.role !== 'newline');
        expect(read.map((s) => ({ ...s, role: s.role === 'extension' ? 'magic' : s.role }))).toEqual(
          fields.map(({ field, start, end }) => ({ role: field, start, end })),
        );
      }),
      { numRuns: 2_000 },
    );
    expect(accepted).toBeGreaterThan(300);
  });

  it('goes on colouring behind the place where the kernel stopped', () => {
    const roles = (line: string): string =>
      explain(line)
        .spans.map((s) => s.role)
        .join(' ');
    expect(roles(':m:X:0:ab::/bin/true:P')).toBe(
      'delimiter name delimiter type delimiter offset delimiter magic delimiter mask delimiter interpreter delimiter flags',
    );
    expect(roles(':a:E::py::/bin/x:y:')).toBe(
      'delimiter name delimiter type delimiter offset delimiter extension delimiter mask delimiter interpreter delimiter flags junk',
    );
    expect(roles(':a:E::py::/bin/x:\n').endsWith('flags newline')).toBe(true);
    expect(roles('')).toBe('');
  });

  it('says what the kernel’s EINVAL leaves out, and how to mend it', () => {
    expect(refusal(':m:M::ab::/bin/true')).toMatchObject({
      rule: 'R13',
      field: 'interpreter',
      fix: expect.stringContaining('add : behind'),
    });
    expect(refusal(':m:M::ab:\\xff:/bin/true:').sentence).toContain('the magic has 2 bytes, the mask 1 byte');
    expect(refusal(':m:m::ab::/bin/true:').sentence).toContain('lower case');
    expect(refusal(':m:M::ab::/bin/true:P\r\n').fix).toContain('Windows');
    expect(refusal(':m:M::ab::/bin/true:p').fix).toContain('capital');
    expect(refusal(':m:M::ab::/bin/true:\n:n:M::ab::/bin/true:').fix).toContain('write of its own');
    expect(refusal(':a:E::py::/opt/a:b/x:').fix).toContain('another delimiter');
    expect(refusal(':m:M::ab::/bin/true:F', {}, old).fix).toContain('4.8');
    expect(refusal(':m:M:250:abcdefgh::/bin/true:').sentence).toContain('first 256');
    expect(refusal(':m:M:0x4:ab::/bin/true:').sentence).toContain('"0x4"');
    expect(refusal(':m:M::ab').sentence).toContain('it has 8');
    expect(refusal('').errno).toBe(EINVAL);
  });

  it('foretells what the machine refuses once the line is good, in the kernel’s order', () => {
    const line = ':a:E::foo::/bin/x:F';
    const missing = { interpreter: { errno: ENOENT }, entries: ['a'] };
    expect(refusal(line, missing)).toMatchObject({ errno: ENOENT, rule: 'R14' });
    expect(refusal(line, { ...missing, interpreter: { errno: EACCES } }).errno).toBe(EACCES);
    expect(refusal(':a:E::foo::/bin/x:', missing)).toMatchObject({ errno: EEXIST, rule: 'R4', fix: expect.stringContaining('echo -1 >') });
    expect(refusal(':a:E::foo::/bin/x:', { entries: ['a'] }, { ...old, duplicate_name: EINVAL })).toMatchObject({
      errno: EINVAL,
      rule: 'R19',
    });
    expect(refusal(':register:E::foo::/bin/x:').errno).toBe(EEXIST);
    expect(refusal(`:${'n'.repeat(256)}:E::foo::/bin/x:`).errno).toBe(ENAMETOOLONG);
    expect(explain(':a:E::foo::/bin/x:', { interpreter: { errno: ENOENT } }).verdict.accepted).toBe(true);
  });
});

describe('warnings', () => {
  it('tell of rules for the machine’s own programs, by the order of the formats', () => {
    const on = (version: typeof current, host: 'x86_64' | 'aarch64') =>
      explain(x86_64, { host }, version).warnings.find((w) => w.id === 'matches-host-elf');
    expect(on(current, 'x86_64')).toMatchObject({ severity: 'danger', sentence: expect.stringContaining('ELOOP') });
    expect(on(lab, 'x86_64')).toMatchObject({ severity: 'careful', sentence: expect.stringContaining('asks ELF first') });
    expect(on(current, 'aarch64')).toBe(undefined);
    expect(warningIds(aarch64(), { host: 'aarch64' })).toContain('matches-host-elf');
    expect(warningIds(':elf:M::\\x7fELF::/usr/bin/loader:')).toContain('matches-host-elf');
    expect(warningIds(':e:M::ab:\\x00\\x00:/bin/true:')).toContain('matches-everything');
    expect(warningIds(':e:M::#!::/bin/true:')).toContain('matches-scripts');
  });

  it('tell of bytes that went wrong on their way through the shell', () => {
    expect(warningIds(':m:M::a\0b::/bin/true:')).toContain('raw-nul');
    expect(warningIds(':m:M::x7fx45x4cx46::/bin/true:')).toContain('backslashes-eaten');
    expect(warningIds(':m:M::\x1bLua::/bin/true:')).toContain('escapes-decoded');
    expect(warningIds(':m:M::\\\\x1bLua::/bin/true:')).toContain('escaped-backslash');
    expect(warningIds(':m:M::\\033Lua::/bin/true:')).toContain('other-escape');
    expect(warningIds(' m M  \\x1bLua  /bin/true ')).toContain('odd-delimiter');
    expect(warningIds('#m#M##ab##/bin/true#')).toContain('comment-delimiter');
    expect(warningIds(': m:M::ab::/bin/true:')).toContain('blank-in-name');
  });

  it('tell of interpreters that cannot do it', () => {
    const lua = ':lua:M::\\x1bLua::/usr/bin/lua:';
    expect(warningIds(lua, { interpreter: { errno: ENOENT } })).toContain('interpreter-cannot-be-opened');
    expect(warningIds(lua, { interpreter: { bytes: elf(183) } })).toContain('interpreter-of-no-format');
    expect(warningIds(lua, { interpreter: { bytes: new Uint8Array() } })).toContain('interpreter-of-no-format');
    expect(warningIds(lua, { interpreter: { bytes: elf(62) } })).toEqual([]);
    expect(warningIds(':lua:M::\\x1bLua::lua5.4:')).toContain('relative-interpreter');
    expect(warningIds(':lua:M::\\x1bLua::/usr/bin/lua -i:')).toContain('interpreter-with-arguments');
    expect(warningIds(`:lua:M::\\x1bLua::/${'x'.repeat(130)}:`, {}, old)).toContain('interpreter-cut');
    const script = { interpreter: { bytes: new TextEncoder().encode('#!/bin/sh\n') } };
    expect(warningIds(':lua:M::\\x1bLua::/usr/bin/lua:O', script)).toContain('O-then-script');
    expect(warningIds(':lua:M::\\x1bLua::/usr/bin/lua:F', script)).toContain('F-script');
    expect(warningIds(':x:E::sh::/opt/run.sh:', script)).toContain('matches-own-interpreter');
    expect(warningIds(':x:E::sh::/opt/run.sh:', script, lab)).not.toContain('matches-own-interpreter');
  });

  it('tell of flags', () => {
    const dynamic = { interpreter: { bytes: elf(62, '/lib64/ld-linux-x86-64.so.2') } };
    const found = explain(aarch64('F'), dynamic).warnings.find((w) => w.id === 'F-dynamic');
    expect(found?.sentence).toContain('/lib64/ld-linux-x86-64.so.2');
    expect(warningIds(aarch64('F'), { interpreter: { bytes: elf(62) } })).not.toContain('F-dynamic');
    expect(warningIds(aarch64())).toContain('foreign-elf-without-F');
    expect(warningIds(aarch64('C'))).toContain('C-implies-O');
    expect(warningIds(':lua:M::\\x1bLua::/usr/bin/lua:P')).toContain('P-changes-argv');
  });

  it('tell of extensions and windows', () => {
    expect(warningIds(':py:E::.py::/usr/bin/python3:')).toContain('extension-with-dot');
    expect(warningIds(':pyc:E:0:pyc::/usr/bin/python3:')).toEqual(['extension-ignores-content', 'fields-ignored']);
    expect(warningIds(':m:M:127:ab::/bin/true:')).toContain('window-of-old-kernels');
    expect(warningIds(':m:M::ab:\\xff\\xf0:/bin/true:')).toContain('bits-outside-mask');
  });

  it('each name a rule that is written down and a way out, and no line makes them throw', () => {
    fc.assert(
      fc.property(nearly, fc.constantFrom(current, lab, old), (line, version) => {
        for (const w of explainRule(line, { version, facts: { interpreter: { bytes: line } } }).warnings) {
          expect(w.rule).toMatch(/^[A-Z]\d+$/);
          expect(w.sentence.length).toBeGreaterThan(10);
          expect(w.fix.length).toBeGreaterThan(5);
        }
      }),
      { numRuns: 1_500 },
    );
  });
});
