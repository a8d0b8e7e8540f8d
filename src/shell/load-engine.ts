/**
 * The one door to the engine: everything of the shell that understands the language, loaded when first needed. A prompt and
 * the keys typed at it need none of it.
 */
export type Engine = typeof import('./engine.ts');

let loading: Promise<Engine> | undefined;
let loaded: Engine | undefined;

/** Loads the engine at the first call; after a failure the next call tries again. */
export function engine(): Promise<Engine> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Engine> {
  try {
    loaded = await import('./engine.ts');
    return loaded;
  } catch (e) {
    loading = undefined;
    throw e;
  }
}

/** For what happens only once a command has run. */
export function loadedEngine(): Engine {
  if (loaded === undefined) throw new Error('the shell has run nothing yet');
  return loaded;
}

export const engineIsLoaded = (): boolean => loaded !== undefined;
