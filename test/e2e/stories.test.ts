import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stories } from '../stories/stories.ts';
import { openSite, type Site } from './server.ts';

interface LabElement extends HTMLElement {
  readonly ready: Promise<void>;
  run(script: string): Promise<{ stdout: string; stderr: string; status: number }>;
  reset(): void;
}

describe('the stories, in Chromium', () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite();
  });
  afterAll(() => site.close());

  test.each(stories.map((s) => [s.name, s] as const))(
    '%s',
    async (_, story) => {
      const page = await site.browser.newPage({ serviceWorkers: 'block' });
      await page.goto(site.url);
      const answer = await page.evaluate(
        async ({ script, host }) => {
          await customElements.whenDefined('binfmt-lab');
          const lab = document.createElement('binfmt-lab') as LabElement;
          lab.setAttribute('host', host);
          document.body.replaceChildren(lab);
          return lab.run(script);
        },
        { script: story.script, host: story.host ?? 'x86_64' },
      );
      await page.close();
      expect(answer).toEqual({ stdout: story.stdout, stderr: story.stderr, status: story.status });
    },
    120_000,
  );
});
