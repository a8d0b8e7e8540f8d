/** A rule laid over a file, and which format takes it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overlay } from '../../../src/explain/overlay.ts';
import { predict, takers } from '../../../src/explain/predict.ts';
import { create_entry, type MiscRule } from '../../../src/kernel/fs/binfmt_misc_entry.ts';
import { boot } from '../../../src/lab/index.ts';
import { fromLatin1 } from '../../../src/uapi/bytes.ts';
import { current, lab } from './support.ts';

const rule = (line: string): MiscRule => {
  const found = create_entry(fromLatin1(line), current);
  if ('errno' in found) throw new Error(found.why);
  return found;
};
const file = (text: string, name = 'f'): { name: string; bytes: Uint8Array } => ({ name, bytes: fromLatin1(text) });

describe('a rule laid over a file', () => {
  it('marks each byte: matched, differing, masked, outside, behind the end', () => {
    const seen = overlay(rule(':m:M:1:abc\\x00:\\xff\\x0f\\x00\\xff:/bin/x:').match, file('.arz'), 256);
    if (seen.kind !== 'magic') throw new Error('type M');
    expect(seen.cells.slice(0, 6).map((c) => c.state)).toEqual(['outside', 'match', 'match', 'masked', 'match', 'outside']);
    expect(seen.cells.slice(3, 5).map((c) => c.behindEnd)).toEqual([false, true]);
    expect(seen).toMatchObject({ matched: true, differsAt: null });
    expect(overlay(rule(':m:M::abc::/bin/x:').match, file('abd'), 256)).toMatchObject({ matched: false, differsAt: 2 });
  });

  it('agrees with the kernel’s comparison, byte for byte', () => {
    const bytes = fc.uint8Array({ maxLength: 6 });
    fc.assert(
      fc.property(bytes, bytes, fc.uint8Array({ minLength: 6, maxLength: 6 }), fc.nat(3), (content, magic, mask, offset) => {
        fc.pre(magic.length > 0);
        const seen = overlay({ kind: 'magic', offset, magic, mask: mask.subarray(0, magic.length) }, { name: '', bytes: content }, 16);
        if (seen.kind !== 'magic') throw new Error('type M');
        const first = seen.cells.find((c) => c.state === 'differs')?.at ?? null;
        expect([seen.matched, seen.differsAt]).toEqual([first === null, first]);
      }),
    );
  });

  it('compares the last part of the name for type E', () => {
    const py = rule(':p:E::py::/bin/x:').match;
    expect(overlay(py, file('', 'a.b.py'), 256)).toEqual({ kind: 'extension', matched: true, wanted: 'py', found: 'py' });
    expect(overlay(py, file('', 'a.PY'), 256)).toMatchObject({ matched: false, found: 'PY' });
    expect(overlay(py, file('', 'py'), 256)).toMatchObject({ matched: false, found: null });
  });
});

describe('the format that takes a file', () => {
  const scripts = rule(':s:M::#!::/bin/x:');

  it('is the first of the kernel’s list that wants it, the newest rule first', () => {
    const wanted = takers(file('#!/bin/sh\n'), [scripts], lab, 'x86_64').map((t) => t.format);
    expect(wanted).toEqual(['script', 'misc']);
    expect(predict(file('#!/bin/sh\n'), [scripts], current, 'x86_64')).toEqual({ format: 'misc', entry: scripts });
    expect(predict(file('text'), [scripts], current, 'x86_64')).toBe(null);
    const older = rule(':o:M::#::/bin/x:');
    expect(predict(file('#!x'), [scripts, older], current, 'x86_64')?.entry?.name).toBe('s');
  });

  it('is what the machine says of its own samples', async () => {
    const machine = await boot({ kernel: 'lab' });
    const samples = (await machine.run('cd samples; chmod +x *; ls')).stdout.text.trim().split('\n');
    for (const name of samples) {
      const bytes = machine.readFile(`/root/samples/${name}`);
      const { trace } = await machine.run(`exec samples/${name}`, { trace: true });
      const probes = trace
        .slice(trace.findIndex((e) => e.ev === 'exec_begin' && e.path.endsWith(name)))
        .flatMap((e) => (e.ev === 'binfmt_probe' && e.level === 0 ? [e] : []));
      const last = probes.at(-1);
      const took = last !== undefined && last.verdict !== 'next' ? last.fmt : null;
      expect([name, predict({ name, bytes }, [], lab, 'x86_64')?.format ?? null]).toEqual([name, took]);
    }
    expect(samples.length).toBeGreaterThan(3);
    machine.dispose();
  });
});
