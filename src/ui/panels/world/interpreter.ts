/** Would a rule's interpreter start in a place? The questions that the kernel asks, in its order. */
import { elfLoader, isElf, machineName } from '../../../explain/elf.ts';
import type { HostArch } from '../../../uapi/host.ts';
import type { Entry } from './entry.ts';
import { type MountLine, mountAt } from './mountinfo.ts';
import type { Found, PlaceSight } from './sight.ts';
import type { Answer } from './world.ts';

const yes = (word: string, why: string): Answer => ({ ok: 'yes', word, why });
const no = (word: string, why: string): Answer => ({ ok: 'no', word, why });
const depends = (word: string, why: string): Answer => ({ ok: 'depends', word, why });

/** `all` are the places in which the file may lie that flag F holds open. */
export function answerFor(
  entry: Entry,
  place: PlaceSight,
  mounts: readonly MountLine[],
  all: readonly PlaceSight[],
  host: HostArch,
): Answer {
  const { interpreter, flags } = entry;
  if (flags.includes('F')) return held(interpreter, place, mounts, all);
  if (!interpreter.startsWith('/')) return depends('relative', `looked for in each program's current directory`);
  const found = place.found[interpreter];
  if (found === undefined) return depends('not looked at', 'there were too many namespaces to look into');
  return unreachable(found, interpreter, mounts) ?? program(found, interpreter, place, mounts, host);
}

/** Flag F: the path no longer counts, but the loader of a dynamic interpreter is still looked up here. */
function held(interpreter: string, place: PlaceSight, mounts: readonly MountLine[], all: readonly PlaceSight[]): Answer {
  const opened = all.map((p) => p.found[interpreter]).find((f) => f?.kind === 'file');
  const bad = opened === undefined ? null : withoutLoader(opened, place, mounts);
  return bad ?? yes('held open', 'since registration (flag F)');
}

function unreachable(found: Found, path: string, mounts: readonly MountLine[]): Answer | null {
  const via = found.path === path ? path : `${path} (${found.path})`;
  if (found.kind === 'missing') return no('missing', `no ${found.path} here`);
  if (found.kind !== 'file') return no('no file', `${via} is ${found.kind === 'directory' ? 'a directory' : 'not a regular file'}`);
  if (mountAt(mounts, found.path).options.includes('noexec')) return no('noexec', `${via} lies on a mount with noexec`);
  return (found.mode & 0o111) === 0 ? no('no x bit', `${via} has no x bit`) : null;
}

function program(found: Found, path: string, place: PlaceSight, mounts: readonly MountLine[], host: HostArch): Answer {
  const { head } = found;
  if (head[0] === 0x23 && head[1] === 0x21) return yes('found', 'a #! script itself');
  if (elfLoader(head, host) === null) {
    const what = isElf(head) ? `a program for ${machineName(head)}` : 'neither ELF nor a #! script';
    return depends('needs a rule', `it is ${what} itself: another rule must take it`);
  }
  return withoutLoader(found, place, mounts) ?? yes('found', found.path === path ? 'executable' : `→ ${found.path}`);
}

/** A dynamic program does not start without its loader. */
function withoutLoader({ loader }: Found, place: PlaceSight, mounts: readonly MountLine[]): Answer | null {
  const there = loader === null ? undefined : place.found[loader];
  const bad = loader === null || there === undefined ? null : unreachable(there, loader, mounts);
  return bad && no('no loader', `it needs its loader: ${bad.why}`);
}
