/** The library for a browser's worker. */
import { browserEnvironment } from './environment-browser.ts';
import { type BootOptions, Lab } from './lab.ts';

export type { ShellSession } from '../shell/bash.ts';
export { carry } from './carry.ts';
export { LabError } from './error.ts';
export type { LabFiles } from './files.ts';
export type { BootOptions, LabTerminal, RunResult } from './lab.ts';
export { Timeline, type TimelineHost, type TimelineState } from './timeline.ts';
export type { Lab };

/** Boots a machine; `base` is the address of the folder that holds `python/`. */
export function boot(options: BootOptions, base: string): Lab {
  return new Lab(options, browserEnvironment(base));
}
