/**
 * What a lesson is, once its folder has been read. The folder has the layout of Killercoda scenarios (docs/lessons.md);
 * text stays Markdown and scripts stay text here: `markdown.ts` renders, a machine runs.
 */
import type { HostArch } from '../uapi/host.ts';

/** A lesson's folder: path inside it, with slashes, to its text. */
export type LessonFiles = ReadonlyMap<string, string>;

export interface Lesson {
  /** The folder's name, and the lesson's in addresses: small letters, digits and dashes. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** How long it takes, in minutes; null if the author does not say. */
  readonly minutes: number | null;
  /** The machine it is written for; null is the default one. */
  readonly host: HostArch | null;
  readonly kernel: string | null;
  /** Its scripts hold on a real Linux, too. */
  readonly real: boolean;
  /** Markdown. */
  readonly intro: string;
  /** Runs before the first step's own setup. */
  readonly setup: string | null;
  readonly steps: readonly Step[];
  /** Markdown. */
  readonly finish: string;
  readonly files: LessonFiles;
}

export interface Step {
  /** From 1. */
  readonly number: number;
  readonly title: string;
  /** Markdown. */
  readonly text: string;
  /** Shell scripts, run as root in /root. */
  readonly setup: string | null;
  /** Ends with 0 once the step's goal is reached; what it prints says what is missing. Null: a step to read. */
  readonly verify: string | null;
  readonly solution: string | null;
  /** The first whose condition holds is shown. */
  readonly hints: readonly Hint[];
  /** Ends with 0 if the goal is out of reach; what it prints says why. */
  readonly broken: string | null;
  /** Leads into that corner: the proof that `broken` sees it. */
  readonly corner: string | null;
  /** Running the text's blocks one after the other reaches the goal. */
  readonly clickThrough: boolean;
  /** The folder of the text: what its pictures' paths are relative to. */
  readonly folder: string;
}

export interface Hint {
  /** A shell command; the hint is for those for whom it ends with 0. */
  readonly condition: string;
  /** Markdown. */
  readonly text: string;
}

/** One fault of a lesson's folder. */
export interface LessonError {
  readonly code: LessonErrorCode;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

export type LessonErrorCode =
  | 'bad-id'
  | 'missing-file'
  | 'too-large'
  | 'not-text'
  | 'bad-json'
  | 'missing-field'
  | 'bad-field'
  | 'unknown-field'
  | 'bad-hint'
  | 'missing-solution'
  | 'missing-corner'
  | 'missing-picture';

/** All that is wrong with a folder that is no lesson; never empty. */
export class LessonErrors {
  readonly errors: readonly LessonError[];
  constructor(errors: readonly LessonError[]) {
    this.errors = errors;
  }
}

/** `file:line: message`, as compilers write it. */
export function errorText({ file, line, message }: LessonError): string {
  return `${file}:${line}: ${message}`;
}
