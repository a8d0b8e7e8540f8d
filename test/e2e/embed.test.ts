/** <binfmt-lab> on a page of another origin: what loads when, what it leaves alone, and its calls. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serve } from '../../scripts/serve.mjs';
import type { BinfmtLabElement, ExecDetail } from '../../src/ui/element.ts';
import { POSTER_LINES, POSTER_TEXT } from '../../src/ui/poster-session.ts';
import { chooseLesson } from './choose-lesson.ts';
import { type AuthorSite, authorSite, start, waitForPrompt, withElement } from './embed-site.ts';
import { dist, enter, openSite, type Site, waitForScreen } from './server.ts';

/** A script of an author's, in TypeScript. */
const USES = `import { BinfmtLabElement, type DoneDetail, type ExecDetail, type StepDetail } from 'binfmt-lab/element';
const lab: BinfmtLabElement | null = document.querySelector('binfmt-lab');
lab?.addEventListener('exec', ({ detail }) => { const { errno, runs }: ExecDetail = detail; console.log(errno ?? runs); });
lab?.addEventListener('step', ({ detail }) => { const { step, steps }: StepDetail = detail; console.log(step / steps); });
lab?.addEventListener('done', ({ detail }) => { const { lesson }: DoneDetail = detail; console.log(lesson); });
const { stdout, status } = await new BinfmtLabElement().run('true');
const code: number = status;
console.log(stdout.length + code);
// @ts-expect-error: keys are text
lab?.type(13);
`;
/** What a docs page pays before its visitor clicks. */
const BEFORE_THE_CLICK = 15_000;
const spacer = '<p style="height:3000px">Text.</p>';

describe('an element on an author’s page', { timeout: 240_000 }, () => {
  let site: Site;
  const authors: AuthorSite[] = [];
  beforeAll(async () => {
    site = await openSite();
  });
  afterAll(async () => {
    for (const a of authors) a.close();
    await site.close();
  });

  async function on(
    body: string,
    run: (page: Page, requests: string[]) => Promise<void>,
    viewport = { width: 900, height: 700 },
    headers: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const author = await authorSite({ '/': withElement(site.url, body), '/hello.lua': 'print("from a file")' }, headers);
    authors.push(author);
    const page = await site.browser.newPage({ viewport, serviceWorkers: 'block' });
    const requests: string[] = [];
    page.on('request', (r) => requests.push(r.url()));
    try {
      await page.goto(author.url);
      await run(page, requests);
    } finally {
      await page.close();
    }
  }
  const lab = (page: Page) => page.locator('binfmt-lab');

  test('costs less than 15 KB gzip before the click', () =>
    on('<binfmt-lab></binfmt-lab>', async (page, requests) => {
      await lab(page).getByRole('button', { name: 'Start' }).waitFor();
      await page.waitForTimeout(300);
      const ours = requests.filter((url) => url.startsWith(site.url)).map((url) => url.slice(site.url.length));
      expect(ours).toEqual(['binfmt-lab.js']);
      expect(gzipSync(readFileSync(resolve(dist(), 'binfmt-lab.js')), { level: 9 }).length).toBeLessThan(BEFORE_THE_CLICK);
    }));

  test('starts at the click, from another origin, and asks no third', () =>
    on('<binfmt-lab host="aarch64"></binfmt-lab>', async (page, requests) => {
      await start(page);
      expect(await enter(page, 'uname -m')).toContain('\naarch64\n');
      const origins = new Set(requests.map((url) => new URL(url).origin).filter((o) => o !== 'null'));
      expect([...origins].sort()).toEqual([new URL(site.url).origin, new URL(page.url()).origin].sort());
    }));

  test('runs a real .pyc and a real Lua chunk there', () =>
    on('<binfmt-lab></binfmt-lab>', async (page) => {
      const answer = await page.evaluate(() =>
        document.querySelector<BinfmtLabElement>('binfmt-lab')?.run('python3 samples/hello.pyc; lua samples/luac.out'),
      );
      expect(answer).toMatchObject({ status: 0, stderr: '', stdout: expect.stringContaining('hello from python\n') });
    }));

  test('neither takes the keyboard, nor scrolls, nor touches the address, whatever happens in it', () =>
    on(`<input autofocus><binfmt-lab autorun script="cat /nosuch; samples/hello-aarch64"></binfmt-lab>${spacer}`, async (page) => {
      await waitForPrompt(page);
      const before = page.url();
      await page.evaluate(() => {
        document.querySelector('input')?.focus();
        scrollTo(0, 900);
      });
      await page.evaluate(() => document.querySelector<BinfmtLabElement>('binfmt-lab')?.run('samples/hello-aarch64; seq 100'));
      await page.evaluate(() => document.querySelector<BinfmtLabElement>('binfmt-lab')?.type('ls; nosuch\r'));
      await waitForScreen(page, /nosuch: command not found/);
      await page.waitForTimeout(1500);
      expect(await page.evaluate(() => [document.activeElement?.localName, scrollY])).toEqual(['input', 900]);
      expect(page.url()).toBe(before);
    }));

  test('waits with autorun until it can be seen', () =>
    on(`${spacer}<binfmt-lab autorun script="echo it $((40 + 2))"></binfmt-lab>`, async (page, requests) => {
      await page.waitForTimeout(1000);
      expect(requests.filter((url) => /worker/.test(url))).toEqual([]);
      await lab(page).scrollIntoViewIfNeeded();
      await waitForScreen(page, /\nit 42\n/);
    }));

  test('shows the author’s script at the prompt and leaves Enter to the visitor', () =>
    on('<binfmt-lab script="echo one\necho $((1 + 1))"></binfmt-lab>', async (page) => {
      expect(await lab(page).locator('pre').textContent()).toBe('root@lab:~# echo one\n> echo $((1 + 1))');
      await lab(page).getByRole('button', { name: 'Start' }).click();
      await waitForScreen(page, /echo \$\(\(1 \+ 1\)\)$/);
      expect(await lab(page).evaluate((el) => (el as BinfmtLabElement).screenText())).not.toMatch(/\none\n/);
      await page.keyboard.press('Enter');
      await waitForScreen(page, /\none\n2\n/);
    }));

  test('puts the author’s files into the machine, also into the one of a reset, and undo keeps them', () =>
    on(
      `<binfmt-lab kernel="6.18" files='{"/root/a/b.txt": "text\\n", "/root/h.lua": {"url": "hello.lua", "mode": "755"}, "/opt/x": {"base64": "AAE="}}'></binfmt-lab>`,
      async (page) => {
        const answer = await lab(page).evaluate((el) =>
          (el as BinfmtLabElement).run('cat a/b.txt; stat -c %a h.lua; lua h.lua; wc -c < /opt/x'),
        );
        expect(answer).toEqual({ stdout: 'text\n755\nfrom a file\n2\n', stderr: '', status: 0 });
        await enter(page, 'touch gone');
        const reset = await lab(page).evaluate(async (el) => {
          const element = el as BinfmtLabElement;
          await element.reset();
          return [await element.run('ls; uname -r'), (await element.snapshot()).kernel];
        });
        expect(reset).toEqual([{ stdout: expect.stringMatching(/^a\nh\.lua\nsamples\n6\.18/), stderr: '', status: 0 }, '6.18']);
        await enter(page, 'rm -r a');
        await lab(page).getByRole('button', { name: 'Undo', exact: true }).click();
        await lab(page).getByText('The machine as it was after').waitFor();
        expect(await enter(page, 'ls')).toMatch(/\na +h\.lua +samples\n/);
      },
    ));

  test('says what is wrong with the author’s files, and starts', () =>
    on(`<binfmt-lab files='{"/root/x": {"url": "nosuch"}}'></binfmt-lab>`, async (page) => {
      await start(page);
      await lab(page).getByText('/root/x could not be fetched from').waitFor();
    }));

  test('shows the author’s poster: what stands inside, a text, or an image', () =>
    on(
      `<binfmt-lab id="a"><pre>slotted</pre></binfmt-lab><binfmt-lab id="b" poster="data:text/plain,in%20words"></binfmt-lab><binfmt-lab id="c" poster="data:image/gif;base64,R0lGODlhAQABAAAAACw="></binfmt-lab>`,
      async (page) => {
        await page.locator('#a').getByText('slotted').waitFor();
        await page.locator('#b').getByText('in words').waitFor();
        await page.locator('#c').getByRole('img').waitFor();
        await start(page, '#a');
        expect(await page.getByText('slotted').isVisible()).toBe(false);
      },
    ));

  test('shows by itself a session that the machine really gives', () =>
    on('<binfmt-lab></binfmt-lab>', async (page) => {
      expect(await lab(page).locator('pre').textContent()).toBe(POSTER_TEXT);
      await start(page);
      for (const [i, line] of POSTER_LINES.entries()) {
        await page.keyboard.type(`${line}\r`);
        await waitForScreen(page, new RegExp(`(root@lab[\\s\\S]*){${i + 2}}[#$] ?$`), 60_000);
      }
      expect(await lab(page).evaluate((el) => (el as BinfmtLabElement).screenText())).toBe(POSTER_TEXT);
    }));

  test('shares code with its neighbours, and no state', () =>
    on('<binfmt-lab id="a"></binfmt-lab><binfmt-lab id="b" host="riscv64"></binfmt-lab>', async (page, requests) => {
      const run = (id: string, script: string) =>
        page.locator(id).evaluate((el, s) => (el as BinfmtLabElement).run(s).then((r) => r.stdout), script);
      expect(await run('#a', 'touch mine; uname -m')).toBe('x86_64\n');
      const scripts = requests.filter((url) => /assets\/(embed-start|terminal)-/.test(url)).length;
      expect(await run('#b', 'ls; uname -m')).toBe('samples\nriscv64\n');
      expect(requests.filter((url) => /assets\/(embed-start|terminal)-/.test(url))).toHaveLength(scripts);
    }));

  test('keeps its machine when it is moved, and ends it when it is taken out', () =>
    on('<div id="there"></div><binfmt-lab></binfmt-lab>', async (page) => {
      await lab(page).evaluate((el) => (el as BinfmtLabElement).run('touch kept'));
      await lab(page).evaluate((el) => document.querySelector('#there')?.append(el));
      expect(await lab(page).evaluate((el) => (el as BinfmtLabElement).run('ls').then((r) => r.stdout))).toBe('kept\nsamples\n');
      await lab(page).evaluate((el) => {
        el.remove();
        (window as unknown as { lab: Element }).lab = el;
      });
      await page.waitForTimeout(100);
      await page.evaluate(() => document.body.append((window as unknown as { lab: Element }).lab));
      await start(page);
      expect(await enter(page, 'ls')).toMatch(/ls\nsamples\n/);
    }));

  test('tells each execve, and gives a snapshot', () =>
    on('<binfmt-lab></binfmt-lab>', async (page) => {
      const told = await lab(page).evaluate(async (el) => {
        const element = el as BinfmtLabElement;
        const details: ExecDetail[] = [];
        element.addEventListener('exec', (e) => details.push(e.detail));
        await element.run('chmod +x samples/hello-aarch64; samples/hello-aarch64; true | /usr/bin/env true');
        await new Promise((r) => setTimeout(r, 500));
        return {
          details: details.map(({ path, runs, errno }) => ({ path, runs, errno })),
          snapshot: Object.keys(await element.snapshot()).sort(),
        };
      });
      expect(told.details).toContainEqual({ path: 'samples/hello-aarch64', runs: null, errno: 'ENOEXEC' });
      expect(told.details).toContainEqual(expect.objectContaining({ path: '/usr/bin/env', runs: '/usr/bin/env', errno: null }));
      expect(told.snapshot).toEqual(['host', 'kernel', 'machine']);
    }));

  test('tells the steps of a lesson and its end', () =>
    on('<binfmt-lab lesson="pyc" height="700"></binfmt-lab>', async (page) => {
      await page.evaluate(() => {
        const told: unknown[] = [];
        for (const type of ['step', 'done']) document.addEventListener(type, (e) => told.push({ type, detail: (e as CustomEvent).detail }));
        Object.assign(window, { told });
      });
      const told = () => page.evaluate(() => (window as unknown as { told: unknown[] }).told);
      await start(page);
      await lab(page).getByRole('button', { name: 'Begin' }).click();
      await page.locator('.ls .state').getByText('run.pyc has no x bit yet.').waitFor();
      await lab(page).evaluate((el) => (el as BinfmtLabElement).type('chmod +x /srv/app/run.pyc\r'));
      await page.locator('.ls .state').getByText('Done.').waitFor();
      expect(await told()).toEqual([{ type: 'step', detail: { lesson: 'pyc', step: 1, steps: 5 } }]);
      await lab(page).getByRole('navigation', { name: 'Steps' }).getByRole('button', { name: 'Lessons' }).click();
      await chooseLesson(page, 'one step', {
        'index.json': JSON.stringify({ title: 'Mine', description: 'D', details: { steps: [{}] } }),
        'step1/text.md': 'Make it.\n',
        'step1/verify.sh': 'test -e goal\n',
        'step1/solution.sh': 'touch goal\n',
      });
      await lab(page).getByRole('button', { name: 'Begin' }).click();
      await lab(page).evaluate((el) => (el as BinfmtLabElement).run('touch goal'));
      await expect.poll(told, { timeout: 10_000 }).toHaveLength(3);
      expect((await told()).slice(1)).toEqual([
        { type: 'step', detail: { lesson: 'one-step', step: 1, steps: 1 } },
        { type: 'done', detail: { lesson: 'one-step' } },
      ]);
    }));

  test('is light or dark as the page around it is, also when that changes', () =>
    on('<style>html{color-scheme:light}html.dark{color-scheme:dark}</style><binfmt-lab></binfmt-lab>', async (page) => {
      const ground = () =>
        lab(page).evaluate(
          (el) => getComputedStyle(el.shadowRoot?.querySelector('.poster, .xterm-viewport, .screen') ?? el).backgroundColor,
        );
      await page.emulateMedia({ colorScheme: 'dark' });
      const light = await ground();
      expect(light).toBe('rgb(251, 251, 249)');
      await start(page);
      await page.evaluate(() => document.documentElement.classList.add('dark'));
      const terminal = () =>
        lab(page).evaluate((el) => getComputedStyle(el.shadowRoot?.querySelector('.xterm-scrollable-element') ?? el).backgroundColor);
      await expect.poll(terminal).toBe('rgb(21, 24, 29)');
      await lab(page).evaluate((el) => el.setAttribute('theme', 'light'));
      await expect.poll(terminal).toBe('rgb(251, 251, 249)');
    }));

  test('comes from the package by its name, with its types', async () => {
    const project = mkdtempSync(join(tmpdir(), 'author-'));
    const lab = join(project, 'node_modules', 'binfmt-lab');
    mkdirSync(join(lab, 'dist'), { recursive: true });
    cpSync('package.json', join(lab, 'package.json'));
    symlinkSync(dist(), join(lab, 'dist', 'page'));
    execFileSync(process.execPath, ['scripts/types.mjs', join(lab, 'dist', 'types')]);
    writeFileSync(join(project, 'uses.mts'), USES);
    const options = ['--strict', '--noEmit', '--skipLibCheck', 'false', '--module', 'nodenext', '--target', 'es2022'];
    const tsc = resolve('node_modules/typescript/bin/tsc');
    expect(spawnSync(process.execPath, [tsc, ...options, 'uses.mts'], { cwd: project, encoding: 'utf8' }).stdout).toBe('');
    const found = createRequire(join(project, 'x.js')).resolve('binfmt-lab/element');
    const { server, url } = await serve(dist());
    const address = new URL(relative(realpathSync(dist()), found), url).href;
    const author = await authorSite({
      '/': `<!doctype html><script type="importmap">{"imports": {"binfmt-lab/element": "${address}"}}</script>
<script type="module">import { BinfmtLabElement } from 'binfmt-lab/element'; document.body.append(new BinfmtLabElement());</script><body>`,
    });
    authors.push(author);
    const page = await site.browser.newPage();
    await page.goto(author.url);
    const answer = await page.locator('binfmt-lab').evaluate((el) => (el as BinfmtLabElement).run('uname -m'));
    expect(answer.stdout).toBe('x86_64\n');
    await page.close();
    server.close();
    rmSync(project, { recursive: true });
  });

  test('has its colours, its font and its rows also where the page’s policy forbids styles', () => {
    const { origin } = new URL(site.url);
    const policy = `default-src 'none'; script-src ${origin}; connect-src ${origin} blob:; worker-src blob:; style-src 'self'`;
    return on(
      '<binfmt-lab panels="microscope" theme="dark" height="600"></binfmt-lab>',
      async (page) => {
        await start(page);
        const look = (text: string, property: string) =>
          page
            .locator('.xterm-rows span', { hasText: text })
            .last()
            .evaluate((e, p) => getComputedStyle(e).getPropertyValue(p), property);
        await enter(page, "printf '\\e[31mred\\e[0m \\e[38;2;1;200;3mtrue\\e[0m \\e[1mbold\\e[0m\\n'; /bin/true");
        expect(await look('red', 'color')).toBe('rgb(255, 123, 114)');
        expect(await look('true', 'color')).toBe('rgb(1, 200, 3)');
        expect([await look('bold', 'font-weight'), await look('bold', 'font-family')]).toEqual([
          '700',
          expect.stringMatching(/^"DejaVu Sans Mono", ui-monospace/),
        ]);
        await lab(page).evaluate((el) => el.setAttribute('theme', 'light'));
        await expect.poll(() => look('red', 'color')).toBe('rgb(179, 38, 30)');
        const tops = () => page.locator('.microscope .exec').evaluateAll((all) => all.map((e) => e.getBoundingClientRect().top));
        await expect.poll(async () => new Set(await tops()).size).toBe(2);
      },
      undefined,
      { 'content-security-policy': policy },
    );
  });

  test('is as high as its author asks', () =>
    on(
      '<binfmt-lab id="a" height="321"></binfmt-lab><binfmt-lab id="b" height="30vh"></binfmt-lab><binfmt-lab id="c" height="9px} *{color:red"></binfmt-lab>',
      async (page) => {
        const height = (id: string) => page.locator(id).evaluate((el) => el.getBoundingClientRect().height);
        expect([await height('#a'), await height('#c')]).toEqual([321, 416]);
        expect(await height('#b')).toBe(256);
      },
    ));
});
