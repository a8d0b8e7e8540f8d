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
  if (real.stdout !== lab.stdout)
    return [`${lab.what}: prints ${JSON.stringify(lab.stdout)} here, ${JSON.stringify(real.stdout)} on Linux`];
  return [];
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
