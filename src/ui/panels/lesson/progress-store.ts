/** Progress in the browser's storage, one entry a lesson. Where there is none it lasts as long as the page. */
import { type Progress, parseProgress } from '../../../lessons/progress.ts';

const PREFIX = 'binfmt-lab lesson ';
const memory = new Map<string, Progress>();

export function loadProgress(lesson: string): Progress | null {
  try {
    const text = localStorage.getItem(PREFIX + lesson);
    return text === null ? (memory.get(lesson) ?? null) : parseProgress(JSON.parse(text));
  } catch {
    return memory.get(lesson) ?? null;
  }
}

export function saveProgress(progress: Progress): void {
  memory.set(progress.lesson, progress);
  try {
    localStorage.setItem(PREFIX + progress.lesson, JSON.stringify(progress));
  } catch {
    // No storage for this page, or it is full: the page's memory has it.
  }
}
