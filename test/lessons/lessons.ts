/** Lessons made for tests. */
import type { Lesson, LessonFiles } from '../../src/lessons/lesson.ts';
import { LessonErrors } from '../../src/lessons/lesson.ts';
import { parseLesson } from '../../src/lessons/parse.ts';

/** A lesson of one step that works: the goal is a file. */
const GOOD: Readonly<Record<string, string>> = {
  'index.json': JSON.stringify({
    title: 'A lesson',
    description: 'For tests.',
    details: { steps: [{ title: 'Make a file', clickThrough: true }] },
  }),
  'intro.md': 'Hello.',
  'finish.md': 'Bye.',
  'step1/text.md': 'Run this:\n\n```\ntouch goal\n```{{exec}}\n',
  'step1/setup.sh': 'mkdir -p /srv/there\n',
  'step1/verify.sh': 'test -e goal && exit 0\necho "There is no goal."\nexit 1\n',
  'step1/solution.sh': 'touch goal\n',
  'step1/hints.md': '## `test -e gaol`\n\nA slip of the finger.\n\n## `true`\n\nTouch it.\n',
  'step1/broken.sh': 'test -e corner && echo "You are in the corner."\n',
  'step1/corner.sh': 'touch corner\n',
};

/** Its files, some of them others; null takes one away. */
export function filesWith(changes: Readonly<Record<string, string | null>> = {}): LessonFiles {
  const all = Object.entries({ ...GOOD, ...changes });
  return new Map(all.flatMap(([path, text]) => (text === null ? [] : [[path, text] as const])));
}

export function lessonWith(changes: Readonly<Record<string, string | null>> = {}): Lesson {
  const lesson = parseLesson('made', filesWith(changes));
  if (lesson instanceof LessonErrors) throw new Error(lesson.errors.map((e) => e.message).join('\n'));
  return lesson;
}

/** index.json with other fields at its top, in its details or in its first step. */
export function indexWith(top: object, details: object = {}, step: object = {}): string {
  const base = { title: 'A lesson', description: 'For tests.', details: { steps: [{ title: 'Make a file', ...step }], ...details } };
  return JSON.stringify({ ...base, ...top }, null, 2);
}
