/** What the lab needs of the kernel, and nothing more. */
export { type HostSink, type HostSource, new_host_sink, new_host_source } from './drivers/char/host_pipe.ts';
export { new_tty, type TtyStruct } from './drivers/tty/tty_io.ts';
export { do_sys_open } from './fs/open.ts';
export { ramfsStore } from './fs/ramfs.ts';
export type { Clock, Kernel, Task } from './include/sched.ts';
export { start_kernel } from './init/main.ts';
export { freeze, type MachineSnapshot } from './init/snapshot.ts';
export { type SpawnOptions, spawn_init } from './init/spawn.ts';
export { kernelVersion } from './init/version.ts';
export { new_cred } from './kernel/cred.ts';
export { syscalls_of } from './kernel/entry.ts';
export { load_notation, type Notation } from './kernel/notation.ts';
export { send_sig } from './kernel/signal.ts';
