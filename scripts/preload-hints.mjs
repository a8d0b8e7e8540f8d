/**
 * The page at / starts at once: its head starts the worker, and names the modules that the start asks for, one after the
 * other, so that all are fetched at the same time.
 */

/** Sources of the modules that are imported late, and always. */
const NEEDED = ['src/ui/embed-start.ts'];

export function preloadHints() {
  return {
    name: 'preload-hints',
    transformIndexHtml: {
      order: 'post',
      handler(html, { path, bundle }) {
        if (path !== '/index.html' || bundle === undefined) return html;
        const files = new Set(NEEDED.flatMap((source) => withImports(chunkOf(source, bundle), bundle)));
        const tags = [...files].filter((file) => !html.includes(file));
        const hints = tags.map((file) => ({
          tag: 'link',
          attrs: { rel: 'modulepreload', crossorigin: true, href: `./${file}` },
          injectTo: 'head',
        }));
        return [{ tag: 'script', children: startOf(bundle), injectTo: 'head-prepend' }, ...hints];
      },
    },
  };
}

/**
 * src/ui/worker-door.ts takes it from there, if this is the machine that is wanted: the one of the page's element, or, under
 * the mark of src/ui/kept.ts, one that is to come back. Where a page's policy forbids it, the door opens a worker of its own.
 */
function startOf(bundle) {
  const file = Object.keys(bundle).find((name) => /\/worker-[\w-]+\.js$/.test(name));
  if (file === undefined) throw new Error('the bundle has no worker');
  const first = JSON.stringify({ kernel: 'lab', host: 'x86_64' });
  return `{const name=sessionStorage["binfmt-lab kept"]?"":'${first}',worker=new Worker("./${file}",{type:"module",name});binfmtLabWorker={name,worker,ends:new Promise(r=>worker.addEventListener("message",e=>r(e.data),{once:true}))}}`;
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
