/** Something the caller asked for that cannot be: an unknown kernel, user or path. */
export class LabError extends Error {
  override readonly name = 'LabError';
}
