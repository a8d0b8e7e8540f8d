/** The one helper of tslib that memfs' core uses: re-exports everything of a module. */
export function __exportStar(from: Record<string, unknown>, to: Record<string, unknown>): void {
  for (const key of Object.keys(from)) if (key !== 'default' && !Object.hasOwn(to, key)) to[key] = from[key];
}
