import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type LessonError, LessonErrors, type LessonFiles } from '../../src/lessons/lesson.ts';
import { parseLesson } from '../../src/lessons/parse.ts';
import { filesWith, indexWith, lessonWith } from './lessons.ts';

function errorsOf(files: LessonFiles, id = 'made'): readonly LessonError[] {
  const result = parseLesson(id, files);
  return result instanceof LessonErrors ? result.errors : [];
}

const firstOf = (files: LessonFiles): Partial<LessonError> => errorsOf(files)[0] ?? {};

describe('a lesson folder', () => {
  test('in the usual layout needs no path to be written down', () => {
    const lesson = lessonWith();
    expect(lesson).toMatchObject({ id: 'made', title: 'A lesson', real: false, host: null, intro: 'Hello.', finish: 'Bye.', setup: null });
    const [step] = lesson.steps;
    expect(step).toMatchObject({ number: 1, title: 'Make a file', solution: 'touch goal\n', clickThrough: true, folder: 'step1/' });
    expect(step?.hints).toEqual([
      { condition: 'test -e gaol', text: 'A slip of the finger.' },
      { condition: 'true', text: 'Touch it.' },
    ]);
  });

  test('in the layout of a Killercoda scenario names its files', () => {
    const index = indexWith(
      { backend: { imageid: 'ubuntu' } },
      { intro: { text: 'hello.md' }, finish: { text: 'bye.md' } },
      { text: 'one.md', background: 'one.sh', verify: 'one-verify.sh', solution: 'one-solution.sh' },
    );
    const files = {
      ...{ 'index.json': index, 'hello.md': 'Hi.', 'bye.md': 'So long.', 'one.md': 'Do it.', 'one.sh': 'true', 'one-verify.sh': 'false' },
      'one-solution.sh': ':',
    };
    const lesson = parseLesson('made', new Map(Object.entries(files)));
    expect(lesson).toMatchObject({
      intro: 'Hi.',
      finish: 'So long.',
      steps: [{ text: 'Do it.', setup: 'true', verify: 'false', folder: '' }],
    });
  });

  test('a hint may have backticks in its condition', () => {
    const [step] = lessonWith({ 'step1/hints.md': '## `` test `id -u` = 0 ``\n\nYou are root.\n' }).steps;
    expect(step?.hints).toEqual([{ condition: 'test `id -u` = 0', text: 'You are root.' }]);
  });
});

describe('what is wrong is said with its file and line', () => {
  test('no index.json', () => {
    expect(errorsOf(filesWith({ 'index.json': null }))).toEqual([
      { code: 'missing-file', file: 'index.json', line: 1, message: 'a lesson needs an index.json' },
    ]);
  });

  test('no JSON', () => {
    expect(firstOf(filesWith({ 'index.json': '{\n  "title": "x",\n  "description" "y"\n}' }))).toMatchObject({ code: 'bad-json', line: 3 });
  });

  test('a field of the wrong kind, on its own line', () => {
    const index = '{\n "title": "x",\n "description": 7,\n "details": { "steps": [\n  { "title": "one" },\n  { "verify": true }\n ] } }';
    const found = errorsOf(filesWith({ 'index.json': index }));
    expect(found).toEqual([
      { code: 'bad-field', file: 'index.json', line: 3, message: 'description: it has to be a text' },
      { code: 'bad-field', file: 'index.json', line: 6, message: 'details.steps[1].verify: it has to be a text' },
    ]);
  });

  test.each([
    ['a missing title', indexWith({ title: undefined }), 'missing-field'],
    ['an unknown field', indexWith({ relly: true }), 'unknown-field'],
    ['an unknown host', indexWith({ host: 'vax' }), 'bad-field'],
    ['no steps', indexWith({}, { steps: [] }), 'bad-field'],
    ['a file that is not there', indexWith({}, {}, { verify: 'nowhere.sh' }), 'missing-file'],
    ['a deep nest', `${'['.repeat(20_000)}${']'.repeat(20_000)}`, 'bad-json'],
    ['a list', '[1, 2]', 'bad-field'],
    ['null', 'null', 'bad-field'],
  ])('%s', (_, index, code) => {
    expect(errorsOf(filesWith({ 'index.json': index })).map((e) => e.code)).toContain(code);
  });

  test('a step with a goal and no way to it', () => {
    expect(firstOf(filesWith({ 'step1/solution.sh': null }))).toMatchObject({ code: 'missing-solution' });
  });

  test('a corner that nobody can be led into', () => {
    expect(firstOf(filesWith({ 'step1/corner.sh': null }))).toMatchObject({ code: 'missing-corner' });
  });

  test('hints without conditions', () => {
    const found = errorsOf(filesWith({ 'step1/hints.md': 'Hello\n\n## Try harder\n' }));
    expect(found.map((e) => [e.code, e.file, e.line])).toEqual([
      ['bad-hint', 'step1/hints.md', 1],
      ['bad-hint', 'step1/hints.md', 3],
    ]);
  });

  test('a file that is too large, or no text', () => {
    expect(firstOf(filesWith({ 'x.md': 'a'.repeat(300_000) }))).toMatchObject({ code: 'too-large', file: 'x.md' });
    expect(firstOf(filesWith({ 'x.png': '\x89PNG\0' }))).toMatchObject({ code: 'not-text', file: 'x.png' });
  });

  test('a name that would be no address', () => {
    expect(errorsOf(filesWith(), '../etc').map((e) => e.code)).toEqual(['bad-id']);
  });
});

describe('whatever somebody drops in', () => {
  const names = ['index.json', 'intro.md', 'finish.md', 'step1/text.md', 'step1/verify.sh', 'step1/hints.md', 'step2/text.md'];
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.lorem(), fc.constantFrom('## `true`', '## `', '```', '{{exec}}'));

  test('is a lesson or named errors with lines, and never throws', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.tuple(fc.oneof(fc.constantFrom(...names), fc.string()), text)), (id, entries) => {
        const result = parseLesson(id, new Map(entries));
        if (result instanceof LessonErrors) expect(result.errors.every((e) => e.line >= 1 && e.message !== '')).toBe(true);
        if (result instanceof LessonErrors) expect(result.errors).not.toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  test('also where index.json is nearly right', () => {
    const field = fc.oneof(fc.string(), fc.boolean(), fc.integer(), fc.constant(null), fc.constant([]), fc.constant({}));
    const record = fc.dictionary(fc.constantFrom('title', 'text', 'verify', 'hints', 'background', '__proto__', 'constructor'), field);
    const index = fc.record({ title: field, description: field, details: fc.record({ steps: fc.array(record), intro: record }) });
    fc.assert(
      fc.property(index, (data) => {
        const result = parseLesson('made', filesWith({ 'index.json': JSON.stringify(data, null, 1) }));
        if (result instanceof LessonErrors) expect(result.errors.every((e) => e.line >= 1)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
