/** A machine of the lab, as the proof of a lesson needs it. */
import { boot, type Lab } from '../lab/index.ts';
import type { Lesson } from '../lessons/lesson.ts';
import type { ProofMachine } from '../lessons/prove.ts';
import type { LessonMachine, ScriptResult } from '../lessons/runner.ts';

export interface LabMachine extends ProofMachine, LessonMachine {
  fork(): Promise<LabMachine>;
}

/** Milliseconds that a script gets. */
const TIMEOUT = 30_000;

export async function bootForLesson({ host }: Lesson, kernel: string, timeout = TIMEOUT): Promise<LabMachine> {
  return labMachine(await boot({ kernel, hostname: 'lab', env: { TZ: 'UTC' }, ...(host === null ? {} : { host }) }), timeout);
}

function labMachine(lab: Lab, timeout: number): LabMachine {
  const fork = async (): Promise<LabMachine> => labMachine(await boot({ snapshot: lab.snapshot(), env: { TZ: 'UTC' } }), timeout);
  return {
    run: (script) => runIn(lab, script, timeout),
    check: async (script) => {
      const copy = await fork();
      const result = await copy.run(script);
      copy.dispose();
      return result;
    },
    write: async (path, text) => lab.writeFile(path, text),
    fork,
    dispose: () => lab.dispose(),
  };
}

async function runIn(lab: Lab, script: string, timeout: number): Promise<ScriptResult> {
  const { stdout, stderr, status } = await lab.run(script, { timeout });
  return { stdout: stdout.text, stderr: stderr.text, status };
}
