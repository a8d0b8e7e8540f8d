/** Every command in /usr/bin that is a program of its own. Neither its code nor where it stands is loaded before one is run. */
import type { ProgramLoader } from '../../uapi/syscalls.ts';
import { COMMAND_NAMES, type CommandName } from './names.ts';

const load = async (name: CommandName): Promise<Awaited<ReturnType<ProgramLoader>>> => (await import('./loaders.ts')).loaders[name]();

export const bin: Readonly<Record<string, ProgramLoader>> = Object.fromEntries(
  COMMAND_NAMES.map((name): [string, ProgramLoader] => [name, () => load(name)]),
);
