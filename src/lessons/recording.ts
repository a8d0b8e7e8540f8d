/** What a real Linux answered to the scripts of a lesson: real.json in its folder, written by `lesson test --record`. */
import type { Observation, Proof } from './prove.ts';

export const RECORDING = 'real.json';

export interface Recording {
  /** uname -r. */
  readonly kernel: string;
  /** The day, as YYYY-MM-DD. */
  readonly recorded: string;
  readonly observations: readonly Observation[];
}

/** What differs between the recording and a proof in the lab; empty if they agree. */
export function compareRecording(recording: Recording, proof: Proof): string[] {
  const real = new Map(recording.observations.map((o) => [o.what, o]));
  const here = new Set(proof.observations.map((o) => o.what));
  const gone = recording.observations.filter((o) => !here.has(o.what)).map((o) => `${o.what}: recorded, but not in the lesson any more`);
  return [...gone, ...proof.observations.flatMap((o) => difference(o, real.get(o.what)))];
}

function difference(lab: Observation, real: Observation | undefined): string[] {
  if (real === undefined) return [`${lab.what}: not recorded`];
  if (real.script !== lab.script) return [`${lab.what}: the script has changed since it was recorded`];
  if (real.status !== lab.status) return [`${lab.what}: status ${lab.status} here, ${real.status} on Linux`];
  const [here, there] = [normalise(lab.stdout), normalise(real.stdout)];
  if (here !== there) return [`${lab.what}: prints ${JSON.stringify(here)} here, ${JSON.stringify(there)} on Linux`];
  return [];
}

/** Blanks out what may differ between two right answers: times, process numbers, addresses, the size of the environment. */
function normalise(text: string): string {
  return text
    .replace(/\b[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d UTC \d{4}\b/g, 'DATE')
    .replace(/\b[A-Z][a-z]{2} [ \d]\d (?:\d\d:\d\d| \d{4})(?= )/g, 'DATE')
    .replace(/0x[0-9a-f]{6,}/g, 'ADDRESS')
    .replace(/\/\* \d+ vars \*\//g, 'VARS')
    .replace(/^\d+ +(?=[a-z+-])/gm, 'PID ')
    .replace(/(clone\(.*\) = |si_pid=)\d+/g, '$1PID')
    .replace(/si_([us])time=\d+(?: \/\*.*?\*\/)?/g, 'si_$1time=TIME');
}

/** Null for text that is no recording. */
export function parseRecording(text: string): Recording | null {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof data !== 'object' || data === null) return null;
  const { kernel, recorded, observations } = data as Readonly<Record<string, unknown>>;
  if (typeof kernel !== 'string' || typeof recorded !== 'string' || !Array.isArray(observations)) return null;
  return observations.every(isObservation) ? { kernel, recorded, observations } : null;
}

function isObservation(value: unknown): value is Observation {
  if (typeof value !== 'object' || value === null) return false;
  const { what, script, status, stdout } = value as Readonly<Record<string, unknown>>;
  return typeof what === 'string' && typeof script === 'string' && typeof status === 'number' && typeof stdout === 'string';
}
