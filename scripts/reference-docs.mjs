/**
 * The pages of docs/ that are made from the project itself: how faithful each kernel function is (its @linux line), where an
 * answer differs from the real one, and the table of kernels. `npm run docs` writes them; a test says when they are out of date.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const TAG = /@linux (\S+) (.*?)\s*#(Y|N\[(.+)\]|P\[(.+)\])\s*(?:\*\/)?$/gm;
const LEVELS = { Y: 'as Linux', P: 'partly', N: 'not' };

/** Every @linux line below `root`: the original's file and functions, how well, what is missing, our file. */
export function fidelityTags(root = 'src/kernel') {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.ts'));
  return files.sort().flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    return [...text.matchAll(TAG)].map(([, linux, names, how, not, part]) => ({
      linux,
      names,
      level: how[0],
      missing: not ?? part ?? '',
      ours: join(root, file),
    }));
  });
}

export function fidelityPage(tags = fidelityTags()) {
  const count = (level) => tags.filter((t) => t.level === level).length;
  const files = [...new Set(tags.map((t) => t.linux))].sort();
  const sections = files.map((linux) => {
    const rows = tags.filter((t) => t.linux === linux);
    const lines = rows.map((t) => `| \`${t.names}\` | ${LEVELS[t.level]} | ${cell(t.missing)} | \`${t.ours}\` |`);
    return `## ${linux}\n\n| function | how | what is missing | here |\n| --- | --- | --- | --- |\n${lines.join('\n')}\n`;
  });
  return `# How faithful each function is

Every function of \`src/kernel\` that imitates one of Linux bears a line that names the original and says how well it follows it. This
page is made of those lines (\`npm run docs\`): ${tags.length} functions, ${count('Y')} as Linux, ${count('P')} partly, ${count('N')} not.
What the recorded comparisons with a real kernel and the real tools still find is in [differences](differences.md).

${sections.join('\n')}`;
}

/** `lists`: title, introduction and rows [what, why] each. */
export function differencesPage(lists) {
  const sections = lists.map(({ title, intro, rows }) => {
    const table = rows.map(([what, why]) => `| ${code(what)} | ${cell(why)} |`);
    const body = rows.length === 0 ? 'None.' : `| what | why |\n| --- | --- |\n${table.join('\n')}`;
    return `## ${title}\n\n${intro}\n\n${body}\n`;
  });
  return `# Where the answer differs

What a real kernel and the real tools were recorded to say is compared with what the lab says, at every test run. This page lists
every recorded case whose answer differs, with the reason; a case that comes right fails the tests until it is struck out here, too.
Functions that are followed only in part are in [fidelity](fidelity.md); what a command does not support it says itself, and exits
non-zero.

${sections.join('\n')}`;
}

const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const code = (text) => `\`${cell(text.length > 90 ? `${text.slice(0, 87)}...` : text).replaceAll('`', "'")}\``;

/** What the columns of the table of kernels are about: the comment above a field says it for those that follow. */
function columnMeanings(text = readFileSync('src/kernel/init/version.ts', 'utf8')) {
  const meanings = new Map();
  let about = '';
  for (const [, comment, field] of text.matchAll(/^ {2}(?:\/\*\* (.*) \*\/|readonly (\w+):)/gm)) {
    if (comment) about = comment.replace(/ \([A-Z][\w, –-]*\)(?=\.$)/, '');
    else meanings.set(field, about);
  }
  return meanings;
}

/** `kernels`: the module of the table; `known`: that of its evidence. */
export function kernelsPage({ LINUX, versions }, { evidence, EVIDENCE }) {
  const meanings = columnMeanings();
  const sections = Object.entries(evidence).map(([column, { known, rule, change }]) => {
    const cells = LINUX.map((name, i) => [name, shown(versions[name][column]), known[i]]);
    const rows = cells.map(([name, value, letter]) => `| ${name} | ${cell(value)} | ${letter} |`);
    const numbered = rule === '' ? '' : `[${rule}](linux-exec.md#${rule.toLowerCase()}). Changed by: `;
    const why = `${meanings.get(column)} ${numbered}${change}.`;
    return `## ${column}\n\n${why}\n\n| kernel | | known |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
  });
  const letters = Object.entries(EVIDENCE).map(([letter, what]) => `| ${letter} | ${what} |`);
  return `# The kernels, and what each does differently

What changed in \`execve\` and binfmt_misc from ${LINUX[0]} to ${LINUX.at(-1)}, one section a behaviour: the table that the lab's kernel asks at every such
point ([\`src/kernel/init/version.ts\`](../src/kernel/init/version.ts)), with how each cell is known. \`--kernel\`, the page's menu and \`boot({ kernel })\` take each of
them, and \`lab\`: ${LINUX.at(-1)} in all but the order of the formats, which is ${versions.lab.formats.join(', ')}. What the rules mean is in
[how Linux executes a file](linux-exec.md). This page is made by \`npm run docs\`.

| letter | how it is known |
| --- | --- |
${letters.join('\n')}

${sections.join('\n')}`;
}

/** A value of the table: an Errno is its name. */
function shown(value) {
  if (Array.isArray(value)) return value.join(', ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return value === null ? 'no limit' : String(value.code ?? value);
}

/** The pages by the name of their file. */
export async function referencePages() {
  const { loadTypeScript } = await import('./load-typescript.mjs');
  const { differenceLists } = await loadTypeScript('test/conformance/difference-lists.ts');
  const [kernels, known] = [
    await loadTypeScript('src/kernel/init/version.ts'),
    await loadTypeScript('src/kernel/init/version_evidence.ts'),
  ];
  return new Map([
    ['docs/kernels.md', kernelsPage(kernels, known)],
    ['docs/fidelity.md', fidelityPage()],
    ['docs/differences.md', differencesPage(differenceLists)],
  ]);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const [file, text] of await referencePages()) writeFileSync(file, text);
}
