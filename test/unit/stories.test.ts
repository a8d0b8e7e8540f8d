import { describe, expect, test } from 'vitest';
import { boot } from '../../src/lab/index.ts';
import { stories } from '../stories/stories.ts';

describe('the stories, in Node', () => {
  for (const story of stories) {
    for (const kernel of ['lab', '6.18']) {
      test(`${story.name} (kernel ${kernel})`, async () => {
        const lab = await boot({ kernel, ...(story.host === undefined ? {} : { host: story.host }) });
        const { stdout, stderr, status } = await lab.run(story.script, { timeout: 60_000 });
        lab.dispose();
        expect({ stdout: stdout.text, stderr: stderr.text, status }).toEqual({
          stdout: story.stdout,
          stderr: story.stderr,
          status: story.status,
        });
      });
    }
  }
});
