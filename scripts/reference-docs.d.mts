/** The pages by the name of their file. */
export function referencePages(): Promise<ReadonlyMap<string, string>>;
