/** What reaches an embed from outside: its query, the author's files, the messages of a page around it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BinfmtLabElement } from '../../../src/ui/element.ts';
import { EmbedFilesError, foreignOrigins, parseFiles } from '../../../src/ui/embed-files.ts';
import { parseRequest } from '../../../src/ui/embed-messages.ts';
import { attributesOf } from '../../../src/ui/embed-options.ts';
import { scriptOf } from '../../../src/ui/embed-script.ts';

const BASE = 'https://docs.example/guide/';
const element = (attributes: Readonly<Record<string, string>>): Element =>
  ({ getAttribute: (name: string) => attributes[name] ?? null, hasAttribute: (name: string) => name in attributes }) as unknown as Element;

describe('the query of embed.html', () => {
  test('becomes attributes', () => {
    expect(attributesOf('?host=aarch64&kernel=6.18&panels=microscope,world&theme=dark&height=20rem&lesson=pyc&script=ls', true)).toEqual([
      ['host', 'aarch64'],
      ['kernel', '6.18'],
      ['script', 'ls'],
      ['lesson', 'pyc'],
      ['panels', 'microscope world'],
      ['theme', 'dark'],
      ['height', '20rem'],
    ]);
  });

  test('runs nothing by itself unless a page frames it', () => {
    expect(attributesOf('?autorun&script=ls', true)).toContainEqual(['autorun', '']);
    expect(attributesOf('?autorun&script=ls', false)).toEqual([['script', 'ls']]);
    expect(attributesOf('?autorun=0&no-autofocus=1', true)).toEqual([['no-autofocus', '']]);
  });

  test('sets no other attribute, whatever it says', () => {
    const known = /^(host|kernel|script|files|lesson|panels|theme|height|poster|autorun|no-autofocus)$/;
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), fc.boolean(), (query, framed) => {
        for (const [name] of attributesOf(new URLSearchParams(query).toString(), framed)) {
          expect(name).toMatch(known);
          if (!framed) expect(name).not.toBe('autorun');
        }
      }),
    );
    expect(attributesOf('?autostart&keep=page&permalinks&onclick=x&id=y', true)).toEqual([]);
  });
});

describe('an author’s script', () => {
  test('is text only: no key of it ends the paste that it is typed as', () => {
    expect(scriptOf(element({ script: 'a\x1b[201~\r\nb\tc\x03\n\n' }))).toBe('a[201~\nb\tc');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (script) => {
        expect(scriptOf(element({ script }))).not.toMatch(/[\0-\x08\x0b-\x1f\x7f-\x9f]/);
      }),
    );
  });
});

describe('an author’s files', () => {
  test('are text, bytes or addresses, with a mode', () => {
    const files = parseFiles(
      '{"/a":"x","/b":{"text":"y","mode":"0755"},"/c":{"base64":"AP8="},"/d":{"url":"../d.bin","mode":"4755"}}',
      BASE,
    );
    expect(files.map(({ path, mode }) => [path, mode])).toEqual([
      ['/a', 0o644],
      ['/b', 0o755],
      ['/c', 0o644],
      ['/d', 0o4755],
    ]);
    expect(files[2]?.content).toEqual({ bytes: Uint8Array.of(0, 255) });
    expect(files[3]?.content).toEqual({ url: 'https://docs.example/d.bin' });
    expect(parseFiles(' ', BASE)).toEqual([]);
  });

  test.each([
    ['{', 'no JSON'],
    ['[]', 'an object is needed'],
    ['{"a":"x"}', 'no absolute path'],
    ['{"/a/../b":"x"}', 'no absolute path'],
    ['{"/a":1}', 'neither text nor'],
    ['{"/a":{}}', 'needs one of'],
    ['{"/a":{"text":"x","url":"y"}}', 'needs one of'],
    ['{"/a":{"constructor":"x"}}', 'needs one of'],
    ['{"/a":{"text":"x","mode":493}}', 'octal'],
    ['{"/a":{"base64":"?"}}', 'damaged'],
    ['{"/a":{"url":"javascript:alert(1)"}}', 'cannot be fetched'],
    ['{"/a":{"url":"file:///etc/passwd"}}', 'cannot be fetched'],
  ])('are refused where they are damaged: %s', (json, why) => {
    expect(() => parseFiles(json, BASE)).toThrow(EmbedFilesError);
    expect(() => parseFiles(json, BASE)).toThrow(why);
  });

  test('never give anything but sound files or a named error', () => {
    const json = fc.oneof(
      fc.string(),
      fc.json(),
      fc.dictionary(fc.string(), fc.jsonValue()).map((o) => JSON.stringify(o)),
    );
    fc.assert(
      fc.property(json, (text) => {
        try {
          for (const { path, mode, content } of parseFiles(text, BASE)) {
            expect(path).toMatch(/^\//);
            expect(mode).toBeLessThanOrEqual(0o7777);
            if ('url' in content) expect(content.url).toMatch(/^(https?|data|blob):/);
          }
        } catch (e) {
          if (!(e instanceof EmbedFilesError)) throw e;
        }
      }),
    );
  });

  test('name the origins that they come from', () => {
    const files = parseFiles('{"/a":{"url":"https://one.example/x"},"/b":{"url":"y"},"/c":{"url":"data:,z"},"/d":"t"}', BASE);
    expect(foreignOrigins(files, 'https://docs.example')).toEqual(['https://one.example']);
  });
});

describe('a message to a frame', () => {
  const lab = {
    ready: Promise.resolve(),
    run: async (s: string) => s,
    type: () => {},
    screenText: () => 'screen',
    snapshot: async () => ({}),
  };

  test('is a call with its texts', async () => {
    const request = parseRequest({ binfmtLab: 1, id: 7, call: 'run', args: ['ls'] });
    expect(request).toMatchObject({ id: 7 });
    if (request === null || 'error' in request) throw new Error('it was refused');
    expect(await request.make(lab as unknown as BinfmtLabElement)).toBe('ls');
  });

  test('is refused by name where it is damaged', () => {
    const name = (data: unknown): unknown => {
      const request = parseRequest(data);
      return request !== null && 'error' in request ? request.error.name : request;
    };
    expect(name({ binfmtLab: 1, call: 'run' })).toBe('BadRequest');
    expect(name({ binfmtLab: 2, id: 1, call: 'run', args: [''] })).toBe('BadRequest');
    expect(name({ binfmtLab: 1, id: 1, call: 'boot' })).toBe('UnknownCall');
    expect(name({ binfmtLab: 1, id: 1, call: 'constructor' })).toBe('UnknownCall');
    expect(name({ binfmtLab: 1, id: 1, call: 'run', args: [] })).toBe('BadArguments');
    expect(name({ binfmtLab: 1, id: 1, call: 'run', args: [1] })).toBe('BadArguments');
    expect(name({ binfmtLab: 1, id: 1, call: 'ready', args: ['x'] })).toBe('BadArguments');
    expect(name({ binfmtLab: 1, id: 1, call: 'type', args: ['x'.repeat(1_000_001)] })).toBe('BadArguments');
  });

  test('is passed over where it is for somebody else', () => {
    for (const data of [null, undefined, 1, 'binfmtLab', [], {}, { type: 'webpackOk' }]) expect(parseRequest(data)).toBeNull();
  });

  test('never throws, whatever it is', () => {
    const ours = fc.record(
      { binfmtLab: fc.oneof(fc.constant(1), fc.anything()), id: fc.anything(), call: fc.anything(), args: fc.anything() },
      { requiredKeys: ['binfmtLab'] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.anything(), ours), (data) => {
        const request = parseRequest(data);
        if (request !== null && 'error' in request) expect(request.error.name).toMatch(/^(BadRequest|UnknownCall|BadArguments)$/);
      }),
      { numRuns: 2000 },
    );
  });
});
