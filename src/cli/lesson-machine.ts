/** A machine of the lab, as the proof of a lesson needs it. */
import { boot, type Lab } from '../lab/index.ts';
import type { Lesson } from '../lessons/lesson.ts';
import type { ProofMachine } from '../lessons/prove.ts';
import type { ScriptResult } from '../lessons/runner.ts';

const TIMEOUT = 20_000;

export async function bootForLesson({ host }: Lesson, kernel: string): Promise<ProofMachine> {
  return proofMachine(await boot({ kernel, hostname: 'lab', env: { TZ: 'UTC' }, ...(host === null ? {} : { host }) }));
}

function proofMachine(lab: Lab): ProofMachine {
  const fork = async (): Promise<ProofMachine> => proofMachine(await boot({ snapshot: lab.snapshot(), env: { TZ: 'UTC' } }));
  return {
    run: (script) => runIn(lab, script),
    check: async (script) => {
      const copy = await fork();
      const result = await copy.run(script);
      copy.dispose();
      return result;
    },
    fork,
    dispose: () => lab.dispose(),
  };
}

async function runIn(lab: Lab, script: string): Promise<ScriptResult> {
  const { stdout, stderr, status } = await lab.run(script, { timeout: TIMEOUT });
  return { stdout: stdout.text, stderr: stderr.text, status };
}
