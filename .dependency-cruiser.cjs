/** What may import what: arrows point from lab to kernel, shell and userland, and from all of them to uapi. */
const folder = (name, ...allowed) => ({
  name: `${name}-imports-only-${['itself', ...allowed].join('-and-')}`,
  severity: 'error',
  from: { path: `^src/${name}/` },
  to: { path: '^src/', pathNot: `^src/(${[name, ...allowed].join('|')})/` },
});
const door = (what, path, from) => ({
  name: `${what}-comes-in-by-its-door`,
  severity: 'error',
  from: { path: '^(src|test/support)/', pathNot: from },
  to: { path },
});

module.exports = {
  forbidden: [
    folder('uapi'),
    folder('kernel', 'uapi'),
    folder('shell', 'uapi'),
    folder('userland', 'uapi'),
    folder('lab', 'uapi', 'kernel', 'shell', 'userland'),
    folder('lessons', 'uapi'),
    {
      ...folder('explain', 'uapi'),
      to: { path: '^src/', pathNot: '^src/(explain|uapi)/|^src/kernel/(fs/binfmt_misc_entry|init/version)\\.ts$' },
    },
    folder('cli', 'uapi', 'explain', 'lessons', 'lab'),
    { ...folder('ui', 'uapi', 'explain', 'lessons'), to: { path: '^src/', pathNot: '^src/(ui|uapi|explain|lessons)/|^src/worker\\.ts$' } },
    door('memfs', 'node_modules/(memfs|@jsonjoy\\.com/fs-core)/', '^src/kernel/fs/ramfs_store\\.ts$|^src/lab/memfs\\.ts$'),
    door('xterm', 'node_modules/@xterm/', '^src/ui/terminal(-extras)?\\.ts$|^test/support/screen\\.ts$'),
    door('comlink', 'node_modules/comlink/', '^src/ui/machine\\.ts$|^src/worker\\.ts$'),
    door('unbash', 'node_modules/unbash/', '^src/shell/'),
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '\\?(url|inline)$' } },
    { name: 'no-dev-dependency-in-src', severity: 'error', from: { path: '^src/' }, to: { dependencyTypes: ['npm-dev', 'npm-no-pkg'] } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
};
