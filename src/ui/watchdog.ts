/** Asks the machine now and then whether it is there: a program that computes without end, or a dead worker, does not answer. */

/** Milliseconds between two questions, and how long an answer may take. */
const EVERY = 2_000;
const PATIENCE = 10_000;

export interface Watched {
  ping(): Promise<void>;
  /** No answer for a while. */
  silent(): void;
  /** It has answered after all. */
  back(): void;
}

/** Watches until the answer is called; a page in the background is left alone. */
export function watch({ ping, silent, back }: Watched): () => void {
  let asked: number | null = null;
  let told = false;
  let questions = 0;
  const answered = (question: number): void => {
    if (question !== questions) return;
    asked = null;
    if (told) back();
    told = false;
  };
  const ask = (): void => {
    if (document.hidden) return void (asked &&= performance.now());
    if (asked === null) {
      const question = ++questions;
      asked = performance.now();
      void ping().then(() => answered(question));
    } else if (!told && performance.now() - asked > PATIENCE) {
      told = true;
      silent();
    }
  };
  const timer = setInterval(ask, EVERY);
  return () => {
    questions++;
    clearInterval(timer);
  };
}
