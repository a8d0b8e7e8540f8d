/** What a machine needs from the world outside it; Node and the browser each bring one. */
import type { Clock, Notation } from '../kernel/index.ts';
import type { PythonAssets } from '../userland/python/assets.ts';
import type { LabSnapshot } from './lab.ts';
import type { MemFs, Store } from './memfs.ts';

export interface Environment {
  readonly clock: Clock;
  /** How system calls are written, where it need not be fetched. */
  readonly notation?: Notation;
  /** Looks at a snapshot before a machine is made of it; absent where that is done when one is loaded. */
  readonly checkedSnapshot?: (snapshot: unknown) => LabSnapshot;
  /** PUC-Rio Lua's WebAssembly module; compiled once. */
  loadLua(): Promise<WebAssembly.Module>;
  readonly python: PythonAssets;
  /** memfs' Node-style `fs` over a store; only where memfs is at hand. */
  readonly memfs?: (store: Store) => MemFs;
}
