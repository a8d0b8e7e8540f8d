/** Keeps the time line in the browser a moment after it has changed, one save at a time. */
import type { TimelineState } from '../lab/browser.ts';

/** Milliseconds of quiet before a save. */
const QUIET = 500;

export class Keeper {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private saving: Promise<void> | null = null;

  /** `tell` hears why a save has failed, and null once one succeeds again. */
  constructor(
    private readonly key: string,
    private readonly state: () => TimelineState | null,
    private readonly tell: (problem: string | null) => void,
  ) {}

  touch(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.save(), QUIET);
  }

  private async save(): Promise<void> {
    await this.saving;
    const state = this.state();
    if (state === null) return;
    const { save } = await import('../lab/keep.ts');
    this.saving = save(this.key, state).then((result) => this.tell(result.ok ? null : result.message));
  }
}
