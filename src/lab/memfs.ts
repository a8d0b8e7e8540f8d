/** memfs' `fs` over the store of a machine's file system. The only file that names memfs; it is loaded by whoever calls. */
import type { ramfsStore } from '../kernel/index.ts';

type Memfs = typeof import('memfs');

export type Store = NonNullable<ReturnType<typeof ramfsStore>>;
export type MemFs = ReturnType<Memfs['createFsFromVolume']>;

/** `load` is Node's require: memfs is read when it is first asked for. */
export function memfsOver(load: NodeJS.Require, store: Store): MemFs {
  const { Volume, createFsFromVolume } = load('memfs') as Memfs;
  return createFsFromVolume(new Volume(store));
}
