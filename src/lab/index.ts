/** The library for Node. */
import { nodeEnvironment } from './environment-node.ts';
import { type BootOptions, Lab } from './lab.ts';

export type { HostSink, HostSource } from '../kernel/index.ts';
export type { HostArch } from '../uapi/host.ts';
export type { TraceEvent } from '../uapi/trace.ts';
export { LabError } from './error.ts';
export type { FileInfo, LabFiles } from './files.ts';
export type {
  BootOptions,
  FileSpec,
  Lab,
  LabSnapshot,
  LabTerminal,
  Output,
  Process,
  RunOptions,
  RunResult,
  SpawnOptions,
  TerminalOptions,
} from './lab.ts';

/** Boots a machine. Rejects with a LabError for a kernel or host that there is not. */
export async function boot(options: BootOptions = {}): Promise<Lab> {
  return new Lab(options, nodeEnvironment);
}
