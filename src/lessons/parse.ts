/** A lesson's folder to a Lesson, or to all that is wrong with it. Takes whatever somebody dropped in; never throws. */
import { parseHints } from './hints.ts';
import { INDEX, type LessonIndex, type PartIndex, parseIndex } from './index-json.ts';
import { type Lesson, type LessonError, type LessonErrorCode, LessonErrors, type LessonFiles, type Step } from './lesson.ts';

const MAX_FILE = 256 * 1024;
const MAX_FILES = 1000;

export function parseLesson(id: string, files: LessonFiles): Lesson | LessonErrors {
  const folder = new Folder(files);
  if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(id)) folder.report('bad-id', INDEX, 1, 'the folder is called by small letters, digits and dashes');
  const text = files.get(INDEX);
  if (text === undefined) folder.report('missing-file', INDEX, 1, 'a lesson needs an index.json');
  else folder.checkSizes();
  const index = text === undefined ? null : parseIndex(text, folder.errors);
  const lesson = index === null ? null : build(id, index, folder);
  return lesson === null || folder.errors.length > 0 ? new LessonErrors(folder.errors) : lesson;
}

function build(id: string, index: LessonIndex, folder: Folder): Lesson {
  const { title, description, minutes, host, kernel, real, intro, finish } = index;
  return {
    ...{ id, title, description, minutes, host, kernel, real },
    intro: folder.optional(intro.text, 'intro.md', intro) ?? '',
    setup: folder.optional(intro.background, 'setup.sh', intro),
    steps: index.steps.map((part, i) => buildStep(part, i + 1, folder)),
    finish: folder.optional(finish.text, 'finish.md', finish) ?? '',
    files: folder.files,
  };
}

function buildStep(part: PartIndex, number: number, folder: Folder): Step {
  const usual = (name: string): string => `step${number}/${name}`;
  const text = part.text ?? usual('text.md');
  const hints = part.hints ?? usual('hints.md');
  const script = (path: string | null, name: string): string | null => folder.optional(path, usual(name), part);
  const step: Step = {
    number,
    title: part.title ?? `Step ${number}`,
    text: folder.needed(text, part),
    setup: script(part.background, 'setup.sh'),
    verify: script(part.verify, 'verify.sh'),
    solution: script(part.solution, 'solution.sh'),
    hints: parseHints(hints, folder.optional(part.hints, usual('hints.md'), part) ?? '', folder.errors),
    broken: script(part.broken, 'broken.sh'),
    corner: script(part.corner, 'corner.sh'),
    clickThrough: part.clickThrough,
    folder: text.includes('/') ? text.slice(0, text.lastIndexOf('/') + 1) : '',
  };
  folder.checkPairs(step, part);
  return step;
}

/** The files, and what was found wrong with them. */
class Folder {
  readonly files: LessonFiles;
  readonly errors: LessonError[] = [];

  constructor(files: LessonFiles) {
    this.files = files;
  }

  report(code: LessonErrorCode, file: string, line: number, message: string): void {
    this.errors.push({ code, file, line, message });
  }

  checkSizes(): void {
    if (this.files.size > MAX_FILES) this.report('too-large', INDEX, 1, `${this.files.size} files: a lesson has at most ${MAX_FILES}`);
    for (const [path, text] of this.files) {
      if (text.length > MAX_FILE) this.report('too-large', path, 1, `a lesson's file has at most ${MAX_FILE / 1024} KiB`);
      if (text.includes('\0')) this.report('not-text', path, 1, 'a lesson is text only: this file has NUL bytes');
    }
  }

  /** A file that has to be there. */
  needed(path: string, part: PartIndex): string {
    const text = this.files.get(path);
    if (text === undefined) this.report('missing-file', INDEX, part.line, `${path} does not exist`);
    return text ?? '';
  }

  /** The file that the index names, which then has to be there; else the usual one, if it is. */
  optional(named: string | null, usual: string, part: PartIndex): string | null {
    return named === null ? (this.files.get(usual) ?? null) : this.needed(named, part);
  }

  /** A goal needs a way to it, and so does a corner: else nobody can prove that they work. */
  checkPairs({ number, verify, solution, broken, corner }: Step, { line }: PartIndex): void {
    if (verify !== null && solution === null)
      this.report('missing-solution', INDEX, line, `step ${number} has a verify script but no solution`);
    if (broken !== null && corner === null) {
      this.report('missing-corner', INDEX, line, `step ${number} has a broken script but no corner script that leads there`);
    }
  }
}
