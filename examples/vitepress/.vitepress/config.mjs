export default {
  title: 'Notes on binfmt_misc',
  base: '/examples/vitepress/',
  outDir: 'site',
  head: [['script', { type: 'module', src: '/lab/binfmt-lab.js' }]],
  vue: { template: { compilerOptions: { isCustomElement: (tag) => tag === 'binfmt-lab' } } },
};
