/** Links: what goes in comes out, and nothing else gets through. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeShared, encodeShared, PermalinkError, type Shared } from '../../../src/ui/permalink.ts';

const name = fc.string({ minLength: 1, maxLength: 20 }).filter((s) => !/[/\0]/.test(s) && s !== '.' && s !== '..');
const shared: fc.Arbitrary<Shared> = fc.record({
  host: fc.constantFrom('x86_64', 'aarch64', 'armv7l', 'riscv64', 'i686'),
  kernel: fc.constantFrom('lab', '6.18'),
  script: fc.string(),
  files: fc.array(
    fc.record({
      path: fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => `/${parts.join('/')}`),
      mode: fc.nat(0o7777),
      data: fc.uint8Array({ maxLength: 200 }),
    }),
    { maxLength: 3 },
  ),
  panel: fc.option(fc.constant('microscope')),
  panels: fc.dictionary(fc.constantFrom('world', 'workbench'), fc.jsonValue({ maxDepth: 2 })),
}) as fc.Arbitrary<Shared>;

async function refusal(fragment: string): Promise<string> {
  try {
    await decodeShared(fragment);
    return '';
  } catch (e) {
    if (!(e instanceof PermalinkError)) throw e;
    return e.message;
  }
}

/** A fragment of `value` as JSON, past the types. */
const forged = (value: unknown): Promise<string> => encodeShared(value as Shared);
const sound = { host: 'x86_64', kernel: 'lab', script: '', files: [], panel: null, panels: {} };

describe('a permalink', () => {
  it('brings back what it was made of', () =>
    fc.assert(
      fc.asyncProperty(shared, async (state) => {
        expect(JSON.stringify(await decodeShared(await encodeShared(state)))).toBe(JSON.stringify(state));
      }),
      { numRuns: 60 },
    ));

  it('is told from any other fragment', async () => {
    expect(await decodeShared('')).toBeNull();
    expect(await decodeShared('#lesson=pyc&step=2')).toBeNull();
  });

  it.each([
    ['of another host', { ...sound, host: 'vax' }, 'asks for a host that there is not: "vax"'],
    ['without a script', { ...sound, script: 1 }, 'script is missing'],
    ['with a path that climbs', { ...sound, files: [{ path: '/root/../etc/passwd', mode: 420, data: new Uint8Array() }] }, 'bad path'],
    ['with a relative path', { ...sound, files: [{ path: 'x', mode: 420, data: new Uint8Array() }] }, 'bad path'],
    ['with a mode of no kind', { ...sound, files: [{ path: '/x', mode: -1, data: new Uint8Array() }] }, 'bad mode'],
    ['with panels that are none', { ...sound, panels: [] }, 'panels is missing'],
  ])('%s is refused by name', async (_, value, message) => {
    expect(await refusal(await forged(value))).toContain(message);
  });

  it('of another version says so', async () => {
    expect(await refusal('#state=AgA')).toBe('The link is of version 2, this page knows version 1.');
    expect(await refusal('#state=')).toContain('version none');
  });

  it('that would unpack to gigabytes is stopped on the way', async () => {
    expect(await refusal(await forged({ ...sound, script: 'x'.repeat(20_000_000) }))).toContain('more than a machine takes');
  });

  it('is refused by a sentence whatever it holds', () =>
    fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.base64String()), async (noise) => {
        expect(await refusal(`#state=${noise}`)).not.toBe('');
      }),
      { numRuns: 300 },
    ));

  it('with one byte changed never gives anything but a state or a sentence', () =>
    fc.assert(
      fc.asyncProperty(shared, fc.nat(), fc.nat(63), async (state, at, to) => {
        const whole = await encodeShared(state);
        const i = 7 + (at % (whole.length - 7));
        const digit = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'[to] ?? 'A';
        await refusal(whole.slice(0, i) + digit + whole.slice(i + 1));
      }),
      { numRuns: 200 },
    ));
});
