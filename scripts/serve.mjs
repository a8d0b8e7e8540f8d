/** A static server for the built page, on 127.0.0.1 only: gzip level 9, no directory listings, nothing outside the folder. */
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { gzipSync } from 'node:zlib';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
  '.wasm': 'application/wasm',
  '.zip': 'application/zip',
};
/** Pages of other origins, and sandboxed frames, may load modules from here. */
const FOR_ALL = { 'access-control-allow-origin': '*' };
const packed = new Map();

function gzipped(file) {
  const { mtimeMs } = statSync(file);
  const hit = packed.get(file);
  if (hit?.mtimeMs === mtimeMs) return hit.body;
  const body = gzipSync(readFileSync(file), { level: 9 });
  packed.set(file, { mtimeMs, body });
  return body;
}

function find(root, url) {
  const path = normalize(decodeURIComponent(new URL(url, 'http://x').pathname));
  const file = join(root, path.endsWith('/') ? `${path}index.html` : path);
  return file.startsWith(root + sep) && existsSync(file) && statSync(file).isFile() ? file : null;
}

/** Sends a body as a slow line would: `latency` ms first, then `bytesPerMs` shared by all that is under way. */
function slowly(res, body, line) {
  line.free = Math.max(line.free ?? 0, performance.now() + line.latency) + body.length / line.bytesPerMs;
  setTimeout(() => res.end(body), line.free - performance.now());
}

/** Serves `root`; answers the server and its address once it listens. `line`, if given, makes it slow; `extra` are headers. */
export function serve(root, port = 0, line, extra = {}) {
  const server = createServer((req, res) => {
    let file = null;
    try {
      file = find(root, req.url ?? '/');
    } catch {
      res.writeHead(400).end('bad request\n');
      return;
    }
    if (file === null) {
      res.writeHead(404, { 'content-type': 'text/plain' }).end('not found\n');
      return;
    }
    const headers = {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'cache-control': 'no-cache',
      ...FOR_ALL,
      ...extra,
    };
    if (/\bgzip\b/.test(String(req.headers['accept-encoding']))) {
      const body = gzipped(file);
      res.writeHead(200, { ...headers, 'content-encoding': 'gzip', 'content-length': body.length });
      if (line === undefined) res.end(body);
      else slowly(res, body, line);
    } else {
      res.writeHead(200, headers);
      createReadStream(file).pipe(res);
    }
  });
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(port, '127.0.0.1', () => resolve({ server, url: `http://127.0.0.1:${server.address().port}/` }));
  });
}
