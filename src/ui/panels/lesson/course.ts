/** The lesson that is being taken: the runner, the machine, and what is known of both. */

import type { Lesson, Step } from '../../../lessons/lesson.ts';
import { renderMarkdown } from '../../../lessons/markdown.ts';
import { type LessonMachine, LessonRunner, type ScriptFault } from '../../../lessons/runner.ts';
import { encode } from '../../../uapi/bytes.ts';
import { announce } from '../../embed-events.ts';
import { messageOf } from '../../message-of.ts';
import type { LabContext } from '../panel.ts';
import { pasted } from './clicks.ts';
import type { LessonModel, Standing } from './model.ts';
import { loadProgress, saveProgress } from './progress-store.ts';

/** Milliseconds after which a machine that changed without a command is looked at. */
const PATIENCE = 1500;

export class Course {
  onChange: () => void = () => {};
  private readonly runner: LessonRunner;
  private readonly leave: readonly (() => void)[];
  private at: number;
  private html = '';
  private standing: Standing = { kind: 'reading' };
  private hintHtml: string | null = null;
  private busy: string | null = null;
  private astray = false;
  private fault = '';
  private checking: Promise<void> | null = null;
  private again = false;
  private later: ReturnType<typeof setTimeout> | undefined;
  private gone = false;

  constructor(
    readonly lesson: Lesson,
    private readonly box: HTMLElement,
    private readonly lab: LabContext,
    /** Another place of the lesson is shown. */
    private readonly moved: (position: number) => void,
  ) {
    this.runner = new LessonRunner(lesson, machineOf(lab), loadProgress(lesson.id));
    this.at = this.runner.position;
    this.leave = [
      lab.on('timeline', () => this.look()),
      lab.on('change', () => this.lookLater()),
      lab.on('boot', () => void this.rebooted()),
    ];
  }

  get position(): number {
    return this.at;
  }

  private get step(): Step | null {
    return this.lesson.steps[this.at - 1] ?? null;
  }

  model(): LessonModel {
    const { step } = this;
    return {
      kind: 'lesson',
      title: this.lesson.title,
      titles: this.lesson.steps.map((s) => s.title),
      position: this.position,
      done: new Set(this.runner.progress.done),
      html: this.html,
      standing: this.standing,
      hint: this.hintHtml,
      hints: (step?.hints.length ?? 0) > 0,
      solution: step !== null && step.solution !== null,
      busy: this.busy,
      astray: this.astray,
      fault: this.fault,
    };
  }

  dispose(): void {
    this.gone = true;
    clearTimeout(this.later);
    for (const leave of this.leave) leave();
  }

  /** Shows another place, and brings the machine there. */
  async goTo(position: number): Promise<void> {
    if (this.busy !== null) return;
    this.show(position);
    await this.work('Preparing the machine…', async () => {
      return position === 0 || (await this.runner.farthest()) >= 0 ? this.bring(position) : this.begin(position);
    });
  }

  /** This step on a fresh machine. */
  async startOver(): Promise<void> {
    await this.work('Starting a fresh machine…', () => this.begin(this.position));
  }

  async hint(): Promise<void> {
    const hint = await this.runner.hint();
    this.hintHtml = hint === null ? '<p>There is no hint for this.</p>' : this.render(hint.text, this.step);
    this.onChange();
  }

  /** At the prompt, not run. */
  typeSolution(): void {
    const solution = this.step?.solution ?? null;
    if (solution === null) return;
    this.lab.type(pasted(solution.trimEnd()));
    this.lab.focusTerminal();
    this.lab.say('The command stands at the prompt. Enter runs it.');
  }

  /** The place before the machine has come there. */
  private show(position: number): void {
    const { steps, intro, finish } = this.lesson;
    this.at = Math.max(0, Math.min(position, steps.length + 1));
    const { at, step } = this;
    this.html = this.render(step?.text ?? (at === 0 ? intro : finish), step);
    this.hintHtml = null;
    this.standing = { kind: 'reading' };
    this.moved(at);
  }

  private render(text: string, step: Step | null): string {
    const { id, files } = this.lesson;
    const prefix = `ls-${id}-${step?.number ?? 0}`;
    return renderMarkdown(text, { files, folder: step?.folder ?? '', prefix, ruleHref: (rule) => this.lab.rule(rule) });
  }

  /** What a script of the author's that failed said is shown; so is what went wrong with the machine. */
  private async work(what: string, job: () => Promise<ScriptFault | null>): Promise<void> {
    this.busy = what;
    this.fault = '';
    this.astray = false;
    this.onChange();
    try {
      const fault = await job();
      if (fault !== null) this.fault = `The lesson's ${fault.script} failed: ${fault.message}`;
    } catch (e) {
      this.fault = messageOf(e);
    }
    this.busy = null;
    if (this.gone) return;
    saveProgress(this.runner.progress);
    this.onChange();
    this.look();
  }

  /** On a fresh machine. What was executed to bring it there is no news to the reader. */
  private async begin(position: number): Promise<ScriptFault | null> {
    const { info } = this.lab;
    const to = { host: this.lesson.host ?? info?.host ?? 'x86_64', kernel: this.lesson.kernel ?? info?.kernel ?? 'lab' };
    await this.lab.reboot(to, `lesson ${this.lesson.id}`, false);
    const fault = await this.bring(position);
    await this.lab.host.ping();
    this.lab.executions.clear();
    return fault;
  }

  /** The step that begins has its place on the time line, for undo and reload. */
  private async bring(position: number): Promise<ScriptFault | null> {
    const from = await this.runner.farthest();
    const fault = await this.runner.goTo(position);
    if (position > from && this.runner.step !== null) this.lab.touched(`step ${position}`);
    return fault;
  }

  /** Not by the lesson: somebody went back in time, or chose another machine. */
  private async rebooted(): Promise<void> {
    if (this.busy !== null || this.position === 0) return;
    const machine = await this.runner.farthest();
    this.astray = machine < 0;
    if (this.astray) this.onChange();
    else await this.goTo(this.step === null ? this.position : Math.min(machine, this.position));
  }

  private lookLater(): void {
    this.later ??= setTimeout(() => {
      this.later = undefined;
      this.look();
    }, PATIENCE);
  }

  /** One check at a time; what changed meanwhile is looked at afterwards. */
  private look(): void {
    if (this.gone || this.busy !== null || this.astray || this.step === null || this.standing.kind === 'done') return;
    if (!this.box.checkVisibility()) return;
    this.again = this.checking !== null;
    this.checking ??= this.check().finally(() => {
      this.checking = null;
      if (this.again) this.look();
    });
  }

  private async check(): Promise<void> {
    const at = this.position;
    try {
      const { done, missing, broken } = await this.runner.check();
      if (at !== this.position || this.gone || this.busy !== null) return;
      this.standing = done ? { kind: 'done' } : broken === null ? { kind: 'open', missing } : { kind: 'broken', why: broken };
      if (done) this.reached(at);
      this.onChange();
    } catch {
      // The machine went away while it was asked; the next one is asked again.
    }
  }

  private reached(step: number): void {
    const { id, steps, title } = this.lesson;
    saveProgress(this.runner.progress);
    this.lab.say(`Step ${step} of ${title} is done.`);
    announce(this.box, 'step', { lesson: id, step, steps: steps.length });
    if (this.runner.progress.done.length === steps.length) announce(this.box, 'done', { lesson: id });
  }
}

function machineOf(lab: LabContext): LessonMachine {
  return {
    run: (script) => lab.run(script),
    check: (script) => lab.host.check(script),
    write: (path, text) => lab.host.writeFile(path, encode(text), 0o644),
  };
}
