import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkedTimeline } from '../../src/lab/check-timeline.ts';
import { boot, LabError, type LabSnapshot } from '../../src/lab/index.ts';
import { pack, unpack } from '../../src/lab/keep-pack.ts';
import { snapshotBytes } from '../../src/lab/snapshot-bytes.ts';
import type { TimelineState } from '../../src/lab/timeline.ts';

let snapshot: LabSnapshot;

beforeAll(async () => {
  const lab = await boot();
  await lab.run(`mkdir -p /root/d/e; echo text > /root/d/f; ln /root/d/f /root/g; mount -t tmpfs none /mnt; mount --bind /root/d /mnt
    echo ':r:M::xyz::/usr/bin/cat:F' > /proc/sys/fs/binfmt_misc/register; rm -r /usr/share; rm /usr/bin/[a-km-z]*`);
  snapshot = lab.snapshot();
});

/** A number that `pick` turns into a place of `value`, and what is put there. */
type Damage = readonly [place: number, what: unknown];
const junk = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    undefined,
    true,
    '',
    '..',
    'a/b',
    -1,
    0,
    1,
    2,
    3,
    0.5,
    2 ** 31,
    1e300,
    Number.NaN,
    [],
    {},
    new Uint8Array(0),
  ),
  fc.integer({ min: 0, max: 300 }),
  fc.string({ maxLength: 5 }),
);
const damage: fc.Arbitrary<Damage> = fc.tuple(fc.nat(1 << 24), junk);

/** All places of an object where something stands, each as a way to put something else there. */
function places(value: unknown, out: ((what: unknown) => void)[] = [], depth = 0): ((what: unknown) => void)[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array || depth > 12) return out;
  for (const key of Object.keys(value)) {
    const holder = value as Record<string, unknown>;
    out.push((what) => void (holder[key] = what));
    places(holder[key], out, depth + 1);
  }
  return out;
}

function damaged<T>(value: T, damages: readonly Damage[]): T {
  const copy = structuredClone(value);
  for (const [place, what] of damages) {
    const all = places(copy);
    all[place % all.length]?.(what);
  }
  return copy;
}

/** The machine, or null where a LabError refused it; whatever else is thrown is a failure. */
async function bootOrRefuse(made: LabSnapshot): Promise<Awaited<ReturnType<typeof boot>> | null> {
  try {
    return await boot({ snapshot: made });
  } catch (e) {
    if (e instanceof LabError) return null;
    throw e;
  }
}

describe('a damaged snapshot', () => {
  it('is refused by a LabError, or makes a machine that works', async () => {
    let refused = 0;
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 3 }), async (damages) => {
        runs++;
        const lab = await bootOrRefuse(damaged(snapshot, damages));
        if (lab === null) return void refused++;
        const result = await lab
          .run('ls -lR /root /mnt; cat /mnt/f; echo $(</root/g) > /root/h; /root/g; true', { timeout: 5000 })
          .catch((e) => {
            if (!(e instanceof LabError)) throw e;
            return null;
          });
        expect(result?.stderr.text ?? '').not.toMatch(/panic|unexpected exception/);
        lab.dispose();
      }),
      { numRuns: 200 },
    );
    expect(refused).toBeGreaterThan(runs / 4);
  }, 120_000);

  it.each<[string, (string | number)[], unknown, string]>([
    ['of another shape', ['machine'], 1, 'snapshot.machine is no object'],
    ['for an unknown host', ['host'], 'pdp11', "unknown host 'pdp11'"],
    ['with a name that leads elsewhere', ['machine', 'supers', 'ROOT', 'nodes', 0, 'names', 0, 0], '../x', 'is no file name'],
    ['with a directory in itself', ['machine', 'supers', 'ROOT', 'nodes', 0, 'names', 0, 1], 1, 'a directory twice'],
    ['with a name for nothing', ['machine', 'supers', 'ROOT', 'nodes', 0, 'names', 0, 1], 99999, 'has nothing for'],
    ['with a mount on itself', ['machine', 'mounts', 2, 'on'], { mount: 2, at: [] }, 'stands on nothing'],
    [
      'with a mount at a place that is not there',
      ['machine', 'mounts', 2, 'on'],
      { mount: 1, at: ['no'] },
      'no machine can be made of this',
    ],
  ])('is refused %s', async (_, path, what, why) => {
    const made = structuredClone(snapshot);
    const { mounts, root } = made.machine;
    put(
      made,
      path.map((step) => (step === 'ROOT' ? (mounts[root.mount]?.super ?? 0) : step)),
      what,
    );
    await expect(boot({ snapshot: made })).rejects.toThrow(why);
    await expect(boot({ snapshot: made })).rejects.toThrow(LabError);
  });
});

function put(holder: unknown, [step = '', ...rest]: readonly (string | number)[], what: unknown): void {
  const at = holder as Record<string | number, unknown>;
  if (rest.length === 0) at[step] = what;
  else put(at[step], rest, what);
}

describe('a stored time line', () => {
  const shell = {
    ...{
      name: '-bash',
      cwd: '/root',
      umask: 18,
      limits: [['RLIMIT_FSIZE', { rlim_cur: Number.POSITIVE_INFINITY, rlim_max: Number.POSITIVE_INFINITY }]],
      modes: { c_iflag: 1, c_oflag: 1, c_cflag: 1, c_lflag: 1, c_cc: [3] },
      status: 0,
      lastArgument: '',
      commandNumber: 1,
      seconds: 1,
      pipeStatus: [0],
      positional: [],
    },
    ...{
      directoryStack: [],
      options: ['history'],
      variables: [{ name: 'x', attributes: 'x', value: '1' }],
      aliases: [['a', 'b']],
      traps: [],
    },
    ...{ functions: [{ text: 'f () \n{ \n    :\n}', source: 'main', line: 1, exported: false }], disabledBuiltins: [], completions: [] },
    history: { entries: ['x=1'], base: 1, fresh: 1, times: [[1, 2]] },
  } as const satisfies TimelineState['entries'][number]['shell'];
  const state = (): TimelineState => {
    const { kernel, host } = snapshot;
    const common = {
      kind: 'command',
      line: 'x=1',
      status: 0,
      time: 1,
      cwd: '/root',
      kernel,
      host,
      cost: 1,
      note: '',
      snapshot,
      shell,
    } as const;
    return {
      version: 2,
      here: 2,
      entries: [
        { ...common, id: 1 },
        { ...common, id: 2 },
      ],
    };
  };

  it('comes back as it was, with what its entries share still shared', () => {
    const { record, chunks } = pack(state());
    const back = checkedTimeline(unpack(structuredClone(record), new Map(chunks)));
    expect(back).toEqual(state());
    const [one, two] = back.entries;
    expect(one && two && snapshotBytes([one.snapshot], two.snapshot)).toBeLessThan(10_000);
  });

  it('has the same names for the same chunks at the next save, and after it was loaded', () => {
    const first = pack(state());
    const again = pack(state());
    expect([...again.chunks.keys()]).toEqual([...first.chunks.keys()]);
    const loaded = unpack(structuredClone(first.record), new Map([...first.chunks].map(([k, v]) => [k, v.slice()]))) as TimelineState;
    expect([...pack(loaded).chunks.keys()]).toEqual([...first.chunks.keys()]);
  });

  it('of another version is refused by name', () => {
    expect(() => checkedTimeline({ ...state(), version: 7 })).toThrow('a time line of version 7: this is version 2');
    expect(() => checkedTimeline(undefined)).toThrow(LabError);
  });

  it('is read or refused by a LabError, whatever the store holds', () => {
    const packed = pack(state());
    fc.assert(
      fc.property(fc.array(damage, { maxLength: 3 }), fc.nat(5), (damages, lost) => {
        const chunks = new Map([...packed.chunks].slice(0, lost === 0 ? 1 : undefined));
        try {
          checkedTimeline(unpack(damaged(packed.record, damages), chunks));
        } catch (e) {
          if (!(e instanceof LabError)) throw e;
        }
      }),
      { numRuns: 300 },
    );
    expect(() => checkedTimeline(unpack(packed.record, new Map()))).toThrow('lacks a part');
  });
});
