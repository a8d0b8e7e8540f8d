/** Every command in /usr/bin that is a program of its own. Neither its code nor where it stands is loaded before one is run. */
import type { Program, ProgramLoader } from '../../uapi/syscalls.ts';
import { COMMAND_NAMES, type CommandName } from './names.ts';

/** Those that were run before. */
const loaded = new Map<CommandName, Program>();

async function load(name: CommandName): Promise<Program> {
  const { loaders } = await import('./loaders.ts');
  const program = await loaders[name]();
  loaded.set(name, program);
  return program;
}

export const bin: Readonly<Record<string, ProgramLoader>> = Object.fromEntries(
  COMMAND_NAMES.map((name): [string, ProgramLoader] => [name, () => loaded.get(name) ?? load(name)]),
);
