/** memfs' `fs` over the store of a machine's file system. The only file that names memfs; it is loaded by whoever calls. */
import type { ramfsStore } from '../kernel/index.ts';

type Memfs = typeof import('memfs');

export type Store = NonNullable<ReturnType<typeof ramfsStore>>;
export type MemFs = ReturnType<Memfs['createFsFromVolume']>;

export function memfsOver({ Volume, createFsFromVolume }: Memfs, store: Store): MemFs {
  return createFsFromVolume(new Volume(store));
}
