/** Reads the events of one execve in order and puts up a station wherever the kernel did something. */
import { errnoByCode } from '../../../uapi/errno.ts';
import { SIGNAL_NAMES } from '../../../uapi/signal.ts';
import type {
  BinfmtMiscEntryProbe,
  BinfmtProbe,
  BinprmRead,
  BinprmRewrite,
  ExecFail,
  ExecWalk,
  SchedProcessExec,
  TraceEvent,
} from '../../../uapi/trace.ts';
import { type Execution, runs } from '../../executions.ts';
import { chips } from './argv.ts';
import { auxvRows } from './auxv.ts';
import { closeness, magicCells, type Overlay, unhex } from './bytes.ts';
import { decidedBy, format, formatCells } from './formats.ts';
import { heard, heardOfSignal } from './hear.ts';
import { type Probe, type Prose, prose, type Station } from './model.ts';
import { nextStep } from './next.ts';
import { orderNotice, quietNotice } from './order.ts';
import { probesOf } from './probes.ts';
import { refusal } from './refusal.ts';
import { refusedBy, rulesOf, walked, walkFact } from './walk.ts';

type Draft = Omit<Station, 'n'>;

export interface DraftLevel {
  readonly level: number;
  readonly name: string;
  readonly drafts: Draft[];
}

const VERDICTS = { next: 'next', taken: 'takes', rewrite: 'takes', failed: 'refused' } as const;

export class Story {
  private readonly levels: DraftLevel[] = [];
  /** What was read and waits for the event that explains it. */
  private walk: ExecWalk[] = [];
  private asked: BinfmtMiscEntryProbe[] = [];
  /** Of the level under way. */
  private window: Uint8Array | null = null;
  private overlays: Overlay[] = [];
  /** The format that is asked first on this kernel. */
  private first: string | null = null;

  constructor(private readonly execution: Execution) {}

  read(event: TraceEvent): void {
    switch (event.ev) {
      case 'exec_walk':
        return event.step === 'args' ? this.strings(event) : void this.walk.push(event);
      case 'binprm_read':
        return this.level(event);
      case 'binfmt_misc_entry':
        return void this.asked.push(event);
      case 'binfmt_probe':
        return this.answer(event);
      case 'binprm_rewrite':
        return this.rewrite(event);
      case 'order_decided':
        return this.amend(event.level, () => ({ notice: orderNotice(event) }));
      case 'sched_process_exec':
        return this.image(event);
      case 'exec_fail':
        return this.fail(event);
    }
  }

  finish(): readonly DraftLevel[] {
    this.path();
    if (this.execution.end === null) this.put(0, LOST);
    return this.levels;
  }

  // Before the formats

  /** The walk to the file itself. Those to interpreters belong to the format that asked for them. */
  private path(): void {
    const walk = this.takeWalk();
    if (walk.length === 0) return;
    this.put(0, {
      kind: 'path',
      title: 'Path and permissions',
      verdict: refusedBy(walk) === undefined ? 'passed' : 'refused',
      facts: [walkFact(walk)],
      rules: rulesOf(walk),
      where: 'fs/exec.c do_open_execat',
      walked: walked(walk),
    });
  }

  private strings(event: ExecWalk): void {
    this.path();
    if (event.errno === undefined && this.last(0) !== undefined) {
      return this.amend(0, (station) => ({ facts: [...station.facts, [event.what]], rules: [...station.rules, event.rule] }));
    }
    const [facts, rules] = [[[event.what]], [event.rule]];
    const verdict = event.errno === undefined ? 'passed' : 'refused';
    this.put(0, { kind: 'strings', title: 'Arguments and environment', verdict, facts, rules, where: 'fs/exec.c bprm_stack_limits' });
  }

  private level(event: BinprmRead): void {
    if (event.level === 0) this.path();
    const bytes = unhex(event.window);
    this.window = bytes;
    this.overlays = [];
    const { size, level, name } = event;
    const length = size < bytes.length ? ` · ${size} bytes, then zeros` : ` · ${size} bytes in all`;
    this.put(
      level,
      {
        kind: 'window',
        title: `The first ${bytes.length} bytes`,
        verdict: 'passed',
        facts: [[{ code: event.file }, length]],
        rules: [event.rule],
        where: 'fs/exec.c prepare_binprm',
        window: { bytes, size, overlays: this.overlays, first: 0 },
      },
      name,
    );
  }

  // The formats

  private answer(event: BinfmtProbe): void {
    this.first ??= event.fmt;
    if (this.saidAlready(event)) return;
    const { title, where } = format(event.fmt);
    const cells = this.window === null ? [] : formatCells(event, this.window);
    if (cells.length > 0) this.overlays.push({ who: title, rule: false, took: event.verdict !== 'next', cells });
    const probes = event.fmt === 'misc' ? this.takeProbes() : [];
    const walk = this.takeWalk();
    const why = this.window === null ? [event.why] : decidedBy(event, this.window, cells);
    this.put(event.level, {
      kind: 'format',
      title,
      verdict: VERDICTS[event.verdict],
      facts: [why, ...interpreterFacts(walk)],
      rules: [...new Set([event.rule, ...probes.filter((p) => p.verdict === 'matches').map((p) => p.rule), ...rulesOf(walk)])],
      where,
      ...(walk.length > 0 ? { walked: walked(walk) } : {}),
      ...(probes.length > 0 ? { probes: probesOf(probes) } : {}),
    });
  }

  /** The 32-bit loader stands beside the other one: it has a station only where it says something else. */
  private saidAlready({ level, fmt, rule, verdict }: BinfmtProbe): boolean {
    if (fmt !== 'compat_elf' || verdict !== 'next') return false;
    const last = this.last(level);
    return rule === 'E0' || (rule !== 'E4' && last?.title === format('elf').title && last.rules[0] === rule);
  }

  private takeProbes(): readonly Probe[] {
    const { asked, window } = this;
    this.asked = [];
    return asked.map((event, i) => this.probe(event, i + 1, window));
  }

  private probe({ entry: name, enabled, matched, why, rule, test }: BinfmtMiscEntryProbe, rank: number, window: Uint8Array | null): Probe {
    const cells = window === null || 'extension' in test ? null : magicCells(window, test);
    const overlay = cells === null ? null : this.overlays.push({ who: name, rule: true, took: matched, cells }) - 1;
    const verdict = matched ? 'matches' : enabled ? 'differs' : 'disabled';
    return { rank, name, verdict, why, rule, overlay, close: cells === null ? 0 : closeness(cells) };
  }

  private rewrite(event: BinprmRewrite): void {
    const argv = chips(event.argv_before, event.argv_after);
    const quiet = event.fmt === 'misc' && this.first !== 'misc' && this.first !== null;
    this.amend(event.level, (station) => ({
      argv,
      facts: [...station.facts, ...flagFacts(event)],
      rules: [...new Set([...station.rules, event.rule])],
      ...(quiet ? { notice: quietNotice } : {}),
    }));
  }

  // The end

  private image(event: SchedProcessExec): void {
    const { exe, comm, argv, auxv, fatal_signal } = event;
    const dead = fatal_signal === undefined ? null : (SIGNAL_NAMES[fatal_signal] ?? String(fatal_signal));
    const name = runs(this.execution);
    const facts: Prose[] = [prose`${exe} is the new program, under the name ${comm}`];
    if (dead !== null) facts.push(prose`execve had no way back: the new program is killed by ${`SIG${dead}`}`);
    this.put(
      this.deepest(),
      {
        kind: 'image',
        title: dead === null ? 'The new program' : 'The new program dies',
        verdict: dead === null ? 'takes' : 'refused',
        facts,
        rules: dead === null ? [event.rule] : [event.rule, 'D8', 'E15'],
        where: 'fs/exec.c begin_new_exec',
        argv: { before: [], after: argv.map((text) => ({ text, changed: false })) },
        auxv: auxvRows(auxv),
        ...(dead === null || fatal_signal === undefined ? {} : { heard: heardOfSignal(dead, fatal_signal) }),
      },
      name,
    );
  }

  private fail(event: ExecFail): void {
    this.path();
    const known = refusal(this.execution, event);
    const errno = errnoByCode(event.errno);
    this.put(this.deepest(), {
      kind: 'errno',
      title: errno === undefined ? event.errno : `${event.errno} (${errno.errno}) ${errno.message}`,
      verdict: 'refused',
      facts: [[event.message]],
      rules: [event.rule],
      where: event.rule === 'D6' ? 'fs/exec.c search_binary_handler' : 'fs/exec.c do_execveat_common',
      ...(known === null ? {} : { heard: heard(known), next: nextStep(known) }),
    });
  }

  // Drafts

  private put(level: number, draft: Draft, name = this.execution.path): void {
    let found = this.levels.find((l) => l.level === level);
    if (found === undefined) this.levels.push((found = { level, name, drafts: [] }));
    found.drafts.push(draft);
  }

  /** Adds to the last station of a level, if there is one. */
  private amend(level: number, more: (station: Draft) => Partial<Draft>): void {
    const drafts = this.levels.find((l) => l.level === level)?.drafts;
    const last = drafts?.pop();
    if (last !== undefined) drafts?.push({ ...last, ...more(last) });
  }

  private last(level: number): Draft | undefined {
    return this.levels.find((l) => l.level === level)?.drafts.at(-1);
  }

  private deepest(): number {
    return this.levels.at(-1)?.level ?? 0;
  }

  private takeWalk(): readonly ExecWalk[] {
    const { walk } = this;
    this.walk = [];
    return walk;
  }
}

const LOST: Draft = {
  kind: 'lost',
  title: 'The rest was lost',
  verdict: 'passed',
  facts: [['More happened at once than the page keeps up with.']],
  rules: [],
  where: '',
};

/** An interpreter is looked up from where the caller stands: in its root, its mounts, its directory. */
function interpreterFacts(walk: readonly ExecWalk[]): readonly Prose[] {
  const name = walk[0]?.path;
  return name === undefined ? [] : [[...prose`interpreter ${name}, looked up from where the caller stands: `, ...walkFact(walk)]];
}

const FLAGS: Readonly<Record<string, string>> = {
  P: 'argv[0] stays, behind the name (M7)',
  O: 'the file is handed over open (M9)',
  C: 'the credentials come from the file (M10)',
  F: 'the interpreter was opened when the rule was registered (M12)',
};

function flagFacts({ flags = '', entry }: BinprmRewrite): readonly Prose[] {
  if (entry === undefined) return [];
  return [...flags].map((flag): Prose => ['flag ', { code: flag }, `: ${FLAGS[flag] ?? 'unknown'}`]);
}
