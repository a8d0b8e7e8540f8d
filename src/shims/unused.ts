/** In place of memfs' helpers for its own path calls, none of which the kernel makes: the page does without them. */
export const sep = '/';
