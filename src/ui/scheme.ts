/** Light or dark: what the page around an element has decided, be it by the system's setting or by a switch of its own. */

/** Whether `inside`, whose background is one of ours, is dark. */
export function isDark(inside: Element): boolean {
  const [red = '255'] = getComputedStyle(inside).backgroundColor.match(/[\d.]+/g) ?? [];
  return Number(red) < 128;
}

/** Calls `changed` when the answer may be another; the answer stops it. Pages switch by an attribute of <html> or <body>. */
export function onSchemeChange(changed: () => void): () => void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  system.addEventListener('change', changed);
  const page = new MutationObserver(changed);
  for (const root of [document.documentElement, document.body]) page.observe(root, { attributes: true });
  return () => {
    system.removeEventListener('change', changed);
    page.disconnect();
  };
}
