/** The lesson panel: taken with the pointer and keys, checked against the machine, kept over undo and reload. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violations } from './axe.ts';
import { chooseLesson } from './choose-lesson.ts';
import { enter, openLab, openSite, type Site, screen, waitForScreen } from './server.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

const PATIENCE = { timeout: 60_000 };
const LONG = { timeout: 240_000 };

async function open(lesson: RegExp, viewport = { width: 1440, height: 900 }): Promise<Page> {
  const page = await openLab(site, '', viewport);
  await page.getByRole('button', { name: 'Lessons', exact: true }).click();
  await page.getByRole('button', { name: lesson }).click();
  return page;
}

const says = (page: Page, text: string): Promise<void> => page.locator('.ls .state').getByText(text).waitFor(PATIENCE);
const press = (page: Page, name: string | RegExp): Promise<void> => page.getByRole('button', { name, exact: true }).click(PATIENCE);
const settled = (page: Page): Promise<unknown> => page.locator('.ls .body[aria-busy=false]').waitFor(PATIENCE);

describe('a lesson', () => {
  test('is read beside the terminal, predicted, run with a click, and done when the machine is in the state', LONG, async () => {
    const page = await open(/^Start: The mystery/);
    await press(page, 'Begin');
    await says(page, 'run.pyc has no x bit yet.');
    expect(page.url()).toMatch(/#lesson=pyc&step=1$/);
    await page.locator('.ls .act').first().click();
    await waitForScreen(page, /Permission denied[\s\S]*# ?$/);
    await press(page, 'bash.');
    expect(await page.locator('.ls .choice.right + .answer').textContent()).toContain('Something made bash read');
    await page.locator('.ls .act').nth(1).click();
    await says(page, 'Done.');
    await press(page, 'Next step');
    await says(page, 'There is no client.txt in /root yet.');
    expect(await page.locator('.ls .dot.done').count()).toBe(1);
    await page.close();
  });

  test('takes any way to the goal, and hints at the state that the machine is in', LONG, async () => {
    const page = await open(/^Start: What happens/);
    await press(page, 'Begin');
    await press(page, /^Step 2:/);
    await says(page, 'There is no file /root/hello yet.');
    await press(page, 'Hint');
    await page.locator('.ls .hint').getByText('First write the file').waitFor(PATIENCE);
    await page.locator('.glass').click();
    await enter(page, 'cp samples/noshebang.sh hello');
    await says(page, 'Done.');
    await page.close();
  });

  test('shows a command at the prompt and leaves Enter to the reader', LONG, async () => {
    const page = await open(/^Start: Your own rule/);
    await press(page, 'Begin');
    await says(page, 'There is no /root/luac.out yet.');
    await press(page, 'Show the command');
    await waitForScreen(page, /luac -\nchmod \+x luac\.out$/);
    await page.waitForTimeout(500);
    await says(page, 'There is no /root/luac.out yet.');
    await page.keyboard.press('Enter');
    await says(page, 'Done.');
    await page.close();
  });

  test('sees a corner, and undo leads out of it; what was set up is there again', LONG, async () => {
    const page = await open(/^Start: One table/);
    await press(page, 'Begin');
    await settled(page);
    await press(page, /^Step 2:/);
    await says(page, 'There is no complaint.txt in /root yet.');
    await page.locator('.glass').click();
    await enter(page, 'mount -t tmpfs none /srv/tools');
    await says(page, 'A file system is mounted over /srv/tools on the host itself');
    await page.locator('.ls').getByRole('button', { name: 'Undo' }).click();
    await says(page, 'There is no complaint.txt in /root yet.');
    await waitForScreen(page, /# ?$/);
    await enter(page, 'ls /srv/tools');
    expect(await screen(page)).toContain('reader');
    await page.close();
  });

  test('has an address for each step: it opens there, Back leads back, and a reload goes on', LONG, async () => {
    const page = await openLab(site, '#lesson=pyc&step=4', { width: 1440, height: 900 });
    await says(page, 'No rule for .pyc files is registered yet.');
    const button = page.locator('header .lessons');
    const pressed = (): Promise<string | null> => button.getAttribute('aria-pressed');
    expect(await pressed()).toBe('true');
    await button.click();
    expect([await pressed(), await page.locator('.lesson').isVisible()]).toEqual(['false', false]);
    await button.click();
    await expect.poll(pressed).toBe('true');
    await press(page, /^Step 5:/);
    await page.getByRole('heading', { name: 'By name, or by content' }).waitFor(PATIENCE);
    await settled(page);
    await page.goBack();
    await page.getByRole('heading', { name: "What the developers' machine has" }).waitFor(PATIENCE);
    await page.waitForTimeout(1500);
    await page.reload();
    await says(page, 'Done.');
    await page.close();
  });

  test('says when the machine is another one, and begins the step on a fresh one', LONG, async () => {
    const page = await open(/^Start: Your own rule/);
    await press(page, 'Begin');
    await says(page, 'There is no /root/luac.out yet.');
    await page.locator('header').getByRole('button', { name: 'Reset' }).click();
    await page.locator('dialog').getByRole('button', { name: 'Reset' }).click();
    await page.getByText('The machine is not in this lesson any more.').waitFor(PATIENCE);
    await press(page, 'Start this step on a fresh one');
    await says(page, 'There is no /root/luac.out yet.');
    await page.close();
  });
});

describe("a visitor's own lesson", () => {
  const bad = { 'index.json': '{ "title": "x",\n "details": { "steps": [{}] } }' };

  test('is taken from a folder; nothing in it becomes a script of the page', LONG, async () => {
    const page = await openLab(site, '', { width: 1440, height: 900 });
    await press(page, 'Lessons');
    const text = '<img src=x onerror="window.owned=1"> [x](javascript:window.owned=1)\n\n```\ntouch goal\n```{{exec}}\n\n![x](a.svg)\n';
    await chooseLesson(page, 'My Lesson', {
      'index.json': JSON.stringify({ title: 'Mine', description: 'D', details: { steps: [{}] } }),
      'step1/text.md': text,
      'step1/a.svg': '<svg onload="window.owned=1"><script>window.owned=1</script></svg>',
      'step1/verify.sh': 'test -e goal || { echo "no goal"; exit 1; }\n',
      'step1/solution.sh': 'touch goal\n',
    });
    await page.getByRole('heading', { name: 'Mine' }).waitFor(PATIENCE);
    await press(page, 'Begin');
    await says(page, 'no goal');
    await page.locator('.ls .act').click();
    await says(page, 'Done.');
    expect(await page.evaluate(() => 'owned' in window)).toBe(false);
    await page.close();
  });

  test('that is none is refused with file and line', LONG, async () => {
    const page = await openLab(site, '', { width: 1440, height: 900 });
    await press(page, 'Lessons');
    await chooseLesson(page, 'bad', bad);
    await page.getByText('index.json:1: description is missing').waitFor(PATIENCE);
    await page.close();
  });

  test('is fetched from an address only after a second word', LONG, async () => {
    const page = await openLab(site, '', { width: 1440, height: 900 });
    const asked: string[] = [];
    await page.route('https://lessons.example/**', (route) => {
      asked.push(new URL(route.request().url()).pathname);
      const name = new URL(route.request().url()).pathname.replace('/pyc/', '');
      try {
        const body = readFileSync(`src/lessons/content/pyc/${name}`, 'utf8');
        return route.fulfill({ body, headers: { 'access-control-allow-origin': '*' } });
      } catch {
        return route.fulfill({ status: 404, headers: { 'access-control-allow-origin': '*' } });
      }
    });
    await press(page, 'Lessons');
    await page.getByLabel("Address of a lesson's folder").fill('https://lessons.example/pyc/index.json');
    await press(page, 'Load');
    await page.getByText('Fetch this lesson from').waitFor(PATIENCE);
    expect(asked).toEqual([]);
    await press(page, 'Fetch it');
    await page.getByRole('button', { name: 'Begin' }).waitFor(PATIENCE);
    expect(asked).toContain('/pyc/step3/bytes.svg');
    await page.close();
  });
});

describe('the panel', () => {
  test.each([
    ['dark', 768],
    ['light', 320],
  ] as const)('has nothing against it from axe: %s, %i px', LONG, async (colorScheme, width) => {
    const page = await openLab(site, '', { width, height: 900 });
    await page.emulateMedia({ colorScheme });
    await press(page, 'Lessons');
    await page.getByRole('heading', { name: 'Lessons' }).waitFor(PATIENCE);
    const faults = (): Promise<string[]> => violations(page, ['binfmt-lab', '.lesson']);
    expect(await faults()).toEqual([]);
    await page.getByRole('button', { name: /^Start: The mystery/ }).click();
    await press(page, 'Begin');
    await says(page, 'run.pyc has no x bit yet.');
    await press(page, 'bash.');
    await press(page, 'Hint');
    await page.locator('.ls .hint').waitFor(PATIENCE);
    expect(await faults()).toEqual([]);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    expect(wide).toBe(false);
    await page.close();
  });

  test('can be walked through with the keyboard alone', LONG, async () => {
    const page = await open(/^Start: The mystery/);
    await page.getByRole('button', { name: 'Begin', disabled: false }).focus();
    await page.keyboard.press('Enter');
    await says(page, 'run.pyc has no x bit yet.');
    expect(await page.evaluate(() => document.querySelector('binfmt-lab')?.shadowRoot?.activeElement?.tagName)).toBe('H2');
    const reached: string[] = [];
    for (let i = 0; i < 25; i++) {
      await page.keyboard.press('Tab');
      reached.push(await page.evaluate(() => document.querySelector('binfmt-lab')?.shadowRoot?.activeElement?.textContent?.trim() ?? ''));
    }
    for (const name of ['Run', 'bash.', 'Next step', 'Hint', 'Show the command', 'Start over']) expect(reached).toContain(name);
    await page.close();
  });
});
