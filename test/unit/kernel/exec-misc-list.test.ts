/** Which rule takes a file, however many there are: the answer of the index is that of a walk from the newest to the oldest (M2–M5). */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encode } from '../../../src/uapi/bytes.ts';
import type { RootEntry } from '../../../src/uapi/rootfs.ts';
import { argvOf, BM, control, exec, register } from '../../support/exec.ts';
import { machine, program } from '../../support/kernel.ts';

/** Few bytes, masks and extensions, so that rules overlap and files are matched. */
const byte = fc.constantFrom(0x41, 0x42, 0x61, 0x62);
const bits = fc.constantFrom(0xff, 0xdf, 0xfe, 0x00);
const magic = fc.array(fc.tuple(byte, bits), { minLength: 1, maxLength: 5 });
const kind = fc.oneof(
  fc.record({ offset: fc.nat(3), look: magic, masked: fc.boolean() }),
  fc.record({ extension: fc.constantFrom('a', 'b', 'gz', 'tar.gz', 'tar') }),
);
type Kind = { offset: number; look: [number, number][]; masked: boolean } | { extension: string };
const RULES = 12;
const which = fc.nat(RULES - 1);
const change = fc.oneof(
  { weight: 4, arbitrary: fc.record({ op: fc.constant('register' as const), rule: which, kind }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constantFrom('disable' as const, 'enable' as const, 'remove' as const), rule: which }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constantFrom('off' as const, 'on' as const, 'clear' as const) }) },
);
const NAMES = ['plain', 'x.a', 'x.b.a', 'x.tar.gz', 'gz', '.gz', 'x.', 'x.a.', 'd.a/plain', 'd.a/x.b'];
const CONTENTS = ['', 'A', 'aAbB', 'ABABABABA', 'AAAAbbbb', 'bbaaBBAA'];

interface Rule {
  readonly n: number;
  readonly kind: Kind;
  enabled: boolean;
}

const escaped = (bytes: readonly number[]): string => bytes.map((b) => `\\x${b.toString(16).padStart(2, '0')}`).join('');
function line(n: number, kind: Kind): string {
  if ('extension' in kind) return `:r${n}:E::${kind.extension}::/i${n}:`;
  const mask = kind.masked ? escaped(kind.look.map(([, m]) => m)) : '';
  return `:r${n}:M:${kind.offset}:${escaped(kind.look.map(([b]) => b))}:${mask}:/i${n}:`;
}

function takes(kind: Kind, path: string, content: string): boolean {
  if ('extension' in kind) return path.includes('.') && path.split('.').at(-1) === kind.extension;
  return kind.look.every(([b, m], i) => (((content.charCodeAt(kind.offset + i) || 0) ^ b) & (kind.masked ? m : 0xff)) === 0);
}

const file = (path: string, content: string): RootEntry => ({ kind: 'file', path, mode: 0o755, data: encode(content) });
/** Each name with each content, in a directory of its own. */
const files = CONTENTS.flatMap((content, i) => NAMES.map((name) => [`/${i}/${name}`, content] as const));
const dirs = CONTENTS.flatMap((_, i) => [`/${i}`, `/${i}/d.a`]).map((path): RootEntry => ({ kind: 'dir', path, mode: 0o755 }));
/** ELF comes first in it: a rule that takes any file leaves the interpreters alone. */
const make = (more: readonly RootEntry[]) =>
  machine({
    version: 'lab',
    applets: { show: () => async () => 0 },
    entries: [...dirs, ...Array.from({ length: RULES }, (_, i) => program(`/i${i}`, 'show')), ...more],
  });
type M = ReturnType<typeof make>;

/** The list as Linux has it, newest first. */
class Model {
  rules: Rule[] = [];
  on = true;

  /** Does one change to both. */
  apply(m: M, c: typeof change extends fc.Arbitrary<infer T> ? T : never): void {
    const { init_task } = m.kernel;
    if (c.op === 'register') {
      const known = this.rules.some((r) => r.n === c.rule);
      expect(register(m, line(c.rule, c.kind))).toBe(known ? 'EEXIST' : 'ok');
      if (!known) this.rules.unshift({ n: c.rule, kind: c.kind, enabled: true });
    } else if ('rule' in c) {
      const rule = this.rules.find((r) => r.n === c.rule);
      const command = { disable: '0', enable: '1', remove: '-1' }[c.op];
      expect(control(init_task, `${BM}/r${c.rule}`, command)).toBe(rule ? 'ok' : 'open: ENOENT');
      if (c.op === 'remove') this.rules = this.rules.filter((r) => r !== rule);
      else if (rule) rule.enabled = c.op === 'enable';
    } else {
      control(init_task, `${BM}/status`, { off: '0', on: '1', clear: '-1' }[c.op]);
      if (c.op === 'clear') this.rules = [];
      else this.on = c.op === 'on';
    }
  }

  /** The interpreter that starts, by a plain walk. */
  answer(path: string, content: string): string {
    const rule = this.on ? this.rules.find((r) => r.enabled && takes(r.kind, path, content)) : undefined;
    return rule === undefined ? 'ENOEXEC' : `/i${rule.n}`;
  }
}

describe('the rule that takes a file', () => {
  it('is the newest enabled one that matches, whatever was registered, disabled and removed', () => {
    const m = make(files.map(([path, content]) => file(path, content)));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 40 }), (changes) => {
        const model = new Model();
        for (const op of ['clear', 'on'] as const) model.apply(m, { op });
        for (const c of changes) model.apply(m, c);
        const started = files.map(([path]) => [path, [argvOf(m, path)].flat()[0]]);
        expect(started).toEqual(files.map(([path, content]) => [path, model.answer(path, content)]));
      }),
      { numRuns: 150 },
    );
  });

  it('is found among thousands that begin alike, and none of them takes a file that goes on otherwise', () => {
    const start = 'same '.repeat(20);
    const m = make([file('/found', `${start}0777`), file('/other', `${start}zzzz`)]);
    for (let i = 0; i < 2000; i++) register(m, `:f${i}:M::${start}${String(i).padStart(4, '0')}::/i${i % RULES}:`);
    expect(argvOf(m, '/found')).toEqual([`/i${777 % RULES}`, '/found']);
    expect(exec(m, '/other')).toBe('ENOEXEC');
    control(m.kernel.init_task, `${BM}/f777`, '-1');
    expect(exec(m, '/found')).toBe('ENOEXEC');
  });
});
