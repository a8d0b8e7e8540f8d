/**
 * Proves that a lesson works: every goal is out of reach before and reached by its solution, hints and checks are quiet, blocks do
 * what they claim. The same proof runs in the lab and on a real Linux; what it saw is kept, so that the two can be compared.
 */
import type { Lesson, Step } from './lesson.ts';
import { markedCode, picturesOf, resolve } from './markdown.ts';
import type { ScriptMachine, ScriptResult } from './runner.ts';
import { safeSvg } from './svg.ts';

export interface ProofMachine extends ScriptMachine {
  /** A machine of its own in the same state. */
  fork(): Promise<ProofMachine>;
  dispose(): void;
}

export type FindingKind =
  | 'setup-fails'
  | 'done-before'
  | 'solution-fails'
  | 'verify-noisy'
  | 'verify-silent'
  | 'hint-noisy'
  | 'no-hint'
  | 'broken-noisy'
  | 'broken-on-path'
  | 'corner-unseen'
  | 'blocks-fail'
  | 'blocks-hang'
  | 'bad-picture';

/** Something that is wrong with a lesson that could be read. */
export interface Finding {
  readonly kind: FindingKind;
  /** 0 is the lesson itself. */
  readonly step: number;
  readonly message: string;
}

/** What one script of the lesson did. */
export interface Observation {
  readonly what: string;
  readonly script: string;
  readonly status: number;
  readonly stdout: string;
}

export interface Proof {
  readonly findings: readonly Finding[];
  readonly observations: readonly Observation[];
}

/** From here on a status means that the script itself could not be run, or was killed. */
const NO_ANSWER = 126;
const KILLED = 128 + 9;

export async function proveLesson(lesson: Lesson, boot: () => Promise<ProofMachine>): Promise<Proof> {
  const prover = new Prover(lesson);
  const machine = await boot();
  try {
    prover.texts();
    await prover.walk(machine);
  } finally {
    machine.dispose();
  }
  return prover;
}

class Prover implements Proof {
  readonly findings: Finding[] = [];
  readonly observations: Observation[] = [];
  private readonly lesson: Lesson;
  private number = 0;

  constructor(lesson: Lesson) {
    this.lesson = lesson;
  }

  /** What the texts show and point to. */
  texts(): void {
    const { intro, finish, steps } = this.lesson;
    this.text(intro, '');
    this.text(finish, '');
    for (const step of steps) {
      this.number = step.number;
      this.text(step.text, step.folder);
      for (const hint of step.hints) this.text(hint.text, step.folder);
    }
  }

  async walk(machine: ProofMachine): Promise<void> {
    this.number = 0;
    await this.setup(machine, this.lesson.setup);
    for (const step of this.lesson.steps) {
      this.number = step.number;
      await this.setup(machine, step.setup);
      await this.step(machine, step);
    }
  }

  private text(text: string, folder: string): void {
    for (const { src, alt } of picturesOf(text)) this.picture(src, alt, resolve(folder, src));
  }

  private picture(src: string, alt: string, path: string): void {
    if (src.startsWith('data:')) return;
    const drawing = this.lesson.files.get(path);
    if (drawing === undefined) this.find('bad-picture', `${path} does not exist`);
    else if (alt.trim() === '') this.find('bad-picture', `${path} has no description for those who do not see it`);
    else if (safeSvg(drawing, alt, '') === null)
      this.find('bad-picture', `${path} is no plain drawing: docs/lessons.md says what may be in it`);
  }

  private async setup(machine: ProofMachine, script: string | null): Promise<void> {
    if (script === null) return;
    const { status, stderr } = this.saw('setup', script, await machine.run(script));
    if (status !== 0) this.find('setup-fails', `setup.sh ended with ${status}${quoted(stderr)}`);
  }

  private async step(machine: ProofMachine, step: Step): Promise<void> {
    if (step.verify !== null) await this.notDone(machine, step.verify);
    await this.hints(machine, step, 'before');
    await this.notBroken(machine, step, 'before');
    await this.corner(machine, step);
    await this.blocks(machine, step);
    await this.solve(machine, step);
  }

  private async notDone(machine: ProofMachine, verify: string): Promise<void> {
    const { status, stdout } = await this.verify(machine, verify, 'before');
    if (status === 0) this.find('done-before', 'verify.sh says that the goal is reached before anything was done');
    else if (stdout.trim() === '') this.find('verify-silent', 'verify.sh does not say what is missing');
  }

  private async verify(machine: ProofMachine, verify: string, when: string): Promise<ScriptResult> {
    const result = this.saw(`verify ${when}`, verify, await machine.check(verify));
    if (result.stderr !== '' || result.status >= NO_ANSWER) {
      this.find('verify-noisy', `verify.sh, ${when}, ended with ${result.status}${quoted(result.stderr)}`);
    }
    return result;
  }

  private async hints(machine: ProofMachine, { hints }: Step, when: 'before' | 'after'): Promise<void> {
    let holds = hints.length === 0 || when === 'after';
    for (const [i, { condition }] of hints.entries()) {
      const { status, stderr } = this.saw(`hint ${i + 1} ${when}`, condition, await machine.check(condition));
      if (status >= NO_ANSWER || stderr !== '')
        this.find('hint-noisy', `the condition of hint ${i + 1} ended with ${status}${quoted(stderr)}`);
      holds ||= status === 0;
    }
    if (!holds) this.find('no-hint', 'no hint is for those who have done nothing yet: end with one for `true`');
  }

  private async notBroken(machine: ProofMachine, { broken }: Step, when: string): Promise<void> {
    if (broken === null) return;
    const { status, stderr } = this.saw(`broken ${when}`, broken, await machine.check(broken));
    if (status === 0) this.find('broken-on-path', `broken.sh sees a corner on the straight path, ${when} the solution`);
    if (status >= NO_ANSWER || stderr !== '') this.find('broken-noisy', `broken.sh ended with ${status}${quoted(stderr)}`);
  }

  private async corner(machine: ProofMachine, { broken, corner }: Step): Promise<void> {
    if (broken === null || corner === null) return;
    const inside = await machine.fork();
    this.saw('corner', corner, await inside.run(corner));
    const { status, stdout } = this.saw('broken in the corner', broken, await inside.check(broken));
    inside.dispose();
    if (status !== 0) this.find('corner-unseen', 'broken.sh does not see the corner that corner.sh leads into');
    else if (stdout.trim() === '') this.find('corner-unseen', 'broken.sh does not say what the corner is');
  }

  /** Blocks run in one shell, in the order of the text. */
  private async blocks(machine: ProofMachine, { text, verify, clickThrough }: Step): Promise<void> {
    const script = markedCode(text)
      .filter((b) => b.act !== 'copy')
      .map((b) => b.script)
      .join('\n');
    if (script === '') return clickThrough ? this.find('blocks-fail', 'the text has no blocks to click through') : undefined;
    const aside = await machine.fork();
    const { status } = this.saw('blocks', script, await aside.run(script));
    if (status === KILLED) this.find('blocks-hang', 'the blocks of the text do not come to an end');
    if (clickThrough && verify !== null) {
      const reached = await this.verify(aside, verify, 'after the blocks');
      if (reached.status !== 0) this.find('blocks-fail', `running the blocks of the text does not reach the goal${quoted(reached.stdout)}`);
    }
    aside.dispose();
  }

  private async solve(machine: ProofMachine, step: Step): Promise<void> {
    if (step.verify === null || step.solution === null) return;
    this.saw('solution', step.solution, await machine.run(step.solution));
    const { status, stdout } = await this.verify(machine, step.verify, 'after the solution');
    if (status !== 0) this.find('solution-fails', `solution.sh does not reach the goal${quoted(stdout)}`);
    await this.hints(machine, step, 'after');
    await this.notBroken(machine, step, 'after');
  }

  private saw(what: string, script: string, result: ScriptResult): ScriptResult {
    const { status, stdout } = result;
    this.observations.push({ what: `step ${this.number}: ${what}`, script, status, stdout });
    return result;
  }

  private find(kind: FindingKind, message: string): void {
    this.findings.push({ kind, step: this.number, message });
  }
}

function quoted(output: string): string {
  const text = output.trim();
  return text === '' ? '' : `: ${text}`;
}
