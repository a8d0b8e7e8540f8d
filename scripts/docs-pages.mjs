/** The pages of docs/ as HTML beside the built page: traces, panels and errors link to their rules. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import MarkdownIt from 'markdown-it';

const REPOSITORY_FILE = /^\.\.\/(?!docs\/)/;
const markdown = new MarkdownIt({ html: true, linkify: false });

/** Links between pages lead to their HTML; files of the source tree are named, not linked. */
markdown.core.ruler.push('links', ({ tokens }) => {
  for (const { children } of tokens) {
    for (const [i, link] of (children ?? []).entries()) {
      if (link.type !== 'link_open') continue;
      const href = link.attrGet('href') ?? '';
      link.attrSet('href', href.replace(/^(\.\/)?([\w-]+)\.md(?=#|$)/, '$2.html'));
      if (REPOSITORY_FILE.test(href)) unlink(children, i);
    }
  }
});

function unlink(tokens, at) {
  const end = tokens.findIndex((t, i) => i > at && t.type === 'link_close');
  for (const i of [at, end]) Object.assign(tokens[i], { type: 'text', tag: '', nesting: 0, content: '', attrs: null });
}

const STYLE = `:root{color-scheme:light dark}body{margin:0;background:light-dark(#fff,#0f1214);color:light-dark(#1d2327,#e3e8ea);
font:16px/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main{max-width:50rem;margin:0 auto;padding:1.5rem 1.2rem 6rem}nav{max-width:50rem;margin:0 auto;padding:1rem 1.2rem 0;font-size:14px}
a{color:light-dark(#0b6560,#4fc7bd)}h1{line-height:1.2}h2{margin-top:2.4em;border-bottom:1px solid light-dark(#d6d3cc,#2b343b)}
code,pre{font:13.5px/1.5 ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace}code{background:light-dark(#f1efea,#1b2126);border-radius:4px;padding:.1em .3em}
pre{overflow:auto;background:light-dark(#f6f5f2,#161b1f);padding:.8rem 1rem;border-radius:8px}pre code{background:none;padding:0}
table{border-collapse:collapse;display:block;overflow-x:auto;margin:1em 0}th,td{border:1px solid light-dark(#d6d3cc,#2b343b);padding:.35rem .6rem;text-align:left;vertical-align:top}
a[id]{scroll-margin-top:1rem}a[id]:target+*,p:has(>a[id]:target),*:target+p{background:light-dark(#fbf0d0,#33290d);box-shadow:0 0 0 .4rem light-dark(#fbf0d0,#33290d)}
:focus-visible{outline:2px solid currentcolor;outline-offset:2px}@media print{nav{display:none}}`;

function page(text) {
  const title = /^# (.*)$/m.exec(text)?.[1] ?? 'binfmt-lab';
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${title} · binfmt-lab</title><link rel="icon" href="../icon.svg" type="image/svg+xml"><style>${STYLE}</style>
<nav><a href="../">binfmt-lab</a></nav>
<main>${markdown.render(text)}</main>
</html>
`;
}

/** Every Markdown file of docs/, by the name of its page. */
function pages() {
  const names = readdirSync('docs').filter((f) => f.endsWith('.md'));
  return new Map(names.map((f) => [f.replace(/\.md$/, '.html'), () => page(readFileSync(join('docs', f), 'utf8'))]));
}

/** The vite plugin: serves the pages while developing, writes them with the build. */
export function docsPages() {
  return {
    name: 'docs-pages',
    configureServer(server) {
      server.middlewares.use('/docs/', (req, res, next) => {
        const make = pages().get(new URL(req.url, 'http://x').pathname.slice(1));
        if (make === undefined) return next();
        res.setHeader('content-type', 'text/html; charset=utf-8');
        res.end(make());
      });
    },
    writeBundle({ dir = 'dist/page' }) {
      mkdirSync(join(dir, 'docs'), { recursive: true });
      for (const [name, make] of pages()) writeFileSync(join(dir, 'docs', name), make());
    },
  };
}
