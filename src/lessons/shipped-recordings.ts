/** What a real Linux answered to the lessons that come with the project: for the proof, not for the page. */

const texts = import.meta.glob('./content/*/real.json', { query: '?raw', import: 'default', eager: true });

/** The recordings' text by the lesson's id. */
export function shippedRecordings(): ReadonlyMap<string, string> {
  return new Map(Object.entries(texts).map(([path, text]) => [path.split('/').at(-2) ?? '', text]));
}
