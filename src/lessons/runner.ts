/** Takes somebody through a lesson. What was reached is asked of the machine, never of the keys that were typed. */
import type { Hint, Lesson, Step } from './lesson.ts';
import type { Progress } from './progress.ts';

export interface ScriptResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

/** Runs a lesson's scripts: in a new bash, as root, in /root. */
export interface ScriptMachine {
  /** On the machine itself. */
  run(script: string): Promise<ScriptResult>;
  /** On a copy of it: whatever the script does leaves no trace. */
  check(script: string): Promise<ScriptResult>;
}

/** What taking a lesson needs of a machine. */
export interface LessonMachine extends ScriptMachine {
  /** Writes a file of the machine; missing directories are made. */
  write(path: string, text: string): Promise<void>;
}

/** Where somebody stands in a step. */
export interface StepState {
  readonly done: boolean;
  /** What verify printed: what is still missing. Empty once done. */
  readonly missing: string;
  /** Why the goal is out of reach, or null if it is not. */
  readonly broken: string | null;
}

/** A script of the lesson's author that failed although it must not. */
export interface ScriptFault {
  readonly script: string;
  readonly message: string;
}

/** Where a machine keeps how far it was brought, so that undo and reload take it along. */
const MARKS = '/run/lesson';
/** Nothing was set up yet. */
const UNTOUCHED = -1;
const FINE: ScriptResult = { stdout: '', stderr: '', status: 0 };

export class LessonRunner {
  readonly lesson: Lesson;
  private machine: LessonMachine;
  private at: number;
  private readonly done: Set<number>;

  constructor(lesson: Lesson, machine: LessonMachine, progress: Progress | null = null) {
    this.lesson = lesson;
    this.machine = machine;
    const mine = progress?.lesson === lesson.id ? progress : null;
    this.at = clamp(mine?.position ?? 0, lesson);
    this.done = new Set(mine?.done.filter((n) => n >= 1 && n <= lesson.steps.length));
  }

  /** 0 is the introduction, one more than there are steps the end. */
  get position(): number {
    return this.at;
  }

  /** The step on screen; null at the introduction and at the end. */
  get step(): Step | null {
    return this.lesson.steps[this.at - 1] ?? null;
  }

  get progress(): Progress {
    return { version: 1, lesson: this.lesson.id, position: this.at, done: [...this.done].sort((a, b) => a - b) };
  }

  /** The step that the machine was brought to; 0 after the lesson's own setup, -1 for a machine that is not in this lesson. */
  async farthest(): Promise<number> {
    const { status, stdout } = await this.machine.check(`test -e ${MARKS}/${this.lesson.id} && echo "$(<${MARKS}/${this.lesson.id})"`);
    return status === 0 && /^\d+\s*$/.test(stdout) ? Number(stdout) : UNTOUCHED;
  }

  /**
   * Shows another place. The machine is brought there: steps on the way are set up, and solved if their goal was not reached. It
   * never goes back in time. Answers the script that failed, if one did; the place is shown all the same.
   */
  async goTo(position: number): Promise<ScriptFault | null> {
    this.at = clamp(position, this.lesson);
    return this.at === 0 ? null : this.bring(Math.min(this.at, this.lesson.steps.length));
  }

  /** Asks the machine whether the step's goal is reached. A step without verify is done by being read. */
  async check(): Promise<StepState> {
    const { step } = this;
    if (step === null || step.verify === null) return this.reached(step);
    const { status, stdout } = await this.machine.check(step.verify);
    if (status === 0) return this.reached(step);
    return { done: false, missing: stdout.trim(), broken: await this.corner(step) };
  }

  /** The hint for the machine as it is now. */
  async hint(): Promise<Hint | null> {
    for (const hint of this.step?.hints ?? []) {
      if ((await this.machine.check(hint.condition)).status === 0) return hint;
    }
    return null;
  }

  /** Goes on with another machine: one that was just booted, or one from before an undo. */
  continueOn(machine: LessonMachine): void {
    this.machine = machine;
  }

  private async bring(to: number): Promise<ScriptFault | null> {
    for (let at = await this.farthest(); at < to; at++) {
      await this.solve(at);
      const fault = await this.setUp(at + 1);
      if (fault !== null) return fault;
    }
    return null;
  }

  /** Somebody may have reached the goal in a way of their own: then nothing is done. */
  private async solve(number: number): Promise<void> {
    const { verify = null, solution = null } = this.lesson.steps[number - 1] ?? {};
    if (verify === null || solution === null || (await this.machine.check(verify)).status === 0) return;
    await this.machine.run(solution);
  }

  private async setUp(number: number): Promise<ScriptFault | null> {
    const setup = number === 0 ? this.lesson.setup : (this.lesson.steps[number - 1]?.setup ?? null);
    const { status, stderr } = setup === null ? FINE : await this.machine.run(setup);
    const script = number === 0 ? 'setup' : `step ${number}, setup`;
    if (status !== 0) return { script, message: stderr.trim() || `status ${status}` };
    await this.machine.write(`${MARKS}/${this.lesson.id}`, `${number}\n`);
    return null;
  }

  private reached(step: Step | null): StepState {
    if (step !== null) this.done.add(step.number);
    return { done: true, missing: '', broken: null };
  }

  private async corner(step: Step): Promise<string | null> {
    if (step.broken === null) return null;
    const { status, stdout } = await this.machine.check(step.broken);
    return status === 0 ? stdout.trim() : null;
  }
}

function clamp(position: number, lesson: Lesson): number {
  return Math.max(0, Math.min(position, lesson.steps.length + 1));
}
