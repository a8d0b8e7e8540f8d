import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHUNK, Content } from '../../../src/kernel/fs/ramfs_content.ts';

type Step =
  | { readonly do: 'write'; readonly pos: number; readonly length: number; readonly byte: number }
  | { readonly do: 'truncate'; readonly size: number }
  | { readonly do: 'share'; readonly length: number }
  | { readonly do: 'freeze' }
  | { readonly do: 'thaw' };

const near = fc
  .tuple(fc.constantFrom(0, 64, 1000, CHUNK, 2 * CHUNK, 3 * CHUNK), fc.integer({ min: -3, max: 3 }))
  .map(([n, d]) => Math.max(0, n + d));
const place = fc.oneof(near, fc.integer({ min: 0, max: 4 * CHUNK }));
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('write' as const), pos: place, length: place, byte: fc.integer({ min: 1, max: 255 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('truncate' as const), size: place }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('share' as const), length: place }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('freeze' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('thaw' as const) }) },
);

/** What a file is without chunks. */
function written(model: Uint8Array, pos: number, data: Uint8Array): Uint8Array {
  if (data.length === 0) return pos > model.length ? resized(model, pos) : model;
  const out = resized(model, Math.max(model.length, pos + data.length));
  out.set(data, pos);
  return out;
}

function resized(model: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  out.set(model.subarray(0, size));
  return out;
}

const bytes = (content: Content): Uint8Array => content.read(0, content.size);
const joined = (chunks: readonly Uint8Array[]): Buffer => Buffer.concat(chunks);
const equal = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

describe('a file in chunks', () => {
  it('is what it would be in one piece, and its snapshots stay what they were, whatever is written in between', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let content = new Content();
        let model: Uint8Array = new Uint8Array(0);
        const frozen: { chunks: readonly Uint8Array[]; model: Uint8Array }[] = [];
        for (const s of steps) {
          if (s.do === 'write') {
            const data = new Uint8Array(s.length).fill(s.byte);
            content.write(data, s.pos);
            model = written(model, s.pos, data);
          } else if (s.do === 'truncate') {
            content.truncate(s.size);
            model = resized(model, s.size);
          } else if (s.do === 'share') {
            model = new Uint8Array(s.length).fill(7);
            content.share(model.slice());
          } else if (s.do === 'freeze') frozen.push({ chunks: content.freeze(), model });
          else {
            const [from] = frozen;
            if (!from) continue;
            content = new Content();
            content.thaw(from.chunks);
            model = from.model;
          }
          expect(content.size).toBe(model.length);
        }
        expect(equal(bytes(content), model)).toBe(true);
        for (const f of frozen) expect(equal(joined(f.chunks), f.model)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('gives any piece, and nothing behind the end', () => {
    const content = new Content();
    const model = new Uint8Array(3 * CHUNK + 17).map((_, i) => i % 251);
    content.write(model, 0);
    fc.assert(
      fc.property(place, place, (from, length) => {
        expect(equal(content.read(from, from + length), model.subarray(from, from + length))).toBe(true);
      }),
    );
  });

  it('has frozen chunks of one size but the last, each the whole of its buffer unless it was shared in', () => {
    const content = new Content();
    content.write(new Uint8Array(2 * CHUNK + 100).fill(1), 0);
    expect(content.freeze().map((c) => [c.length, c.buffer.byteLength])).toEqual([
      [CHUNK, CHUNK],
      [CHUNK, CHUNK],
      [100, 100],
    ]);
  });

  it('copies one chunk for one byte', () => {
    const content = new Content();
    content.write(new Uint8Array(8 * CHUNK).fill(1), 0);
    const before = content.freeze();
    content.write(Uint8Array.of(2), 3 * CHUNK + 5);
    expect(content.freeze().map((chunk, i) => chunk === before[i])).toEqual([true, true, true, false, true, true, true, true]);
  });

  it('makes a hole of shared zeros', () => {
    const content = new Content();
    content.truncate(100 * CHUNK);
    expect(new Set(content.freeze()).size).toBe(1);
  });
});
