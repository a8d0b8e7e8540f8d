/** What a machine needs from the world outside it; Node and the browser each bring one. */
import type { Clock } from '../kernel/index.ts';
import type { PythonAssets } from '../userland/python/assets.ts';

export interface Environment {
  readonly clock: Clock;
  /** PUC-Rio Lua's WebAssembly module; compiled once. */
  loadLua(): Promise<WebAssembly.Module>;
  readonly python: PythonAssets;
}
