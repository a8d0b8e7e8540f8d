/** What was killed, to be yanked: ten entries; kills in a row grow the newest. */

const DEFAULT_MAX_KILLS = 10;

export class KillRing {
  private readonly entries: string[] = [];
  private index = 0;

  /** `grow` says how a kill joins the one before: after it, in front of it, or not at all. */
  add(text: string, grow: 'append' | 'prepend' | 'new'): void {
    const last = this.entries.at(-1);
    if (last === undefined || grow === 'new') this.push(text);
    else this.entries[this.entries.length - 1] = grow === 'append' ? last + text : text + last;
    this.index = this.entries.length - 1;
  }
  current(): string | undefined {
    return this.entries[this.index];
  }
  /** Steps to the kill before, round and round. */
  rotate(): string | undefined {
    this.index = this.index === 0 ? this.entries.length - 1 : this.index - 1;
    return this.current();
  }
  private push(text: string): void {
    this.entries.push(text);
    if (this.entries.length > DEFAULT_MAX_KILLS) this.entries.shift();
  }
}
