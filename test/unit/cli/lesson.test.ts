/** binfmt-lab lesson: what it prints and how it ends. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { UsageError } from '../../../src/cli/args.ts';
import { lesson } from '../../../src/cli/lesson.ts';
import { filesWith } from '../../lessons/lessons.ts';

const root = mkdtempSync(join(tmpdir(), 'binfmt-lab-'));
afterAll(() => rmSync(root, { recursive: true }));

function folder(name: string, changes: Readonly<Record<string, string | null>> = {}): string {
  for (const [path, text] of filesWith(changes)) {
    mkdirSync(dirname(join(root, name, path)), { recursive: true });
    writeFileSync(join(root, name, path), text);
  }
  return join(root, name);
}

async function run(...argv: string[]): Promise<{ out: string; status: number | string }> {
  let out = '';
  const hear = (text: unknown): boolean => {
    out += String(text);
    return true;
  };
  const writes = [vi.spyOn(process.stdout, 'write'), vi.spyOn(process.stderr, 'write')].map((w) => w.mockImplementation(hear));
  const status = await lesson(argv);
  for (const write of writes) write.mockRestore();
  return { out, status: status instanceof UsageError ? status.message : status };
}

describe('binfmt-lab lesson', () => {
  test('lists what comes along', async () => {
    const { out, status } = await run('list');
    expect(status).toBe(0);
    expect(out.split('\n')[1]).toBe('pyc           The mystery of the .pyc (5 steps, 20 min)');
  });

  test('test ends with 0 for a lesson that holds', async () => {
    expect(await run('test', folder('good'))).toEqual({
      out: 'good: A lesson\n  kernel lab: 14 scripts run, all as they should\n1 lesson holds\n',
      status: 0,
    });
  });

  test('test ends with 1 and says where a lesson does not hold', async () => {
    const dirs = [folder('bad', { 'step1/solution.sh': ':\n' }), folder('worse', { 'index.json': '{' })];
    const { out, status } = await run('test', ...dirs);
    expect(status).toBe(1);
    expect(out).toContain('  kernel lab, step 1: solution-fails: solution.sh does not reach the goal: There is no goal.\n');
    expect(out).toMatch(/worse\n {2}index\.json:1: no JSON: /);
    expect(out).toContain('2 faults\n');
  });

  test('a lesson that says it is real needs what Linux answered, unchanged', async () => {
    const index = JSON.stringify({ title: 'A lesson', description: 'D', real: true, details: { steps: [{ clickThrough: true }] } });
    expect((await run('test', folder('real', { 'index.json': index }))).out).toContain('real-missing');
    const observations = [{ what: 'step 1: setup', script: 'mkdir /other\n', status: 0, stdout: '' }];
    const recording = JSON.stringify({ kernel: '6.18.0', recorded: '2026-01-01', observations });
    const { out, status } = await run('test', folder('stale', { 'index.json': index, 'real.json': recording }));
    expect(status).toBe(1);
    expect(out).toContain('  Linux: real-differs: step 1: setup: the script has changed since it was recorded\n');
    expect(out).toContain('  Linux: real-differs: step 1: solution: not recorded\n');
  });

  test('says which folder is not there', async () => {
    expect(await run('test', join(root, 'none'))).toEqual({
      out: `binfmt-lab: ${join(root, 'none', 'index.json')}: No such file or directory\n`,
      status: 1,
    });
  });

  test('shows its usage, and refuses what it does not know', async () => {
    expect((await run('--help')).out).toContain('usage: binfmt-lab lesson list');
    expect((await run()).status).toBe('lesson: list or test?');
    expect((await run('tset')).status).toBe("lesson: unknown 'tset': list or test");
    expect((await run('test', '--rael')).status).toBe("lesson test: unknown option '--rael'");
    expect((await run('test', '--record')).status).toBe('lesson test --record wants the folders: DIR...');
  });
});
