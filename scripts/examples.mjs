/**
 * The examples of docs/embedding.md. `node scripts/examples.mjs build [NAME…]` builds the pages of the docs tools, each in a
 * workspace of its own, and packs them; `serve` shows all of them with the built lab beside them, as a site would carry it.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { serve } from './serve.mjs';

const EXAMPLES = fileURLToPath(new URL('../examples', import.meta.url));
/** Pages as they stand. */
const PLAIN = ['html', 'frame', 'sandbox'];
/** Pages that a tool makes. */
const BUILT = {
  mkdocs: (run) => run('mkdocs', 'build', '--quiet', '--clean'),
  vitepress: (run) => {
    run('npm', 'ci', '--no-audit', '--no-fund');
    run('npm', 'run', 'build');
  },
  docusaurus: (run) => {
    run('npm', 'ci', '--no-audit', '--no-fund');
    run('npm', 'run', 'build');
  },
};
/** What the pages can be looked at without: fonts, icons, pages for search engines. */
const LEFT_OUT = /\.(woff2?|ttf|otf|eot|svg|ico|png|gz|map)$|font-awesome|sitemap\.xml$|404\.html$|hashmap\.json$/;

/** The folder of a site that carries the lab under /lab/ and every example under /examples/. */
export function layOut(page) {
  const root = mkdtempSync(join(tmpdir(), 'examples-'));
  symlinkSync(page, join(root, 'lab'));
  for (const name of PLAIN) cpSync(join(EXAMPLES, name), join(root, 'examples', name), { recursive: true });
  for (const name of Object.keys(BUILT)) unpack(name, join(root, 'examples', name));
  return root;
}

function build(name) {
  const cwd = join(EXAMPLES, name);
  BUILT[name]((command, ...args) => execFileSync(command, args, { cwd, stdio: 'inherit' }));
  pack(name);
}

const packed = (name) => join(EXAMPLES, name, 'site.json.br');

/** The text files of a built site, by path: one file, small enough to be kept with the sources. */
function pack(name) {
  const site = join(EXAMPLES, name, 'site');
  const paths = readdirSync(site, { recursive: true, withFileTypes: true }).filter((f) => f.isFile() && !LEFT_OUT.test(f.name));
  const files = paths.map((f) => join(f.parentPath, f.name)).sort();
  const json = JSON.stringify(Object.fromEntries(files.map((f) => [f.slice(site.length + 1), readFileSync(f, 'utf8')])));
  const body = brotliCompressSync(json, { params: { [constants.BROTLI_PARAM_LGWIN]: 24 } });
  writeFileSync(packed(name), body);
  console.log(`${name}: ${files.length} files, ${json.length} bytes, packed ${body.length}`);
}

function unpack(name, to) {
  const files = JSON.parse(brotliDecompressSync(readFileSync(packed(name))).toString());
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(to, path)), { recursive: true });
    writeFileSync(join(to, path), text);
  }
}

async function show() {
  const page = resolve('dist/page');
  if (!existsSync(page)) throw new Error('the page is not built: npm run build');
  const root = layOut(page);
  const { url } = await serve(root, Number(process.env.PORT ?? 0));
  for (const name of [...PLAIN, ...Object.keys(BUILT)]) console.log(`${url}examples/${name}/`);
  process.on('SIGINT', () => {
    rmSync(root, { recursive: true });
    process.exit();
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [what, ...names] = process.argv.slice(2);
  if (what === 'build') for (const name of names.length > 0 ? names : Object.keys(BUILT)) build(name);
  else if (what === 'serve') await show();
  else {
    console.error('usage: node scripts/examples.mjs build [NAME…] | serve');
    process.exitCode = 2;
  }
}
