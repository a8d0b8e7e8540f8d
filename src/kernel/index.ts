/** What the lab needs of the kernel, and nothing more. */
export { type HostSink, type HostSource, new_host_sink, new_host_source } from './drivers/char/host_pipe.ts';
export { new_tty, type TtyStruct } from './drivers/tty/tty_io.ts';
export { do_sys_open } from './fs/open.ts';
export type { Cred, OpenFile } from './include/fs.ts';
export type { Clock, Kernel, Task } from './include/sched.ts';
export { BOOT_MOUNTS, type BootMount, type BootOptions, start_kernel } from './init/main.ts';
export { type SpawnOptions, spawn_init } from './init/spawn.ts';
export { type KernelVersion, kernelVersion, releases, versions } from './init/version.ts';
export { new_cred, root_cred } from './kernel/cred.ts';
export { syscalls_of } from './kernel/entry.ts';
export { kill_pgrp, send_sig } from './kernel/signal.ts';
export { type TraceRing, trace_ring } from './kernel/trace.ts';
