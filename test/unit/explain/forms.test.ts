/** The same rule as a line, a shell command, a file of binfmt.d and an update-binfmts command: there and back. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BinfmtDError, fromBinfmtD, toBinfmtD } from '../../../src/explain/binfmt-d.ts';
import { readEntry } from '../../../src/explain/entry.ts';
import { formsOf } from '../../../src/explain/forms.ts';
import { formatLine } from '../../../src/explain/line.ts';
import { notationOf, readRule } from '../../../src/explain/read.ts';
import { toShell } from '../../../src/explain/shell.ts';
import { fromShell } from '../../../src/explain/shell-command.ts';
import { ShellError } from '../../../src/explain/shell-words.ts';
import {
  fromFormatFile,
  fromUpdateBinfmts,
  toFormatFile,
  toUpdateBinfmts,
  UpdateBinfmtsError,
} from '../../../src/explain/update-binfmts.ts';
import { create_entry, entry_status, type MiscRule } from '../../../src/kernel/fs/binfmt_misc_entry.ts';
import { boot, type Lab } from '../../../src/lab/index.ts';
import { encode, fromLatin1, latin1 } from '../../../src/uapi/bytes.ts';
import { current, plain, rules } from './support.ts';

const roomy = { ...current, MAX_REGISTER_LENGTH: 100_000 };
const LUA = ':lua:M::\\x1bLua::/usr/bin/lua:';
const REGISTER = '/proc/sys/fs/binfmt_misc/register';

function lineOf(rule: MiscRule): Uint8Array {
  const line = formatLine(rule);
  if (line === null) throw new Error('no line');
  return line;
}
const withoutNewline = (line: Uint8Array): Uint8Array => (line.at(-1) === 0x0a ? line.subarray(0, -1) : line);

describe('a rule as a line', () => {
  it('is read by the kernel as the same rule', () => {
    fc.assert(
      fc.property(rules, (rule) => {
        const back = create_entry(lineOf(rule), roomy);
        if ('errno' in back) throw new Error(back.why);
        expect(plain(back)).toEqual(plain(rule));
      }),
      { numRuns: 1_500 },
    );
  });

  it('comes back from what its entry shows', () => {
    fc.assert(
      fc.property(rules, fc.boolean(), (rule, enabled) => {
        // An entry's text is not unambiguous once a path holds newlines.
        fc.pre(!/\n/.test(rule.interpreter));
        const shown = readEntry(rule.name, entry_status(rule, enabled));
        expect(shown?.enabled).toBe(enabled);
        expect(shown && plain(shown.rule)).toEqual(plain(rule));
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => void expect(readEntry('x', text)).toBe(null)));
  });
});

describe('a line as a shell command', () => {
  it('says the same bytes when read back, whatever they are', () => {
    fc.assert(
      fc.property(fc.oneof(rules.map(lineOf), fc.uint8Array({ minLength: 1, maxLength: 60 })), (line) => {
        const back = fromShell(toShell(line));
        if (back instanceof ShellError) throw new Error(back.message);
        expect(latin1(withoutNewline(back.line))).toBe(latin1(withoutNewline(line)));
      }),
      { numRuns: 1_500 },
    );
  });

  it('uses echo where it is enough', () => {
    expect(toShell(encode(LUA))).toBe(`echo '${LUA}' > ${REGISTER}`);
    expect(toShell(encode(":it's:E::foo::/bin/x:"))).toBe(`echo ':it'\\''s:E::foo::/bin/x:' > ${REGISTER}`);
    expect(toShell(encode(':a:M::\\\\n::/bin/x:'))).toBe(`printf '%s\\n' ':a:M::\\\\n::/bin/x:' > ${REGISTER}`);
    expect(toShell(fromLatin1(':a\nb:E::100%::/bin/x:'))).toBe(`env printf ':a\\012b:E::100%%::/bin/x:' > ${REGISTER}`);
  });

  it('is read as bash would run it, damage included', () => {
    const read = (text: string): { line: string; damage: string[] } => {
      const got = fromShell(text);
      if (got instanceof ShellError) throw new Error(got.message);
      return { line: latin1(got.line), damage: [...got.damage] };
    };
    const good = { line: `${LUA}\n`, damage: [] };
    expect(read(`echo '${LUA}' > ${REGISTER}`)).toEqual(good);
    expect(read(`echo "${LUA}" | sudo tee ${REGISTER} > /dev/null`)).toEqual(good);
    expect(read(`sudo sh -c "echo '${LUA}' > ${REGISTER}"`)).toEqual(good);
    expect(read(`printf '%s\\n' '${LUA}' >${REGISTER}`)).toEqual(good);
    expect(read(`echo -n ${LUA.replace('\\', '\\\\')} >> register  # a comment`)).toEqual({ line: LUA, damage: ['backslashes eaten'] });
    expect(read(`echo ${LUA} > ${REGISTER}`)).toEqual({ line: ':lua:M::x1bLua::/usr/bin/lua:\n', damage: ['backslashes eaten'] });
    expect(read(`echo -e ':w:M::\\x00asm::/bin/w:' > ${REGISTER}`)).toEqual({
      line: ':w:M::\0asm::/bin/w:\n',
      damage: ['escapes decoded'],
    });
    expect(read(`printf ':w:M::\\x00asm::/bin/w:' > ${REGISTER}`)).toEqual({ line: ':w:M::\0asm::/bin/w:', damage: ['escapes decoded'] });
    expect(read(`echo $':w:M::\\x1bLua::/bin/w:' > ${REGISTER}`)).toEqual({
      line: ':w:M::\x1bLua::/bin/w:\n',
      damage: ['escapes decoded'],
    });
    expect(read(`echo -e ':w:M::\\\\x1bLua::/bin/w:' > ${REGISTER}`)).toEqual({ line: ':w:M::\\x1bLua::/bin/w:\n', damage: [] });
  });

  it('names what it cannot read, and never throws', () => {
    const reason = (text: string): string => {
      const got = fromShell(text);
      return got instanceof ShellError ? got.reason : 'read';
    };
    expect(reason('')).toBe('empty');
    expect(reason(`echo '${LUA}`)).toBe('unclosed_quote');
    expect(reason('echo "$RULE" > register')).toBe('expansion');
    expect(reason('echo `cat x` > register')).toBe('expansion');
    expect(reason(`echo '${LUA}'`)).toBe('no_redirection');
    expect(reason(`echo '${LUA}' > /tmp/x`)).toBe('other_target');
    expect(reason('cat rules > register')).toBe('unknown_command');
    expect(reason('echo a > register; echo b > register')).toBe('several_commands');
    expect(reason('echo a && echo b > register')).toBe('unsupported_operator');
    expect(reason("printf '%d' 1 > register")).toBe('bad_format');
    const soup = fc.array(
      fc.constantFrom(
        'echo',
        'printf',
        "'",
        '"',
        '$',
        '\\',
        '>',
        '|',
        'tee',
        ' ',
        '\n',
        'register',
        '-e',
        '%s',
        'x',
        ';',
        'sudo',
        'sh',
        '-c',
        "$'",
        '\\x4',
      ),
      { maxLength: 14 },
    );
    fc.assert(
      fc.property(
        fc.oneof(
          soup.map((s) => s.join('')),
          soup.map((s) => s.join(' ')),
          fc.string(),
        ),
        (text) => {
          const got = fromShell(text);
          expect(got instanceof ShellError ? got.message : got.line).toBeTruthy();
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('a line as a file of binfmt.d', () => {
  it('comes back from its text, or says why it cannot stand there', () => {
    fc.assert(
      fc.property(fc.oneof(rules.map(lineOf), fc.uint8Array({ minLength: 1, maxLength: 40 })), (line) => {
        const file = toBinfmtD(line, 'x');
        if (file instanceof BinfmtDError) return void expect(file.reason).toMatch(/not_one_line|comment|trimmed|no_rule/);
        const back = fromBinfmtD(file.text);
        if (back instanceof BinfmtDError) throw new Error(back.message);
        expect(latin1(back)).toBe(latin1(withoutNewline(line)));
      }),
      { numRuns: 1_500 },
    );
  });

  it('passes over comments, takes one rule, and names what it refuses', () => {
    expect(fromBinfmtD(`# lua\n\n  ${LUA}  \r\n; end\n`)).toEqual(encode(LUA));
    expect(fromBinfmtD('# nothing\n')).toMatchObject({ reason: 'no_rule' });
    expect(fromBinfmtD(`${LUA}\n${LUA}\n`)).toMatchObject({ reason: 'several_rules' });
    expect(toBinfmtD(encode('\n'), 'a')).toMatchObject({ reason: 'no_rule' });
    expect(toBinfmtD(encode('#a#E##foo##/bin/x#'), 'a')).toMatchObject({ reason: 'comment' });
    expect(toBinfmtD(encode(LUA), 'a/b c')).toEqual({ path: '/etc/binfmt.d/a_b_c.conf', text: `${LUA}\n` });
  });
});

describe('a rule as binfmt-support knows it', () => {
  const known = (got: string | UpdateBinfmtsError): string | null => {
    if (!(got instanceof UpdateBinfmtsError)) return got;
    expect(got.reason).toMatch(/o_alone|colon|not_one_line|reserved/);
    return null;
  };

  it('comes back from its command and from its format file', () => {
    let seen = 0;
    fc.assert(
      fc.property(rules, (rule) => {
        const command = known(toUpdateBinfmts(rule));
        if (command === null) return;
        const back = fromUpdateBinfmts(command, roomy);
        if (back instanceof UpdateBinfmtsError) throw new Error(`${back.message}: ${command}`);
        expect(plain(back)).toEqual(plain(rule));
        seen++;
        if (/^\s|\s$/.test(rule.interpreter) || (rule.match.kind === 'extension' && /^\s|\s$/.test(rule.match.extension))) return;
        const file = known(toFormatFile(rule, 'here'));
        const again = fromFormatFile(file ?? '', rule.name, roomy);
        if (again instanceof UpdateBinfmtsError) throw new Error(`${again.message}: ${file}`);
        expect(plain(again)).toEqual(plain(rule));
      }),
      { numRuns: 1_500 },
    );
    expect(seen).toBeGreaterThan(300);
  });

  it('looks as one would type it', () => {
    const rule = create_entry(encode(':qemu:M:4:\\x7fELF:\\xff\\xff\\xff\\x00:/usr/bin/q:CF'), current) as MiscRule;
    expect(toUpdateBinfmts(rule)).toBe(
      "update-binfmts --install qemu /usr/bin/q --magic '\\x7fELF' --offset 4 --mask '\\xff\\xff\\xff\\x00' --credentials yes --fix-binary yes",
    );
    expect(toFormatFile(rule, 'qemu-user')).toBe(
      'package qemu-user\ninterpreter /usr/bin/q\nmagic \\x7fELF\noffset 4\nmask \\xff\\xff\\xff\\x00\ncredentials yes\nfix_binary yes\n',
    );
  });

  it('names what it refuses', () => {
    const reason = (text: string): string => {
      const got = fromUpdateBinfmts(text, roomy);
      return got instanceof UpdateBinfmtsError ? got.reason : 'read';
    };
    expect(reason('ls')).toBe('unknown_command');
    expect(reason('update-binfmts --display')).toBe('unknown_option');
    expect(reason('update-binfmts --install a')).toBe('missing_value');
    expect(reason('update-binfmts --install a /b')).toBe('no_spec');
    expect(reason('update-binfmts --install a /b --magic x --extension y')).toBe('two_specs');
    expect(reason("update-binfmts --install a /b --magic '\\xz'")).toBe('bad_bytes');
    expect(reason('update-binfmts --install a /b --magic=x --offset -1')).toBe('bad_offset');
    expect(reason('update-binfmts --install status /b --magic x')).toBe('reserved');
    expect(reason('update-binfmts --install a /b --magic x --detector /d')).toBe('detector');
    expect(reason('update-binfmts --install a /b --magic x --preserve perhaps')).toBe('not_yes_or_no');
    expect(reason('update-binfmts --install a /b --magic x > y')).toBe('unreadable');
    const soup = fc.array(
      fc.constantFrom('update-binfmts', '--install', '--magic', '--mask', '--offset', 'yes', '--preserve', 'x', "'", '=', '\\x41'),
      { maxLength: 10 },
    );
    fc.assert(
      fc.property(
        fc.oneof(
          soup.map((s) => `update-binfmts ${s.join(' ')}`),
          fc.string(),
        ),
        (text) => void expect(reason(text)).toBeTruthy(),
      ),
    );
    fc.assert(fc.property(fc.string(), (text) => void expect(fromFormatFile(text, 'n', roomy)).toBeTruthy()));
  });
});

describe('whatever is pasted', () => {
  it('is known by its look', () => {
    const look = (text: string): string => notationOf(text);
    expect(look(LUA)).toBe('line');
    expect(look(`${LUA}\n`)).toBe('line');
    expect(look('#a#E##foo##/bin/x#')).toBe('line');
    expect(look(`sudo sh -c "echo '${LUA}' > ${REGISTER}"`)).toBe('shell');
    expect(look(`# lua\n${LUA}\n`)).toBe('binfmt.d');
    expect(look('sudo update-binfmts --install a /b --magic x')).toBe('update-binfmts');
    expect(look('package here\ninterpreter /b\nmagic x\n')).toBe('format file');
  });

  it('is read back from every form that a rule has, and never makes the reader throw', () => {
    fc.assert(
      fc.property(rules, (rule) => {
        const line = lineOf(rule);
        for (const { notation, text } of formsOf(line, rule)) {
          if (text === null) continue;
          const got = readRule(text, roomy, notation, rule.name);
          if ('message' in got) throw new Error(got.message);
          const back = create_entry(withoutNewline(got.line), roomy);
          if (notation !== 'format file') expect('errno' in back ? back.why : plain(back)).toEqual(plain(rule));
        }
      }),
      { numRuns: 500 },
    );
    fc.assert(fc.property(fc.string(), (text) => void expect(readRule(text, roomy)).toBeTruthy()));
  });
});

describe('on the machine', () => {
  let machine: Lab;
  beforeAll(async () => {
    machine = await boot({ kernel: 'lab' });
  });
  afterAll(() => machine.dispose());

  it('bash and the kernel make of each shell command the rule that was meant', async () => {
    await fc.assert(
      fc.asyncProperty(
        rules.filter((r) => !['register', 'status'].includes(r.name)),
        async (found) => {
          const rule = { ...found, flags: new Set([...found.flags].filter((f) => f !== 'F')) };
          const line = lineOf(rule);
          fc.pre(line.length < 1900);
          const done = await machine.run(`cd /proc/sys/fs/binfmt_misc; ${toShell(line)}
for f in * .*; do case $f in register|status|.|..) ;; *) cat "./$f" ;; esac; done; echo -1 > status`);
          expect(latin1(done.stdout.bytes)).toBe(latin1(encode(entry_status(rule, true))));
        },
      ),
      { numRuns: 150 },
    );
  });
});
