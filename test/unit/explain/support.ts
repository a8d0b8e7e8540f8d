/** What the tests of explain share: kernels, lines that are nearly right, rules of any kind. */
import fc from 'fast-check';
import type { Facts } from '../../../src/explain/facts.ts';
import { formatLine } from '../../../src/explain/line.ts';
import { type Explanation, explainRule, type Refused } from '../../../src/explain/rule.ts';
import type { MiscFlag, MiscRule } from '../../../src/kernel/fs/binfmt_misc_entry.ts';
import { type KernelVersion, versions } from '../../../src/kernel/init/version.ts';
import { decode, fromLatin1 } from '../../../src/uapi/bytes.ts';

export const current = versions['6.18'] as KernelVersion;
export const lab = versions['lab'] as KernelVersion;
export const old: KernelVersion = { ...current, MAX_REGISTER_LENGTH: 256, BINPRM_BUF_SIZE: 128, flag_F: false, max_interpreter: 127 };

export const explain = (line: string, facts: Facts = {}, version = current): Explanation =>
  explainRule(fromLatin1(line), { version, facts });
export const warningIds = (line: string, facts: Facts = {}, version = current): readonly string[] =>
  explain(line, facts, version).warnings.map((w) => w.id);

export function refusal(line: string, facts: Facts = {}, version = current): Refused {
  const { verdict } = explain(line, facts, version);
  if (verdict.accepted) throw new Error(`${line} is accepted`);
  return verdict;
}

const piece = fc
  .array(
    fc.oneof(
      fc.constantFrom('\\x41', '\\x00', '\\x', '\\', ':', '.', '/', 'a', '4', 'x', '\0', '\n', ' ', '\xff'),
      fc.string({ maxLength: 3 }),
    ),
    { maxLength: 5 },
  )
  .map((p) => p.join(''));

/** Lines of which about half are accepted. */
export const nearly: fc.Arbitrary<Uint8Array> = fc
  .record({
    del: fc.constantFrom(':', ':', ':', ',', '/', 'x', '4', '\\', '\0', '\n', 'M', 'P'),
    fields: fc.tuple(
      piece,
      fc.constantFrom('M', 'M', 'E', 'm', ''),
      fc.constantFrom('', '0', '4', '-1', 'z'),
      piece,
      fc.constantFrom('', '', 'a', '\\xff'),
      fc.constantFrom('/bin/true', '', 'x'),
    ),
    flags: fc.constantFrom('', '', 'P', 'POCF', 'F\n', '\n', '\n\n', '\r\n', ' ', 'p', ':', '\n:b'),
    cut: fc.integer({ min: 0, max: 4 }),
  })
  .map(({ del, fields, flags, cut }) => {
    const line = `${del}${[...fields, flags].join(del)}`;
    return fromLatin1(cut === 0 ? line.slice(0, -1) : line);
  });

const bytes = (min: number, max: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: min, maxLength: max });
/** Any bytes that a field may hold, as the kernel keeps them. */
const text = (forbidden: RegExp): fc.Arbitrary<string> =>
  fc
    .oneof(fc.stringMatching(/^[a-zA-Z0-9:;#' $"\\.-]{1,12}$/), bytes(1, 12).map(decode))
    .filter((t) => !forbidden.test(t) && t !== '.' && t !== '..');

const magic = fc
  .tuple(bytes(1, 24), fc.boolean(), fc.integer({ min: 0, max: 200 }))
  .chain(([m, masked, offset]) =>
    (masked ? bytes(m.length, m.length) : fc.constant(null)).map((mask) => ({ kind: 'magic' as const, offset, magic: m, mask })),
  );
const extension = text(/[/\0]/).map((e) => ({ kind: 'extension' as const, extension: e }));
const flags = fc.subarray<MiscFlag>(['P', 'O', 'C', 'F']).map((f) => new Set<MiscFlag>(f.includes('C') ? [...f, 'O'] : f));

/** Every rule that the kernel can hold, but for its length. */
export const rules: fc.Arbitrary<MiscRule> = fc.record({
  name: text(/[/\0]/),
  match: fc.oneof(magic, extension),
  interpreter: text(/\0/),
  flags,
});

/** Lines of such rules. */
export const good: fc.Arbitrary<Uint8Array> = rules.map((rule) => formatLine(rule) ?? new Uint8Array());

/** For comparing: sets and bytes in a fixed form. */
export const plain = (rule: MiscRule): unknown => ({ ...rule, flags: [...rule.flags].sort() });
