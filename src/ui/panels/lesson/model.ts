/** What the lesson panel shows, as plain data. */
import type { LessonError } from '../../../lessons/lesson.ts';

export interface LessonCard {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly minutes: number | null;
  readonly steps: number;
  readonly done: number;
  /** Where it was left; 0 at its beginning. */
  readonly position: number;
  /** Brought by the visitor. */
  readonly own: boolean;
}

export interface ChooserModel {
  readonly kind: 'chooser';
  readonly cards: readonly LessonCard[];
  readonly address: string;
  /** An address to be confirmed, or null. */
  readonly confirm: string | null;
  readonly busy: boolean;
  readonly problem: string;
  readonly errors: readonly LessonError[];
}

export type Standing =
  | { readonly kind: 'reading' }
  | { readonly kind: 'open'; readonly missing: string }
  | { readonly kind: 'done' }
  | { readonly kind: 'broken'; readonly why: string };

export interface LessonModel {
  readonly kind: 'lesson';
  readonly title: string;
  /** Of the steps. */
  readonly titles: readonly string[];
  readonly position: number;
  readonly done: ReadonlySet<number>;
  /** HTML that markdown.ts made. */
  readonly html: string;
  readonly standing: Standing;
  /** HTML of the hint that was asked for, or null. */
  readonly hint: string | null;
  readonly hints: boolean;
  readonly solution: boolean;
  /** What the machine is being made to do, or null. */
  readonly busy: string | null;
  /** The machine is not in this lesson: it was reset, or another was chosen. */
  readonly astray: boolean;
  readonly fault: string;
}

export type PanelModel = ChooserModel | LessonModel;

export interface Actions {
  open(id: string): void;
  chooseFolder(files: FileList): void;
  editAddress(text: string): void;
  askAddress(): void;
  fetchAddress(): void;
  cancelAddress(): void;
  goTo(position: number): void;
  hint(): void;
  solution(): void;
  startOver(): void;
  undo(): void;
  leave(): void;
  /** A click somewhere in the lesson's text. */
  text(event: Event): void;
}
