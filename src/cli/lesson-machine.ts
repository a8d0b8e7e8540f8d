/** A machine of the lab, as the proof of a lesson needs it. */
import { boot, type Lab } from '../lab/index.ts';
import type { Lesson } from '../lessons/lesson.ts';
import type { ProofMachine } from '../lessons/prove.ts';
import type { ScriptResult } from '../lessons/runner.ts';

/** Milliseconds that a script gets. */
const TIMEOUT = 30_000;

export async function bootForLesson({ host }: Lesson, kernel: string, timeout = TIMEOUT): Promise<ProofMachine> {
  return proofMachine(await boot({ kernel, hostname: 'lab', env: { TZ: 'UTC' }, ...(host === null ? {} : { host }) }), timeout);
}

function proofMachine(lab: Lab, timeout: number): ProofMachine {
  const fork = async (): Promise<ProofMachine> => proofMachine(await boot({ snapshot: lab.snapshot(), env: { TZ: 'UTC' } }), timeout);
  return {
    run: (script) => runIn(lab, script, timeout),
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

async function runIn(lab: Lab, script: string, timeout: number): Promise<ScriptResult> {
  const { stdout, stderr, status } = await lab.run(script, { timeout });
  return { stdout: stdout.text, stderr: stderr.text, status };
}
