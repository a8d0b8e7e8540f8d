/** Where our bash still answers otherwise than the real one, and why. A row that comes right fails its test until it is struck out. */

export type KnownDifference = readonly [script: string, why: string];

/** Scripts, by their beginning. */
export const knownScripts: readonly KnownDifference[] = [];

/** Refused lines, whole: their complaints. */
export const knownComplaints: readonly KnownDifference[] = [
  ['[[ a =~ ( ]]', 'bash gives up on it in two ways at once, and complains of both'],
];
