/** For the bundlers: what memfs' core is given instead of some of its own modules. */
import { fileURLToPath } from 'node:url';

const shim = (name) => fileURLToPath(new URL(`../src/shims/${name}.ts`, import.meta.url));

/** In the browser: small stand-ins for what memfs' core asks of Node, since all of it is part of the first screen. */
export const NODE_SHIMS = [
  { find: /^(node:)?buffer$/, replacement: shim('buffer') },
  { find: /^tslib$/, replacement: shim('tslib') },
];

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

/** What the kernel does not ask of memfs' classes: it walks and checks by itself, and its Nodes keep their bytes another way. */
const UNASKED = {
  // All but the store: how Nodes and Links are made and undone.
  Superblock: /^(?!(?:constructor|emit|createLink|deleteLink|_emitDeleteRecursive|newInoNumber|createNode|deleteNode)$)/,
  Node: /^(?:[gs]et(?:String|Buffer)|read|write|truncate|can(?:Read|Write|Execute)|toJSON)$/,
};

/** For the page, where memfs' path calls are not reachable: without them, and without the modules that only they use. */
export function withoutPathCalls() {
  return {
    name: 'without-path-calls',
    enforce: 'pre',
    resolveId(id, from) {
      if (!/\/(fs-core|fs-node-utils)\//.test(from ?? '')) return null;
      if (id === '@jsonjoy.com/fs-node-utils') return shim('fs-node-utils');
      return PATH_CALLS.test(id) ? shim('unused') : null;
    },
    transform(code, id) {
      const unasked = UNASKED[/\/fs-core\/lib\/(\w+)\.js$/.exec(id)?.[1] ?? ''];
      if (unasked === undefined) return null;
      const declaration = this.parse(code).body.find((node) => node.type === 'ClassDeclaration');
      return without(code, membersOf(declaration, unasked));
    },
  };
}

/** The methods of the class that are named so, and the functions that its constructor assigns. */
function membersOf({ body: { body: members } }, named) {
  const methods = members.filter((member) => member.type === 'MethodDefinition');
  const made = methods.find((member) => member.kind === 'constructor');
  const assigned = made.value.body.body.filter((s) => s.expression?.right?.type === 'ArrowFunctionExpression');
  return [...methods.filter((member) => member.static || named.test(member.key.name)), ...assigned];
}

/** `code` without the stretches of those nodes. */
function without(code, nodes) {
  let out = '';
  let from = 0;
  for (const { start, end } of nodes.sort((a, b) => a.start - b.start)) {
    out += code.slice(from, start);
    from = end;
  }
  return out + code.slice(from);
}
