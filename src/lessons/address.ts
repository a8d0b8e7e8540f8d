/** A lesson's place in the fragment of an address: every step has its own. */

export interface LessonAddress {
  readonly lesson: string;
  /** 0 is the introduction, 1 the first step. */
  readonly step: number;
}

const ADDRESS = /^#?lesson=([a-z0-9-]{1,64})(?:&step=(\d{1,3}))?$/;

export function lessonAddress({ lesson, step }: LessonAddress): string {
  return `#lesson=${lesson}&step=${step}`;
}

/** Null for a fragment that names no lesson. */
export function parseLessonAddress(fragment: string): LessonAddress | null {
  const [, lesson, step = '0'] = ADDRESS.exec(fragment) ?? [];
  return lesson === undefined ? null : { lesson, step: Number(step) };
}
