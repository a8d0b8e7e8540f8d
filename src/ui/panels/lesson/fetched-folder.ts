/** A lesson's folder at an address that the visitor typed or confirmed. Files that are not there are no part of it. */
import type { LessonFiles } from '../../../lessons/lesson.ts';
import { idOf, type PickedFolder } from './picked-folder.ts';

const INDEX = 'index.json';
const LARGEST = 256 * 1024;
const MOST_STEPS = 50;
const STEP_FILES = ['text.md', 'setup.sh', 'verify.sh', 'solution.sh', 'hints.md', 'broken.sh', 'corner.sh'];
/** A picture's path, as Markdown has it. */
const PICTURE = /!\[[^\]]*\]\(\s*<?([^)\s>]+\.svg)/g;

/** The address of the folder, or why it is none. */
export function lessonFolder(text: string): URL | string {
  const url = URL.parse(text.trim());
  if (url === null || !/^https?:$/.test(url.protocol)) return 'An address begins with https://.';
  url.hash = '';
  url.pathname = url.pathname.replace(/(?:\/index\.json)?\/*$/, '/');
  return url;
}

export async function fetchFolder(folder: URL): Promise<PickedFolder> {
  const index = await fetchText(folder, INDEX);
  if (index === null) throw new Error(`There is no ${INDEX} at ${folder.href}.`);
  const files = new Map([[INDEX, index]]);
  await fetchInto(files, folder, pathsOf(index));
  await fetchInto(files, folder, picturesOf(files));
  return { id: idOf(folder.pathname), files };
}

/** All that index.json names, and what is usual. */
function pathsOf(index: string): string[] {
  const named = [...index.matchAll(/"([\w./-]+\.(?:md|sh))"/g)].map(([, path = '']) => path);
  const steps = Math.min(MOST_STEPS, index.split('"title"').length);
  const usual = Array.from({ length: steps }, (_, i) => STEP_FILES.map((name) => `step${i + 1}/${name}`)).flat();
  return ['intro.md', 'finish.md', 'setup.sh', ...named, ...usual];
}

function picturesOf(files: LessonFiles): string[] {
  return [...files].flatMap(([path, text]) => {
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    return path.endsWith('.md') ? [...text.matchAll(PICTURE)].map(([, src = '']) => folder + src) : [];
  });
}

async function fetchInto(files: Map<string, string>, folder: URL, paths: readonly string[]): Promise<void> {
  const wanted = [...new Set(paths)].filter((path) => !files.has(path) && !path.split('/').includes('..') && !path.startsWith('/'));
  const texts = await Promise.all(wanted.map((path) => fetchText(folder, path)));
  for (const [i, text] of texts.entries()) if (text !== null) files.set(wanted[i] ?? '', text);
}

/** Null for a file that is not there. Without cookies: the visitor asked for a text, not to be known. */
async function fetchText(folder: URL, path: string): Promise<string | null> {
  const url = new URL(path, folder);
  if (url.origin !== folder.origin) return null;
  const answer = await fetch(url, { credentials: 'omit', referrerPolicy: 'no-referrer' }).catch((e: Error) => e);
  if (answer instanceof Error)
    throw new Error(`${folder.host} could not be asked: ${answer.message}. Its server has to allow other pages (CORS).`);
  if (answer.status === 404 || answer.status === 403) return null;
  if (!answer.ok) throw new Error(`${url.href} answered ${answer.status}.`);
  const text = await answer.text();
  // Some servers answer with their front page where there is no file.
  return text.length > LARGEST || /^\s*<!doctype html/i.test(text) ? null : text;
}
