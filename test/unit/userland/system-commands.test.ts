import { describe, expect, it } from 'vitest';
import { boot } from '../../../src/lab/index.ts';
import { SESSIONS } from './system-sessions.ts';

describe('system commands, as the real ones answered', () => {
  for (const [title, script, stdout, stderr = ''] of SESSIONS)
    it(title, async () => {
      const lab = await boot({ kernel: '6.18' });
      const result = await lab.run(script, { timeout: 30_000 });
      lab.dispose();
      expect({ stdout: result.stdout.text, stderr: mask(result.stderr.text) }).toEqual({ stdout, stderr });
    });
});

/** Numbers that differ from run to run. */
function mask(text: string): string {
  return text
    .replace(/0x7ff[0-9a-f]+ \/\* \d+ vars \*\//g, 'ENV')
    .replace(/(Process |\[pid +|si_pid=)\d+/g, (_, before: string) => `${before.trim()} N`);
}
