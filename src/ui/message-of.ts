/** What was thrown, as a sentence fit to be shown. */
export const messageOf = (e: unknown): string => (e instanceof Error ? e.message : String(e));
