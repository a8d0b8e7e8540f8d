/** The lessons that come along hold: in the lab, and as Linux answered when it was asked. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { shippedFolders } from '../../src/cli/lesson-folder.ts';
import { bootForLesson } from '../../src/cli/lesson-machine.ts';
import { type Lesson, LessonErrors } from '../../src/lessons/lesson.ts';
import { renderMarkdown, rulesOf } from '../../src/lessons/markdown.ts';
import { parseLesson } from '../../src/lessons/parse.ts';
import { proveLesson } from '../../src/lessons/prove.ts';
import { compareRecording, parseRecording } from '../../src/lessons/recording.ts';

const folders = await shippedFolders();

function lessonOf(id: string): Lesson {
  const found = parseLesson(id, folders.find((f) => f.id === id)?.files ?? new Map());
  if (found instanceof LessonErrors) throw new Error(JSON.stringify(found.errors));
  return found;
}

const textsOf = (lesson: Lesson): string[] => [
  lesson.intro,
  ...lesson.steps.flatMap((s) => [s.text, ...s.hints.map((h) => h.text)]),
  lesson.finish,
];

test('there are five, in the order of the course', () => {
  expect(folders.map((f) => f.id)).toEqual(['press-enter', 'pyc', 'lua', 'arm', 'roots']);
});

describe.each(folders.map((f) => f.id))('%s', (id) => {
  const lesson = lessonOf(id);

  test('reaches its goals on the kernel it is written for', { timeout: 120_000 }, async () => {
    const { findings } = await proveLesson(lesson, () => bootForLesson(lesson, lesson.kernel ?? 'lab'));
    expect(findings).toEqual([]);
  });

  if (lesson.real)
    test('does on kernel 6.18 what Linux did when it was asked', { timeout: 120_000 }, async () => {
      const proof = await proveLesson(lesson, () => bootForLesson(lesson, '6.18'));
      const recording = parseRecording(folders.find((f) => f.id === id)?.recording ?? '');
      expect(proof.findings).toEqual([]);
      expect(recording, 'recorded: binfmt-lab lesson test --record DIR').not.toBeNull();
      expect(recording === null ? [] : compareRecording(recording, proof)).toEqual([]);
    });

  test('points to rules that exist', () => {
    const anchors = new Set([...readFileSync('docs/linux-exec.md', 'utf8').matchAll(/<a id="(\w+)">/g)].map((m) => m[1]));
    const rules = textsOf(lesson).flatMap(rulesOf);
    expect(rules.filter((r) => !anchors.has(r.toLowerCase()))).toEqual([]);
    expect(rules).not.toEqual([]);
  });

  test('asks before it tells: one right answer a question, and every answer explained', () => {
    const html = lesson.steps.map((s) => renderMarkdown(s.text, { files: lesson.files, folder: s.folder }));
    const questions = html.flatMap((h) => h.split('<fieldset class="question">').slice(1));
    expect(questions.length).toBeGreaterThanOrEqual(lesson.steps.length);
    for (const question of questions) {
      expect(question.match(/data-right="true"/g)).toHaveLength(1);
      expect(question.match(/class="answer"/g)).toHaveLength(question.match(/class="choice"/g)?.length ?? 0);
    }
  });

  test('has drawings that stand in the page, and hints for every goal', () => {
    const html = textsOf(lesson).map((t, i) => renderMarkdown(t, { files: lesson.files, folder: i === 0 ? '' : 'step1/' }));
    expect(html.join('')).not.toContain('data:image/svg');
    expect(lesson.steps.filter((s) => s.verify !== null && s.hints.length === 0).map((s) => s.number)).toEqual([]);
  });
});
