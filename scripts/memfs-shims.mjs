/** For the bundlers: what memfs' core is given instead of some of its own modules. */
import { fileURLToPath } from 'node:url';

const shim = (name) => fileURLToPath(new URL(`../src/shims/${name}.ts`, import.meta.url));

/** Modules of memfs' core and its helpers that serve path calls only; the kernel walks paths itself. */
const PATH_CALLS = /\/(argErrors|validators|watchIgnore|lists\/\w+|File|json|errors|SystemError|CoreWatcher|util|lib\/path)$/;

/** Everywhere: the host's process is not shown to memfs. */
export function memfsProcess() {
  return {
    name: 'memfs-process',
    enforce: 'pre',
    resolveId: (id, from) => (id === './process' && from?.includes('/fs-core/') ? shim('process') : null),
  };
}

/** For the page, where memfs' path calls are not reachable: without the modules that only they use. */
export function withoutPathCalls() {
  return {
    name: 'without-path-calls',
    enforce: 'pre',
    resolveId: (id, from) => (/\/(fs-core|fs-node-utils)\//.test(from ?? '') && PATH_CALLS.test(id) ? shim('unused') : null),
  };
}
