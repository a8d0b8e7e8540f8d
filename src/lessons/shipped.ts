/**
 * The lessons that come with the project, in the order of the course: one folder in `content/`, one row here. Their text is
 * part of this module, and it is loaded when somebody opens a lesson.
 */
import type { LessonFiles } from './lesson.ts';

const COURSE = ['press-enter', 'pyc', 'lua', 'arm', 'roots'];

const texts = import.meta.glob(['./content/**/*.*', '!**/real.json'], { query: '?raw', import: 'default', eager: true });

/** Each lesson's files by its id. */
export function shippedLessons(): ReadonlyMap<string, LessonFiles> {
  return new Map(COURSE.map((id) => [id, folder(`./content/${id}/`)]));
}

function folder(prefix: string): LessonFiles {
  const inside = Object.entries(texts).filter(([path]) => path.startsWith(prefix));
  return new Map(inside.map(([path, text]) => [path.slice(prefix.length), text]));
}
