/** What the microscope shows of one execve: plain data, made by reduce.ts, drawn by view.ts, told by text.ts. */
import type { WindowView } from './bytes.ts';

/** A piece of a sentence that stands in the machine's type: a path, a byte, a name. */
export interface Code {
  readonly code: string;
}
/** A sentence. */
export type Prose = readonly (string | Code)[];

/** prose`byte ${n} is ${b}`: what stands in braces is code. */
export function prose(literals: TemplateStringsArray, ...codes: readonly (string | number)[]): Prose {
  return literals.flatMap((literal, i) => {
    const code = codes[i];
    return code === undefined ? [literal] : [literal, { code: String(code) }];
  });
}

/** What a station says of the file. `passed`: no obstacle. */
export type Verdict = 'passed' | 'next' | 'takes' | 'refused';

/** One argument in a rewrite. */
export interface Chip {
  readonly text: string;
  /** Only after, or only before. */
  readonly changed: boolean;
}
export interface ArgvChange {
  readonly before: readonly Chip[];
  readonly after: readonly Chip[];
}

/** A rule of binfmt_misc that was asked. */
export interface Probe {
  /** Place in the order of asking, from 1. */
  readonly rank: number;
  readonly name: string;
  readonly verdict: 'matches' | 'differs' | 'disabled';
  readonly why: string;
  readonly rule: string;
  /** Its overlay in the window of the level; null for an extension. */
  readonly overlay: number | null;
  /** Bytes that agreed before one did not: how close it came. */
  readonly close: number;
}
export interface Probes {
  /** In matching order. */
  readonly all: readonly Probe[];
  /** Those that tell something, in matching order: the one that matches, the disabled that would, the closest. */
  readonly telling: readonly Probe[];
}

/** The walk to a file and what was asked of it. */
export interface Walked {
  readonly path: string;
  /** Every step, in order. */
  readonly steps: readonly { readonly text: string; readonly errno: string | null; readonly rule: string }[];
}

/** One line about a system of today. */
export interface Notice {
  readonly title: string;
  readonly text: string;
  readonly rule: string;
  /** True where the order has changed the outcome. */
  readonly loud: boolean;
}

/** What a program prints when it hears of the errno. */
export interface Heard {
  readonly who: string;
  /** To the letter; null if it prints nothing of its own. */
  readonly text: string | null;
  readonly status: number | null;
  readonly note?: string;
}

/** One thing to do now. */
export interface NextStep {
  readonly text: string;
  /** To be typed at the prompt. */
  readonly command?: string;
  /** To be shown in the rule workbench, with the file that it is for. */
  readonly rule?: { readonly line: string; readonly path: string };
}

export interface Station {
  /** Place in the whole story, from 0. */
  readonly n: number;
  readonly kind: 'path' | 'strings' | 'window' | 'format' | 'image' | 'errno' | 'lost';
  readonly title: string;
  readonly verdict: Verdict;
  readonly facts: readonly Prose[];
  readonly rules: readonly string[];
  /** Where Linux does it: "fs/exec.c do_open_execat". */
  readonly where: string;
  readonly walked?: Walked;
  readonly window?: WindowView;
  readonly probes?: Probes;
  readonly argv?: ArgvChange;
  readonly notice?: Notice;
  /** The auxiliary vector, as far as it matters. */
  readonly auxv?: readonly { readonly name: string; readonly value: string; readonly means: string }[];
  readonly heard?: readonly Heard[];
  readonly next?: NextStep | null;
}

export interface Level {
  readonly level: number;
  /** The name that the file goes by here. */
  readonly name: string;
  readonly stations: readonly Station[];
}

export interface Model {
  readonly id: number;
  readonly pid: number;
  readonly path: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  /** `none`: its end was lost. */
  readonly outcome: 'runs' | 'dies' | 'fails' | 'none';
  /** In the kernel's words: "0 · runs /usr/bin/lua", "ENOEXEC (8) Exec format error". */
  readonly verdict: string;
  readonly levels: readonly Level[];
  /** All stations of all levels in order. */
  readonly stations: readonly Station[];
}
