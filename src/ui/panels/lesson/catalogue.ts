/** The lessons at hand: those that come along, and what the visitor has brought. */
import { type Lesson, type LessonError, LessonErrors, type LessonFiles } from '../../../lessons/lesson.ts';
import { parseLesson } from '../../../lessons/parse.ts';
import { shippedLessons } from '../../../lessons/shipped.ts';
import type { LessonCard } from './model.ts';
import { loadProgress } from './progress-store.ts';

export class Catalogue {
  private readonly lessons = new Map<string, Lesson>();
  private readonly own = new Set<string>();

  constructor() {
    for (const [id, files] of shippedLessons()) this.take(id, files);
  }

  get(id: string): Lesson | null {
    return this.lessons.get(id) ?? null;
  }

  /** A folder of the visitor's. It hides none of those that come along. */
  add(id: string, files: LessonFiles): Lesson | readonly LessonError[] {
    const free = this.lessons.has(id) && !this.own.has(id) ? `${id}-own` : id;
    const found = this.take(free, files);
    if (found instanceof LessonErrors) return found.errors;
    this.own.add(free);
    return found;
  }

  cards(): LessonCard[] {
    return [...this.lessons.values()].map(({ id, title, description, minutes, steps }) => {
      const progress = loadProgress(id);
      const [done, position] = [progress?.done.length ?? 0, progress?.position ?? 0];
      return { id, title, description, minutes, steps: steps.length, done, position, own: this.own.has(id) };
    });
  }

  private take(id: string, files: LessonFiles): Lesson | LessonErrors {
    const found = parseLesson(id, files);
    if (!(found instanceof LessonErrors)) this.lessons.set(id, found);
    return found;
  }
}
