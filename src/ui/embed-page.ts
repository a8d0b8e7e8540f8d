/** embed.html: one element, as its query asks, and the calls of the page that has framed it. */
import './main.ts';
import { foreignOrigins, parseFiles } from './embed-files.ts';
import { serveFrame } from './embed-messages.ts';
import { attributesOf } from './embed-options.ts';

const framed = window.parent !== window;
const lab = document.createElement('binfmt-lab');
for (const [name, value] of [['fills', ''] as const, ...attributesOf(location.search, framed)]) lab.setAttribute(name, value);
if (!framed) lab.append(...fetches(lab.getAttribute('files') ?? ''));
document.querySelector('main')?.append(lab);
serveFrame(lab);

/** Opened by a link, nobody has vouched for what it fetches: the visitor reads it before the click that starts it. */
function fetches(files: string): HTMLElement[] {
  const origins = originsIn(files);
  if (origins.length === 0) return [];
  return [
    Object.assign(document.createElement('p'), { slot: 'notice', textContent: `Start also fetches files from ${origins.join(', ')}.` }),
  ];
}

function originsIn(files: string): readonly string[] {
  try {
    return foreignOrigins(parseFiles(files, document.baseURI), location.origin);
  } catch {
    return [];
  }
}
