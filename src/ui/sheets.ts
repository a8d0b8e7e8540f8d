/** Style sheets of a shadow root. Constructed ones, which a page's Content-Security-Policy lets through. */

const made = new Map<string, CSSStyleSheet>();

/** Adds `css` to `root`, once; roots with the same text share the sheet. */
export function adopt(root: ShadowRoot, css: string): void {
  let sheet = made.get(css);
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    made.set(css, sheet);
  }
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}
