/**
 * The page at / starts at once: its head names the modules that the start asks for, one after the other, so that they are
 * fetched at the same time.
 */

/** Sources of the modules that are imported late, and always. */
const NEEDED = ['src/ui/embed-start.ts', 'src/ui/terminal.ts'];

export function preloadHints() {
  return {
    name: 'preload-hints',
    transformIndexHtml: {
      order: 'post',
      handler(html, { path, bundle }) {
        if (path !== '/index.html' || bundle === undefined) return html;
        const files = new Set(NEEDED.flatMap((source) => withImports(chunkOf(source, bundle), bundle)));
        const tags = [...files].filter((file) => !html.includes(file));
        return tags.map((file) => ({
          tag: 'link',
          attrs: { rel: 'modulepreload', crossorigin: true, href: `./${file}` },
          injectTo: 'head',
        }));
      },
    },
  };
}

function chunkOf(source, bundle) {
  const chunk = Object.values(bundle).find(
    ({ facadeModuleId, moduleIds }) => facadeModuleId?.endsWith(source) || moduleIds?.some((id) => id.endsWith(source)),
  );
  if (chunk === undefined) throw new Error(`no chunk holds ${source}`);
  return chunk.fileName;
}

function withImports(file, bundle, found = new Set()) {
  if (!found.has(file)) {
    found.add(file);
    for (const needed of bundle[file]?.imports ?? []) withImports(needed, bundle, found);
  }
  return [...found];
}
