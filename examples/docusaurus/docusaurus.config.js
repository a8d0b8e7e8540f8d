module.exports = {
  title: 'Notes on binfmt_misc',
  url: 'https://docs.example',
  baseUrl: '/examples/docusaurus/',
  scripts: [{ src: '/lab/binfmt-lab.js', type: 'module' }],
  // The lab stands beside the built docs, not among their sources.
  onBrokenLinks: 'ignore',
  presets: [['classic', { docs: { routeBasePath: '/' }, blog: false, sitemap: false, pages: false, theme: {} }]],
};
