import { describe, expect, test } from 'vitest';
import { bootForLesson } from '../../src/cli/lesson-machine.ts';
import { lessonAddress, parseLessonAddress } from '../../src/lessons/address.ts';
import { parseProgress } from '../../src/lessons/progress.ts';
import { LessonRunner } from '../../src/lessons/runner.ts';
import { filesWith, lessonWith } from './lessons.ts';

const second = {
  ...Object.fromEntries([...filesWith()].filter(([p]) => p.startsWith('step1/')).map(([p, t]) => [p.replace('step1', 'step2'), t])),
  'index.json': JSON.stringify({ title: 'T', description: 'D', details: { steps: [{}, {}] } }),
  'setup.sh': 'touch /root/lesson-setup\n',
  'step2/setup.sh': 'test -e /root/goal\n',
  'step2/verify.sh': 'test -e second && exit 0\necho "No second."\nexit 1\n',
  'step2/solution.sh': 'touch second\n',
};

async function start(changes: Readonly<Record<string, string>> = second) {
  const lesson = lessonWith(changes);
  const machine = await bootForLesson(lesson, 'lab');
  return { lesson, machine, runner: new LessonRunner(lesson, machine) };
}

describe('a lesson that is being taken', () => {
  test('begins at the introduction, with nothing done to the machine', async () => {
    const { runner, machine } = await start();
    expect([runner.position, runner.step]).toEqual([0, null]);
    expect((await machine.check('test -e lesson-setup')).status).toBe(1);
  });

  test('asks the machine, not the keys: any way to the goal will do', async () => {
    const { runner, machine } = await start();
    await runner.goTo(1);
    expect(await runner.check()).toEqual({ done: false, missing: 'There is no goal.', broken: null });
    await machine.run('echo made by other means > goal');
    expect(await runner.check()).toEqual({ done: true, missing: '', broken: null });
    expect(runner.progress).toEqual({ version: 1, lesson: 'made', position: 1, done: [1] });
  });

  test('leaves no trace of its checks', async () => {
    const { runner, machine } = await start({ ...second, 'step1/verify.sh': 'touch trace; test -e goal\n' });
    await runner.goTo(1);
    await runner.check();
    expect((await machine.run('test -e trace')).status).toBe(1);
  });

  test('shows the hint for the machine as it is', async () => {
    const { runner, machine } = await start();
    await runner.goTo(1);
    expect((await runner.hint())?.text).toBe('Touch it.');
    await machine.run('touch gaol');
    expect((await runner.hint())?.text).toBe('A slip of the finger.');
  });

  test('says when the goal is out of reach', async () => {
    const { runner, machine } = await start();
    await runner.goTo(1);
    await machine.run('touch corner');
    expect((await runner.check()).broken).toBe('You are in the corner.');
  });

  test('opened at a later step brings the machine there: setups and solutions of the steps before', async () => {
    const { runner, machine } = await start();
    expect(await runner.goTo(2)).toBeNull();
    expect((await machine.check('test -e lesson-setup && test -e goal && test ! -e second')).status).toBe(0);
    expect(runner.progress.done).toEqual([]);
  });

  test('sets nothing up twice, and keeps what somebody did instead of the solution', async () => {
    const { runner, machine } = await start();
    await runner.goTo(1);
    await machine.run('rm lesson-setup; echo mine > goal');
    await runner.goTo(2);
    await runner.goTo(1);
    await runner.goTo(2);
    expect((await machine.run('test ! -e lesson-setup && cat goal')).stdout).toBe('mine\n');
  });

  test('names a setup of its author that fails', async () => {
    const { runner } = await start({ ...second, 'step1/setup.sh': 'ls /nowhere\n' });
    expect(await runner.goTo(1)).toEqual({
      script: 'step 1, setup',
      message: "ls: cannot access '/nowhere': No such file or directory",
    });
  });

  test('begins again on another machine; what was done stays done', async () => {
    const { runner, machine, lesson } = await start();
    await runner.goTo(1);
    await machine.run('touch goal');
    await runner.check();
    runner.continueOn(await bootForLesson(lesson, 'lab'));
    expect(runner.progress.done).toEqual([1]);
    await runner.goTo(1);
    expect((await runner.check()).done).toBe(false);
  });

  test('after a reload goes on with a machine that was kept', async () => {
    const { runner, machine, lesson } = await start();
    await runner.goTo(2);
    await machine.run('rm goal lesson-setup');
    const later = new LessonRunner(lesson, machine, runner.progress);
    expect(await later.farthest()).toBe(2);
    expect(await later.goTo(2)).toBeNull();
    expect((await machine.run('ls')).stdout).toBe('samples\n');
    expect((await later.check()).missing).toBe('No second.');
  });

  test('after an undo sets up again what went with it', async () => {
    const { runner, machine } = await start();
    await runner.goTo(1);
    await machine.run('echo mine > goal');
    const before = await machine.fork();
    await runner.goTo(2);
    await machine.run('touch second');
    runner.continueOn(before);
    expect(await runner.farthest()).toBe(1);
    await runner.goTo(2);
    expect((await before.run('cat goal; ls')).stdout).toBe('mine\ngoal\nlesson-setup\nsamples\n');
    expect(await runner.farthest()).toBe(2);
  });

  test('keeps progress as plain data, and takes none from elsewhere', async () => {
    const { runner, lesson, machine } = await start();
    await runner.goTo(99);
    expect(runner.position).toBe(3);
    const kept: unknown = JSON.parse(JSON.stringify(runner.progress));
    expect(new LessonRunner(lesson, machine, parseProgress(kept)).position).toBe(3);
    expect(new LessonRunner(lesson, machine, parseProgress({ ...runner.progress, lesson: 'another' })).position).toBe(0);
    for (const junk of [null, 7, 'x', {}, { version: 2 }, { version: 1, lesson: 'made', position: -1, done: [] }]) {
      expect(parseProgress(junk)).toBeNull();
    }
  });
});

test('every step has an address', () => {
  expect(lessonAddress({ lesson: 'pyc', step: 2 })).toBe('#lesson=pyc&step=2');
  expect(parseLessonAddress('#lesson=pyc&step=2')).toEqual({ lesson: 'pyc', step: 2 });
  expect(parseLessonAddress('#lesson=pyc')).toEqual({ lesson: 'pyc', step: 0 });
  for (const other of ['', '#', '#s=abc', '#lesson=', '#lesson=../x&step=1', '#lesson=a&step=x'])
    expect(parseLessonAddress(other)).toBeNull();
});
