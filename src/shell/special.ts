/** Variables that the shell computes: RANDOM, SECONDS, LINENO … */
import { CLOCK_MONOTONIC, CLOCK_REALTIME } from '../uapi/syscalls.ts';
import { loadedEngine } from './load-engine.ts';
import { FLAG_ORDER, SET_OPTIONS, SHOPTS } from './options.ts';
import type { Frame, Shell } from './shell.ts';

export function installSpecials(sh: Shell): void {
  const s = sh.vars.special;
  let seed = (sh.pid * 48271 + Math.floor(sh.sys.clock_gettime(CLOCK_REALTIME))) % 2147483647;
  s.set('RANDOM', {
    get: () => {
      seed = nextRandom(seed);
      return String((seed ^ (seed >>> 16)) & 32767);
    },
    set: (v) => {
      seed = Number.parseInt(v, 10) || 0;
    },
  });
  s.set('SRANDOM', { get: () => String(Math.floor(Math.random() * 4294967296)) });
  s.set('SECONDS', {
    get: () => String(Math.floor(sh.sys.clock_gettime(CLOCK_MONOTONIC) / 1000 - sh.secondsBase)),
    set: (v) => {
      sh.secondsBase = sh.sys.clock_gettime(CLOCK_MONOTONIC) / 1000 - (Number.parseInt(v, 10) || 0);
    },
  });
  sh.secondsBase = sh.sys.clock_gettime(CLOCK_MONOTONIC) / 1000;
  s.set('EPOCHSECONDS', { get: () => String(Math.floor(sh.sys.clock_gettime(CLOCK_REALTIME) / 1000)) });
  s.set('EPOCHREALTIME', { get: () => (sh.sys.clock_gettime(CLOCK_REALTIME) / 1000).toFixed(6) });
  s.set('LINENO', { get: () => String(sh.line), set: () => undefined });
  s.set('BASHPID', { get: () => String(sh.sys.getpid()) });
  s.set('BASH_SUBSHELL', { get: () => String(sh.subshellDepth), set: () => undefined });
  s.set('BASH_COMMAND', { get: () => (sh.currentCommand ? loadedEngine().printHead(sh.currentCommand) : ''), set: () => undefined });
  s.set('BASH_ARGV0', {
    get: () => sh.name,
    set: (v) => {
      sh.name = v;
    },
  });
  s.set('_', { get: () => sh.lastArgument, set: () => undefined });
  const array = (name: string, list: () => readonly string[]): void => void s.set(name, { get: () => list()[0], list });
  array('PIPESTATUS', () => sh.pipeStatus.map(String));
  array('FUNCNAME', () => (sh.frames.some((f) => f.kind !== 'main') ? callers(sh).map((f) => f.name) : []));
  array('BASH_SOURCE', () => callers(sh).map((f) => f.source));
  array('BASH_LINENO', () => callers(sh).map((f) => String(f.callLine)));
  array('GROUPS', () => sh.sys.getgroups().map(String));
  array('DIRSTACK', () => [sh.get('PWD') ?? '', ...sh.directoryStack]);
  s.set('BASH_EXECUTION_STRING', { get: () => sh.commandString });
  s.set('SHELLOPTS', { get: () => shellOptions(sh) });
  s.set('BASHOPTS', {
    get: () =>
      SHOPTS.filter(([n]) => sh.options.shopt(n))
        .map(([n]) => n)
        .join(':'),
  });
}

/** Innermost first. */
const callers = (sh: Shell): readonly Frame[] => [...sh.frames].reverse();

function nextRandom(seed: number): number {
  const s = seed === 0 ? 123459876 : seed;
  const h = Math.trunc(s / 127773);
  const l = s - 127773 * h;
  const t = 16807 * l - 2836 * h;
  return t < 0 ? t + 0x7fffffff : t;
}

export function shellOptions(sh: Shell): string {
  return SET_OPTIONS.filter(([n]) => sh.options.get(n))
    .map(([n]) => n)
    .join(':');
}

/** `$-` */
export function flagLetters(sh: Shell): string {
  const on = new Set(SET_OPTIONS.filter(([n, l]) => l !== '' && sh.options.get(n)).map(([, l]) => l));
  if (sh.interactive) on.add('i');
  const tail = (sh.commandString !== undefined ? 'c' : '') + (sh.readsStdin ? 's' : '');
  return [...FLAG_ORDER].filter((l) => on.has(l)).join('') + tail;
}
