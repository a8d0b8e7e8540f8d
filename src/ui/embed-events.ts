/** What an element tells its page, and what the page's scripts get from it: docs/embedding.md says it in words. */
import type { TraceEvent } from '../uapi/trace.ts';

/** An execve has ended. */
export interface ExecDetail {
  readonly pid: number;
  /** As given to execve. */
  readonly path: string;
  readonly argv: readonly string[];
  /** What runs in the end: the file itself or its last interpreter. Null if execve failed. */
  readonly runs: string | null;
  /** The errno's name, or null. */
  readonly errno: string | null;
  readonly trace: readonly TraceEvent[];
}

/** A step of the lesson has been reached: its goal is met. */
export interface StepDetail {
  readonly lesson: string;
  /** From 1. */
  readonly step: number;
  readonly steps: number;
}

/** The lesson's last step is done. */
export interface DoneDetail {
  readonly lesson: string;
}

export interface EmbedEvents {
  readonly exec: ExecDetail;
  readonly step: StepDetail;
  readonly done: DoneDetail;
}

/** Tells the page around the element that `inside` stands in; panels call it with a box of theirs. */
export function announce<K extends keyof EmbedEvents>(inside: EventTarget, what: K, detail: EmbedEvents[K]): void {
  inside.dispatchEvent(new CustomEvent(what, { detail, bubbles: true, composed: true }));
}
