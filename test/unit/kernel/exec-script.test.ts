/** The `#!` line: the parser against a transcription of rules S2 and S8. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse_script_line } from '../../../src/kernel/fs/binfmt_script.ts';
import { type KernelVersion, versions } from '../../../src/kernel/init/version.ts';
import { encode, fromLatin1, latin1 } from '../../../src/uapi/bytes.ts';

const v = versions['6.18'] as KernelVersion;

function window(content: string, size = 256): Uint8Array {
  const w = new Uint8Array(size);
  w.set(fromLatin1(content).subarray(0, size));
  return w;
}

/** Rule S2, step by step; null: ENOEXEC. */
function s2(W: Uint8Array): readonly [string, string | null] | null {
  if (latin1(W.subarray(0, 2)) !== '#!') return null;
  const blank = (i: number): boolean => W[i] === 0x20 || W[i] === 0x09;
  const first = (from: number, to: number, test: (i: number) => boolean): number => {
    for (let i = from; i <= to; i++) if (test(i)) return i;
    return -1;
  };
  const nl = W.indexOf(0x0a);
  let end = nl;
  if (nl < 0) {
    const s = first(2, W.length - 1, (i) => !blank(i));
    if (s < 0) return null;
    if (first(s, W.length - 1, (i) => blank(i) || W[i] === 0) < 0) return null;
    end = W.length - 1;
  }
  while (blank(end - 1)) end--;
  const name = first(2, end, (i) => !blank(i));
  if (name < 0 || name === end) return null;
  const sep = first(name, end, (i) => blank(i) || W[i] === 0);
  const arg = sep >= 0 && blank(sep) ? first(sep, end, (i) => !blank(i)) : -1;
  const upto = (from: number, ...stops: number[]): string => {
    const nul = W.indexOf(0, from);
    return latin1(W.subarray(from, Math.min(...stops.filter((x) => x >= from), nul < 0 ? W.length : nul)));
  };
  return [upto(name, ...(sep >= 0 ? [sep] : []), end), arg < 0 ? null : upto(arg, end)];
}

/** Rule S8 with zero bytes written into the window, as the old code did; cut in silence when `cuts`. */
function s8(original: Uint8Array, cuts: boolean): readonly [string, string | null] | null {
  const W = Uint8Array.from([...original, 0]);
  const last = original.length - 1;
  if (latin1(W.subarray(0, 2)) !== '#!') return null;
  const blank = (c: number | undefined): boolean => c === 0x20 || c === 0x09;
  let cp = W.indexOf(0x0a);
  if (cp < 0 || cp > last) {
    if (!cuts) {
      let s = 2;
      while (s <= last && blank(W[s])) s++;
      if (s > last) return null;
      let t = s;
      while (t <= last && !blank(W[t]) && W[t] !== 0) t++;
      if (t > last) return null;
    }
    cp = last;
  }
  W[cp] = 0;
  while (cp > 0 && blank(W[--cp])) W[cp] = 0;
  cp = 2;
  while (blank(W[cp])) cp++;
  if (W[cp] === 0) return null;
  const name = cp;
  while (W[cp] !== 0 && !blank(W[cp])) cp++;
  const name_end = cp;
  while (blank(W[cp])) cp++;
  const string = (from: number): string => latin1(W.subarray(from, W.indexOf(0, from)));
  return [latin1(W.subarray(name, name_end)), W[cp] === 0 ? null : string(cp)];
}

function answer(W: Uint8Array, rules: Pick<KernelVersion, 'script_parser' | 'script_cut'> = v): readonly [string, string | null] | null {
  const line = parse_script_line(W, rules);
  if ('why' in line) return null;
  const bytes = (s: string): string => latin1(encode(s));
  return [bytes(line.interpreter), line.argument === null ? null : bytes(line.argument)];
}

const token = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(' ', '\t', '\n', '\0', '/', 'i', '-a', '\r', '#', '\xff') },
  { weight: 1, arbitrary: fc.constantFrom(' '.repeat(120), '/'.repeat(125), 'A'.repeat(130), ' '.repeat(253), 'x'.repeat(254)) },
);
const content = fc.array(token, { maxLength: 14 }).map((t) => `#!${t.join('')}`);

describe('the #! line', () => {
  it('is split as rule S2 says, whatever the window holds', () => {
    fc.assert(
      fc.property(content, (text) => {
        expect(answer(window(text))).toEqual(s2(window(text)));
      }),
      { numRuns: 20_000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 0, maxLength: 300 }), (b) => {
        expect(answer(window(latin1(b)))).toEqual(s2(window(latin1(b))));
      }),
      { numRuns: 2_000 },
    );
  });

  it('was split as rule S8 says before 5.8, and cut in silence before that', () => {
    for (const cuts of [false, true]) {
      const rules = { script_parser: 'before 5.8', script_cut: cuts ? 'runs the cut path' : 'ENOEXEC' } as const;
      fc.assert(
        fc.property(content, (text) => {
          expect(answer(window(text, 128), rules)).toEqual(s8(window(text, 128), cuts));
        }),
        { numRuns: 10_000 },
      );
    }
  });

  it('is the same whatever lies behind the window', () => {
    fc.assert(
      fc.property(content, fc.string(), (text, more) => {
        const W = window(text);
        const larger = new Uint8Array([...W, ...encode(more)]).subarray(0, 256);
        expect(answer(larger)).toEqual(answer(W));
      }),
    );
  });

  it('distinguishes an empty argument from none', () => {
    expect(answer(window('#!/i '))).toEqual(['/i', '']);
    expect(answer(window('#!/i \n'))).toEqual(['/i', null]);
    expect(answer(window('#!'))).toEqual(['', null]);
    expect(answer(window('#!\n'))).toBe(null);
  });
});
