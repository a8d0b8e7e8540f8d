/**
 * The address of the folder that holds the built page: what is fetched later stands there, also when a page elsewhere embeds us.
 * The code itself stands in it or in its folder of hashed names.
 */
export const base = import.meta.env.DEV
  ? new URL('/', location.href).href
  : new URL('./', import.meta.url.replace(/assets\/[^/]+-[\w-]{8}\.js$/, '')).href;
