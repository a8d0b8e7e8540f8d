/** Takes somebody through a lesson. What was reached is asked of the machine, never of the keys that were typed. */
import type { Hint, Lesson, Step } from './lesson.ts';
import type { Progress } from './progress.ts';

export interface ScriptResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

/** What a lesson needs of a machine. Scripts run in a new bash, as root, in /root. */
export interface LessonMachine {
  /** On the machine itself. */
  run(script: string): Promise<ScriptResult>;
  /** On a copy of it: whatever the script does leaves no trace. */
  check(script: string): Promise<ScriptResult>;
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

export class LessonRunner {
  readonly lesson: Lesson;
  private machine: LessonMachine;
  private at: number;
  private readonly done: Set<number>;
  /** The steps whose setup this machine has seen; 0 is the lesson's own. */
  private readonly ready = new Set<number>();
  /** The steps whose goal this machine has seen. */
  private readonly solved = new Set<number>();

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

  /**
   * Shows another place. The machine is brought there: steps on the way that it has not seen are set up and solved. It never
   * goes back in time. Answers the script that failed, if one did; the place is shown all the same.
   */
  async goTo(position: number): Promise<ScriptFault | null> {
    this.at = clamp(position, this.lesson);
    if (this.at === 0) return null;
    return (await this.prepare(0, this.lesson.setup)) ?? (await this.catchUp());
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

  /** Begins again on a machine that was just booted; what was done stays done. */
  restart(machine: LessonMachine): void {
    this.machine = machine;
    this.at = 0;
    this.ready.clear();
    this.solved.clear();
  }

  /** Goes on with a machine that has come as far as `position` already: after an undo, or a reload that kept it. */
  continueOn(machine: LessonMachine, position = this.at): void {
    this.machine = machine;
    this.at = clamp(position, this.lesson);
    for (let n = 0; n <= this.at; n++) this.ready.add(n);
    for (let n = 1; n < this.at; n++) this.solved.add(n);
  }

  private async catchUp(): Promise<ScriptFault | null> {
    for (const step of this.lesson.steps.slice(0, this.at)) {
      const fault = await this.prepare(step.number, step.setup);
      if (fault !== null) return fault;
      if (step.number < this.at) await this.solve(step);
    }
    return null;
  }

  private async prepare(number: number, setup: string | null): Promise<ScriptFault | null> {
    if (this.ready.has(number)) return null;
    this.ready.add(number);
    if (setup === null) return null;
    const { status, stderr } = await this.machine.run(setup);
    const script = number === 0 ? 'setup' : `step ${number}, setup`;
    return status === 0 ? null : { script, message: stderr.trim() || `status ${status}` };
  }

  /** Somebody may have reached the goal in a way of their own: then nothing is done. */
  private async solve({ number, verify, solution }: Step): Promise<void> {
    if (this.solved.has(number)) return;
    this.solved.add(number);
    if (verify === null || solution === null || (await this.machine.check(verify)).status === 0) return;
    await this.machine.run(solution);
  }

  private reached(step: Step | null): StepState {
    if (step !== null) for (const set of [this.done, this.solved]) set.add(step.number);
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
