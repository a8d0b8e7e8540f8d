/** One lesson that works, and for each way not to work one that does not: the proof has to see it. */
import { describe, expect, test } from 'vitest';
import { bootForLesson } from '../../src/cli/lesson-machine.ts';
import { type FindingKind, proveLesson } from '../../src/lessons/prove.ts';
import { indexWith, lessonWith } from './lessons.ts';

/** Milliseconds that a script gets. */
const TIMEOUT = 3000;

async function findings(changes: Readonly<Record<string, string>>): Promise<FindingKind[]> {
  const lesson = lessonWith(changes);
  const { findings } = await proveLesson(lesson, () => bootForLesson(lesson, 'lab', TIMEOUT));
  return findings.map((f) => f.kind);
}

test('a lesson that works has no findings, and each of its scripts was run', async () => {
  const lesson = lessonWith();
  const proof = await proveLesson(lesson, () => bootForLesson(lesson, 'lab'));
  expect(proof.findings).toEqual([]);
  expect(proof.observations.map((o) => [o.what, o.status])).toEqual([
    ['step 1: setup', 0],
    ['step 1: verify before', 1],
    ['step 1: hint 1 before', 1],
    ['step 1: hint 2 before', 0],
    ['step 1: broken before', 1],
    ['step 1: corner', 0],
    ['step 1: broken in the corner', 0],
    ['step 1: blocks', 0],
    ['step 1: verify after the blocks', 0],
    ['step 1: solution', 0],
    ['step 1: verify after the solution', 0],
    ['step 1: hint 1 after', 1],
    ['step 1: hint 2 after', 0],
    ['step 1: broken after', 1],
  ]);
});

describe('the proof sees', () => {
  const rows: readonly (readonly [string, FindingKind, Readonly<Record<string, string>>])[] = [
    ['a setup that fails', 'setup-fails', { 'step1/setup.sh': 'cp /nowhere /srv\n' }],
    ['a goal that is reached before anything was done', 'done-before', { 'step1/verify.sh': 'exit 0\n' }],
    ['a solution that does not reach the goal', 'solution-fails', { 'step1/solution.sh': 'touch gaol\n' }],
    ['a check that complains', 'verify-noisy', { 'step1/verify.sh': 'cat goal > /dev/null && exit 0\necho no\nexit 1\n' }],
    ['a check that cannot be run', 'verify-noisy', { 'step1/verify.sh': 'tset -e goal 2> /dev/null\n' }],
    ['a check that does not say what is missing', 'verify-silent', { 'step1/verify.sh': 'test -e goal\n' }],
    ['a condition with a slip', 'hint-noisy', { 'step1/hints.md': '## `[ -e gaol`\n\nx\n\n## `true`\n\ny\n' }],
    ['no hint for the beginner', 'no-hint', { 'step1/hints.md': '## `test -e gaol`\n\nx\n' }],
    ['a corner on the straight path', 'broken-on-path', { 'step1/broken.sh': 'echo x; test -e goal\n' }],
    ['a corner check that complains', 'broken-noisy', { 'step1/broken.sh': 'cat corner\n' }],
    ['a corner that is not seen', 'corner-unseen', { 'step1/corner.sh': 'touch conrer\n' }],
    ['a corner without words', 'corner-unseen', { 'step1/broken.sh': 'test -e corner\n' }],
    ['blocks that do not reach the goal they claim to', 'blocks-fail', { 'step1/text.md': '```\ntouch gaol\n```{{exec}}\n' }],
    ['a claim without blocks', 'blocks-fail', { 'step1/text.md': 'Touch it.\n' }],
    ['a picture that is not there', 'bad-picture', { 'step1/text.md': '![A goal](goal.svg)\n\n```\ntouch goal\n```{{exec}}\n' }],
    ['a picture without words', 'bad-picture', { 'intro.md': '![](a.svg)', 'a.svg': '<svg/>' }],
    ['a picture with a script', 'bad-picture', { 'intro.md': '![x](a.svg)', 'a.svg': '<svg><script/></svg>' }],
  ];

  test.each(rows)('%s', async (_, kind, changes) => expect(await findings(changes)).toContain(kind));

  test('blocks that never end', async () => {
    expect(await findings({ 'index.json': indexWith({}), 'step1/text.md': '```\nwhile :; do sleep 1; done\n```{{exec}}\n' })).toEqual([
      'blocks-hang',
    ]);
  });
});
