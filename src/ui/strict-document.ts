/**
 * The document as xterm gets it on a page whose policy forbids style elements and style attributes: what it would write into
 * them goes to constructed sheets and to the style object, which every policy lets through. Loaded only there.
 */

import type { StrictPage } from './terminal.ts';

/** xterm's spans come from the usual document, whatever it was given: how it is told, too. */
interface Opened {
  readonly _core?: {
    readonly _renderService?: { readonly _renderer?: { readonly value?: { readonly _rowFactory?: { _document: Document } } } };
  };
}

/** Sheets go to `root` and from it with their elements. */
export function strictPage(root: ShadowRoot): StrictPage {
  const page = strictDocument(root);
  return {
    document: page,
    opened: (terminal) => {
      const rows = (terminal as Opened)._core?._renderService?._renderer?.value?._rowFactory;
      if (rows !== undefined) rows._document = page;
    },
  };
}

function strictDocument(root: ShadowRoot): Document {
  const createElement = (name: string): HTMLElement => {
    const made = document.createElement(name);
    if (made instanceof HTMLStyleElement) sheetInstead(made, root);
    else if (name === 'span') made.setAttribute = (attribute, value) => setAttribute(made, attribute, value);
    return made;
  };
  return new Proxy(document, {
    get: (page, name) => {
      if (name === 'createElement') return createElement;
      const value: unknown = Reflect.get(page, name, page);
      return typeof value === 'function' ? value.bind(page) : value;
    },
  });
}

function sheetInstead(style: HTMLStyleElement, root: ShadowRoot): void {
  const sheet = new CSSStyleSheet();
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  Object.defineProperty(style, 'textContent', { set: (css: string) => sheet.replaceSync(css) });
  style.remove = () => {
    root.adoptedStyleSheets = root.adoptedStyleSheets.filter((s) => s !== sheet);
    Element.prototype.remove.call(style);
  };
}

function setAttribute(element: HTMLElement, name: string, value: string): void {
  if (name === 'style') element.style.cssText = value;
  else Element.prototype.setAttribute.call(element, name, value);
}
