/** The address of the folder that holds the built page: what is fetched later stands there, also when a page elsewhere embeds us. */
export const base = import.meta.env.DEV ? new URL('/', location.href).href : new URL(/* @vite-ignore */ '../', import.meta.url).href;
